"""Answer time by hour of the day and by weekday, over any period."""

from dataclasses import dataclass
from datetime import datetime

from varde.apps.sentral.queries.answer_time import COUNTED, NONE, count, figures_of
from varde.apps.sentral.queries.numbers import WEEKDAYS
from varde.domain.answer_time import AnswerTime


LOCAL = "at AT TIME ZONE 'Europe/Oslo'"
BY_HOUR_OF_DAY = COUNTED.format(group=f"extract(hour FROM {LOCAL})::int")
BY_WEEKDAY = COUNTED.format(group=f"extract(isodow FROM {LOCAL})::int - 1")


@dataclass(frozen=True, slots=True)
class Group:
    """The answer time of the calls of one group. Without calls there are no shares."""

    label: str
    figures: AnswerTime


def by_hour_of_day(
    sentral_id: int, *, start: datetime, end: datetime
) -> tuple[Group, ...]:
    """Each of the 24 hours of the clock in Norway, also those without calls."""
    labels = {hour: f"{hour:02d}" for hour in range(24)}
    return _groups(BY_HOUR_OF_DAY, labels, sentral_id, start=start, end=end)


def by_weekday(sentral_id: int, *, start: datetime, end: datetime) -> tuple[Group, ...]:
    """Monday to Sunday, also those without calls."""
    return _groups(
        BY_WEEKDAY,
        dict(enumerate(map(str, WEEKDAYS))),
        sentral_id,
        start=start,
        end=end,
    )


def _groups(
    sql: str,
    labels: dict[int, str],
    sentral_id: int,
    *,
    start: datetime,
    end: datetime,
) -> tuple[Group, ...]:
    found = {
        row[0]: figures_of(row) for row in count(sql, sentral_id, start=start, end=end)
    }
    return tuple(Group(text, found.get(key, NONE)) for key, text in labels.items())
