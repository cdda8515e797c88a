"""Samtidighetskonflikt: a red patient or a call-out comes, and no doctor can go.

Two tiers are on duty: the konsultasjonsvakt receives patients, the beredskapsvakt is
there for what cannot wait. A bakvakt stands behind both. A conflict is that no doctor of
the two tiers can go within the minutes that the station allows. A bakvakt who is free
does not undo it: to call the bakvakt is one of the ways to solve it.

What may be left for a red patient, if a rest may be broken and how soon "can go" is, are
the station's rules and come as arguments. A state that nobody knows is nobody who can go.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from math import isfinite

from varde.domain.doctor_state import DoctorActivity, DoctorState


class Tier(StrEnum):
    """What a doctor is on duty as."""

    KONSULTASJONSVAKT = auto()
    BEREDSKAPSVAKT = auto()
    BAKVAKT = auto()


class NeedKind(StrEnum):
    """What came: a red patient at the station, or somewhere to go at once."""

    RED_PATIENT = auto()
    CALL_OUT = auto()


class Helper(StrEnum):
    """Who can help in a conflict, in the order in which they are proposed."""

    BEREDSKAPSVAKT = auto()
    KONSULTASJONSVAKT = auto()
    BAKVAKT = auto()
    NEIGHBOUR_STATION = auto()
    AMBULANCE = auto()
    AMK = auto()


class HelpReason(StrEnum):
    """Why somebody can go, or is worth asking."""

    FREE = auto()
    CAN_LEAVE = auto()  # the station's rule: what they do is left for this
    CAN_BE_WOKEN = auto()
    CAN_BE_CALLED_BACK = auto()
    BOUND_ASK = auto()  # only the doctor can say if what they do can be left
    UNKNOWN_ASK = auto()  # nobody knows what they do, or if they can
    SAYS_AVAILABLE = auto()
    ALWAYS_ANSWERS = auto()


class WhyNot(StrEnum):
    """Why a doctor of the two tiers cannot go."""

    STATE_UNKNOWN = auto()
    BOUND = auto()
    REST_IS_KEPT = auto()  # the rule does not let anybody break the rest
    NO_TIME_STATED = auto()  # on the road, and nobody knows how far away
    TOO_LATE = auto()  # can go, but not within the minutes allowed
    SPOKEN_FOR = auto()  # an earlier need that nobody has taken yet comes first


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorOnDuty:
    """A doctor, the tier and the state now.

    `reach_min` is minutes on the way to where the need is, as stated by the doctor or by
    the map. None while nobody has said: then one who drives cannot be counted on, and
    anybody else is taken to be at the station.
    """

    doctor: str
    tier: Tier
    state: DoctorState
    reach_min: float | None = None

    def __post_init__(self) -> None:
        _refuse_minutes("reach_min", self.reach_min)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherHelp:
    """A neighbour station or an ambulance. `is_available` is None while nobody knows.

    `minutes` is how soon it can be there, None while unknown.
    """

    helper: Helper
    name: str
    is_available: bool | None
    minutes: float | None = None

    def __post_init__(self) -> None:
        if self.helper not in (Helper.NEIGHBOUR_STATION, Helper.AMBULANCE):
            raise ValueError(
                f"{self.helper} is no other help: doctors come as DoctorOnDuty, and AMK "
                "is always proposed"
            )
        _refuse_minutes("minutes", self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRule:
    """The station's rules on the day.

    `go_within_min`: who can go within so many minutes, >= 0, can go; exactly at the limit
    too. `may_be_left`: the activities that are left at once for a red or a call-out.
    `wake_min`: minutes from a call until one who rests can go, >= 0; None: the rest is
    not broken.
    """

    go_within_min: float
    may_be_left: frozenset[DoctorActivity]
    wake_min: float | None

    def __post_init__(self) -> None:
        _refuse_minutes("go_within_min", self.go_within_min)
        _refuse_minutes("wake_min", self.wake_min)
        odd = self.may_be_left - {DoctorActivity.WITH_PATIENT, DoctorActivity.ON_PHONE}
        if odd:
            raise ValueError(
                f"may_be_left holds {', '.join(sorted(odd))}: only with_patient and "
                "on_phone can be left on the spot. A rest has wake_min, a drive reach_min"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Somebody who can go or can be asked. `minutes` is None where nobody knows."""

    helper: Helper
    name: str
    reason: HelpReason
    minutes: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictPicture:
    """Is there a conflict, who can go, and who can help.

    `can_go` are doctors of the two tiers, the first to be asked first. `why_not` has each
    of the others. `proposals` is who can help when nobody can go, and empty otherwise.
    """

    at: datetime
    need: NeedKind
    is_conflict: bool
    can_go: tuple[Help, ...]
    why_not: tuple[tuple[str, WhyNot], ...]
    proposals: tuple[Help, ...]

    @property
    def is_last_who_can_go(self) -> bool:
        """Would the next need, before anybody is free again, be a conflict?"""
        return len(self.can_go) == 1


