"""Index versions: installed, approved by a legevaktoverlege, taken into use, withdrawn.

The text of a version is never changed, and a version is never deleted: a contact keeps
the one it was judged by. Taking one into use withdraws the one before it.
"""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from varde.apps.records import audit
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import District, IndexEvent, IndexVersion, Sentral, User
from varde.domain.errors import Rule, RuleBroken
from varde.engines.triage.loading import load


State = IndexVersion.State


@transaction.atomic
def install(
    *, district: District, text: str, filename: str, by: User | None, at: datetime
) -> IndexVersion:
    """Put in a version of an index, after every check of the file.

    The same text again changes nothing. Raises `BadIndex` with every fault of the file,
    or `RuleBroken` (INDEX_VERSION_EXISTS: version) when the version is there with
    another text.
    """
    index = load(text, filename=filename)
    digest = sha256(text.encode()).hexdigest()
    known = IndexVersion.objects.filter(
        district=district, index_id=index.id, version=index.version
    ).first()
    if known is not None:
        if known.sha256 != digest:
            raise RuleBroken(Rule.INDEX_VERSION_EXISTS, version=index.version)
        return known
    made = IndexVersion.objects.create(
        district=district,
        index_id=index.id,
        version=index.version,
        title=index.title,
        text=text,
        sha256=digest,
        filename=filename[:200],
        installed_at=at,
        installed_by=by,
    )
    _note(made, kind="installed", by=by, at=at)
    return made


@transaction.atomic
def approve(*, version_id: int, comment: str, by: User, at: datetime) -> IndexVersion:
    """The legevaktoverlege stands for this version. It is not in use by that."""
    version = _locked(version_id)
    if version.state in {State.APPROVED, State.IN_USE}:
        return version
    _set(version, State.APPROVED, kind="approved", by=by, at=at, comment=comment)
    return version


@transaction.atomic
def take_into_use(*, version_id: int, by: User, at: datetime) -> IndexVersion:
    """Judge by this version from now on. The one in use until now is withdrawn.

    Raises `RuleBroken` (INDEX_NOT_APPROVED: index, version).
    """
    version = _locked(version_id)
    if version.state == State.IN_USE:
        return version
    if version.state != State.APPROVED:
        raise RuleBroken(
            Rule.INDEX_NOT_APPROVED, index=version.title, version=version.version
        )
    before = (
        IndexVersion.objects.select_for_update()
        .filter(district=version.district, state=State.IN_USE)
        .first()
    )
    if before is not None:
        _set(
            before,
            State.WITHDRAWN,
            kind="replaced",
            by=by,
            at=at,
            comment=version.version,
        )
    _set(version, State.IN_USE, kind="in_use", by=by, at=at)
    return version


@transaction.atomic
def withdraw(*, version_id: int, comment: str, by: User, at: datetime) -> IndexVersion:
    """Judge by this version no more. Contacts that were keep it."""
    version = _locked(version_id)
    if version.state == State.WITHDRAWN:
        return version
    _set(version, State.WITHDRAWN, kind="withdrawn", by=by, at=at, comment=comment)
    return version


def _locked(version_id: int) -> IndexVersion:
    return IndexVersion.objects.select_for_update().get(pk=version_id)


def _set(
    version: IndexVersion,
    state: IndexVersion.State,
    *,
    kind: str,
    by: User,
    at: datetime,
    comment: str = "",
) -> None:
    version.state = state
    version.save(update_fields=["state"])
    _note(version, kind=kind, by=by, at=at, comment=comment)


def _note(
    version: IndexVersion,
    *,
    kind: str,
    by: User | None,
    at: datetime,
    comment: str = "",
) -> None:
    IndexEvent.objects.create(
        index_version=version, kind=kind, by=by, at=at, comment=comment[:500]
    )
    audit.log(
        what=f"index_{kind}",
        by=by,
        at=at,
        district_id=version.district_id,
        table="records_indexversion",
        row_id=version.pk,
        purpose="",
        data={"index": version.index_id, "version": version.version},
    )
    served = Sentral.objects.filter(serves__district=version.district).distinct()
    for sentral in {*served, *Sentral.objects.filter(host_district=version.district)}:
        announce(Topic.INDEX, sentral_id=sentral.pk)
