"""Finding the patient: by number, by name, by birth date, by telephone."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Value
from django.utils import timezone

from varde.apps.records.models import Contact, Patient, Sentral
from varde.apps.records.scope import districts_served
from varde.domain.national_id import InvalidNationalId, NationalId, parse


MOST_HITS = 20
# Somebody known in two districts has two rows; one row more tells that there are others.
_MOST_ROWS = 2 * MOST_HITS + 1
_LEAST_LETTERS = 2  # one letter would find everybody
_LEAST_DIGITS = 4
# Of a beginning that half the town has; then the operator types one more letter.
_LOOKED_AT = 1000
_DATE = re.compile(r"(\d{1,2})[.\-/ ](\d{1,2})[.\-/ ](\d{4}|\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientHit:
    """What is needed to choose between people, and no more.

    A protected address is not in it, nor the municipality it would give away. `is_alike`:
    another hit has the same name and birth date, so that only the number tells them apart.
    """

    id: int
    name: str
    birth_date: date | None
    estimated_age: int | None
    sex: str
    national_id_tail: str  # the last five digits; "" without a number
    phone: str
    municipality: str
    is_protected: bool
    protection: str
    description: str
    is_alike: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search gave. `is_more`: more people fit than the hits that are shown.

    `fault` says what is wrong with something that looks like a national number. A valid
    number that nobody has is `new_id`, with the birth date where it can be read.
    """

    hits: tuple[PatientHit, ...] = ()
    is_more: bool = False
    fault: str = ""
    new_id: str = ""
    new_birth_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdProposal:
    """What a national number tells of its owner. Sex is asked, never read."""

    kind: str
    birth_date: date | None
    is_synthetic: bool


def search(text: str, *, contact: Contact, on: date | None = None) -> Found:
    """People in the scope who fit what was typed, at most twenty.

    Eleven digits (twelve for DUF) are a national number and must match exactly; a wrong
    one says what is wrong. Other digits are a birth date (day first) or the beginning of a
    telephone number. Letters are the beginnings of given and family names, all of which
    must fit. Somebody who is known in several districts is shown once, by the record in
    the contact's district where there is one.
    """
    storable = "".join(sign if sign.isprintable() else " " for sign in text)
    typed = " ".join(storable.split())
    digits = "".join(sign for sign in typed if sign.isdigit())
    is_number = bool(digits) and not any(sign.isalpha() for sign in typed)
    if is_number and len(digits) >= 11 and not typed.startswith(("+", "00")):
        return _by_number(digits, contact=contact, on=on)
    if is_number:
        return _found(_by_digits(typed, digits), contact=contact)
    match = _DATE.search(typed)
    if match:
        return _found(_by_words_and_date(typed, match[0]), contact=contact)
    return _found(_by_words(typed), contact=contact)


def known_by_number(contact: Contact) -> tuple[PatientHit, ...]:
    """People known with the number that called; () when there is no number."""
    number = contact.callback_number
    if len(number) < _LEAST_DIGITS:
        return ()
    return _found(Q(phone__in=_spellings(number)), contact=contact).hits


def proposal(text: str, *, on: date | None = None) -> IdProposal | None:
    """What a number proposes for a new patient; None if it is not a valid one."""
    try:
        number = parse(text, on=on or timezone.localdate())
    except InvalidNationalId:
        return None
    return IdProposal(
        kind=number.kind,
        birth_date=number.birth_date,
        is_synthetic=number.is_synthetic,
    )


def _by_number(digits: str, *, contact: Contact, on: date | None) -> Found:
    try:
        number: NationalId = parse(digits, on=on or timezone.localdate())
    except InvalidNationalId as fault:
        return Found(fault=fault.reason)
    found = _found(Q(national_id=number.digits), contact=contact)
    if found.hits:
        return found
    return Found(new_id=number.digits, new_birth_date=number.birth_date)


def _begins(column: str, start: str) -> Q:
    """Text that begins so, by an index also beneath row-level security, unlike LIKE: from
    the text itself up to the first text that begins otherwise."""
    after = start[:-1] + chr(ord(start[-1]) + 1)
    return Q(_compared(column, "~>=~", start)) & Q(_compared(column, "~<~", after))


def _compared(column: str, operator: str, text: str) -> Func:
    return Func(
        F(column),
        Value(text),
        arg_joiner=f" {operator} ",
        template="(%(expressions)s)",
        output_field=BooleanField(),
    )


