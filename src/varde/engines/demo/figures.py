"""The figures that the history is made from: the published ones, and our assumptions."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ByYear[T]:
    """Figures by calendar year, of which some years are missing."""

    known: Mapping[int, T]

    def at(self, year: int) -> T:
        """The latest figure known at or before a year; before the first, the first.

        >>> ByYear(known={2019: 363.5, 2022: 380.7}).at(2021)
        363.5
        >>> ByYear(known={2019: 363.5, 2022: 380.7}).at(2010)
        363.5
        """
        before = [known for known in self.known if known <= year]
        return self.known[max(before) if before else min(self.known)]


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyByGroup:
    """Per cent green, yellow and red, in all and by group (2007)."""

    total: tuple[float, ...]
    ages: Mapping[str, tuple[float, ...]]
    periods: Mapping[str, tuple[float, ...]]
    channels: Mapping[str, tuple[float, ...]]
    sexes: Mapping[str, tuple[float, ...]]
    actions: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Published figures; their sources are in content/demo/published.yaml.

    Shares are 0 to 1 and rates are per year. `urgency` lacks yellow, which is the rest,
    and `channel` and `first_action` lack what is not published.
    """

    contacts_per_1000: ByYear[float]
    calls_per_inhabitant: ByYear[float]
    channel: ByYear[Mapping[str, float]]
    other_channels: Mapping[str, float]  # relative weights
    urgency: ByYear[Mapping[str, float]]
    first_action: ByYear[Mapping[str, float]]
    weekend_share: float
    use_by_age: Mapping[str, float]
    use_by_sex: Mapping[str, float]
    mean_age_years: float
    urgency_by_group: UrgencyByGroup
    period_share: Mapping[str, float]
    general_codes_all: float
    general_codes_phone: float
    hospital_over_64: float
    again_after_advice: float
    kad_per_1000: float
    half_at_km: Mapping[str, float]
    answered_within_2_min: Mapping[str, float]
    frequent: Mapping[str, float]
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A shift of the sentral, in local time, with operators on the two kinds of day."""

    name: str
    starts: str  # "HH:MM"
    ends: str  # "HH:MM"; earlier than starts: the next day
    weekday: int
    weekend: int


type Spread = tuple[float, float]
"""Median, and standard deviation of the logarithm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What we assume where no figure is published. The file explains each."""

    hours_weekday: tuple[float, ...]
    hours_weekend: tuple[float, ...]
    months: tuple[float, ...]
    weekdays: tuple[float, ...]
    christmas: float
    easter: float
    day_noise: float
    doctor_phone: float
    call_out: float
    ambulance: float
    referral: float
    rad_of_nurse_phone: float
    home_visit_by_age: tuple[float, ...]
    call_out_by_age: tuple[float, ...]
    ambulance_by_age: tuple[float, ...]
    referral_by_age: tuple[float, ...]
    ambulance_urgency: tuple[float, ...]
    referral_urgency: tuple[float, ...]
    nurse_phone_ends: Mapping[str, float]
    doctor_phone_ends: Mapping[str, float]
    referral_ends: Mapping[str, float]
    general_codes: Mapping[str, float]
    again_within_72h: float
    again_mean_h: float
    again_if_not_advice: float
    frailty_shape: float
    visitors: tuple[float, ...]
    unknown_patient: float
    elsewhere: float
    local_number: float
    nursing_home: float
    alarm: float
    hospital_under_65: float
    kad_over_66: float
    no_show: float
    patient_s: Spread
    triage_s: Spread
    outcome_s: Spread
    close_s: Spread
    other_work_s: Spread
    enquiry_s: Spread
    reaction_s: Spread
    patience_s: Spread
    quick_hang_up: float
    redials: float
    ring_again: float
    ring_again_s: Spread
    call_back_s: Spread
    enquiry_rings_again: float
    sick_leave: float
    shifts: tuple[Shift, ...]
    shifts_for_inhabitants: float
    arrival_by_phone: Mapping[str, tuple[float, ...]]
    arrival_by_door: Mapping[str, tuple[float, ...]]
    promise_min: Mapping[str, float]
    promise_spread_min: Mapping[str, float]
    late_min: Spread
    seen_min: tuple[float, ...]
    seen_spread: float
    visit_min: Spread
    drive_out_min: Spread
    amk_ack_s: Spread
