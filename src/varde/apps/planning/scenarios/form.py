"""The form of a scenario: what stands in it, what was changed, and how it is read.

What is typed as it stood is kept to the last digit. Each change is an assumption of its
own, beside the source that it takes the place of.
"""

import copy
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from varde.apps.planning.messages import scenario_words as words
from varde.apps.planning.scenarios import demand
from varde.apps.planning.scenarios.demand import Week
from varde.apps.planning.scenarios.numbers import (
    Number,
    Path,
    numbers,
    put,
    source_of,
    value_at,
)
from varde.apps.planning.scenarios.people import (
    FIELDS,
    Reader,
    Row,
    field_of,
    names_of,
    typed_of,
)
from varde.apps.planning.scenarios.trees import Tree, scenario_of, text_of
from varde.apps.planning.study_form import is_one_line
from varde.domain.errors import BadInput
from varde.engines.simulation.tables import MOST_PEOPLE


LONGEST_TITLE, LONGEST = 120, 20
SUM_SLACK = 1e-6
CHANGED = "Endret i studien"  # how the source of a change begins, in the file
MOST_PER_HOUR = 10_000.0
MODES = ("som", "timen", "historikk", "prognose")
_NUMBER = re.compile(r"-?\d{1,9}([.,]\d{1,9})?", re.ASCII)
type Weeks = Callable[[str], Week | None]  # of the stations that are chosen, by mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A number in the form: what stands there, and where it comes from."""

    number: Number
    text: str
    before: str | None  # what stood there before it was changed; None: as it was
    source: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Numbers that belong together."""

    code: str
    title: str
    numbers: tuple[Shown, ...]

    @property
    def changed(self) -> int:
        """How many of them were changed."""
        return sum(one.before is not None for one in self.numbers)


def text_of_number(value: float) -> str:
    """A number as it is typed: at most six decimals, with a comma.

    >>> text_of_number(20.0), text_of_number(0.55), text_of_number(36.3)
    ('20', '0,55', '36,3')
    """
    return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",")


def begin(tree: Tree) -> dict[str, str]:
    """What stands in the form of a scenario."""
    typed = {"tittel": tree["title"], "ettersporsel": "som", "timen": ""}
    for number in numbers(tree):
        typed[number.field] = text_of_number(number.value)
    for person in tree.get("people", []):
        field = field_of(person["name"])
        typed |= {f"{field}-{key}": text for key, text in typed_of(person).items()}
    return typed


def kept(post: Mapping[str, str], *, tree: Tree) -> dict[str, str]:
    """What was sent, cut to a sensible length; nothing that the form does not have."""
    names = {"tittel", "ettersporsel", "timen", *begin(tree)}
    for field in names_of(tree):
        names |= {f"{field}-{key}" for key in FIELDS}
    return {
        name: post.get(name, "").strip()[: 2 * LONGEST_TITLE if name == "tittel" or name.endswith("-sted") else LONGEST]
        for name in sorted(names)
    }  # fmt: skip


def sections(tree: Tree, origin: Tree, typed: Mapping[str, str]) -> list[Section]:
    """The numbers of the form, in sections."""
    found: dict[str, list[Shown]] = {code: [] for code in words.SECTION}
    for number in numbers(tree):
        before = value_at(origin, number.path)
        now = value_at(tree, number.path)
        found[number.section].append(
            Shown(
                number=number,
                text=typed.get(number.field, ""),
                before=None
                if before is None or before == now
                else text_of_number(before * number.scale),
                source=source_of(origin, number.path),
            )
        )
    return [
        Section(code=code, title=str(title), numbers=tuple(found[code]))
        for code, title in words.SECTION.items()
        if found[code]
    ]


def rows(tree: Tree, origin: Tree, typed: Mapping[str, str]) -> list[Row]:
    """The people of the form, then the empty lines."""
    people = {field_of(one["name"]): one for one in tree.get("people", [])}
    was = {one["name"]: one for one in origin.get("people", [])}
    found = []
    for field in names_of(tree):
        here = {key: typed.get(f"{field}-{key}", "") for key in FIELDS}
        person = people.get(field)
        if person is None:
            found.append(Row(field=field, name="", role=here["rolle"], typed=here, is_new=True))  # fmt: skip
            continue
        found.append(
            Row(
                field=field,
                name=person["name"],
                role=person["roles"][0],
                typed=here,
                is_changed=was.get(person["name"]) != person,
                source=source_of(origin, ("people", person["name"])),
            )
        )
    return found


def taken_away(tree: Tree, origin: Tree) -> list[str]:
    """The names of those who were there before and are not now."""
    here = {one["name"] for one in tree.get("people", [])}
    return [one["name"] for one in origin.get("people", []) if one["name"] not in here]


def read(
    typed: Mapping[str, str],
    *,
    tree: Tree,
    origin: Tree,
    base: Tree | None,
    base_origin: Tree | None,
    weeks: Weeks,
) -> tuple[Tree | None, list[str]]:
    """The scenario that was typed, or None and what is wrong, a sentence for each.

    `base` is the study's first scenario, None where this is the one.
    """
    made, problems = copy.deepcopy(tree), []
    made["title"] = typed.get("tittel", "")
    if not 0 < len(made["title"]) <= LONGEST_TITLE:
        problems.append(_("Gi scenarioet en tittel på høyst %(n)s tegn.") % {"n": LONGEST_TITLE})  # fmt: skip
    elif not is_one_line(made["title"]):
        problems.append(_("Tittelen har tegn som ikke kan lagres. Skriv den på nytt."))
    for number in numbers(tree):
        text = typed.get(number.field, "")
        if text == text_of_number(number.value):
            continue
        value = number_of(text)
        if value is None or not number.low <= value <= number.high:
            problems.append(_wrong(number))
        else:
            put(made, number.path, _stored(value, number.scale))
    reader = Reader(typed, tree)
    made["people"] = reader.people()
    problems += reader.problems
    problems += _sums(made) + _manned(made)
    note = None
    if not problems:
        note = _demand(typed, made, base or made, base_origin or origin, origin, weeks, problems)  # fmt: skip
    if problems:
        return None, problems
    made["assumptions"] = _assumptions(made, tree, origin, note)
    try:
        scenario_of(text_of(made))
    except BadInput as error:
        return None, [_("Scenarioet henger ikke sammen: %(problem)s") % {"problem": error}]  # fmt: skip
    return made, []


def number_of(text: str) -> float | None:
    """A typed number; None for what is none."""
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _stored(value: float, scale: float) -> float:
    return round(value / scale, 12) if scale != 1.0 else value


def _wrong(number: Number) -> str:
    return _("%(field)s: skriv et tall fra %(low)s til %(high)s.") % {
        "field": number.label,
        "low": text_of_number(number.low),
        "high": text_of_number(number.high),
    }


def _sums(tree: Tree) -> list[str]:
    """The shares that do not sum to 100 %."""
    problems = []
    for stream in tree["streams"]:
        total = sum(stream["shares"].values())
        if abs(total - 1) > SUM_SLACK:
            problems.append(_not_whole(words.first_up(words.name_of(stream["name"])), total))  # fmt: skip
    for step in tree["steps"]:
        for fork in words.FORK:
            groups: defaultdict[tuple[Any, ...], float] = defaultdict(float)
            for route in step.get(fork, []):
                only = (
                    *route.get("classes", ()), *route.get("stations", ()),
                    *((route["hours"],) if "hours" in route else ()),
                )  # fmt: skip
                groups[only] += route.get("share", 1.0)
            for only, total in groups.items():
                if abs(total - 1) > SUM_SLACK:
                    which = ", ".join(words.name_of(one) for one in only)
                    name = f"{words.first_up(words.name_of(step['name']))} {words.FORK[fork]}"  # fmt: skip
                    problems.append(_not_whole(f"{name} ({which})" if which else name, total))  # fmt: skip
    return problems


def _not_whole(name: str, total: float) -> str:
    return _("%(name)s: andelene er %(sum)s %% til sammen. De skal være 100 %%.") % {
        "name": name,
        "sum": text_of_number(round(total * 100, 4)),
    }


def _manned(tree: Tree) -> list[str]:
    """Steps that need somebody whom nobody is, and too many people."""
    there = {role for one in tree["people"] for role in one["roles"]}
    problems = []
    for step in tree["steps"]:
        needed = {*step.get("needs", ()), *step.get("remote", ()), *step.get("joins", ())}  # fmt: skip
        problems.extend(
            _("Det er ingen igjen som er %(role)s, og %(step)s trenger det.")
            % {
                "role": words.ROLE.get(role, role),
                "step": words.name_of(step["name"]),
            }
            for role in sorted(needed - there)
        )
    count = sum(one.get("count", 1) for one in tree["people"])
    if count > MOST_PEOPLE:
        problems.append(
            _("Det er %(n)s folk, biler og senger. Høyst %(most)s kan være med.")
            % {"n": count, "most": MOST_PEOPLE}
        )
    return problems


# How many come


def _demand(
    typed: Mapping[str, str],
    made: Tree,
    base: Tree,
    base_origin: Tree,
    origin: Tree,
    weeks: Weeks,
    problems: list[str],
) -> str | None:
    """Set the demand as it was chosen. Gives back its source, None where it stays."""
    mode = typed.get("ettersporsel", "som")
    if mode not in MODES or mode == "som":
        return None
    week: Week | None = None
    if mode == "timen":
        per_hour = number_of(typed.get("timen", "")) or 0.0
        if not 0 < per_hour <= MOST_PER_HOUR:
            problems.append(_("Kontakter i timen: skriv et tall over 0, som 1,4."))
            return None
        note = _("%(n)s kontakter i timen, skrevet inn her") % {"n": text_of_number(per_hour)}  # fmt: skip
    else:
        week = weeks(mode)
        if week is None:
            problems.append(
                _("Stasjonene du valgte, har ikke nok historikk (minst fire uker). Velg andre, eller skriv kontakter i timen.")
            )  # fmt: skip
            return None
        per_hour = week.mean
        kind = _("egen historikk") if mode == "historikk" else _("egen prognose")
        note = _("Stasjonenes %(kind)s, %(first)s–%(until)s: %(n)s kontakter i timen") % {
            "kind": kind, "first": week.first.date().isoformat(),
            "until": week.until.date().isoformat(), "n": text_of_number(round(per_hour, 3)),
        }  # fmt: skip
    demand.scaled(
        made, per_hour=per_hour, origin=origin, base=base, base_origin=base_origin,
        week=week,
    )  # fmt: skip
    return note


# What was changed, as assumptions


def _assumptions(
    made: Tree, tree: Tree, origin: Tree, note: str | None
) -> list[dict[str, Any]]:
    known = origin.get("assumptions", [])
    kept_notes = [
        one
        for one in tree.get("assumptions", [])
        if one not in known and one["about"] == "streams"
    ]
    if note is not None:
        kept_notes = [
            {"about": "streams", "source": f"{CHANGED}: {note}.", "ours": True}
        ]
    return [*known, *kept_notes, *changes(made, origin, has_note=bool(kept_notes))]


def changes(made: Tree, origin: Tree, *, has_note: bool) -> list[dict[str, Any]]:
    """An assumption for each number and each person that is not as it was."""
    found = []
    for number in numbers(made):
        before = value_at(origin, number.path)
        now = value_at(made, number.path)
        if has_note and number.path[-1] in ("per_1000_a_year", "per_hour"):
            continue
        if before is not None and before != now:
            found.append(_change(number.path, f"fra {_told(number, before)} til {_told(number, now or 0)}"))  # fmt: skip
    was = {one["name"]: one for one in origin.get("people", [])}
    for person in made["people"]:
        if was.get(person["name"]) != person:
            what = "endret" if person["name"] in was else "lagt til"
            found.append(_change(("people", person["name"]), what))
    found += [
        _change(("people", name), "tatt bort") for name in taken_away(made, origin)
    ]
    return found


def _told(number: Number, value: float) -> str:
    return f"{text_of_number(value * number.scale)} {number.unit}".strip()


def _change(path: Path | Sequence[str], what: str) -> dict[str, Any]:
    return {"about": ".".join(path), "source": f"{CHANGED}: {what}.", "ours": True}
