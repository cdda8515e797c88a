"""What a patient is here for, in a few words."""

from collections.abc import Mapping

from varde.apps.records.models import Contact
from varde.apps.sentral.queries.triage_index import in_use
from varde.apps.station.access import StationPlace


LONGEST = 90  # characters on a row


def titles_at(place: StationPlace) -> Mapping[str, str]:
    """What the complaints are called in the index that the station's district uses."""
    index = in_use(place.district_id)
    return index.titles if index is not None else {}


def what_for(contact: Contact, titles: Mapping[str, str]) -> str:
    """The complaint that was chosen, else the first line of what was told; "" for none."""
    if contact.complaint:
        return titles.get(contact.complaint, contact.complaint)
    first = contact.narrative.strip().partition("\n")[0]
    return first if len(first) <= LONGEST else f"{first[: LONGEST - 1].rstrip()}…"
