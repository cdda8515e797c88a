"""Acts that only some may do, wherever the button for them stands."""

from datetime import datetime

from django.utils import timezone

from varde.apps.records.models import Contact, Role, User
from varde.apps.records.scope import scope_of
from varde.apps.sentral.access import holds
from varde.domain.errors import Rule, RuleBroken


def is_doctor(user: User, contact: Contact, *, at: datetime) -> bool:
    """Is this person a doctor where the contact is, on that day?"""
    scope = scope_of(user, on=timezone.localdate(at))
    return holds(scope, Role.DOCTOR, contact=contact)


def is_clinician(user: User, contact: Contact, *, at: datetime) -> bool:
    """Is this person a doctor, an operator or a shift leader where the contact is?"""
    scope = scope_of(user, on=timezone.localdate(at))
    roles = (Role.DOCTOR, Role.OPERATOR, Role.SHIFT_LEADER, Role.NURSE)
    return holds(scope, *roles, contact=contact)


def require_doctor(user: User, contact: Contact, *, at: datetime) -> None:
    """Refuse anybody but a doctor where the contact is. Raises DOCTOR_NEEDED."""
    if not is_doctor(user, contact, at=at):
        raise RuleBroken(Rule.DOCTOR_NEEDED)
