"""The inhabitants of a station's municipalities, as somebody responsible writes them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.models import Municipality, Population, User
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.station.access import StationPlace
from varde.apps.station.queries.house_numbers import served_on
from varde.apps.station.services.typed import needed, whole


FIRST_YEAR = 1990  # ours: no figure of the house is older
MOST = 10_000_000
LONGEST_SOURCE = 200


@transaction.atomic
def write_inhabitants(
    *,
    place: StationPlace,
    municipality: str,
    year: str,
    inhabitants: str,
    inhabitants_65_plus: str,
    source: str,
    by: User,
    at: datetime,
) -> Population:
    """The count of 1 January of a year; one that stands is written anew.

    An empty number of those of 65 years is unknown, which is not none. The log keeps what
    stood before.

    Raises `RuleBroken` (FIELD_NOT_VALID): municipality, one that the station does not
    serve; year, a coming one; inhabitants; inhabitants_65_plus, more than all; source.
    """
    on = timezone.localdate(at)
    if municipality not in served_on(place.id, on=on):
        raise not_valid("municipality", Why.NOT_A_CHOICE)
    read_year = whole("year", year, low=FIRST_YEAR, high=on.year)
    total = whole("inhabitants", inhabitants, low=1, high=MOST)
    old = None
    if inhabitants_65_plus.strip():
        old = whole("inhabitants_65_plus", inhabitants_65_plus, low=0, high=total)
    said = needed("source", source, longest=LONGEST_SOURCE)
    # Two who write come one after the other, also where there is no row yet.
    held = Municipality.objects.select_for_update().get(pk=municipality)
    row = Population.objects.filter(municipality=held, year=read_year).first()
    before = (
        {"was": row.inhabitants, "was_65_plus": row.inhabitants_65_plus} if row else {}
    )
    row = row or Population(municipality=held, year=read_year)
    row.inhabitants, row.inhabitants_65_plus, row.source = total, old, said
    row.save()
    audit.log(
        what="inhabitants_written",
        by=by,
        at=at,
        district_id=place.district_id,
        table="records_population",
        row_id=row.pk,
        purpose="",
        data={"inhabitants": total, "of_65_plus": old, "year": read_year} | before,
    )
    return row
