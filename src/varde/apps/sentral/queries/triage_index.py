"""The decision support that a contact is judged by, read once for each text of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from threading import Lock

from varde.apps.records.models import Contact, IndexVersion
from varde.apps.sentral.queries import reference
from varde.domain.hastegrad import SCALES
from varde.engines.triage.complaint_search import SearchIndex
from varde.engines.triage.index import ApprovalStatus, Complaint, Index
from varde.engines.triage.judging import judge
from varde.engines.triage.loading import load


MOST_HITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexInHand:
    """One installed version, parsed and made searchable."""

    version_id: int
    index: Index
    complaints: SearchIndex
    titles: Mapping[str, str]

    @property
    def id(self) -> str:
        """The index's own name."""
        return self.index.id

    @property
    def version(self) -> str:
        """The version, as its file says."""
        return self.index.version

    @property
    def title(self) -> str:
        """The title, as its file says."""
        return self.index.title

    @property
    def is_starter(self) -> bool:
        """Does its publisher say that it is not clinically approved?"""
        return self.index.approval.status is ApprovalStatus.NOT_APPROVED

    @property
    def ask_at_end(self) -> tuple[str, ...]:
        """What to ask at the end of every call."""
        return self.index.ask_at_end

    def find(self, complaint_id: str) -> Complaint | None:
        """The complaint with this id; None if the version has none."""
        for complaint in self.index.complaints:
            if complaint.id == complaint_id:
                return complaint
        return None

    def judges(self, axis: str) -> bool:
        """Whether its hastegrader are those of an axis (phone or arrival)."""
        return {level.code for level in self.index.scale} <= set(SCALES[axis].codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintHit:
    """A complaint that fits what was typed."""

    id: str
    title: str


def index_for(contact: Contact) -> IndexInHand | None:
    """The version that the contact was judged by; before that, the one in use.

    None where the district has none in use: the hastegrad is then set without one.
    """
    known = contact.__dict__.get("index_in_hand")
    if known is not None and known[0] == contact.index_version_id:
        return known[1]
    found = _index_for(contact)
    # Asked several times while one page is drawn; it goes with the contact's row.
    contact.__dict__["index_in_hand"] = (contact.index_version_id, found)
    return found


def _index_for(contact: Contact) -> IndexInHand | None:
    if contact.index_version_id is not None:
        return _version(pk=contact.index_version_id)
    # One sentral judges by one index, whichever of its districts the patient is in.
    judging = reference.sentral(contact.sentral_id) or contact.sentral
    return in_use(judging.host_district_id)


def in_use(district_id: int) -> IndexInHand | None:
    """The version that a district uses now; None if it uses none."""
    return _version(district_id=district_id, state=IndexVersion.State.IN_USE)


def search(
    contact: Contact, words: str, *, age_years: float | None = None
) -> tuple[ComplaintHit, ...]:
    """Complaints that fit plain words, the best first; () without words or index."""
    found = index_for(contact) if words.strip() else None
    if found is None:
        return ()
    hits = found.complaints.find(words, limit=MOST_HITS, age_years=age_years)
    return tuple(ComplaintHit(id=hit.key, title=hit.title) for hit in hits)


def judged(
    contact: Contact, complaint_id: str, criteria: Collection[str]
) -> str | None:
    """The hastegrad that the criteria give; None if they say nothing, or are unknown."""
    found = index_for(contact)
    complaint = found.find(complaint_id) if found else None
    if complaint is None:
        return None
    try:
        return judge(complaint, criteria).hastegrad_code
    except ValueError:
        return None


def titles(contact: Contact) -> Mapping[str, str]:
    """What each complaint is called in the contact's index; {} without one."""
    found = index_for(contact)
    return found.titles if found else {}


def _version(**which: object) -> IndexInHand | None:
    row = (
        IndexVersion.objects.filter(**which)
        .values_list("pk", "sha256", "filename")
        .first()
    )
    if row is None:
        return None
    pk, sha256, filename = row
    known = _known.get(sha256) or _read(pk, sha256, filename)
    return replace(known, version_id=pk)


def _read(pk: int, sha256: str, filename: str) -> IndexInHand:
    """Parse a version once, also when many ask at the same moment: it takes a second."""
    with _reading:
        known = _known.get(sha256)
        if known is None:
            text = IndexVersion.objects.values_list("text", flat=True).get(pk=pk)
            known = _parsed(text, filename)
            _known[sha256] = known
    return known


# By the text's own hash, so that it can never be out of date. One process holds the few
# versions that its contacts are judged by.
_reading = Lock()
_known: dict[str, IndexInHand] = {}


def _parsed(text: str, filename: str) -> IndexInHand:
    index = load(text, filename=filename)
    return IndexInHand(
        version_id=0,
        index=index,
        complaints=SearchIndex(index),
        titles={complaint.id: complaint.title for complaint in index.complaints},
    )
