"""From what was typed to what is stored: each field's check, once, where it enters."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum, auto

from django.db.models import Model
from django.utils.dateparse import parse_date

from varde.apps.records.models import Contact, Fastlege, Municipality, Patient, Place
from varde.domain.errors import Rule, RuleBroken


type Value = str | int | bool | date | None

LONGEST_TEXT = 20_000  # characters; ours: some ten pages, stops a pasted file
OLDEST_YEARS = 125  # ours: the oldest person known in Norway became 113


class Why(StrEnum):
    """What is wrong with a value. It never holds the value."""

    TOO_LONG = auto()
    CONTROL_CHARACTERS = auto()
    NOT_A_CHOICE = auto()
    NOT_YES_NO_UNKNOWN = auto()
    NOT_A_PHONE_NUMBER = auto()
    NOT_A_DATE = auto()
    NOT_A_TIME = auto()
    NOT_A_NUMBER = auto()
    IN_THE_FUTURE = auto()
    IN_THE_PAST = auto()
    NOT_FOUND = auto()
    NOT_AS_THE_NUMBER = auto()
    EMPTY = auto()
    BEFORE_THE_FIRST = auto()
    NOT_A_PERCENTAGE = auto()


class _NotValid(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def contact_values(fields: Mapping[str, str], *, at: date) -> dict[str, Value]:
    """The columns of `Contact` that these fields set. An empty text empties the column.

    Yes/no/unknown fields take "yes", "no", and "unknown" or "": unknown is kept as null,
    not as no. Raises `RuleBroken`: FIELD_UNKNOWN (field), FIELD_NOT_VALID (field, why).
    """
    return _values(fields, known=_CONTACT, at=at)


def patient_values(fields: Mapping[str, str], *, at: date) -> dict[str, Value]:
    """The columns of `Patient` that these fields set, as for `contact_values`."""
    return _values(fields, known=_PATIENT, at=at)


def not_valid(field: str, why: Why) -> RuleBroken:
    """The refusal of one field's value."""
    return RuleBroken(Rule.FIELD_NOT_VALID, field=field, why=why)


def plain(field: str, text: str, *, longest: int) -> str:
    """A text without surrounding space, checked for length and control characters."""
    try:
        return _text(longest)(text)
    except _NotValid as fault:
        raise not_valid(field, fault.why) from None


def phone(field: str, text: str) -> str:
    """A telephone number without spaces, or "". Raises FIELD_NOT_VALID."""
    try:
        return _phone(text)
    except _NotValid as fault:
        raise not_valid(field, fault.why) from None


type _Read = Callable[[str, date], tuple[str, Value]]


