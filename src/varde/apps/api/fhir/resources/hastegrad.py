"""Hastegrad as codes: one system for each axis, never one for both."""

from varde.apps.api.fhir import systems
from varde.apps.api.fhir.parts import Json, concept
from varde.apps.sentral import messages
from varde.domain.hastegrad import ARRIVAL, PHONE


SYSTEM = {
    PHONE.code: systems.own("hastegrad-phone"),
    ARRIVAL.code: systems.own("hastegrad-arrival"),
}


def level(axis: str, code: str) -> Json:
    """A hastegrad of one axis; empty where none is set."""
    words = str(messages.HASTEGRAD[code]) if code else ""
    return concept(SYSTEM[axis], code, words)
