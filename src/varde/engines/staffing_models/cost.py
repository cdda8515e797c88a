"""What a rota costs the municipality for a year, line by line, and gives its people.

- Those who are paid for their duties are paid by the form of the place (`domain.pay`).
  Under fixed pay the fees are the municipality's.
- Those in a whole position have its wages, whatever duties they have; the fees, and what
  the daytime work brings in, are the municipality's.
- A substitute is paid by the day with duty, and travels once each stay; the fees are the
  municipality's, as pay is fixed.
- Those paid by the hour are paid for every hour of their posts, also those that nobody
  has yet: somebody must.
- A vacant duty of a doctor costs what a substitute costs.

Patients come to the first tier, and are shared evenly where two are in it at once; home
visits are the second tier's (beredskapsvakt) where there is one. A bakvakt is counted as
without contacts and work: what was measured does not tell.

Fees are expectations (`domain.pay.expected`). Wages have the employer's contributions on
top of them; what is paid to an agency has not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from varde.domain.load.activity import duty_class
from varde.domain.load.spans import DAY, hours, joined
from varde.domain.pay.amount import ORE, UNKNOWN, Amount, total
from varde.domain.pay.expected import Busyness, Expected, expected, fees
from varde.domain.pay.forms import Form, PaidDuty, paid
from varde.domain.pay.tariff import ContactKind
from varde.domain.rota.values import Slot
from varde.engines.rostering.duties.staffing_file import Daytime, PayKind
from varde.engines.staffing_models.carried import YEAR_WEEKS
from varde.engines.staffing_models.values import Assumed, Group, Item, Line, YearRota


HOURS_A_DAY = 24
SAME_STAY = 3 * DAY  # days with duty no farther apart are of one stay
SECOND_TIER = "beredskapsvakt"
WAGES = frozenset({Item.DUTY_PAY, Item.POSITIONS, Item.HOURLY})
NO_CLASS_NEEDED = 4  # for a duty whose pay has no class


@dataclass(slots=True)
class _Sum:
    """What the duties of a group come to in the period."""

    pay: Amount = field(default_factory=Amount)
    expected: Expected = field(default_factory=Expected)
    to_doctor: Amount = field(default_factory=Amount)
    to_town: Amount = field(default_factory=Amount)
    hours: float = 0.0
    days: set[tuple[str, date]] = field(default_factory=set)  # worker, day with duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The lines for a year; hours of work of each group in the period, and its income."""

    lines: tuple[Line, ...]
    active_h: Mapping[str, float | None]
    income: Mapping[str, Amount | None]
    duty_class: Mapping[str, int | None]


def cost_of(rota: YearRota, assumed: Assumed) -> Cost:
    """What a rota costs for 52 weeks. Other lengths are scaled."""
    found = _Counted(rota, assumed)
    lines = tuple(found.lines())
    return Cost(
        lines=(*lines, *_social(lines, assumed)),
        active_h={code: one.expected.active_h for code, one in found.sums.items()},
        income={group.code: found.income(group) for group in rota.groups},
        duty_class=found.classes,
    )


