"""How often duty comes round in a plain rotation, and how many hours it takes.

The rotation has so many duties on each weekday and in each weekend. Everybody in it takes
an equal share, and nobody has two duties of one weekend as long as there are people enough.
A doctor in LIS1 must have an experienced one behind, and so relieves the others by the part
that the place decides: 0 where an own doctor is bakvakt all the while.
"""

from dataclasses import dataclass


WEEKDAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaShape:
    """The duties of an ordinary week. Lengths are in hours.

    >>> vefsn = RotaShape(
    ...     weekday_posts=1, weekday_h=16.5, weekend_duties=2, weekend_h=24
    ... )
    >>> vefsn.week_h
    130.5
    >>> turn = vefsn.turn(12)
    >>> turn.nth_weekday, turn.nth_weekend, turn.duty_h
    (12.0, 6.0, 10.875)
    """

    weekday_posts: float  # duties on each weekday
    weekday_h: float
    weekend_duties: float  # duties from Saturday to Monday
    weekend_h: float

    def __post_init__(self) -> None:
        if (
            min(self.weekday_posts, self.weekday_h, self.weekend_duties, self.weekend_h)
            <= 0
        ):
            raise ValueError(f"a rotation has duties with length: {self}")

    @property
    def week_h(self) -> float:
        """The hours of duty in a week, of all together."""
        return (
            WEEKDAYS * self.weekday_posts * self.weekday_h
            + self.weekend_duties * self.weekend_h
        )

    def turn(self, people: float) -> "Turn":
        """What each has when so many share it. With nobody, duty comes to nobody: None."""
        if people <= 0:
            return Turn(nth_weekday=None, nth_weekend=None, duty_h=None)
        return Turn(
            nth_weekday=max(1.0, people / self.weekday_posts),
            nth_weekend=max(1.0, people / self.weekend_duties),
            duty_h=self.week_h / people,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Every how many weekdays and weekends, and hours of duty a week. None of nobody.

    More often than every time cannot be: with fewer people than posts the hours say it.
    """

    nth_weekday: float | None
    nth_weekend: float | None
    duty_h: float | None
