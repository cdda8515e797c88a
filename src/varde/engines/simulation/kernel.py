"""The reference: the same model as a small kernel of generator processes.

It is written from the scenario and its names, to be read and to be argued with, and shares
no logic with the calendar: only the numbers drawn, the ways between steps and the travel
times. The two must give the same answer to the last digit.

A contact is a process: a generator that yields what it waits for, a team or the end of
some work, and is sent the answer.
"""

import heapq
from math import inf

import numpy as np

from varde.engines.simulation.crew import (
    Crew,
    Line,
    Process,
    Team,
    Visit,
    Work,
    Worker,
    is_manned,
)
from varde.engines.simulation.memory import (
    DRAWN_CLASS,
    DRAWN_FIRST,
    DRAWN_HOME,
    DRAWN_PLACE,
    Drawn,
    Run,
)
from varde.engines.simulation.scenario import (
    At,
    Fork,
    Scenario,
    Step,
    ways,
)
from varde.engines.simulation.tables import (
    activities,
    duty_changes,
    priority_of,
)


RANK_DUTY, RANK_END, RANK_PATIENCE, RANK_LIMIT, RANK_ARRIVAL = range(5)
SERVED, GAVE_UP, REFUSED, STILL_WAITS = range(4)
STRIDE = 7919  # where the reserve is read for a later visit


def run(scenario: Scenario, drawn: Drawn) -> Run:
    """One run of a scenario on the numbers drawn."""
    return _Kernel(scenario, drawn).run()


