"""What a rule says when it is broken, and the names of the rules."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from varde.domain.rota.values import Law, Span, Worker


class RotaRule(StrEnum):
    """Every rule of a rota. The name is the sentence, the key of its words and the
    heading of its section in the handbook."""

    # Hard for everybody
    ONLY_IN_A_POST_THAT_ONE_HOLDS = "only_in_a_post_that_one_holds"
    NO_TWO_DUTIES_AT_ONCE = "no_two_duties_at_once"
    NO_DUTY_WHILE_AWAY = "no_duty_while_away"
    NO_NIGHT_WHEN_EXEMPT = "no_night_when_exempt"
    ONLY_WITHIN_OWN_PERIODS = "only_within_own_periods"
    A_VIKAR_IS_APPROVED = "a_vikar_is_approved"
    A_WHOLE_GROUP_BY_ONE_PERSON = "a_whole_group_by_one_person"
    NEVER_ALONE_WHERE_NOT_COMPETENT = "never_alone_where_not_competent"
    BACKUP_CAN_COME = "backup_can_come"
    BACKUP_MAY_WORK_ALONE = "backup_may_work_alone"
    LIS1_HAS_AN_EXPERIENCED_COLLEAGUE = "lis1_has_an_experienced_colleague"
    SECOND_TIER_IS_THERE = "second_tier_is_there"
    LVS_MINIMUM_IS_THERE = "lvs_minimum_is_there"
    NEED_IS_MET = "need_is_met"
    # Hard under arbeidsmiljøloven, a warning under SFS 2305
    ENOUGH_REST_EVERY_DAY = "enough_rest_every_day"
    ENOUGH_REST_EVERY_WEEK = "enough_rest_every_week"
    HOURS_OF_A_DAY_ARE_KEPT = "hours_of_a_day_are_kept"
    HOURS_OF_A_WEEK_ARE_KEPT = "hours_of_a_week_are_kept"
    HOURS_ON_AVERAGE_ARE_KEPT = "hours_on_average_are_kept"
    SUNDAYS_ARE_FREE = "sundays_are_free"
    NIGHTS_IN_A_ROW_ARE_FEW = "nights_in_a_row_are_few"
    DAYS_BETWEEN_DUTIES = "days_between_duties"


WORKING_TIME = frozenset(
    {
        RotaRule.ENOUGH_REST_EVERY_DAY,
        RotaRule.ENOUGH_REST_EVERY_WEEK,
        RotaRule.HOURS_OF_A_DAY_ARE_KEPT,
        RotaRule.HOURS_OF_A_WEEK_ARE_KEPT,
        RotaRule.HOURS_ON_AVERAGE_ARE_KEPT,
        RotaRule.SUNDAYS_ARE_FREE,
        RotaRule.NIGHTS_IN_A_ROW_ARE_FEW,
        RotaRule.DAYS_BETWEEN_DUTIES,
    }
)

# Decided by the municipality: nobody at the legevakt sets it aside, with or without reason.
NEVER_SET_ASIDE = frozenset({RotaRule.A_VIKAR_IS_APPROVED})


def is_hard_for(rule: RotaRule, worker: Worker) -> bool:
    """Whether a rule stops the person's rota, or only warns.

    The working-hour rules are warnings for doctors whose agreement sets the chapter aside.

    >>> doctor = Worker(id="kari", law=Law.SFS2305, posts=frozenset({"forvakt"}))
    >>> is_hard_for(RotaRule.ENOUGH_REST_EVERY_DAY, doctor)
    False
    >>> is_hard_for(RotaRule.NO_TWO_DUTIES_AT_ONCE, doctor)
    True
    """
    return rule not in WORKING_TIME or worker.law is Law.AML


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One rule broken, by whom and where, what was found and what the limit is.

    `worker` is empty for a rule about a place, as a need that is not met. `slots` are ids
    in time order. `measured` and `limit` are in the rule's own unit: hours, days or
    people; both 0 for a rule that has no number.
    """

    rule: RotaRule
    worker: str
    slots: tuple[str, ...]
    measured: float = 0.0
    limit: float = 0.0
    is_hard: bool = True
    at: datetime | None = None  # when, where slots alone do not say it


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """So many people are needed in a period, in any of some posts (a half hour from the
    dimensioning, as a rule). `is_hard`: a rota that does not meet it is stopped; else it
    is warned."""

    posts: frozenset[str]
    span: Span
    least: int
    is_hard: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the judge found in a rota. Vacant places are no breach; they are counted."""

    breaches: tuple[Breach, ...]
    vacant: tuple[str, ...]
    placed: frozenset[str]  # ids of wishes
    unplaced: frozenset[str]

    @property
    def hard(self) -> tuple[Breach, ...]:
        """The breaches that stop the rota."""
        return tuple(breach for breach in self.breaches if breach.is_hard)

    @property
    def warnings(self) -> tuple[Breach, ...]:
        """The breaches that only warn."""
        return tuple(breach for breach in self.breaches if not breach.is_hard)

    @property
    def is_allowed(self) -> bool:
        """Whether no hard rule is broken."""
        return not self.hard

    @property
    def counts(self) -> Mapping[RotaRule, int]:
        """How many breaches of each rule that is broken."""
        return Counter(breach.rule for breach in self.breaches)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeJudged:
    """What one change does: the breaches that come with it and those that go."""

    came: tuple[Breach, ...]
    went: tuple[Breach, ...]
    wishes_placed: frozenset[str]  # that were not before
    wishes_lost: frozenset[str]

    @property
    def is_allowed(self) -> bool:
        """Whether no hard breach comes with the change."""
        return not any(breach.is_hard for breach in self.came)
