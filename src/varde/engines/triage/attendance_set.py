"""A set of emergency attendances with vital signs and two triage levels, as a file.

The form is that of the open set of 1267 adult attendances in two Korean departments
(Moon SH and others, PLoS One 2019;14:e0216972, doi 10.1371/journal.pone.0216972): one line
for each attendance, a heading with its names, and levels from 1, the most urgent, to 5.

UTF-8. Fields are separated by commas; where the heading is separated by semicolons, so is
the rest, and a number may then have a decimal comma. Columns may stand in any order. Those
that are read are in `COLUMNS`, and in `MORE` when asked; others are let be, also those with free text. A field that
is empty or `??` was not measured: it is None, never a number.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from varde.domain.errors import BadInput
from varde.domain.news2 import MIN_AGE_YEARS
from varde.engines.csv_rows import decoded_lines, numbered_rows, refuse_other_width


COLUMNS = ("Age", "Mental", "SBP", "HR", "RR", "BT", "Saturation", "KTAS_expert")
# Read only when they are asked for: the one who counts NEWS2 needs neither.
MORE = ("Sex", "KTAS_RN")
WOMAN = 1  # Sex: 1 woman, 2 man; the set's diagnoses of one sex only bear it out
MISSING = ("", "??")
ALERT = 1  # Mental: 1 alert, 2 responds to voice, 3 to pain, 4 unresponsive
_TENTHS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    """Which values a column may hold. The signs are as wide as those of NEWS2 (domain)."""

    low: int
    high: int
    may_be_missing: bool = True
    has_tenths: bool = False


_RANGES: Mapping[str, _Range] = {
    "Age": _Range(low=0, high=125),
    "Mental": _Range(low=1, high=4),
    "SBP": _Range(low=0, high=350),
    "HR": _Range(low=0, high=350),
    "RR": _Range(low=0, high=100),
    "BT": _Range(low=20, high=45, has_tenths=True),
    "Saturation": _Range(low=0, high=100),
    "KTAS_expert": _Range(low=1, high=5, may_be_missing=False),
    "Sex": _Range(low=1, high=2),
    "KTAS_RN": _Range(low=1, high=5),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One attendance. `line_no` is its line in the file, the heading being 1.

    None is what was not measured or not known. Breaths and beats a minute, mmHg, °C, per
    cent. `mental` is 1 to 4, 1 being alert. `expert_level` is 1 to 5, 1 the most urgent;
    `nurse_level` likewise. It and `is_woman` are None also where they were not asked for.
    """

    line_no: int
    age_years: int | None
    mental: int | None
    systolic_bp: int | None
    pulse: int | None
    respiration_rate: int | None
    temperature_c: float | None
    spo2: int | None
    expert_level: int
    is_woman: bool | None = None
    nurse_level: int | None = None

    @property
    def is_complete(self) -> bool:
        """Are all six measurements there? Age is not a measurement."""
        return None not in (
            self.mental,
            self.systolic_bp,
            self.pulse,
            self.respiration_rate,
            self.temperature_c,
            self.spo2,
        )

    @property
    def is_for_news2(self) -> bool:
        """Is the patient known to be of the age that NEWS2 is for? Unknown is no."""
        return self.age_years is not None and self.age_years >= MIN_AGE_YEARS


