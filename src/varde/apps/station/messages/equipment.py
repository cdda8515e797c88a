"""Checklists in words: their kinds, and how late they are."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from varde.apps.records.models import Checklist
from varde.domain.equipment import Due, DueState


LIST_KIND = {
    Checklist.Kind.ROOM: gettext_lazy("Rom"),
    Checklist.Kind.CAR: gettext_lazy("Bil"),
    Checklist.Kind.BAG: gettext_lazy("Bag"),
    Checklist.Kind.MEDICINE: gettext_lazy("Legemidler"),
    Checklist.Kind.DEFIBRILLATOR: gettext_lazy("Hjertestarter"),
}


def days(number: int) -> str:
    """A number of days: «1 dag», «3 dager»."""
    return ngettext("%(n)s dag", "%(n)s dager", number) % {"n": number}


def due_words(due: Due) -> str:
    """How a checklist stands, with how late it is."""
    if due.state is DueState.NEVER_CHECKED:
        return _("Aldri kontrollert")
    if due.state is DueState.TODAY:
        return _("Skal kontrolleres i dag")
    if due.state is DueState.OVERDUE:
        return _("%(days)s over fristen") % {"days": days(due.late_days)}
    return _("Neste kontroll %(on)s") % {"on": date_format(due.due_on, "j. F")}


def expiry_words(left: int) -> str:
    """How long a thing keeps, or for how long it has been too old."""
    if left < 0:
        return _("Gikk ut for %(days)s siden") % {"days": days(-left)}
    return (
        _("Går ut i dag") if left == 0 else _("%(days)s igjen") % {"days": days(left)}
    )