def _by_digits(typed: str, digits: str) -> Q:
    dates = list(_birth_dates(typed, digits))
    found = Q(birth_date__in=dates) if dates else Q(pk=None)
    if len(digits) >= _LEAST_DIGITS:
        for start in _spellings(typed.replace(" ", "")):
            found |= _begins("phone", start)
    return found


def _by_words(typed: str) -> Q:
    """Every word begins a part of a name, or is another number of theirs (a passport)."""
    plain = typed.replace(",", " ").replace("\\", " ").split()
    if sum(map(len, plain)) < _LEAST_LETTERS:
        return Q(pk=None)
    quoted = [word.replace("'", "''") for word in plain]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT varde_patients_named(%s, %s, %s)",
            [" & ".join(f"'{word}':*" for word in quoted), _MOST_ROWS, _LOOKED_AT],
        )
        return Q(pk__in=[row[0] for row in cursor.fetchall()])


def _by_words_and_date(typed: str, date_in_it: str) -> Q:
    """Those born on the day, few enough to look at each name."""
    found = Q(birth_date__in=list(_birth_dates(date_in_it, "")))
    for word in typed.replace(date_in_it, " ").replace(",", " ").split():
        begins = Q(given_name__istartswith=word) | Q(family_name__istartswith=word)
        later = Q(given_name__icontains=f" {word}") | Q(
            family_name__icontains=f" {word}"
        )
        found &= begins | later
    return found


def _birth_dates(typed: str, digits: str) -> Iterable[date]:
    """The days that may be meant: 17.5.1984, 170584, 17051984. Two digits: both centuries
    that a living person can be of."""
    match = _DATE.fullmatch(typed)
    if match:
        day, month, year = match.groups()
    elif len(digits) in {6, 8}:
        day, month, year = digits[:2], digits[2:4], digits[4:]
    else:
        return
    years = [int(year)] if len(year) == 4 else [1900 + int(year), 2000 + int(year)]
    for each in years:
        try:
            yield date(each, int(month), int(day))
        except ValueError:
            continue


def _spellings(number: str) -> list[str]:
    """A Norwegian number with and without its country code."""
    bare = number.removeprefix("00").removeprefix("+")
    if number.startswith(("+", "00")):
        bare = bare.removeprefix("47")
    if bare == "":
        return [number]
    return [bare, f"+47{bare}", f"0047{bare}", number]


def districts_of(sentral: Sentral) -> set[int]:
    """The districts whose patients are looked for at a sentral: those it answers for.

    Not all that the user may see: a role without patients elsewhere opens none here.
    """
    served = districts_served([sentral.pk], on=timezone.localdate())
    return {sentral.host_district_id, *served}


def _found(which: Q, *, contact: Contact) -> Found:
    rows = list(
        Patient.objects.filter(
            which, merged_into=None, district__in=districts_of(contact.sentral)
        )
        .select_related("municipality")
        .order_by("family_name", "given_name", "pk")[:_MOST_ROWS]
    )
    own_first = sorted(rows, key=lambda row: row.district_id != contact.district_id)
    seen: set[str] = set()
    kept = []
    for row in own_first:
        if row.national_id and row.national_id in seen:
            continue
        seen.add(row.national_id)
        kept.append(row)
    kept.sort(key=lambda row: (row.family_name, row.given_name, row.pk))
    shown = kept[:MOST_HITS]
    alike = Counter(map(_name_and_birth, shown))
    return Found(
        hits=tuple(
            _hit(row, is_alike=alike[_name_and_birth(row)] > 1) for row in shown
        ),
        is_more=len(kept) > MOST_HITS or len(rows) == _MOST_ROWS,
    )


def _name_and_birth(row: Patient) -> tuple[str, date | None]:
    return row.name.casefold(), row.birth_date


def _hit(row: Patient, *, is_alike: bool) -> PatientHit:
    shows = row.shows_address
    return PatientHit(
        id=row.pk,
        name=row.name,
        birth_date=row.birth_date,
        estimated_age=row.estimated_age,
        sex=row.sex,
        national_id_tail=row.national_id[-5:],
        phone=row.phone if shows else "",
        municipality=row.municipality.name if row.municipality and shows else "",
        is_protected=not shows,
        protection=row.protection,
        description=row.description,
        is_alike=is_alike,
    )
