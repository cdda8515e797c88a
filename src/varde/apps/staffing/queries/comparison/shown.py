"""A comparison as it is shown: each model's figures, its weeks as a picture, its words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from varde.apps.records import holidays
from varde.apps.records.models import StaffingComparison
from varde.apps.sentral.messages import POST
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages import model_words as words
from varde.apps.staffing.queries.comparison import grounds
from varde.apps.staffing.queries.comparison.stored import to_amount
from varde.apps.staffing.queries.work import ZONE
from varde.apps.staffing.services.comparing import UNDER_WAY, is_dead
from varde.domain.pay.amount import Amount, total
from varde.domain.rota.rules.breach import RotaRule
from varde.engines.rostering.duties.staffing_file import StaffingModel
from varde.engines.staffing_models.values import TODAY


PICTURE_WEEKS = 6  # a whole turn of two weeks on and four off
MOST_ROWS = 14  # people in a picture
DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRow:
    """One person's days: a letter for the post, empty where free."""

    who: str
    cells: tuple[
        tuple[str, str, bool], ...
    ]  # letter, words, whether a day off begins it


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Some weeks of a rota: the days as heads, a row for each, and how many are left out."""

    weeks: tuple[str, ...]
    days: tuple[tuple[str, bool], ...]
    rows: tuple[PictureRow, ...]
    left_out: str
    key: tuple[tuple[str, str], ...]  # letter and post


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One column of the comparison."""

    code: str
    title: str
    row: Mapping[str, Any]
    model: StaffingModel | None
    cost: Amount
    carried: tuple[Mapping[str, Any], ...]
    recruit: tuple[tuple[str, int], ...]
    people: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]
    obstacles: tuple[tuple[str, str], ...]  # words, and where that stands

    @property
    def doctors_h(self) -> float | None:
        """Hours a week of the group with the most; None where nobody is in the rota."""
        return max((one["whole_h"] for one in self.carried), default=None)

    @property
    def to_find(self) -> int:
        """How many must be recruited."""
        return sum(count for _group, count in self.recruit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A comparison in the list, and how far it has come."""

    id: int
    name: str
    state: str
    state_words: str
    models: str
    by: str
    at: datetime
    shared_by: str
    shared_at: datetime | None
    weeks_done: int
    weeks_all: int
    per_cent: int
    is_under_way: bool
    is_dead: bool
    is_done: bool


STATE_WORDS = {
    "waiting": lambda: _("venter"),
    "running": lambda: _("regnes nå"),
    "done": lambda: _("ferdig"),
    "stopped": lambda: _("stoppet"),
    "failed": lambda: _("feilet"),
}


def listed(row: StaffingComparison, *, now: datetime) -> Listed:
    """How a comparison stands."""
    dead = is_dead(row, at=now)
    state = _("avbrutt") if dead else STATE_WORDS[row.state]()
    models = grounds.models()
    asked = getattr(row, "asked_models", None) or row.assumed["models"]
    return Listed(
        id=row.pk,
        name=row.name,
        state=row.state,
        state_words=_("delt") if row.shared_at else state,
        models=", ".join(_title(one["code"], models.get(one["code"])) for one in asked),
        by=row.asked_by.name,
        at=row.asked_at,
        shared_by=row.shared_by.name if row.shared_by else "",
        shared_at=row.shared_at,
        weeks_done=row.weeks_done,
        weeks_all=row.weeks_all,
        per_cent=round(100 * row.weeks_done / max(1, row.weeks_all)),
        is_under_way=row.state in UNDER_WAY and not dead,
        is_dead=dead,
        is_done=row.state == StaffingComparison.State.DONE,
    )


def comparisons(workplace: Workplace, *, now: datetime) -> list[Listed]:
    """The comparisons of a station, the newest first. Of a sentral there are none."""
    rows = (
        StaffingComparison.objects.filter(station=workplace.station_id)
        .annotate(asked_models=F("assumed__models"))
        .defer("assumed", "found", "typed")
        .select_related("asked_by", "shared_by")
        .order_by("-asked_at", "-pk")
    )
    return [listed(row, now=now) for row in rows]


def columns(row: StaffingComparison) -> list[Shown]:
    """What is counted so far, the rota of today first."""
    models = grounds.models()
    asked = {one["code"]: one for one in row.assumed["models"]}
    return [_column(one, models.get(one["code"]), asked) for one in row.found]


def has_unverified(row: StaffingComparison) -> bool:
    """Whether a rate or a price that has a value is not checked."""
    return any(
        not is_verified and bool(text)
        for _key, _value, _day, is_verified, text in row.assumed["sources"]
    )


def today_of(shown: Sequence[Shown]) -> Shown | None:
    """The rota of today among the columns; None where there is none."""
    return next((one for one in shown if one.code == TODAY), None)


def _column(
    row: Mapping[str, Any], model: StaffingModel | None, asked: Mapping[str, Any]
) -> Shown:
    lines = row["lines"]
    unknown = [line["item"] for line in lines if to_amount(line["amount"]).unknown]
    recruit = tuple(
        (str(words.GROUP[code]), count)
        for code, count in asked.get(row["code"], {}).get("recruit", ())
        if count
    )
    return Shown(
        code=row["code"],
        title=_title(row["code"], model),
        row=row,
        model=model,
        cost=total(to_amount(line["amount"]) for line in lines),
        carried=tuple(row["carried"]),
        recruit=recruit,
        people=tuple(
            (str(words.GROUP[code]), len(people))
            for code, people in row["groups"]
            if people
        ),
        missing=tuple(str(words.MISSING[item]) for item in dict.fromkeys(unknown)),
        obstacles=tuple(_obstacles(row, model, recruit)),
    )


def _title(code: str, model: StaffingModel | None) -> str:
    """The words of a model; its code where the template is no longer there."""
    if code == TODAY:
        return str(words.TODAYS_ROTA)
    return code if model is None else model.words


def _obstacles(
    row: Mapping[str, Any],
    model: StaffingModel | None,
    recruit: Sequence[tuple[str, int]],
) -> Iterator[tuple[str, str]]:
    """What must be settled before the model can be used: of the rota, then of the template."""
    for rule, count in row["broken"].items():
        text = _(
            "%(rule)s: %(count)s brudd i planen. Krever dispensasjon eller avtale."
        )
        yield text % {"rule": words.RULE[RotaRule(rule)], "count": count}, ""
    if row["vacant"]:
        yield (
            _("%(count)s vakter kan ikke fylles med så mange folk.")
            % {"count": row["vacant"]},
            "",
        )
    for who, count in recruit:
        yield (
            _("Må rekrutteres: %(who)s, %(count)s.") % {"count": count, "who": who},
            "",
        )
    for one in model.obstacles if model else ():
        yield one.words, one.source


def difference(one: Shown, today: Shown | None) -> Decimal | None:
    """Kroner more (+) or less (-) than today; None where either is unknown."""
    if today is None or one.cost.total is None or today.cost.total is None:
        return None
    return one.cost.total - today.cost.total


# ---------------------------------------------------------------- the picture


def picture(one: Shown) -> Picture:
    """The first six weeks: who has duty on which day, the doctors first."""
    first = date.fromisoformat(one.row["first"])
    last = first + timedelta(weeks=min(PICTURE_WEEKS, one.row["weeks"]))
    free = holidays.around(first)
    days = [first + DAY * n for n in range((last - first).days)]
    held: dict[tuple[str, date], list[str]] = {}
    posts: dict[str, str] = {}
    for post, starts, _ends, who in one.row["rota"]:
        day = datetime.fromisoformat(starts).astimezone(ZONE).date()
        if first <= day < last:
            posts.setdefault(post, _letter(post))
            held.setdefault((who, day), []).append(post)
    names = [
        (who, f"{words.GROUP[code]} {number}")
        for code, people in one.row["groups"]
        for number, who in enumerate(people, 1)
    ]
    doctors = [pair for pair in names if _is_doctor(one, pair[0])]
    kept = (doctors or names)[:MOST_ROWS]
    left = len(names) - len(kept)
    rows = [*kept]
    if any(who == "" for who, _day in held):
        rows.append(("", _("ledig")))
    return Picture(
        weeks=tuple(
            _("uke %(n)s") % {"n": day.isocalendar().week} for day in days[::7]
        ),
        days=tuple(
            (date_format(day, "D j.n."), day.weekday() >= SATURDAY or day in free)
            for day in days
        ),
        rows=tuple(
            PictureRow(
                who=name,
                cells=tuple(
                    (
                        "".join(posts[post] for post in held.get((who, day), ())),
                        ", ".join(post_words(post) for post in held[who, day])
                        if (who, day) in held
                        else "",
                        day.weekday() >= SATURDAY or day in free,
                    )
                    for day in days
                ),
            )
            for who, name in rows
        ),
        left_out=_("%(n)s til er ikke tegnet. Hele planen er i CSV-fila.") % {"n": left}
        if left
        else "",
        key=tuple((letter, post_words(post)) for post, letter in posts.items()),
    )


def _is_doctor(one: Shown, who: str) -> bool:
    return not who.startswith(("sykepleier", "mannskap"))


def _letter(post: str) -> str:
    return LETTER.get(post, post[:1].upper())


LETTER = {
    "forvakt": "V",
    "bakvakt": "B",
    "konsultasjonsvakt": "K",
    "beredskapsvakt": "R",
    "satellitt": "S",
    "ambulanse": "A",
}


def post_words(post: str) -> str:
    """A post in words; those that only a model has, are the models' own."""
    return str(words.POST[post] if post in words.POST else POST[post])
