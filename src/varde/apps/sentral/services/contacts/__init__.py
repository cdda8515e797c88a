"""Writes of a contact: opening it, its fields, and whose contact it is."""

from varde.apps.sentral.services.contacts.locking import locked
from varde.apps.sentral.services.contacts.merging import identify
from varde.apps.sentral.services.contacts.opening import open_contact
from varde.apps.sentral.services.contacts.patients import (
    choose_patient,
    new_patient,
    save_patient,
    unknown_patient,
)
from varde.apps.sentral.services.contacts.saving import save_fields
from varde.apps.sentral.services.contacts.second_look import second_look


__all__ = [
    "choose_patient",
    "identify",
    "locked",
    "new_patient",
    "open_contact",
    "save_fields",
    "save_patient",
    "second_look",
    "unknown_patient",
]
