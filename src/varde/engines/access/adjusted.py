"""A survey under other assumptions: another speed everywhere, or another year's people."""

from dataclasses import replace

import numpy as np

from varde.engines.access.arrays import Floats, Minutes
from varde.engines.access.survey import Survey


def at_speed(minutes: Minutes, factor: float) -> Minutes:
    """The minutes if everything, ferries too, went so many times as fast.

    The quickest way stays the quickest where all of it changes alike, so that nothing has
    to be measured again. What was as long as the survey's limit is at least so long.

    Raises
    ------
    ValueError
        If the factor is not above 0.

    Examples
    --------
    >>> at_speed(np.array([60.0, np.inf], dtype=np.float32), 0.8).tolist()
    [75.0, inf]
    """
    if factor <= 0:
        raise ValueError(f"a speed of {factor} times cannot be driven")
    found: Minutes = (minutes / np.float32(factor)).astype(np.float32)
    return found


def with_people(survey: Survey, ages: Floats, *, year: int) -> Survey:
    """The survey with the inhabitants of another year.

    Everybody lives where the survey's year has people: each place keeps its share of its
    municipality. Where the survey's year had nobody, nobody is put.

    Parameters
    ----------
    ages : float64[n_municipalities, n_ages]
        Inhabitants by municipality and age group, in the survey's order.
    """
    before = np.bincount(survey.area, survey.people, len(survey.municipality))
    after = ages.sum(axis=1)
    grown = np.divide(after, before, out=np.zeros_like(after), where=before > 0)
    people = survey.people * grown[survey.area]
    report = replace(
        survey.report,
        year=year,
        people=float(people.sum()),
        no_road=float(people[np.isinf(survey.minutes).all(axis=1)].sum()),
    )
    return replace(survey, people=people, ages=ages, report=report)
