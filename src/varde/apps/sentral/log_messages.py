"""The log in plain words: what was done, by which role, and why."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from varde.apps.records.models import AuditEntry, Role
from varde.apps.sentral import messages
from varde.apps.sentral.log_codes import TABLE, WHAT


KIND = {
    AuditEntry.Kind.READ: _("Lest"),
    AuditEntry.Kind.ACT: _("Gjort"),
    AuditEntry.Kind.CHANGE: _("Endret"),
    AuditEntry.Kind.REFUSED: _("Avvist"),
    AuditEntry.Kind.SESSION: _("Innlogging og tilgang"),
}

PURPOSE = {
    AuditEntry.Purpose.TREAT: _("Helsehjelp"),
    AuditEntry.Purpose.ETREAT: _("Øyeblikkelig hjelp"),
    AuditEntry.Purpose.COC: _("Kvalitet og kontroll"),
    AuditEntry.Purpose.BTG: _("Åpnet utenfor egen oppgave"),
}

ROLE = {
    Role.OPERATOR: _("operatør"),
    Role.NURSE: _("sykepleier"),
    Role.DOCTOR: _("lege"),
    Role.SHIFT_LEADER: _("vaktleder"),
    Role.LEGEVAKTOVERLEGE: _("legevaktoverlege"),
    Role.KOMMUNEOVERLEGE: _("kommuneoverlege"),
    Role.ADMINISTRATOR: _("administrator"),
    Role.AUDITOR: _("kontrollør"),
}

CHANGE = {
    "insert": pgettext_lazy("logg", "La inn {what}"),
    "update": pgettext_lazy("logg", "Endret {what}"),
    "delete": pgettext_lazy("logg", "Slettet {what}"),
}

SYSTEM = _("Varde selv")
OTHER_SYSTEM = _("Annet system")
UNKNOWN_PERSON = _("ukjent bruker")


def did(entry: AuditEntry) -> str:
    """What one entry tells of, without the values: the log shows no record's content."""
    if entry.kind != AuditEntry.Kind.CHANGE:
        return str(WHAT.get(entry.what, entry.what))
    sentence = str(CHANGE.get(entry.what, "{what}"))
    text = sentence.format(what=TABLE.get(entry.table, entry.table))
    fields = changed_fields(entry.data) if entry.what == "update" else []
    return f"{text} ({', '.join(fields)})" if fields else text


def changed_fields(data: dict[str, Any]) -> list[str]:
    """The names of the fields that a change touched, in words where there are words."""
    names = [name.removesuffix("_id") for name in data]
    return sorted({str(messages.FIELD.get(name, name)) for name in names})


def why(entry: AuditEntry) -> str:
    """The purpose, and the reason where one was given."""
    if entry.kind == AuditEntry.Kind.SESSION:
        return ""
    purpose = str(PURPOSE.get(entry.purpose, ""))
    if not entry.reason:
        return purpose
    return f"{purpose}: {entry.reason}" if purpose else entry.reason


def roles_in_words(roles: list[str]) -> str:
    """Roles as a list of words; empty when none is known.

    The order is the one given.
    """
    return ", ".join(str(ROLE.get(role, role)) for role in dict.fromkeys(roles))


# Why a record outside one's task is opened. The first words of the reason in the log.
OPENING_REASONS = {
    "pasienten": _("Pasienten eller pårørende spør om en tidligere kontakt"),
    "samarbeid": _("Fastlege, sykehus, AMK eller kommunen spør"),
    "klage": _("Klage eller avvik"),
    "kvalitet": _("Kvalitetsarbeid"),
    "annet": _("Annet"),
}