class _Counted:
    """A rota counted through: what each group's duties come to."""

    def __init__(self, rota: YearRota, assumed: Assumed) -> None:
        self._rota = rota
        self._assumed = assumed
        self._year = Decimal(YEAR_WEEKS) / rota.weeks
        busy = _busy_of(rota.slots, assumed)
        brought = {slot.id: self._brought(slot, busy) for slot in rota.slots}
        self.classes = self._classes(brought)
        group_of = {who: group for group in rota.groups for who in group.people}
        self.sums = {group.code: _Sum() for group in rota.groups}
        self._vacant_h = 0.0
        self._open_h = 0.0  # nobody has it yet, and it is no doctor's
        for slot in rota.slots:
            who = rota.held.get(slot.id)
            if who is not None:
                self._count(slot, who, group_of[who], brought[slot.id])
            elif self._is_doctors(slot):
                self._vacant_h += slot.span.hours
            else:
                self._open_h += slot.span.hours

    def _is_doctors(self, slot: Slot) -> bool:
        return slot.post in self._assumed.limits.doctor_posts

    def _is_bakvakt(self, slot: Slot) -> bool:
        return slot.post in self._assumed.limits.backup_posts

    def _brought(self, slot: Slot, busy: Mapping[str, Busyness]) -> Expected:
        """Those who are not doctors are at work while they are on duty."""
        length = slot.span.hours
        if not self._is_doctors(slot):
            return Expected(hours=length, active_h=length)
        if self._is_bakvakt(slot):
            return Expected(hours=length)
        return expected(slot.span, busy[slot.post], calendar=self._assumed.calendar)

    def _classes(self, brought: Mapping[str, Expected]) -> dict[str, int | None]:
        """The class of each post: the agreed, else that of the work that is expected."""
        whole: defaultdict[str, Expected] = defaultdict(Expected)
        for slot in self._rota.slots:
            if self._is_doctors(slot) and not self._is_bakvakt(slot):
                whole[slot.post] += brought[slot.id]
        return {
            post: self._assumed.agreed.get(post)
            or duty_class(one.active_min_per_h, upper=self._assumed.class_minutes)
            for post, one in sorted(whole.items())
        }

    def _count(self, slot: Slot, who: str, group: Group, one: Expected) -> None:
        into = self.sums[group.code]
        calendar = self._assumed.calendar
        into.expected += one
        into.hours += slot.span.hours
        into.days.add((who, slot.span.starts_at.astimezone(calendar.zone).date()))
        if not self._is_doctors(slot) or self._is_bakvakt(slot):
            doctor = town = Amount()
        else:
            doctor, town = self._fees(group, one)
        into.to_doctor += doctor
        into.to_town += town
        if group.pay is PayKind.DUTY:
            duty = PaidDuty(
                span=slot.span,
                is_bakvakt=self._is_bakvakt(slot),
                duty_class=self.classes.get(slot.post, NO_CLASS_NEEDED),
            )
            form, tariff = self._assumed.form, self._assumed.tariff
            into.pay += paid(duty, form, tariff=tariff, calendar=calendar).pay

    def _fees(self, group: Group, one: Expected) -> tuple[Amount, Amount]:
        """The fees that the doctor keeps, and those of the municipality."""
        tariff = self._assumed.tariff
        if group.pay is not PayKind.DUTY or self._assumed.form is Form.FIXED:
            return Amount(), fees(one, tariff)
        if self._assumed.form is Form.NIGHT_FIXED:
            return fees(one, tariff, at_night=False), fees(one, tariff, at_night=True)
        return fees(one, tariff), Amount()

    # ------------------------------------------------------------ the lines

    def lines(self) -> Iterator[Line]:
        """Every line that a group has, then those of the whole place."""
        prices = self._assumed.prices
        for group in self._rota.groups:
            if group.people:
                yield from self._of_group(group)
        if self._vacant_h:
            days = self._vacant_h / HOURS_A_DAY * float(self._year)
            yield _line(Item.VACANT, days, prices.substitute_day)
        if self._rota.sites:
            yield _line(Item.SITES, self._rota.sites, prices.site)
        to_town = self._a_year(total(one.to_town for one in self.sums.values()))
        if to_town != Amount():
            yield Line(item=Item.FEES, amount=_less(to_town))

    def _of_group(self, group: Group) -> Iterator[Line]:
        one, prices, code = self.sums[group.code], self._assumed.prices, group.code
        on_duty_h = one.hours * float(self._year)
        if group.pay is PayKind.DUTY:
            pay = self._a_year(one.pay)
            yield Line(item=Item.DUTY_PAY, group=code, quantity=on_duty_h, amount=pay)
        elif group.pay is PayKind.POSITION:
            people = len(group.people)
            yield _line(Item.POSITIONS, people, prices.position, group=code)
            if group.daytime is not Daytime.NONE:
                brings = _line(Item.DAY_INCOME, people, prices.day_income, group=code)
                yield replace(brings, amount=_less(brings.amount))
        elif group.pay is PayKind.SUBSTITUTE:
            days = len(one.days) * float(self._year)
            stays = _stays(one.days) * float(self._year)
            yield _line(Item.SUBSTITUTE, days, prices.substitute_day, group=code)
            yield _line(Item.TRAVEL, stays, prices.travel, group=code)
        elif group.pay is PayKind.HOURLY:
            open_h = self._open_h * float(self._year)
            yield _line(Item.HOURLY, on_duty_h + open_h, prices.hourly, group=code)
        else:
            yield Line(
                item=Item.OTHER_PAYS, group=code, quantity=on_duty_h, amount=Amount()
            )

    def _a_year(self, amount: Amount) -> Amount:
        return replace(amount, known=_ore(amount.known * self._year))

    def income(self, group: Group) -> Amount | None:
        """What one of a group gets for a year; None where others decide it, or nobody is."""
        people = len(group.people)
        if not people:
            return None
        one, prices = self.sums[group.code], self._assumed.prices
        if group.pay is PayKind.DUTY:
            return _of_each(self._a_year(one.pay + one.to_doctor), people)
        if group.pay is PayKind.POSITION:
            return _line(Item.POSITIONS, 1, prices.position).amount
        if group.pay is PayKind.HOURLY:
            each_h = one.hours * float(self._year) / people
            return _line(Item.HOURLY, each_h, prices.hourly).amount
        return None


