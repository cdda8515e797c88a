"""How NEWS2 and the experts' triage level agree over a set of attendances.

A plain measurement, not a target: NEWS2 sees vital signs alone, and the experts saw the
complaint too. A patient with chest pain and normal signs is low by NEWS2 and urgent.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from varde.domain.news2 import (
    Band,
    Consciousness,
    News2,
    VitalSigns,
    news2,
)
from varde.engines.triage.attendance_set import ALERT, Attendance


LEVELS = range(1, 6)
BANDS = (Band.LOW, Band.MEDIUM, Band.HIGH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Whole counts. `by_level` has every level from 1 to 5, also with 0 attendances.

    `not_for_news2` are complete ones under 16 years or of unknown age: they get no score.
    `low_with_red_sign`, by level, are those of the low band with 3 in a single sign, which
    the Royal College asks to have judged at once: part of low, not beside it.
    """

    rows: int
    complete: int
    not_for_news2: int
    by_total: Mapping[int, int]
    by_level: Mapping[int, Mapping[Band, int]]
    low_with_red_sign: Mapping[int, int]


def news2_agreement(attendances: Iterable[Attendance]) -> Agreement:
    """NEWS2 counted by total, and its band by the experts' level.

    Parameters
    ----------
    attendances : iterable of Attendance
        Read once, one at a time.

    Returns
    -------
    Agreement
        The bands are those of the total: low 0 to 4, medium 5 and 6, high 7 and more.
        Attendances that lack one of the six measurements get no score and are in `rows`
        alone. Nothing read gives zeros everywhere.

    Notes
    -----
    The set does not say who got oxygen, whose SpO2 is judged on scale 2, or who is
    pregnant. Air, scale 1 and not pregnant are assumed, so scores are too low for those
    on oxygen. `Mental` 1 is alert; all else scores 3, as new confusion does.

    References
    ----------
    Royal College of Physicians. National Early Warning Score (NEWS) 2. London, 2017.

    Examples
    --------
    >>> one = Attendance(
    ...     line_no=2, age_years=71, mental=1, systolic_bp=95, pulse=120,
    ...     respiration_rate=22, temperature_c=38.5, spo2=95, expert_level=2,
    ... )
    >>> found = news2_agreement([one])
    >>> dict(found.by_total), found.by_level[2][Band.HIGH]  # 2 + 2 + 2 + 1 + 1
    ({8: 1}, 1)
    """
    rows = complete = not_for_news2 = 0
    by_total: Counter[int] = Counter()
    by_level = {level: dict.fromkeys(BANDS, 0) for level in LEVELS}
    low_with_red_sign = dict.fromkeys(LEVELS, 0)
    for attendance in attendances:
        rows += 1
        complete += attendance.is_complete
        if not attendance.is_complete:
            continue
        if not attendance.is_for_news2:
            not_for_news2 += 1
            continue
        score = _score(attendance)
        assert score.total is not None  # it is complete
        by_total[score.total] += 1
        is_red = score.band is Band.LOW_MEDIUM
        low_with_red_sign[attendance.expert_level] += is_red
        by_level[attendance.expert_level][_band_of_total(score)] += 1
    return Agreement(
        rows=rows,
        complete=complete,
        not_for_news2=not_for_news2,
        by_total=dict(sorted(by_total.items())),
        by_level=by_level,
        low_with_red_sign=low_with_red_sign,
    )


def _score(attendance: Attendance) -> News2:
    is_alert = attendance.mental == ALERT
    return news2(
        VitalSigns(
            respiration_rate=attendance.respiration_rate,
            spo2=attendance.spo2,
            on_oxygen=False,
            systolic_bp=attendance.systolic_bp,
            pulse=attendance.pulse,
            consciousness=Consciousness.ALERT
            if is_alert
            else Consciousness.CONFUSION,  # every level but alert scores the same
            temperature_c=attendance.temperature_c,
        ),
        age_years=attendance.age_years,
        is_pregnant=False,
    )


def _band_of_total(score: News2) -> Band:
    """Low-medium is a low total with a 3 in one sign."""
    band = score.band
    assert band is not None  # it is complete
    return Band.LOW if band is Band.LOW_MEDIUM else band
