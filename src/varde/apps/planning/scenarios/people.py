"""People, cars and beds of a scenario in a form: where, when, with what, in which tier."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from varde.apps.planning.messages import scenario_words as words
from varde.apps.planning.scenarios.trees import Tree


NEW_ROWS = 3
MOST_ALIKE, MOST_TIERS = 30, 5
CAN_DRIVE = {"lege", "ambulanse", "sykepleier"}
BED = "seng"
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?", re.ASCII)
FIELDS = ("med", "sted", "fra", "til", "dager", "bil", "lag", "antall", "tlf", "rolle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the form: a person (or several alike), or an empty one to fill."""

    field: str  # the beginning of its fields' names
    name: str
    role: str
    typed: Mapping[str, str]
    is_new: bool = False
    is_changed: bool = False
    is_taken_away: bool = False
    source: Mapping[str, Any] | None = None

    @property
    def role_words(self) -> str:
        """What it is, in words."""
        return str(words.ROLE.get(self.role, self.role))

    @property
    def is_bed(self) -> bool:
        """A bed has no hours, car or tier."""
        return self.role == BED

    @property
    def may_have_car(self) -> bool:
        """Whether it can have a car of its own."""
        return self.is_new or self.role in CAN_DRIVE

    @property
    def may_answer(self) -> bool:
        """Whether it can help with the telephone besides."""
        return self.role == "sykepleier"


def typed_of(person: Mapping[str, Any]) -> dict[str, str]:
    """A person as it stands in the form."""
    duty = person.get("duty", [])
    hours = duty[0] if duty else {}
    days = tuple(hours.get("days", ()))
    return {
        "med": "ja",
        "sted": person.get("base", ""),
        "fra": clock(hours["from"]) if hours else "",
        "til": clock(hours["to"]) if hours else "",
        "dager": next((key for key, (_w, d) in words.DAYS.items() if d == days), "alle"),
        "bil": "ja" if person.get("has_car") else "",
        "lag": str(person.get("tier", 1)),
        "antall": str(person.get("count", 1)),
        "tlf": "ja" if "operator" in person["roles"][1:] else "",
        "rolle": person["roles"][0],
    }  # fmt: skip


def clock(hour: float) -> str:
    """An hour of the day as a clock.

    >>> clock(15.5), clock(8)
    ('15:30', '8:00')
    """
    minutes = round(hour * 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def hour_of(text: str) -> float | None:
    """A clock as an hour of the day; None for what is none.

    >>> hour_of("15.30"), hour_of("8"), hour_of("25"), hour_of("x")
    (15.5, 8.0, None, None)
    """
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hour = int(found[1]) + int(found[2] or 0) / 60
    return hour if hour <= 24 and int(found[2] or 0) < 60 else None


def field_of(name: str) -> str:
    """The beginning of the names of somebody's fields."""
    return f"p:{name}"


def names_of(tree: Tree) -> Iterator[str]:
    """The beginnings of the fields: those that are there, then the empty lines."""
    yield from (field_of(person["name"]) for person in tree.get("people", []))
    yield from (f"y{number}" for number in range(NEW_ROWS))


class Reader:
    """The people of a form, read line by line; what is wrong is gathered."""

    def __init__(self, typed: Mapping[str, str], tree: Tree) -> None:
        self._typed = typed
        self._places = [place["name"] for place in tree["places"]]
        self._people = tree.get("people", [])
        self.problems: list[str] = []

    def people(self) -> list[dict[str, Any]]:
        """Those who are there, changed as typed, then those who are new."""
        found = []
        for person in self._people:
            field = field_of(person["name"])
            if self._get(field, "med"):
                found.append(self._person(field, person))
        for number in range(NEW_ROWS):
            field = f"y{number}"
            role = self._get(field, "rolle")
            if role in words.ROLE:
                begun = {"name": self._new_name(role, field, found), "roles": [role]}
                found.append(self._person(field, begun))
        return found

    def _get(self, field: str, key: str) -> str:
        return self._typed.get(f"{field}-{key}", "")

    def _new_name(self, role: str, field: str, found: list[dict[str, Any]]) -> str:
        base = self._get(field, "sted") or self._places[0]
        name = f"{words.first_up(str(words.ROLE[role]))} {base}"
        taken = {one["name"] for one in (*found, *self._people)}
        number = 2
        wanted = name
        while wanted in taken:
            wanted, number = f"{name} {number}", number + 1
        return wanted

    def _person(self, field: str, was: Mapping[str, Any]) -> dict[str, Any]:
        person = dict(was)
        unchanged = typed_of(was)
        if all(self._get(field, k) == unchanged[k] for k in FIELDS if k != "rolle"):
            return person
        self._base(field, person)
        self._count(field, person)
        if BED not in person["roles"]:
            self._hours(field, person)
            self._tier(field, person)
            _set(person, "has_car", self._get(field, "bil") == "ja")
        if person["roles"][0] == "sykepleier":
            extra = ["operator"] if self._get(field, "tlf") else []
            person["roles"] = ["sykepleier", *extra]
        return person

    def _base(self, field: str, person: dict[str, Any]) -> None:
        base = self._get(field, "sted")
        if base in self._places:
            person["base"] = base
        elif base:
            self._wrong(person, _("velg et av stedene"))

    def _count(self, field: str, person: dict[str, Any]) -> None:
        count = self._whole(field, "antall", MOST_ALIKE)
        if count is None:
            self._wrong(person, _("antall er et helt tall fra 1 til %(n)s") % {"n": MOST_ALIKE})  # fmt: skip
        elif count > 1 or "count" in person:
            person["count"] = count

    def _tier(self, field: str, person: dict[str, Any]) -> None:
        tier = self._whole(field, "lag", MOST_TIERS)
        if tier is None:
            self._wrong(person, _("laget er et helt tall fra 1 til %(n)s") % {"n": MOST_TIERS})  # fmt: skip
        elif tier > 1 or "tier" in person:
            person["tier"] = tier

    def _whole(self, field: str, key: str, most: int) -> int | None:
        text = self._get(field, key) or "1"
        found = int(text) if text.isascii() and text.isdecimal() else 0
        return found if 1 <= found <= most else None

    def _hours(self, field: str, person: dict[str, Any]) -> None:
        since, until = (self._get(field, key) for key in ("fra", "til"))
        if not since and not until:
            person.pop("duty", None)
            return
        begins, ends = hour_of(since), hour_of(until)
        if begins is None or ends is None:
            self._wrong(
                person,
                _("skriv klokka som 15:30 i begge felt, eller la begge stå tomme"),
            )
            return
        days = words.DAYS.get(self._get(field, "dager"), words.DAYS["alle"])[1]
        duty: dict[str, Any] = {"from": begins, "to": ends}
        if days is not None:
            duty["days"] = list(days)
        person["duty"] = [duty]

    def _wrong(self, person: Mapping[str, Any], what: str) -> None:
        self.problems.append(f"{person['name']}: {what}.")


def _set(person: dict[str, Any], key: str, value: bool) -> None:  # noqa: FBT001
    if value or key in person:
        person[key] = value
