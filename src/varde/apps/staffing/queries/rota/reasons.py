"""Why a person has what they have, why a wish was not placed, why no rota exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from varde.apps.records.models import Duty, Rota
from varde.apps.records.models import Wish as WishRow
from varde.apps.sentral.messages import POST
from varde.apps.sentral.queries.numbers import Period
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.messages.numbers import every, number
from varde.apps.staffing.queries.rota.grid import ORDER, AccountLine, account_lines
from varde.apps.staffing.queries.rota.ground import Ground, ground_of
from varde.apps.staffing.queries.work import own_days_of
from varde.domain.load.frequency import (
    Calendar,
    every_nth_weekday,
    every_nth_weekend,
)
from varde.domain.rota import explain
from varde.domain.rota.fairness import spacing
from varde.domain.rota.impossible import impossible
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.values import Account, Slot, Wish, Worker
from varde.engines.rostering.duties.ground import Grounds
from varde.engines.rostering.duties.out_of_reach import OutOfReach
from varde.engines.rostering.duties.rules import Rules
from varde.engines.rostering.duties.targets import Targets
from varde.engines.rostering.duties.values import Ground as Demand


MOST_SLOTS = 3  # named in one sentence; then how many more


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReason:
    """One account of a person and the sentences of why it stands so."""

    account: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WishReason:
    """One wish: what was wished, whether it was placed, and what stood in the way."""

    id: int
    is_placed: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReasons:
    """A person's accounts in a rota, duties and wishes, with the reasons."""

    id: int
    name: str
    share: str
    lines: tuple[AccountLine, ...]
    turn: tuple[str, ...]  # how often duty comes, and how close
    accounts: tuple[AccountReason, ...]
    duties: tuple[str, ...]
    wishes: tuple[WishReason, ...]


def reasons(
    rota: Rota, person_id: int, *, workplace: Workplace, with_wishes: bool
) -> PersonReasons | None:
    """The person's page; None for somebody without a position at the workplace."""
    ground = ground_of(rota, workplace=workplace)
    worker = ground.worker(str(person_id))
    if worker is None:
        return None
    mine = [
        slot for slot in ground.slots if ground.assignment.get(slot.id) == worker.id
    ]
    used = frozenset().union(*(slot.accounts for slot in ground.slots))
    order = [account for account in ORDER if account in used]
    lines = account_lines(ground.standings(), order).get(worker.id, ())
    return PersonReasons(
        id=person_id,
        name=ground.names[worker.id],
        share=words.number(worker.share * 100),
        lines=tuple(lines),
        turn=_turn(rota, ground, worker, mine),
        accounts=tuple(_account(ground, worker.id, account, mine) for account in order),
        duties=tuple(duty_words(slot) for slot in mine),
        wishes=wishes_of(ground, worker.id) if with_wishes else (),
    )


def wishes_of(ground: Ground, worker: str) -> tuple[WishReason, ...]:
    """What became of a person's wishes in a rota."""
    mine = [wish for wish in ground.wishes if wish.worker == worker]
    if not mine:
        return ()
    found = explain.wishes_answered(
        slots=ground.all_slots,
        workers=ground.workers,
        assignment=ground.whole,
        limits=ground.limits,
        wishes=mine,
    )
    return tuple(
        WishReason(
            id=int(one.wish),
            is_placed=one.is_placed,
            sentences=tuple(
                dict.fromkeys(_sentence(g, ground, worker) for g in one.grounds)
            ),
        )
        for one in found
    )


def obstacles(ground: Ground) -> tuple[str, ...]:
    """What makes a rota impossible, said before anybody tries."""
    found = impossible(slots=ground.slots, workers=ground.workers, limits=ground.limits)
    by_id = {slot.id: slot for slot in ground.slots}
    return tuple(
        str(words.OBSTACLE[one.code]).format(
            who=ground.names.get(one.worker, ""),
            slots=_slots([by_id[pk] for pk in one.slots if pk in by_id]),
            needed=words.number(one.needed),
            there=words.number(one.there),
        )
        for one in found
    )


def never_met(ground: Ground) -> tuple[str, ...]:
    """The wishes that no rota can meet, in sentences: whose, what, when and why."""
    grounds = Grounds(ground.problem())
    targets = Targets(grounds, Rules(grounds))
    by_id = {wish.id: wish for wish in ground.wishes}
    return tuple(
        str(words.NEVER_MET).format(
            who=ground.names[by_id[wish].worker],
            what=str(words.WANTS[_wanted(by_id[wish])]),
            days=words.days(by_id[wish].span.starts_at, by_id[wish].span.ends_at),
            why=", ".join(str(_code_words(code)) for code in why),
        )
        for wish, why in targets.out_of_reach.items()
    )


