"""What is asked for: the parameters of a search, checked against those that we know.

Parameters given more than once must all hold; of values with commas between, one must.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from urllib.parse import urlencode

from django.db.models import Q

from varde.apps.api.fhir import systems, values
from varde.apps.api.fhir.faults import Fault, Issue, refuse
from varde.apps.api.fhir.filters import NONE, any_of, row_number
from varde.apps.api.fhir.kinds import Kind, Parameter, Source, Type
from varde.apps.records.models import Patient
from varde.domain.national_id import IdKind, InvalidNationalId, parse


USUAL_COUNT = 50  # resources on a page
MOST_COUNT = 200
MOST_PARAMETERS = 30
MOST_VALUES = 100  # with commas between
LONGEST = 1000  # characters of a value
# Of the form of the answer; looked at elsewhere.
FORM = {"_format", "_pretty"}
CONTROL = {"_count", "_after"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One parameter with the values of which one must hold."""

    parameter: Parameter
    values: tuple[values.Span | values.Token | values.Ref, ...]


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far one has come: the table of the type, and the last row of it."""

    source: int
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A checked search. `used` is what the links say: never a national number."""

    kind: Kind
    wanted: tuple[Wanted, ...]
    count: int
    after: Cursor | None
    used: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]
    patients: tuple[int, ...]  # those asked for by number

    def condition(self, source: Source) -> Q | None:
        """The rows of a table that are asked for; None where it cannot have any."""
        found: list[Q] = []
        for one in self.wanted:
            accepts = source.filters.get(one.parameter.name)
            if accepts is None:
                return None
            found.append(any_of(map(accepts, one.values)))
        return reduce(and_, found, Q())

    def about_patients(self) -> tuple[int, ...]:
        """The patients that were named, by number or by row."""
        named = [
            row_number(value.id, "")
            for one in self.wanted
            if one.parameter.name in {"patient", "subject"}
            for value in one.values
            if isinstance(value, values.Ref)
        ]
        return (*self.patients, *(one for one in named if one is not None))

    def link(self, after: Cursor | None = None) -> str:
        """The query of a link to this search, or to its page after a row."""
        more = [("_count", str(self.count))]
        if after is not None:
            more.append(("_after", f"{after.source}.{after.row}"))
        return urlencode([*self.used, *more])


def read_search(
    kind: Kind,
    *,
    address: Sequence[tuple[str, str]],
    body: Sequence[tuple[str, str]],
    is_strict: bool,
    base: str,
    districts: frozenset[int],
) -> Search:
    """The search of an address and a body. Raises `Fault` for what cannot be meant."""
    _no_person_in(kind, address)
    given = [*address, *body]
    if len(given) > MOST_PARAMETERS:
        raise refuse(400, "too-costly", f"At most {MOST_PARAMETERS} parameters.")
    reading = _Reading(kind, base=base, districts=districts)
    for name, text in given:
        reading.take(name, text)
    if reading.unknown and is_strict:
        raise _unknown(kind, reading.unknown)
    return reading.search()


class _Reading:
    """The parameters, taken one by one."""

    def __init__(self, kind: Kind, *, base: str, districts: frozenset[int]) -> None:
        self.kind, self.base, self.districts = kind, base, districts
        self.wanted: list[Wanted] = []
        self.used: list[tuple[str, str]] = []
        self.unknown: list[str] = []
        self.patients: list[int] = []
        self.count = USUAL_COUNT
        self.after: Cursor | None = None

    def take(self, name: str, text: str) -> None:
        base_name, _, modifier = name.partition(":")
        parameter = self.kind.parameter(base_name)
        if name in FORM:
            return
        if parameter is None and name not in CONTROL:
            self.unknown.append(name)
            return
        if not text or len(text) > LONGEST or "\0" in text:
            raise refuse(
                400,
                "value",
                f"{base_name} has no value, or one of more than {LONGEST} signs.",
                where=base_name,
            )
        if name == "_count":
            self.count = _count(text)
        elif name == "_after":
            self.after = _cursor(text, most=len(self.kind.sources))
        elif parameter is not None:
            self._take_known(parameter, modifier, text)

    def _take_known(self, parameter: Parameter, modifier: str, text: str) -> None:
        texts = _split(text)
        if len(texts) > MOST_VALUES or not all(texts):
            raise refuse(
                400,
                "value",
                f"{parameter.name} has an empty value, or more than {MOST_VALUES}.",
                where=parameter.name,
            )
        if modifier == "Patient" and parameter.name in {"patient", "subject"}:
            texts = [one if "/" in one else f"Patient/{one}" for one in texts]
        elif modifier:
            raise refuse(
                400,
                "not-supported",
                f"{parameter.name} has a modifier that we do not know. "
                "Leave out the colon and what follows.",
                where=parameter.name,
            )
        if parameter.is_secret and parameter.type is Type.TOKEN:
            self._take_person(parameter, texts)
            return
        read = tuple(self._value(parameter, one) for one in texts)
        self.wanted.append(Wanted(parameter, read))
        if not parameter.is_secret:
            self.used.append((parameter.name, ",".join(map(_joined, texts))))

    def _value(
        self, parameter: Parameter, text: str
    ) -> values.Span | values.Token | values.Ref:
        where = parameter.name
        if parameter.type is Type.DATE:
            return values.span(text, where=where)
        if parameter.type is Type.REFERENCE:
            return values.ref(text, base=self.base, where=where)
        return values.token(text, where=where)

    def _take_person(self, parameter: Parameter, texts: list[str]) -> None:
        """Those with a number, as a search by their rows: only that goes into a link."""
        tokens = [values.token(one, where=parameter.name) for one in texts]
        found = Patient.objects.filter(
            any_of(map(_numbered, tokens)), district__in=self.districts
        ).order_by("pk")
        ids = list(found.values_list("pk", flat=True)[:MOST_VALUES])
        self.patients += ids
        name = "_id" if self.kind.name == "Patient" else "patient"
        same = self.kind.parameter(name)
        assert same is not None  # a type that has the one has the other
        shown = [str(one) for one in ids] or ["0"]
        read = tuple(self._value(same, one) for one in shown)
        self.wanted.append(Wanted(same, read))
        self.used.append((name, ",".join(shown)))

    def search(self) -> Search:
        return Search(
            kind=self.kind,
            wanted=tuple(self.wanted),
            count=self.count,
            after=self.after,
            used=tuple(self.used),
            ignored=tuple(dict.fromkeys(self.unknown)),
            patients=tuple(self.patients),
        )