def _values(
    fields: Mapping[str, str], *, known: Mapping[str, _Read], at: date
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, text in fields.items():
        if name not in known:
            raise RuleBroken(Rule.FIELD_UNKNOWN, field=name[:40])
        try:
            column, value = known[name](text, at)
        except _NotValid as fault:
            raise not_valid(name, fault.why) from None
        found[column] = value
    return found


def _text(longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        stripped = text.replace("\r\n", "\n").strip()
        if len(stripped) > longest:
            raise _NotValid(Why.TOO_LONG)
        if any(_is_control(sign) for sign in stripped):
            raise _NotValid(Why.CONTROL_CHARACTERS)
        return stripped

    return read


def _is_control(sign: str) -> bool:
    """Not storable: control signs but line break and tab, and halves of a surrogate."""
    return (sign < " " and sign not in "\n\t") or "\ud800" <= sign <= "\udfff"


def _column(name: str, read: Callable[[str], Value]) -> _Read:
    return lambda text, _: (name, read(text))


def _yes_no_unknown(text: str) -> bool | None:
    known = {"yes": True, "no": False, "unknown": None, "": None}
    if text not in known:
        raise _NotValid(Why.NOT_YES_NO_UNKNOWN)
    return known[text]


def _yes_no(text: str) -> bool:
    answer = _yes_no_unknown(text)
    if answer is None:
        raise _NotValid(Why.NOT_YES_NO_UNKNOWN)
    return answer


def _phone(text: str) -> str:
    number = "".join(text.split())
    if len(number) > 20:
        raise _NotValid(Why.TOO_LONG)
    digits = number.removeprefix("+")
    if number and not (digits.isascii() and digits.isdigit() and len(digits) >= 3):
        raise _NotValid(Why.NOT_A_PHONE_NUMBER)
    return number


def _choice(allowed: list[str], *, may_be_empty: bool) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed and not (may_be_empty and text == ""):
            raise _NotValid(Why.NOT_A_CHOICE)
        return text

    return read


def _row_of(model: type[Model]) -> Callable[[str], str | int | None]:
    """The key of a row that exists, or None for an empty text."""

    def read(text: str) -> str | int | None:
        if text == "":
            return None
        is_number = text.isascii() and text.isdigit() and len(text) < 16
        row = model._default_manager.filter(pk=text).first() if is_number else None
        if row is None:
            raise _NotValid(Why.NOT_FOUND)
        return row.pk

    return read


def _age(text: str) -> int | None:
    if text.strip() == "":
        return None
    if not (text.strip().isascii() and text.strip().isdigit()):
        raise _NotValid(Why.NOT_A_NUMBER)
    age = int(text)
    if age > OLDEST_YEARS:
        raise _NotValid(Why.NOT_A_NUMBER)
    return age


def _birth_date(text: str, at: date) -> tuple[str, Value]:
    if text.strip() == "":
        return "birth_date", None
    try:
        born = parse_date(text.strip())
    except ValueError:
        born = None
    if born is None or born.year < at.year - OLDEST_YEARS:
        raise _NotValid(Why.NOT_A_DATE)
    if born > at:
        raise _NotValid(Why.IN_THE_FUTURE)
    return "birth_date", born


def _country(text: str) -> str:
    code = text.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise _NotValid(Why.NOT_A_CHOICE)
    return code


_CONTACT: dict[str, _Read] = {
    "channel": _column("channel", _choice(Contact.Channel.values, may_be_empty=False)),
    "caller_relation": _column("caller_relation", _text(30)),
    "caller_name": _column("caller_name", _text(120)),
    "callback_number": _column("callback_number", _phone),
    "language": _column("language", _text(40)),
    "interpreter_needed": _column("interpreter_needed", _yes_no_unknown),
    "municipality": _column("municipality_id", _row_of(Municipality)),
    "is_elsewhere": _column("is_elsewhere", _yes_no),
    "whereabouts": _column("whereabouts", _text(200)),
    "place": _column("place_id", _row_of(Place)),
    "fastlege": _column("fastlege_id", _row_of(Fastlege)),
    "consent_fastlege": _column("consent_fastlege", _yes_no_unknown),
    "is_pregnant": _column("is_pregnant", _yes_no_unknown),
    "narrative": _column("narrative", _text(LONGEST_TEXT)),
    "advice_given": _column("advice_given", _text(LONGEST_TEXT)),
    "advice_understood": _column("advice_understood", _yes_no_unknown),
}

_PATIENT: dict[str, _Read] = {
    "given_name": _column("given_name", _text(80)),
    "family_name": _column("family_name", _text(80)),
    "birth_date": _birth_date,
    "estimated_age": _column("estimated_age", _age),
    "sex": _column("sex", _choice(Patient.Sex.values, may_be_empty=True)),
    "municipality": _column("municipality_id", _row_of(Municipality)),
    "address": _column("address", _text(200)),
    "place": _column("place_id", _row_of(Place)),
    "protection": _column(
        "protection", _choice(Patient.Protection.values, may_be_empty=False)
    ),
    "phone": _column("phone", _phone),
    "language": _column("language", _text(40)),
    "fastlege": _column("fastlege_id", _row_of(Fastlege)),
    "critical_note": _column("critical_note", _text(300)),
    "other_id": _column("other_id", _text(60)),
    "country": _column("country", _country),
    "description": _column("description", _text(200)),
}
CONTACT_FIELDS = frozenset(_CONTACT)
PATIENT_FIELDS = frozenset(_PATIENT)