class _Kernel:
    def __init__(self, scenario: Scenario, drawn: Drawn) -> None:
        self.scenario, self.drawn = scenario, drawn
        self.now = 0.0
        self.horizon = scenario.horizon_min
        self.crew = Crew(scenario, drawn)
        self.row_of = {name: row for row, (name, _) in enumerate(activities(scenario))}
        self.class_of = [int(c) for c in drawn.contacts[:, DRAWN_CLASS]]
        contacts = len(self.class_of)
        self.visits = [dict.fromkeys((s.name for s in scenario.steps), 0) for _ in range(contacts)]  # fmt: skip
        self.outcome = [-1] * contacts
        self.gone_at = [inf] * contacts
        self.waiting: list[Visit] = []
        self.look_under_way: list[Visit | None] = [None] * contacts
        self.inside = dict.fromkeys((s.name for s in scenario.steps), 0)
        self.area = dict.fromkeys((s.name for s in scenario.steps), 0.0)
        self.counted = dict.fromkeys((s.name for s in scenario.steps), 0.0)
        self.rows: list[list[float]] = []
        self.tickets = 0
        self.events = 0
        self.agenda: list[tuple[float, int, int, int, object]] = []
        self.order = 0

    def run(self) -> Run:
        for number, (at, off, who) in enumerate(duty_changes(self.scenario)):
            self._at(at, RANK_DUTY, number, (who, not off))
        for contact, arrived in enumerate(self.drawn.arrived[:-1]):
            self._at(float(arrived), RANK_ARRIVAL, contact, contact)
        while self.agenda and self.agenda[0][0] <= self.horizon:
            self.now, rank, _, _, what = heapq.heappop(self.agenda)
            self.events += 1
            self._happen(rank, what)
        return self._answer()

    def _at(self, moment: float, rank: int, number: int, what: object) -> None:
        self.order += 1
        heapq.heappush(self.agenda, (moment, rank, number, self.order, what))

    def _number(self, visit: Visit) -> int:
        """New looks come after all contacts where they happen at once."""
        return visit.contact + (len(self.outcome) if visit.is_look else 0)

    def _happen(self, rank: int, what: object) -> None:
        joined: Visit | None = None
        if isinstance(what, tuple):
            visit_or_worker, detail = what
            if rank == RANK_DUTY:
                self._change_duty(self.crew.workers[visit_or_worker], is_on=detail)
            elif rank == RANK_END and visit_or_worker.end == detail:
                joined = self._go_on(visit_or_worker, None)
            elif rank == RANK_PATIENCE and visit_or_worker.is_waiting:
                self._leave_line(visit_or_worker)
                joined = self._go_on(visit_or_worker, None)
            elif rank == RANK_LIMIT and visit_or_worker.is_waiting:
                self._order_look(visit_or_worker)
        else:
            assert isinstance(what, int)
            joined = self._start(self._contact(what))
        self._serve_waiting()
        if joined is not None and joined.is_waiting:
            self._set_patience(joined)

    # A contact on its way

    def _contact(self, contact: int) -> Process:
        goal = self.scenario.steps[int(self.drawn.contacts[contact, DRAWN_FIRST])].name
        while goal not in self.scenario.outcomes:
            visit = self._arrive(contact, goal)
            step, fork = visit.step, Fork.NEXT
            team = (
                self.crew.team(visit, self.now)
                if not step.waits or not is_manned(step)
                else None
            )
            if team is None and step.waits:
                team = yield Line(visit)
                fork = Fork.NEXT if team is not None else Fork.GIVES_UP
            elif team is None:
                fork = Fork.FULL
            if team is None:
                self._write(visit, GAVE_UP if fork is Fork.GIVES_UP else REFUSED)
            else:
                yield Work(visit, team)
                self._release(visit)
            goal = self._way(visit, fork)
        self.outcome[contact] = self.scenario.outcomes.index(goal)
        self.gone_at[contact] = self.now

    def _new_look(self, patient: Visit) -> Process:
        """Somebody looks at one who waits. The place in the queue is kept."""
        assert patient.step.look is not None
        visit = self._arrive(patient.contact, patient.step.look)
        visit.is_look = True
        self.look_under_way[patient.contact] = visit
        patient.look = visit
        team = yield Line(visit)
        assert team is not None
        yield Work(visit, team)
        self._release(visit)
        self.look_under_way[patient.contact] = None
        if patient.is_waiting:
            u = self._drawn("route", visit.step, patient.contact)
            if u < patient.step.raised and self.class_of[patient.contact] > 0:
                self.class_of[patient.contact] -= 1
            self._set_limit(patient)

    def _arrive(self, contact: int, step: str) -> Visit:
        self.visits[contact][step] += 1
        number = self.scenario.step_number(step)
        return Visit(contact=contact, step=self.scenario.steps[number], joined=self.now)

    def _start(self, process: Process) -> Visit | None:
        try:
            return self._obey(next(process), process)
        except StopIteration:
            return None

    def _go_on(self, visit: Visit, team: Team | None) -> Visit | None:
        assert visit.process is not None
        try:
            return self._obey(visit.process.send(team), visit.process)
        except StopIteration:
            return None

    def _obey(self, wish: Line | Work, process: Process) -> Visit | None:
        """Do what a process asks for. The visit that has come into a queue, if one has."""
        wish.visit.process = process
        if isinstance(wish, Work):
            self._begin(wish.visit, wish.team)
            return None
        self._count(wish.visit.step.name)
        wish.visit.ticket, wish.visit.is_waiting = self.tickets, True
        self.tickets += 1
        self.waiting.append(wish.visit)
        return wish.visit

    # Queues

    def _count(self, step: str) -> None:
        """The area under the length of a queue, up to now."""
        length = sum(v.step.name == step for v in self.waiting)
        self.area[step] += length * (self.now - self.counted[step])
        self.counted[step] = self.now

    def _leave_line(self, visit: Visit) -> None:
        self._count(visit.step.name)
        self.waiting.remove(visit)
        visit.is_waiting = False
        if visit.look is not None and visit.look.is_waiting:
            self.look_under_way[visit.contact] = None
            self._leave_line(visit.look)

    def _set_patience(self, visit: Visit) -> None:
        if visit.step.patience is not None:
            patience = self._drawn("patience", visit.step, visit.contact)
            self._at(
                self.now + patience, RANK_PATIENCE, self._number(visit), (visit, 0)
            )
        self._set_limit(visit)

    def _set_limit(self, visit: Visit) -> None:
        if visit.step.look is not None and visit.step.limit_min:
            limit = visit.step.limit_min[self.class_of[visit.contact]]
            if limit < inf:
                self._at(self.now + limit, RANK_LIMIT, visit.contact, (visit, 0))

    def _order_look(self, visit: Visit) -> None:
        if self.look_under_way[visit.contact] is not None:  # from an earlier wait
            self._set_limit(visit)
        else:
            self._start(self._new_look(visit))

    def _serve_waiting(self) -> None:
        """Begin all that can begin: by priority, then by who came first."""
        while True:
            able = [
                (v, t)
                for v in self._fronts()
                if (t := self.crew.team(v, self.now)) is not None
            ]
            if not able:
                return
            visit, team = min(able, key=lambda pair: self._rank(pair[0]))
            self._leave_line(visit)
            self._go_on(visit, team)

    def _rank(self, visit: Visit) -> tuple[int, int]:
        return priority_of(visit.step, self.class_of[visit.contact]), visit.ticket

    def _fronts(self) -> list[Visit]:
        """The first of each queue: of a step, a class and, at stations, a station."""
        fronts: dict[tuple[str, int, int], Visit] = {}
        for visit in sorted(self.waiting, key=lambda v: v.ticket):
            c = self.class_of[visit.contact]
            home = int(self.drawn.contacts[visit.contact, DRAWN_HOME])
            station = home if visit.step.at is At.STATION else -1
            fronts.setdefault((visit.step.name, c, station), visit)
        return list(fronts.values())

    # People

    def _begin(self, visit: Visit, team: Team) -> None:
        step, row = visit.step, self._write(visit, SERVED)
        found = [(w, 0.0) for w in team.workers]
        slowest, fastest = team.slowest, team.fastest
        met_busy, missed = self.inside[step.name] > 0, False
        for role in step.joins:
            one = self.crew.nearest(
                visit, role, step.at, self.now, taken=[w for w, _ in found]
            )
            if one is None:
                missed = True
                continue
            found.append(one)
            slowest, fastest = max(slowest, one[1]), min(fastest, one[1])
        visit.workers = [worker for worker, _ in found]
        for worker in visit.workers:
            worker.visit, worker.since = visit, self.now
        self.inside[step.name] += 1
        length = slowest + self._drawn("minutes", step, visit.contact)
        if step.patient_travels:
            place, station = self.drawn.contacts[
                visit.contact, [DRAWN_PLACE, DRAWN_HOME]
            ]
            length += float(self.crew.travel(self.now)[place, station])
        row[4] = sum(1 << w.number for w in visit.workers)
        row[5] = met_busy + 2 * missed
        row[8], row[9] = self.now + fastest, self.now + length
        visit.row = row
        self._at(self.now + length, RANK_END, self._number(visit), (visit, visit.end))

    def _release(self, visit: Visit) -> None:
        for worker in visit.workers:
            worker.busy += self.now - worker.since
            worker.visit = None
            if visit.step.at is At.PATIENT:
                worker.place = int(self.drawn.contacts[visit.contact, DRAWN_PLACE])
                worker.left_at = self.now
        self.inside[visit.step.name] -= 1

    def _change_duty(self, worker: Worker, *, is_on: bool) -> None:
        worker.is_on = is_on
        visit, me = worker.visit, self.scenario.people[worker.number]
        if is_on or visit is None or not me.hands_over or visit.step.at is At.PATIENT:
            return
        able = [
            (other.tier, w.number, w)
            for w in self.crew.workers
            if w.is_on and w.visit is None
            and (other := self.scenario.people[w.number]).base == me.base
            and set(me.roles) <= set(other.roles)
        ]  # fmt: skip
        if able:
            self._hand_over(visit, worker, min(able, key=lambda one: one[:2])[2])

    def _hand_over(self, visit: Visit, giver: Worker, taker: Worker) -> None:
        giver.busy += self.now - giver.since
        giver.visit = None
        taker.visit, taker.since = visit, self.now
        visit.workers[visit.workers.index(giver)] = taker
        assert visit.row is not None
        visit.row[4] = int(visit.row[4]) | (1 << taker.number)
        visit.row[9] += self.scenario.hand_over_min
        visit.end += 1
        self._at(visit.row[9], RANK_END, self._number(visit), (visit, visit.end))

    # Numbers, rows

    def _drawn(self, what: str, step: Step, contact: int) -> float:
        """The number of a contact's visit to a step; later visits read the reserve."""
        row = self.row_of.get(f"{what}/{step.name}")
        if row is None:
            return step.minutes.mean  # fixed
        numbers, visit = self.drawn.numbers[row], self.visits[contact][step.name]
        if visit == 1:
            return float(numbers[contact])
        reserve = numbers[len(self.outcome) :]
        return float(reserve[(contact + (visit - 1) * STRIDE) % len(reserve)])

    def _way(self, visit: Visit, fork: Fork) -> str:
        quarter = 15.0 * int(self.now / 15.0)
        period = self.scenario.period_names()[self.scenario.period_at(quarter)]
        class_name = self.scenario.classes[self.class_of[visit.contact]]
        home = self.scenario.places[
            int(self.drawn.contacts[visit.contact, DRAWN_HOME])
        ].name
        found = ways(
            visit.step, fork, class_name=class_name, station=home, period=period
        )
        for total, goal in found[:-1]:
            if self._drawn("route", visit.step, visit.contact) < total:
                return goal
        return found[-1][1]

    def _write(self, visit: Visit, kind: int) -> list[float]:
        step = self.scenario.step_number(visit.step.name)
        c = self.class_of[visit.contact]
        row = [self._number(visit), kind, step, c, 0, 0, visit.joined, *[self.now] * 3]
        self.rows.append(row)
        return row

    def _answer(self) -> Run:
        self.now = self.horizon
        for visit in sorted(self.waiting, key=self._number):
            self._write(visit, STILL_WAITS)
        for step in self.area:
            self._count(step)
        for worker in self.crew.workers:
            if worker.visit is not None:
                worker.busy += self.horizon - worker.since
        return Run(
            rows=np.array([row[:6] for row in self.rows], dtype=np.int64).reshape(
                -1, 6
            ),
            times=np.array([row[6:] for row in self.rows]).reshape(-1, 4),
            outcome=np.array(self.outcome, dtype=np.int64),
            gone_at=np.array(self.gone_at),
            class_now=np.array(self.class_of, dtype=np.int64),
            busy=np.array([w.busy for w in self.crew.workers]),
            queue_area=np.array([self.area[s.name] for s in self.scenario.steps]),
            events=self.events,
        )