def _split(text: str) -> list[str]:
    r"""The values with commas between; `\,` is a comma in a value.

    >>> _split(r"a,b\,c")
    ['a', 'b,c']
    """
    marked = text.replace("\\\\", "\0").replace("\\,", "\1").replace("\\|", "|")
    return [
        one.replace("\1", ",").replace("\0", "\\").replace("\\$", "$")
        for one in marked.split(",")
    ]


def _joined(text: str) -> str:
    return text.replace("\\", "\\\\").replace(",", "\\,")


def _count(text: str) -> int:
    if not (
        text.isascii() and text.isdecimal() and int(text[:9]) > 0 and len(text) < 9
    ):
        raise refuse(
            400, "value", f"_count is a number from 1 to {MOST_COUNT}.", where="_count"
        )
    return min(int(text), MOST_COUNT)


def _cursor(text: str, *, most: int) -> Cursor:
    source, _, row = text.partition(".")
    is_ours = all(
        part.isascii() and part.isdecimal() and len(part) < 19 for part in (source, row)
    )
    if not is_ours or int(source) >= most:
        raise refuse(
            400, "value", "_after is not of a link that we gave.", where="_after"
        )
    return Cursor(int(source), int(row))


def _numbered(token: values.Token) -> Q:
    """Those who have this number. One without a system is any kind of national number."""
    if not token.code:
        raise refuse(
            400,
            "value",
            "A whole number is needed, not its system alone.",
            where="identifier",
        )
    if token.system is None:
        return Q(national_id=token.code)
    if token.system == "":  # H-numbers, which have no national system
        return Q(national_id=token.code, id_kind=IdKind.H_NUMBER)
    for kind, system in systems.NATIONAL_ID.items():
        if system == token.system:
            return Q(national_id=token.code, id_kind=kind)
    return NONE


def _no_person_in(kind: Kind, address: Iterable[tuple[str, str]]) -> None:
    """Refuse what tells who a person is in an address: addresses end in logs."""
    for name, text in address:
        known = kind.parameter(name.partition(":")[0])
        if (known is not None and known.is_secret) or _holds_number(text):
            shown = known.name if known is not None else "a parameter"
            raise refuse(
                400,
                "security",
                f"{shown} tells who a person is, and addresses end in logs. Send it by "
                f"POST to {kind.name}/_search, in the body, as "
                "application/x-www-form-urlencoded. The number that was sent now may "
                "already be in the log of a proxy.",
                where=known.name if known is not None else "",
            )


def _holds_number(text: str) -> bool:
    for part in text.replace(",", "|").split("|"):
        digits = part.rpartition("/")[2].strip()
        if not (digits.isascii() and digits.isdecimal() and len(digits) in {11, 12}):
            continue
        try:
            parse(digits)
        except InvalidNationalId:
            continue
        return True
    return False


def _unknown(kind: Kind, names: Sequence[str]) -> Fault:
    known = ", ".join(one.name for one in kind.parameters)
    return Fault(
        400,
        tuple(
            Issue(
                "not-supported",
                f"{len(names)} parameter(s) are not known for {kind.name}. Known: {known}. "
                "With Prefer: handling=lenient they are left out of account instead.",
            )
            for _ in names[:1]
        ),
    )