def read_attendances(
    lines: Iterable[bytes], *, file: str, also: tuple[str, ...] = ()
) -> Iterator[Attendance]:
    """The attendances of a set, one at a time, in the order of the file.

    Parameters
    ----------
    lines : iterable of bytes
        The file's lines, e.g. a file opened for reading bytes. Blank lines are skipped.
    file : str
        The file's name, for the error text.
    also : names of `MORE`
        Columns that must be there too, and are read.

    Raises
    ------
    BadInput
        At the first fault: an empty file, one that is not UTF-8 or not CSV, a heading
        that lacks a column or names one twice, a line with too few or too many fields, a
        value that is not a number or outside what a person can have, no expert level.

    Examples
    --------
    >>> heading = b"Age,Mental,SBP,HR,RR,BT,Saturation,KTAS_expert"
    >>> (one,) = read_attendances([heading, b"71,1,160,84,18,36.6,??,4"], file="set.csv")
    >>> one.temperature_c, one.spo2, one.is_complete, one.expert_level
    (36.6, None, False, 4)
    """
    text = decoded_lines(lines, file=file)
    first = next(text, "")
    separator = ";" if first.count(";") > first.count(",") else ","
    numbered = numbered_rows(chain([first], text), file=file, separator=separator)
    _, heading = next(numbered, (0, []))
    places = _places(heading, file=file, wanted=COLUMNS + also)
    is_empty = True
    for line_no, fields in numbered:
        is_empty = False
        refuse_other_width(
            fields, heading, file=file, line_no=line_no, thing="attendance"
        )
        yield _attendance(
            _Line(
                file=file,
                line_no=line_no,
                fields={name: fields[place].strip() for name, place in places.items()},
                has_decimal_comma=separator == ";",
            )
        )
    if is_empty:
        raise BadInput(
            file=file,
            problem="holds a heading and no attendances",
            cure="Take the file that has them, and run the command again",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    file: str
    line_no: int
    fields: Mapping[str, str]
    has_decimal_comma: bool

    def whole(self, column: str) -> int | None:
        """A whole number; None where it was not measured."""
        number = self.number(column)
        return None if number is None else int(number)

    def number(self, column: str) -> float | None:
        """A number within the column's range; None where it was not measured."""
        text, allowed = self.fields.get(column, ""), _RANGES[column]
        if text in MISSING and allowed.may_be_missing:
            return None
        number = self._tenths(text) / _TENTHS if _is_number(self._dotted(text)) else -1
        is_whole = number == int(number)
        if not allowed.low <= number <= allowed.high or not (
            is_whole or allowed.has_tenths
        ):
            raise self._bad(column, allowed)
        return number

    def _dotted(self, text: str) -> str:
        return text.replace(",", ".", 1) if self.has_decimal_comma else text

    def _tenths(self, text: str) -> int:
        whole, _, decimals = self._dotted(text).partition(".")
        return int(whole) * _TENTHS + int(decimals or 0)

    def _bad(self, column: str, allowed: _Range) -> BadInput:
        kind = (
            "number with one decimal at most" if allowed.has_tenths else "whole number"
        )
        if allowed.may_be_missing:
            empty = "leave the field empty where nothing was measured"
        else:
            empty = "leave out the attendances that have none"
        return BadInput(
            file=self.file,
            line=self.line_no,
            column=column,
            values=[self.fields[column]],
            problem=f"is not a {kind} from {allowed.low} to {allowed.high}",
            cure=f"Correct the value, or {empty}, and run the command again",
        )


def _is_number(text: str) -> bool:
    """Is it digits, or digits with one decimal? Three digits are more than enough."""
    whole, dot, decimals = text.partition(".")
    is_plain = text.isascii() and whole.isdigit() and len(whole) <= len("100")
    return is_plain and (not dot or (decimals.isdigit() and len(decimals) == 1))


def _attendance(line: _Line) -> Attendance:
    expert_level = line.whole("KTAS_expert")
    assert expert_level is not None  # `_RANGES` says so
    sex = line.whole("Sex")
    return Attendance(
        line_no=line.line_no,
        age_years=line.whole("Age"),
        mental=line.whole("Mental"),
        systolic_bp=line.whole("SBP"),
        pulse=line.whole("HR"),
        respiration_rate=line.whole("RR"),
        temperature_c=line.number("BT"),
        spo2=line.whole("Saturation"),
        expert_level=expert_level,
        is_woman=None if sex is None else sex == WOMAN,
        nurse_level=line.whole("KTAS_RN"),
    )


def _places(
    heading: list[str], *, file: str, wanted: tuple[str, ...]
) -> dict[str, int]:
    """Where each column that is read stands."""
    names = [name.strip() for name in heading]
    if not names:
        raise BadInput(
            file=file,
            problem="is empty",
            cure=f"The first line must name the columns {', '.join(wanted)}",
        )
    missing = [name for name in wanted if name not in names]
    twice = [name for name in wanted if names.count(name) > 1]
    if missing or twice:
        raise BadInput(
            file=file,
            line=1,
            values=names,
            problem=f"the heading lacks {', '.join(missing)}"
            if missing
            else f"the heading names {', '.join(twice)} twice",
            cure=f"Name each of {', '.join(wanted)} once, and run the command again",
        )
    return {name: names.index(name) for name in wanted}
