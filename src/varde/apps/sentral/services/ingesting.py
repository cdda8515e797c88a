"""What the signed doors' messages share: one at a time, and how much of them was new."""

from dataclasses import dataclass

from django.db import connection

from varde.apps.records.models import Sentral


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """How much of what was told was new, and how much was known already."""

    accepted: int
    duplicates: int


def wait_for_the_one_before(lock: int, sentral: Sentral) -> None:
    """Messages of one kind (`lock`) to one sentral are taken in one by one.

    The lock is held until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [lock, sentral.pk])
