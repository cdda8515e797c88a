"""What values a dated setting may have: how each kind is typed, checked and shown.

A kind reads what came from a form and gives the value as it is stored (JSON), or refuses
with a `Rule`. Numbers are typed with comma or point. An empty field is unknown and never
zero; where nothing is allowed to stand, it is kept as null.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Protocol

from django.utils.translation import gettext

from varde.domain.errors import Rule, RuleBroken


ONE = "v"  # the field of a value that is one thing
_NUMBER = re.compile(r"-?\d{1,9}([.,]\d{1,6})?", re.ASCII)
_PHONE = re.compile(r"\+?\d{3,15}", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
MOST_LINES = 50
LONGEST_LINE = 120  # characters

type Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One field of the form. `options`: choose one; else it is typed."""

    name: str
    label: str
    value: str
    group: str = ""
    options: tuple[tuple[str, str], ...] = ()
    is_long: bool = False
    hint: str = ""


class Kind(Protocol):
    """How one kind of value is typed, read and shown."""

    def inputs(self, value: Any) -> tuple[Input, ...]:
        """The fields, filled with a value."""
        ...

    def read(self, typed: Typed) -> Any:
        """The value that was typed. Raises `RuleBroken`."""
        ...

    def words(self, value: Any) -> str:
        """The value for a table."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number from `low` to `high`. Null where `may_be_none` and nothing was typed."""

    low: float
    high: float
    is_whole: bool = True
    may_be_none: bool = False

    def inputs(self, value: Any) -> tuple[Input, ...]:
        """One field."""
        hint = gettext("Fra %(low)s til %(high)s.") % {
            "low": shown(self.low),
            "high": shown(self.high),
        }
        return (Input(name=ONE, label="", value=shown(value), hint=hint),)

    def read(self, typed: Typed) -> float | int | None:
        """The number of the one field."""
        return self.number(typed.get(ONE, ""), part="")

    def words(self, value: Any) -> str:
        """The number with a comma; a dash for none."""
        return shown(value) or "–"

    def number(self, text: str, *, part: str) -> float | int | None:
        """A number as typed. Raises SETTING_NOT_A_NUMBER, _NOT_WHOLE, _OUT_OF_RANGE."""
        stripped = text.strip().replace("\u2212", "-")
        if not stripped and self.may_be_none:
            return None
        if not _NUMBER.fullmatch(stripped):
            raise RuleBroken(Rule.SETTING_NOT_A_NUMBER, part=part)
        found = float(stripped.replace(",", "."))
        if self.is_whole and not found.is_integer():
            raise RuleBroken(Rule.SETTING_NOT_WHOLE, part=part)
        if not self.low <= found <= self.high:
            raise RuleBroken(
                Rule.SETTING_OUT_OF_RANGE,
                part=part,
                low=shown(self.low),
                high=shown(self.high),
            )
        return int(found) if self.is_whole else found


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no, and nothing between."""

    def inputs(self, value: Any) -> tuple[Input, ...]:
        """One choice of two."""
        chosen = "yes" if value is True else "no"
        return (Input(name=ONE, label="", value=chosen, options=_yes_no()),)

    def read(self, typed: Typed) -> bool:
        """True for yes, False for no."""
        answer = typed.get(ONE, "")
        if answer not in {"yes", "no"}:
            choices = ", ".join(words for _, words in _yes_no())
            raise RuleBroken(Rule.SETTING_NOT_A_CHOICE, part="", choices=choices)
        return answer == "yes"

    def words(self, value: Any) -> str:
        """Ja or nei."""
        return dict(_yes_no())["yes" if value is True else "no"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """A list of codes, each once, with comma or space between."""

    pattern: str
    example: str

    def inputs(self, value: Any) -> tuple[Input, ...]:
        """One field with all of them."""
        hint = gettext("Komma mellom. Eksempel: %(example)s") % {
            "example": self.example
        }
        return (Input(name=ONE, label="", value=", ".join(value), hint=hint),)

    def read(self, typed: Typed) -> list[str]:
        """The codes in the order typed. Raises SETTING_NOT_WELL_FORMED."""
        found = [
            code for code in re.split(r"[,\s]+", typed.get(ONE, "").upper()) if code
        ]
        is_right = all(re.fullmatch(self.pattern, code, re.ASCII) for code in found)
        if not found or not is_right or len(found) > MOST_LINES:
            raise RuleBroken(Rule.SETTING_NOT_WELL_FORMED, example=self.example)
        return list(dict.fromkeys(found))

    def words(self, value: Any) -> str:
        """The codes with a comma between."""
        return ", ".join(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Two numbers, the first not above the second. Stored as a list."""

    of: Number
    labels: tuple[str, str]

    def inputs(self, value: Any) -> tuple[Input, ...]:
        """Two fields."""
        pairs = zip(self.labels, value, strict=True)
        return tuple(
            Input(name=f"{ONE}.{place}", label=label, value=shown(number))
            for place, (label, number) in enumerate(pairs)
        )

    def read(self, typed: Typed) -> list[float | int | None]:
        """Both numbers. Raises SETTING_OUT_OF_RANGE where they are the wrong way round."""
        low, high = (
            self.of.number(typed.get(f"{ONE}.{place}", ""), part=label)
            for place, label in enumerate(self.labels)
        )
        if low is not None and high is not None and low > high:
            raise RuleBroken(
                Rule.SETTING_OUT_OF_RANGE,
                part=self.labels[1],
                low=shown(low),
                high=shown(self.of.high),
            )
        return [low, high]

    def words(self, value: Any) -> str:
        """Both, with a dash between."""
        return "–".join(shown(number) for number in value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One number for each of these names. Stored as a mapping by code."""

    of: Number
    labels: Mapping[str, str]

    def inputs(self, value: Any) -> tuple[Input, ...]:
        """A field for each."""
        return tuple(
            Input(name=f"{ONE}.{code}", label=str(label), value=shown(value.get(code)))
            for code, label in self.labels.items()
        )

    def read(self, typed: Typed) -> dict[str, float | int | None]:
        """Every number. One that is not typed is refused, unless it may be none."""
        return {
            code: self.of.number(typed.get(f"{ONE}.{code}", ""), part=str(label))
            for code, label in self.labels.items()
        }

    def words(self, value: Any) -> str:
        """Each name with its number."""
        return ", ".join(
            f"{str(label).lower()} {shown(value.get(code)) or '–'}"
            for code, label in self.labels.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One number for each row and column. Stored as a mapping of mappings."""

    rows: Mapping[str, str]
    row: Parts

    def inputs(self, value: Any) -> tuple[Input, ...]:
        """A field for each cell, grouped by row."""
        return tuple(
            Input(
                name=f"{ONE}.{row}.{code}",
                label=str(label),
                value=shown(value.get(row, {}).get(code)),
                group=str(title),
            )
            for row, title in self.rows.items()
            for code, label in self.row.labels.items()
        )

    def read(self, typed: Typed) -> dict[str, dict[str, float | int | None]]:
        """Every cell. A refusal names the row and the column."""
        return {
            row: {
                code: self.row.of.number(
                    typed.get(f"{ONE}.{row}.{code}", ""), part=f"{title}, {label}"
                )
                for code, label in self.row.labels.items()
            }
            for row, title in self.rows.items()
        }

    def words(self, value: Any) -> str:
        """Each row with its numbers."""
        return "; ".join(
            f"{str(title).lower()}: {self.row.words(value.get(row, {}))}"
            for row, title in self.rows.items()
        )


@dataclass(frozen=True, slots=True)
class ClockSpan:
    """A part of the day: from and to, as clock times. Stored as `from` and `to`."""

    def inputs(self, value: Any) -> tuple[Input, ...]:
        """Two fields."""
        return (
            Input(name=f"{ONE}.from", label=gettext("Fra kl."), value=value["from"]),
            Input(name=f"{ONE}.to", label=gettext("Til kl."), value=value["to"]),
        )

    def read(self, typed: Typed) -> dict[str, str]:
        """Both times. Raises SETTING_NOT_WELL_FORMED, also for an end before the start."""
        found = {
            part: typed.get(f"{ONE}.{part}", "").strip() for part in ("from", "to")
        }
        is_right = all(_CLOCK.fullmatch(text) for text in found.values())
        if not is_right or _clock(found["from"]) >= _clock(found["to"]):
            raise RuleBroken(Rule.SETTING_NOT_WELL_FORMED, example="08:00, 15:30")
        return found

    def words(self, value: Any) -> str:
        """Both, with a dash between."""
        return f"{value['from']}–{value['to']}"


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number, or none (""). Stored without spaces, as it is dialled."""

    def inputs(self, value: Any) -> tuple[Input, ...]:
        """One field."""
        hint = gettext("Tomt: ingen.")
        return (Input(name=ONE, label="", value=value, hint=hint),)

    def read(self, typed: Typed) -> str:
        """The number; "" where nothing was typed. Raises SETTING_NOT_WELL_FORMED."""
        number = "".join(typed.get(ONE, "").split())
        if number and not _PHONE.fullmatch(number):
            raise RuleBroken(Rule.SETTING_NOT_WELL_FORMED, example="+4799000000")
        return number

    def words(self, value: Any) -> str:
        """The number; a dash for none."""
        return value or "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneLines:
    """The telephone lines: one a line of text, as code; name; priority; channel."""

    channels: Mapping[str, str]
    priority: Number

    def inputs(self, value: Any) -> tuple[Input, ...]:
        """One long field."""
        hint = gettext(
            "En linje for hver: kode; navn; prioritet; kanal. Kanal er en av: %(channels)s."
        )
        return (
            Input(
                name=ONE,
                label="",
                value="\n".join(self._line(code, line) for code, line in value.items()),
                is_long=True,
                hint=hint % {"channels": ", ".join(map(str, self.channels.values()))},
            ),
        )

    def read(self, typed: Typed) -> dict[str, dict[str, Any]]:
        """The lines by code, in small letters. A code stands once."""
        texts = [text for text in typed.get(ONE, "").splitlines() if text.strip()]
        found = dict(self._read_line(text) for text in texts)
        if not 1 <= len(texts) <= MOST_LINES or len(found) < len(texts):
            raise self._not_well_formed()
        return found

    def words(self, value: Any) -> str:
        """The name and the priority of each."""
        return ", ".join(
            f"{line['name']} {line['priority']}" for line in value.values()
        )

    def _read_line(self, text: str) -> tuple[str, dict[str, Any]]:
        parts = [part.strip() for part in text.split(";")]
        if len(parts) != 4 or not all(parts) or len(text) > LONGEST_LINE:
            raise self._not_well_formed()
        code, name, priority, channel = parts
        known = {str(words).casefold(): key for key, words in self.channels.items()}
        if channel.casefold() not in known:
            raise RuleBroken(
                Rule.SETTING_NOT_A_CHOICE,
                part=channel,
                choices=", ".join(map(str, self.channels.values())),
            )
        return code.casefold(), {
            "name": name,
            "priority": self.priority.number(priority, part=name),
            "channel": str(known[channel.casefold()]),
        }

    def _line(self, code: str, line: Mapping[str, Any]) -> str:
        channel = self.channels.get(line["channel"], line["channel"])
        return f"{code}; {line['name']}; {line['priority']}; {channel}"

    def _not_well_formed(self) -> RuleBroken:
        example = "sykehjem; Sykehjem; 1; " + str(next(iter(self.channels.values())))
        return RuleBroken(Rule.SETTING_NOT_WELL_FORMED, example=example)


def shown(number: Any) -> str:
    """A number as it is typed in Norwegian: 0,8 and not 0.80. "" for none."""
    if number is None:
        return ""
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    return str(number).replace(".", ",")


def _clock(text: str) -> time:
    return time.fromisoformat(text)


def _yes_no() -> tuple[tuple[str, str], ...]:
    return (("yes", gettext("Ja")), ("no", gettext("Nei")))
