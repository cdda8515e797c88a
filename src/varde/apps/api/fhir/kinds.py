"""What a resource type is here: where its rows come from, how they are searched and drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Model, QuerySet

from varde.apps.api.fhir.filters import Filter
from varde.apps.api.fhir.parts import Json


class Type(StrEnum):
    """How the value of a search parameter is written."""

    TOKEN = "token"  # noqa: S105 - FHIR's own word
    DATE = "date"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A search parameter. A secret one tells who a person is: never in an address."""

    name: str
    type: Type
    about: str
    is_secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom a row is about, for the log."""

    district_id: int | None = None
    patient_id: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One table that resources of a type are made from.

    `rows` gives those of some districts, with all that `draw` reads of other tables.
    `filters` has a condition for each parameter that the table can answer; rows of a table
    without one never match it. `prefix` begins the ids, so that two tables of one type
    never have the same.
    """

    prefix: str
    rows: Callable[[frozenset[int]], QuerySet[Any]]
    filters: Mapping[str, Filter]
    draw: Callable[[Any], Json]
    about: Callable[[Any], About]
    # The last moment that the row itself tells of; None where it tells of none.
    moment: Callable[[Any], datetime | None]

    def id_of(self, row: Model) -> str:
        """The resource's id."""
        return f"{self.prefix}-{row.pk}" if self.prefix else str(row.pk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One resource type."""

    name: str
    parameters: Sequence[Parameter]
    sources: Sequence[Source]
    about: str  # for the capability statement

    def parameter(self, name: str) -> Parameter | None:
        """The search parameter with this name, if there is one."""
        return next((one for one in self.parameters if one.name == name), None)


ID = Parameter(name="_id", type=Type.TOKEN, about="The resource's own id.")
PATIENT = Parameter(
    name="patient", type=Type.REFERENCE, about="The patient it is about."
)
SUBJECT = Parameter(
    name="subject", type=Type.REFERENCE, about="The patient it is about."
)
PATIENT_NUMBER = Parameter(
    name="patient.identifier",
    type=Type.TOKEN,
    about="The national number of the patient it is about. By POST only.",
    is_secret=True,
)
ENCOUNTER = Parameter(
    name="encounter", type=Type.REFERENCE, about="The contact it belongs to."
)


def status(words: str) -> Parameter:
    """The status of the resource."""
    return Parameter(name="status", type=Type.TOKEN, about=words)


def date(words: str, *, name: str = "date") -> Parameter:
    """A moment or a period of the resource."""
    return Parameter(name=name, type=Type.DATE, about=words)