def _busy_of(slots: Sequence[Slot], assumed: Assumed) -> dict[str, Busyness]:
    """How busy one in each post of the doctors is."""
    posts = {slot.post for slot in slots} & assumed.limits.doctor_posts
    first = posts - assumed.limits.backup_posts - {SECOND_TIER}
    shares = {
        SECOND_TIER: _share_of_one(slots, {SECOND_TIER}),
        **dict.fromkeys(first, _share_of_one(slots, first)),
    }
    found = {}
    for post in sorted(posts - assumed.limits.backup_posts):
        if post == SECOND_TIER and first:
            kinds = {ContactKind.HOME_VISIT}
        elif SECOND_TIER in posts and post != SECOND_TIER:
            kinds = set(ContactKind) - {ContactKind.HOME_VISIT}
        else:
            kinds = set(ContactKind)
        found[post] = replace(
            assumed.busy,
            per_hour={
                kind: {
                    day: [rate * shares[post] for rate in rates]
                    for day, rates in by_day.items()
                }
                for kind, by_day in assumed.busy.per_hour.items()
                if kind in kinds
            },
        )
    return found


def _share_of_one(slots: Iterable[Slot], posts: Iterable[str]) -> float:
    """The part of the patients that one has, where several are on duty at once."""
    wanted = set(posts)
    spans = [slot.span for slot in slots if slot.post in wanted]
    return hours(joined(spans)) / sum(span.hours for span in spans) if spans else 0.0


def _stays(days: Iterable[tuple[str, date]]) -> int:
    """How many times people came: days with duty that lie near each other are one stay."""
    found, last = 0, None
    for who, day in sorted(days):
        if last is None or last[0] != who or day - last[1] > SAME_STAY:
            found += 1
        last = who, day
    return found


def _line(
    item: Item, quantity: float, rate: Decimal | None, *, group: str = ""
) -> Line:
    """So many at a price each; unknown where the price is, and some are needed."""
    if not quantity:
        amount = Amount()
    elif rate is None:
        amount = UNKNOWN
    else:
        amount = Amount(known=_ore(rate * Decimal(str(round(quantity, 6)))))
    return Line(item=item, group=group, quantity=quantity, rate=rate, amount=amount)


def _social(lines: Sequence[Line], assumed: Assumed) -> Iterator[Line]:
    """The employer's contributions on the wages that are known and unknown."""
    wages = total(line.amount for line in lines if line.item in WAGES)
    if wages == Amount():
        return
    share = assumed.prices.social
    if share is None:
        yield Line(item=Item.SOCIAL, amount=UNKNOWN)
        return
    amount = Amount(known=_ore(wages.known * share), unknown=wages.unknown)
    yield Line(item=Item.SOCIAL, rate=share, amount=amount)


def _less(amount: Amount) -> Amount:
    return replace(amount, known=-amount.known)


def _of_each(amount: Amount, people: int) -> Amount:
    return replace(amount, known=_ore(amount.known / people))


def _ore(value: Decimal) -> Decimal:
    return value.quantize(ORE, rounding=ROUND_HALF_UP)