def conflict_picture(
    doctors: Sequence[DoctorOnDuty],
    *,
    need: NeedKind,
    at: datetime,
    rule: ConflictRule,
    untaken: int = 0,
    others: Iterable[OtherHelp] = (),
) -> ConflictPicture:
    """Is a red patient or a call-out a samtidighetskonflikt, and who can help.

    Parameters
    ----------
    doctors : sequence of DoctorOnDuty
        All who are on duty, the bakvakt too. None on duty is a conflict.
    need, at : NeedKind, aware datetime
        What came, and when. The states must be those of that moment.
    rule : ConflictRule
    untaken : int
        Earlier reds and call-outs that no doctor has taken yet, >= 0. Each will take one
        of those who can go.
    others : iterable of OtherHelp
        One known to be unavailable is not proposed; one nobody knows of is, to be asked.

    Returns
    -------
    ConflictPicture
        Those who can go are sorted by minutes; of two as fast, the konsultasjonsvakt is
        first to a red at the station and the beredskapsvakt to a call-out. Proposals
        follow the order of `Helper`, within one by known minutes, and end with AMK.

    Raises
    ------
    ValueError
        If `at` has no zone, `untaken` is negative, or a doctor is named twice.

    Notes
    -----
    Whether there is a car for a call-out is not seen here. A konsultasjonsvakt who goes
    out leaves the station without a doctor: see `is_last_who_can_go`.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> busy = DoctorState(activity=DoctorActivity.WITH_PATIENT, since=noon)
    >>> found = conflict_picture(
    ...     [DoctorOnDuty(doctor="Ola", tier=Tier.KONSULTASJONSVAKT, state=busy)],
    ...     need=NeedKind.RED_PATIENT, at=noon, rule=ConflictRule(
    ...         go_within_min=5, may_be_left=frozenset(), wake_min=None
    ...     ),
    ... )
    >>> found.is_conflict, [help.helper.value for help in found.proposals]
    (True, ['konsultasjonsvakt', 'amk'])
    """
    _refuse_odd(doctors, at=at, untaken=untaken)
    first_line = [_Asked.of(d, rule) for d in doctors if d.tier is not Tier.BAKVAKT]
    behind = [_Asked.of(d, rule) for d in doctors if d.tier is Tier.BAKVAKT]
    in_time = sorted(
        (asked for asked in first_line if asked.within(rule.go_within_min)),
        key=lambda asked: asked.order(need),
    )
    going = [asked.help for asked in in_time[untaken:]]
    spoken_for = [asked.help for asked in in_time[:untaken]]
    left = [asked for asked in first_line if asked.help not in going]
    return ConflictPicture(
        at=at,
        need=need,
        is_conflict=not going,
        can_go=tuple(going),
        why_not=tuple(
            (
                asked.help.name,
                WhyNot.SPOKEN_FOR if asked.help in spoken_for else asked.why_not,
            )
            for asked in sorted(left, key=lambda asked: asked.help.name)
        ),
        proposals=()
        if going
        else _proposals([*left, *behind], spoken_for=spoken_for, others=others),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A doctor, weighed: the help this doctor would be, and why it is not at once."""

    help: Help
    why_not: WhyNot

    @classmethod
    def of(cls, doctor: DoctorOnDuty, rule: ConflictRule) -> "_Asked":
        reason, minutes, why_not = _weighed(doctor, rule)
        helper = Helper(doctor.tier)
        return cls(
            help=Help(
                helper=helper, name=doctor.doctor, reason=reason, minutes=minutes
            ),
            why_not=why_not,
        )

    def within(self, limit_min: float) -> bool:
        return self.help.minutes is not None and self.help.minutes <= limit_min

    def order(self, need: NeedKind) -> tuple[float, bool, str]:
        first = FIRST_ASKED[need]
        minutes = self.help.minutes or 0
        return minutes, self.help.helper is not first, self.help.name


FIRST_ASKED = {
    NeedKind.RED_PATIENT: Helper.KONSULTASJONSVAKT,
    NeedKind.CALL_OUT: Helper.BEREDSKAPSVAKT,
}


def _weighed(
    doctor: DoctorOnDuty, rule: ConflictRule
) -> tuple[HelpReason, float | None, WhyNot]:
    """Why to ask this doctor, the minutes if known, and why it is not at once."""
    activity, way_min = doctor.state.activity, doctor.reach_min or 0
    if activity is DoctorActivity.FREE:
        return HelpReason.FREE, way_min, WhyNot.TOO_LATE
    if activity in rule.may_be_left:
        return HelpReason.CAN_LEAVE, way_min, WhyNot.TOO_LATE
    if activity is DoctorActivity.RESTING:
        if rule.wake_min is None:
            return HelpReason.BOUND_ASK, None, WhyNot.REST_IS_KEPT
        return HelpReason.CAN_BE_WOKEN, rule.wake_min + way_min, WhyNot.TOO_LATE
    if activity is DoctorActivity.DRIVING:
        stated = doctor.reach_min is not None
        why_not = WhyNot.TOO_LATE if stated else WhyNot.NO_TIME_STATED
        return HelpReason.CAN_BE_CALLED_BACK, doctor.reach_min, why_not
    if activity is DoctorActivity.UNKNOWN:
        return HelpReason.UNKNOWN_ASK, None, WhyNot.STATE_UNKNOWN
    return HelpReason.BOUND_ASK, None, WhyNot.BOUND


def _proposals(
    asked: Iterable[_Asked], *, spoken_for: list[Help], others: Iterable[OtherHelp]
) -> tuple[Help, ...]:
    doctors = [
        one.help
        for one in asked
        if one.help not in spoken_for and one.why_not is not WhyNot.REST_IS_KEPT
    ]
    outside = [_outside(other) for other in others if other.is_available is not False]
    amk = Help(
        helper=Helper.AMK, name="", reason=HelpReason.ALWAYS_ANSWERS, minutes=None
    )
    return tuple(sorted([*doctors, *outside, amk], key=_proposed_first))


def _outside(other: OtherHelp) -> Help:
    says = HelpReason.SAYS_AVAILABLE if other.is_available else HelpReason.UNKNOWN_ASK
    return Help(
        helper=other.helper, name=other.name, reason=says, minutes=other.minutes
    )


def _proposed_first(help_: Help) -> tuple[int, bool, float, str, str]:
    """By helper; those whose minutes are known first, the soonest first."""
    minutes = help_.minutes
    return (
        list(Helper).index(help_.helper),
        minutes is None,
        minutes or 0,
        help_.name,
        help_.reason,
    )


def _refuse_odd(doctors: Sequence[DoctorOnDuty], *, at: datetime, untaken: int) -> None:
    if at.tzinfo is None:
        raise ValueError(f"at has no time zone: {at!r}")
    if untaken < 0:
        raise ValueError(f"untaken is negative: {untaken}")
    names = [doctor.doctor for doctor in doctors]
    if len(set(names)) < len(names):
        raise ValueError(f"a doctor is on duty twice: {', '.join(sorted(names))}")


def _refuse_minutes(name: str, minutes: float | None) -> None:
    if minutes is not None and not (isfinite(minutes) and minutes >= 0):
        raise ValueError(f"{name} must be 0 or more minutes, got {minutes}")
