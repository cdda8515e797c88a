"""The rota that a model gives at a place: made week by week, the same for the same seed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from varde.domain.rota.limits import Limits
from varde.engines.rostering.duties.construct import first_rota
from varde.engines.rostering.duties.staffing import problem_of
from varde.engines.rostering.duties.staffing_file import PayKind, StaffingModel
from varde.engines.staffing_models.values import Group, YearRota


DAY = timedelta(days=1)


def year_rota(
    model: StaffingModel,
    *,
    first: date,
    weeks: int,
    limits: Limits,
    counts: Mapping[str, int],
    sites: int | None = None,
    seed: int = 0,
    should_stop: Callable[[], bool] = lambda: False,
) -> YearRota | None:
    """A rota of a model from a Monday on; None if it was stopped.

    Parameters
    ----------
    counts : mapping of group code to people
        Where there are others than in the template.
    sites : int, optional
        Satellites, where there are others than in the template.
    should_stop
        Asked before each week.

    Notes
    -----
    Competence, posts, absence and the working hours of those under arbeidsmiljøloven hold
    everywhere. That an experienced colleague must be present with a LIS1 is left out: the
    models have a bakvakt at home, and the comparison says so where the place asks for more.
    The rota is the first that is found and not searched on: its shares are even to a duty
    or two, which is what a load and a cost are read from.
    """
    if sites is not None and model.sites:
        model = _with_sites(model, sites)
    last = first + timedelta(weeks=weeks) - DAY
    problem = problem_of(
        model,
        first=first,
        last=last,
        limits=replace(limits, lis1_presence=False, lvs_minimum=0),
        counts=counts,
    )
    was_stopped = False

    def stop() -> bool:
        nonlocal was_stopped
        was_stopped = should_stop()
        return was_stopped

    held = first_rota(problem, seed=seed, should_stop=stop)
    if was_stopped:
        return None
    ids = iter(problem.workers)
    return YearRota(
        code=model.code,
        first=first,
        weeks=weeks,
        slots=problem.slots,
        workers=problem.workers,
        groups=tuple(
            Group(
                code=people.code,
                people=tuple(
                    next(ids).id for _ in range(counts.get(people.code, people.count))
                ),
                pay=people.pay,
                daytime=people.daytime,
                day_clock=(people.day_starts, people.day_ends),
            )
            for people in model.people
        ),
        held=held,
        sites=model.sites,
    )


def _with_sites(model: StaffingModel, sites: int) -> StaffingModel:
    """The model with another number of satellites: so many are on duty at each time."""
    posts = {
        post
        for people in model.people
        if people.pay is PayKind.HOURLY
        for post in people.posts
    }
    shifts = tuple(
        replace(shift, needed=sites) if shift.post in posts else shift
        for shift in model.pattern.shifts
    )
    return replace(model, sites=sites, pattern=replace(model.pattern, shifts=shifts))
