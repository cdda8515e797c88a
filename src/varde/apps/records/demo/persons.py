"""The made-up inhabitants as patients: one row in each district that has met them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from varde.apps.records.demo.copying import (
    copy,
    days,
    first_free_id,
    ints,
    looked_up,
    texts,
    times,
)
from varde.apps.records.demo.ground import Ground
from varde.apps.records.models import Patient
from varde.domain.national_id import IdKind
from varde.engines.demo.codes import NONE, PROTECTIONS, Bools, Ints, Times
from varde.engines.demo.people import People


LANGUAGES = {
    "nb": "norsk",
    "pl": "polsk",
    "lt": "litauisk",
    "uk": "ukrainsk",
    "ar": "arabisk",
    "so": "somali",
    "ti": "tigrinja",
    "th": "thai",
    "en": "engelsk",
    "de": "tysk",
}


@dataclass(slots=True, kw_only=True)
class Register:
    """Who has which patient row in which district. Filled as contacts come."""

    people: People
    ground: Ground
    began_at: datetime
    next_id: int = field(default_factory=lambda: first_free_id(Patient))
    rows: dict[int, Ints] = field(default_factory=dict)  # district -> ids by person
    count: int = 0

    def enrol_inhabitants(self, district: Ints) -> None:
        """A row for everybody who lives here, in the district of the home."""
        began = np.datetime64(self.began_at.astimezone(UTC).replace(tzinfo=None), "ms")
        for code in np.unique(district).tolist():
            home = np.flatnonzero((district == code) & ~self.people.is_visitor)
            self._enrol(code, home, np.full(len(home), began))

    def patients(self, person: Ints, district: Ints, at: Times) -> Ints:
        """The patient rows of these persons; those that lack are made.

        NONE for nobody: an unknown patient's row is made by `unknown`.
        """
        found = np.full(len(person), NONE)
        for code in np.unique(district).tolist():
            inside = np.flatnonzero((district == code) & (person != NONE))
            known = self._ids(code)
            who, first = np.unique(person[inside], return_index=True)
            new = known[who] == NONE
            self._enrol(code, who[new], at[inside][first[new]])
            found[inside] = known[person[inside]]
        return found

    def unknown(self, district: Ints, age: Ints, at: Times) -> Ints:
        """Rows for patients of whom nobody knows more than about how old they are."""
        ids = self._take_ids(len(district))
        copy(
            Patient,
            {
                "id": ints(ids),
                "district_id": ints(district),
                "estimated_age": ints(age),
                "created_at": times(at),
            },
            count=len(ids),
        )
        return ids

    def _ids(self, district: int) -> Ints:
        if district not in self.rows:
            self.rows[district] = np.full(len(self.people), NONE)
        return self.rows[district]

    def _take_ids(self, count: int) -> Ints:
        first, self.next_id = self.next_id, self.next_id + count
        self.count += count
        return np.arange(first, first + count)

    def _enrol(self, district: int, who: Ints, at: Times) -> None:
        """Make rows for persons, in the order given."""
        if not len(who):
            return
        ids = self._take_ids(len(who))
        self._ids(district)[who] = ids
        people = self.people
        home = np.where(people.is_visitor[who], NONE, people.municipality[who])
        number = people.national_id[who].tolist()
        away = people.home_number[who].tolist()
        here = looked_up(self.ground.municipalities, home)
        copy(
            Patient,
            {
                "id": ints(ids),
                "district_id": str(district),
                "national_id": number,
                "id_kind": [IdKind.FODSELSNUMMER.value if n else "" for n in number],
                "given_name": texts(people.given_name[who].tolist()),
                "family_name": texts(people.family_name[who].tolist()),
                "birth_date": days(people.birth_date[who]),
                "sex": _sex(people.female[who]),
                "municipality_id": [
                    far or near for far, near in zip(away, here, strict=True)
                ],
                "address": texts(people.address[who].tolist()),
                "place_id": looked_up(
                    ints(self.ground.places),
                    np.where(people.is_visitor[who], NONE, people.place[who]),
                ),
                "protection": looked_up(
                    [p.value for p in PROTECTIONS], people.protection[who]
                ),
                "phone": phones(people, who),
                "language": [
                    LANGUAGES.get(code, code) for code in people.language[who].tolist()
                ],
                "fastlege_id": looked_up(
                    ints(self.ground.fastleger), people.fastlege[who]
                ),
                "created_at": times(at),
            },
            count=len(ids),
        )


def phones(people: People, who: Ints) -> list[str]:
    """Telephone numbers as the exchange's are stored: Norwegian ones without +47."""
    known = people.phone[np.maximum(who, 0)].tolist()
    return [
        "" if person == NONE else number.removeprefix("+47")
        for person, number in zip(who.tolist(), known, strict=True)
    ]


def _sex(female: Bools) -> list[str]:
    return [
        Patient.Sex.WOMAN.value if is_woman else Patient.Sex.MAN.value
        for is_woman in female.tolist()
    ]
