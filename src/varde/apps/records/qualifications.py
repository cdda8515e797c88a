"""What people are by training on a day, where a rule asks for it."""

from datetime import date

from django.db.models import Q

from varde.apps.records.models import Qualification


def is_lis1(user_id: int, *, on: date) -> bool:
    """Is this person in the first part of the specialist training on that day?"""
    return Qualification.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on),
        user=user_id,
        kind=Qualification.Kind.LIS1,
        valid_from__lte=on,
    ).exists()
