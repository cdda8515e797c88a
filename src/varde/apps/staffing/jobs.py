"""What the staffing room does in the background: the optimiser, and offers whose time is out."""

import logging
import threading
import time
from dataclasses import asdict, replace
from queue import Empty, Queue

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from varde.apps.records.models import DutyOffer, Rota, RotaRun, StaffingComparison
from varde.apps.records.scope import scoped
from varde.apps.staffing import counting
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.rota.ground import ground_of
from varde.apps.staffing.rota_access import at_station, workplace_of
from varde.apps.staffing.services import comparing
from varde.apps.staffing.services.rota import filling, running
from varde.engines.rostering.duties.values import Proposal, Status


log = logging.getLogger("varde.staffing")
BEAT_S = 2.0
WORKERS = 2
EXPLAIN_S = 10.0


@app.task(name="staffing.solve", queue="rota", lock="rota")
def solve(run_id: int) -> None:
    """Run the optimiser, and write what it finds as it finds it.

    One at a time, so that the other jobs always have a hand. A run that was begun before
    is not begun again: its process died, and what it had found is kept.
    """
    run = RotaRun.objects.select_related("rota").get(pk=run_id)
    workplace = workplace_of(run.rota)
    with scoped(districts=[workplace.district_id]):
        mine = running.begin(run_id, workplace=workplace, at=timezone.now())
        if mine is None:
            return
        problem = ground_of(mine.rota, workplace=workplace).problem()
    try:
        _search(mine, problem, workplace=workplace)
    except Exception:
        log.exception("run %s of the optimiser failed", run_id)
        _end(run_id, workplace, RotaRun.State.FAILED, {})


def _search(run: RotaRun, problem, *, workplace: Workplace) -> None:
    """Search in a thread; this one writes what is found and asks whether to stop.

    Whatever happens here, the search is told to stop and is over before this ends.
    """
    # The solver takes a second to load, and most processes never need it.
    from varde.engines.rostering.duties.propose import propose

    better: Queue[Proposal] = Queue()
    stop = threading.Event()
    ended: list[Proposal | BaseException] = []

    def search() -> None:
        try:
            ended.append(
                propose(
                    problem,
                    seconds=run.seconds,
                    workers=WORKERS,
                    seed=run.seed,
                    clock=time.monotonic,
                    on_better=better.put,
                    should_stop=stop.is_set,
                )
            )
        except BaseException as fault:  # told to the thread that waits
            ended.append(fault)

    thread = threading.Thread(target=search, name="rota", daemon=True)
    was_stopped = False
    thread.start()
    try:
        while thread.is_alive():
            thread.join(BEAT_S)
            newest = _newest(better)
            goes_on = running.beat(
                run.pk,
                workplace=workplace,
                at=timezone.now(),
                better=as_row(newest) if newest is not None else None,
            )
            if not goes_on:
                was_stopped = True
                stop.set()
    finally:
        stop.set()
        thread.join()
    (result,) = ended
    if isinstance(result, BaseException):
        raise result
    _finish(run, result, problem, workplace=workplace, was_stopped=was_stopped)


def _finish(
    run: RotaRun, result: Proposal, problem, *, workplace: Workplace, was_stopped: bool
) -> None:
    found = as_row(result)
    if result.status is Status.NOTHING_FOUND:
        found = {}
    if result.vacant or result.status is Status.IMPOSSIBLE:
        found["collision"] = _collision(problem)
    state = RotaRun.State.STOPPED if was_stopped else RotaRun.State.DONE
    if result.status is Status.IMPOSSIBLE:
        state = RotaRun.State.IMPOSSIBLE
    _end(run.pk, workplace, state, found)


def as_row(proposal: Proposal) -> dict[str, object]:
    """A proposal as it is kept with its run."""
    worst = max((abs(line.deviation) for line in proposal.standings), default=None)
    return {
        "found": {slot: int(who) for slot, who in proposal.assignment.items()},
        "cost": asdict(proposal.cost) if proposal.cost is not None else None,
        "bound": asdict(proposal.bound) if proposal.bound is not None else None,
        "vacant": len(proposal.vacant),
        "worst_deviation": worst,
        "broken_wishes": list(proposal.broken_wishes),
        "impossible_wishes": {
            wish: list(why) for wish, why in proposal.out_of_reach.items()
        },
    }


def _collision(problem) -> dict[str, object] | None:
    """Why not every place can be filled, as codes; None where it can."""
    from varde.engines.rostering.duties.why_not import why_not  # as in _search

    # A need that only warns stands in nobody's way.
    hard = replace(problem, needs=tuple(one for one in problem.needs if one.is_hard))
    found = why_not(hard, clock=time.monotonic, seconds=EXPLAIN_S).collision
    if found is None:
        return None
    return {
        "demands": [_demand(one) for one in found.demands],
        "relaxation": [_demand(one) for one in found.relaxation],
        "is_smallest": found.is_smallest,
        "is_cheapest": found.is_cheapest,
    }


def _demand(one) -> dict[str, str]:
    return {"code": str(one.code), "worker": one.worker, "slot": one.slot}


def _newest(better: "Queue[Proposal]") -> Proposal | None:
    newest = None
    while True:
        try:
            newest = better.get_nowait()
        except Empty:
            return newest


def _end(
    run_id: int, workplace: Workplace, state: RotaRun.State, found: dict[str, object]
) -> None:
    with scoped(districts=[workplace.district_id]):
        running.end(
            run_id, workplace=workplace, state=state, at=timezone.now(), found=found
        )


@app.task(name="staffing.compare_models", queue="rota", lock="rota")
def compare_models(comparison_id: int) -> None:
    """Count a comparison of staffing models, one model after the other.

    What each came to is kept as it is found. One that was begun before is not begun
    again: its process died, and what it had found is kept.
    """
    row = StaffingComparison.objects.select_related("station").get(pk=comparison_id)
    workplace = at_station(row.station, on=timezone.localdate())
    with scoped(districts=[workplace.district_id]):
        mine = comparing.begin(comparison_id, workplace=workplace, at=timezone.now())
    if mine is None:
        return
    try:
        ended = counting.count(mine, workplace=workplace)
    except Exception:
        log.exception("comparison %s of staffing models failed", comparison_id)
        ended = StaffingComparison.State.FAILED
    with scoped(districts=[workplace.district_id]):
        comparing.end(
            comparison_id, workplace=workplace, state=ended, at=timezone.now()
        )


@app.periodic(cron="* * * * *")
@app.task(
    name="staffing.move_offers_on",
    queue="rota_offers",
    lock="rota_offers",
    queueing_lock="rota_offers",
)
def move_offers_on(timestamp: int) -> None:
    """Each minute: offers whose time is out expire, and the next in the order is asked."""
    del timestamp
    now = timezone.now()
    due = DutyOffer.objects.filter(
        state=DutyOffer.State.ASKED, expires_at__lte=now
    ).values_list("vacancy_id", "vacancy__place__rota_id")
    for vacancy_id, rota_id in dict.fromkeys(due):
        workplace = workplace_of(Rota.objects.get(pk=rota_id))
        with scoped(districts=[workplace.district_id]):
            filling.move_on(vacancy_id=vacancy_id, workplace=workplace, at=now)
    connection.close_if_unusable_or_obsolete()
