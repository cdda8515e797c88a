"""What every signed door does with what it lets in: the clock, the sentral, the scope.

A message is all taken in or not at all, and the receipt comes after it is stored. What has
been taken in before changes nothing, so that a sender who got no receipt sends again.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django.utils import timezone

from varde.apps.api.problems import MOST_SHOWN, Fault, Refused
from varde.apps.api.signed_door import Door
from varde.apps.api.telephony_schema import Receipt
from varde.apps.records.models import Sentral
from varde.apps.records.scope import districts_served, tell_database
from varde.apps.sentral.services.ingesting import Ingested


class Told(Protocol):
    """One thing that a sender tells."""

    sentral: str
    occurred_at: datetime


class Apart(Protocol):
    """What is told of others than our own sentraler, and which of ours takes it in."""

    @property
    def sentral(self) -> Sentral:
        """Our own sentral."""
        ...

    def take_in(self, *, at: datetime) -> Ingested:
        """Store it."""
        ...


def _none_apart[T: Told](
    told: list[T], *, now: datetime
) -> tuple[list[T], Sequence[Apart]]:
    return told, ()


def take_in[T: Told](
    door: Door,
    payload: T | list[T],
    *,
    ingest: Callable[..., Ingested],
    apart: Callable[..., tuple[list[T], Sequence[Apart]]] = _none_apart,
) -> Receipt:
    """Store what is told, one thing or a list of them, each at its sentral.

    `ingest` takes a sentral, what is told of it, and `at`: the moment that it came.
    `apart` parts what is ours from what is told of others (all is ours without it).
    """
    now = timezone.now()
    told = payload if isinstance(payload, list) else [payload]
    check_moments(door, told, now=now)
    own, of_others = apart(told, now=now)
    by_sentral = told_by_sentral(own)
    see_only([*by_sentral, *(other.sentral for other in of_others)])
    # That of others first: who takes in their word locks in this order too.
    done = [other.take_in(at=now) for other in of_others]
    done += [ingest(sentral, of_it, at=now) for sentral, of_it in by_sentral.items()]
    return Receipt(
        accepted=sum(one.accepted for one in done),
        duplicates=sum(one.duplicates for one in done),
    )


def check_moments(door: Door, told: Sequence[Told], *, now: datetime) -> None:
    """Refuse what did not happen now, by our clock."""
    ahead = timedelta(seconds=door.limit("ahead_s"))
    oldest = timedelta(seconds=door.limit("max_age_s"))
    faults = []
    for number, event in enumerate(told):
        where = f"{number}.occurred_at"
        if event.occurred_at - now > ahead:
            faults.append(
                Fault(where=where, problem=f"is more than {ahead} ahead of our clock")
            )
        elif now - event.occurred_at > oldest:
            faults.append(Fault(where=where, problem=f"is more than {oldest} ago"))
    if faults:
        raise Refused(
            422,
            "moment_out_of_range",
            f"{len(faults)} event(s) did not happen now, by our clock.",
            f"Check {door.sender}'s clock and offset. {door.older} Nothing was taken in.",
            faults=faults[:MOST_SHOWN],
        )


def told_by_sentral[T: Told](told: Sequence[T]) -> dict[Sentral, list[T]]:
    """The events of each sentral, in one order for all, so that no two wait in a ring."""
    by_code: dict[str, list[T]] = defaultdict(list)
    for event in told:
        by_code[event.sentral].append(event)
    found = Sentral.objects.filter(code__in=by_code).order_by("pk")
    by_sentral = {sentral: by_code[sentral.code] for sentral in found}
    if len(by_sentral) < len(by_code):
        known = {sentral.code for sentral in by_sentral}
        raise Refused(
            404,
            "no_such_sentral",
            "There is no sentral with that code.",
            "Use the code that the sentral has in Varde. Nothing was taken in.",
            faults=[
                Fault(where=f"{number}.sentral", problem="is not a sentral's code")
                for number, event in enumerate(told)
                if event.sentral not in known
            ][:MOST_SHOWN],
        )
    return by_sentral


def see_only(sentraler: list[Sentral]) -> None:
    """The districts that these sentraler answer for, and no other patient's rows."""
    hosts = {sentral.host_district_id for sentral in sentraler}
    served = districts_served(
        [sentral.pk for sentral in sentraler], on=timezone.localdate()
    )
    tell_database(districts=hosts.union(served))