def _wanted(wish: Wish) -> WishRow.Wants:
    return WishRow.Wants.DUTY if wish.wants_duty else WishRow.Wants.FREE


def _code_words(code: str) -> str:
    if code in set(OutOfReach):
        return words.OUT_OF_REACH[OutOfReach(code)]
    return words.RULE_NAME[RotaRule(code)]


def collision_words(
    collision: Mapping[str, object] | None, ground: Ground
) -> Mapping[str, list[str]] | None:
    """The demands that collide, and the cheapest to give up, in words."""
    if not collision:
        return None
    return {
        part: [_demand(one, ground) for one in collision.get(part, ())]
        for part in ("demands", "relaxation")
    }


def duty_words(slot: Slot) -> str:
    """A duty in a sentence: forvakt fre 4. des. 15:30–08:00."""
    post = (
        POST.get(Duty.Post(slot.post)) if slot.post in Duty.Post.values else slot.post
    )
    return f"{post} {words.when(slot.span.starts_at, slot.span.ends_at)}"


def _turn(
    rota: Rota, ground: Ground, worker: Worker, mine: list[Slot]
) -> tuple[str, ...]:
    """How often the person has duty in the rota, and how far the duties are apart."""
    period = Period(rota.starts_on, rota.ends_on + timedelta(days=1))
    spans = [slot.span for slot in mine]
    calendar = Calendar(
        first=period.start,
        to=period.to,
        holidays=ground.limits.calendar.holidays,
        zone=ground.limits.calendar.zone,
        own=own_days_of(int(worker.id), spans, period),
    )
    (apart,) = spacing(
        slots=ground.slots, workers=[worker], assignment=ground.assignment
    )
    weekday = every_nth_weekday(spans, calendar=calendar)
    weekend = every_nth_weekend(spans, calendar=calendar)
    found = [
        (weekday, words.TURN_WEEKDAY, {"every": every(weekday)}),
        (weekend, words.TURN_WEEKEND, {"every": every(weekend)}),
        (
            apart.least_days,
            words.APART,
            {"least": number(apart.least_days), "mean": number(apart.mean_days)},
        ),
        (
            apart.least_days_of_nights,
            words.NIGHTS_APART,
            {"least": number(apart.least_days_of_nights)},
        ),
    ]
    return tuple(
        str(text).format(**values) for value, text, values in found if value is not None
    )


def _account(
    ground: Ground, worker: str, account: Account, mine: list[Slot]
) -> AccountReason:
    among = (
        [slot.id for slot in mine if account in slot.accounts]
        if account is Account.HOLIDAY
        else []
    )
    found = explain.why_has(
        worker=worker,
        account=account,
        slots=ground.slots,
        workers=ground.workers,
        assignment=ground.assignment,
        limits=ground.limits,
        wishes=ground.wishes,
        needs=ground.needs,
        among=among,
    )
    return AccountReason(
        account=str(words.ACCOUNT[account]),
        sentences=tuple(_sentence(one, ground, worker) for one in found),
    )


def _sentence(one: explain.Ground, ground: Ground, worker: str) -> str:
    values = {name: _value(name, value, ground) for name, value in one.values.items()}
    return str(words.WHY[one.code]).format(
        **{"who": ground.names.get(worker, "")} | values
    )


def _value(name: str, value: str | float, ground: Ground) -> str:
    if name == "slot":
        slot = ground.slot(str(value))
        return duty_words(slot) if slot is not None else str(words.A_DUTY)
    if name == "worker":
        return ground.names.get(str(value), "")
    if name == "rule":
        return str(words.RULE_NAME[RotaRule(str(value))])
    if name == "credit":
        return words.number(abs(float(value)))
    return words.number(value) if isinstance(value, int | float) else str(value)


def _slots(slots: list[Slot]) -> str:
    named = ", ".join(duty_words(slot) for slot in slots[:MOST_SLOTS])
    more = len(slots) - MOST_SLOTS
    return f"{named} {words.and_more(more)}" if more > 0 else named


def _demand(one: Mapping[str, str], ground: Ground) -> str:
    slot = ground.slot(one.get("slot", ""))
    who = ground.names.get(one.get("worker", ""), "")
    code = one.get("code", "")
    if code in set(Demand):
        return str(words.DEMAND[Demand(code)]).format(
            slot=duty_words(slot) if slot is not None else "", who=who
        )
    rule = str(words.RULE_NAME[RotaRule(code)])
    return f"{rule} ({who})" if who else rule
