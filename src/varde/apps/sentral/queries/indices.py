"""Index versions as the legevaktoverlege sees them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch

from varde.apps.records.models import District, IndexEvent, IndexVersion
from varde.engines.triage.comparing import IndexChanges, compare
from varde.engines.triage.index import Index
from varde.engines.triage.loading import load


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShown:
    """One version with its history and how many contacts were judged by it."""

    id: int
    title: str
    version: str
    state: str
    filename: str
    installed_at: datetime
    judged: int
    history: tuple[tuple[datetime, str, str, str], ...]  # at, kind, by, comment


def versions(district: District) -> tuple[VersionShown, ...]:
    """Every version of the district, the newest first. Two queries."""
    events = IndexEvent.objects.select_related("by").order_by("at", "id")
    rows = (
        IndexVersion.objects.filter(district=district)
        .annotate(judged=Count("assessments"))
        .prefetch_related(Prefetch("history", queryset=events))
        .order_by("-installed_at", "-id")
    )
    return tuple(
        VersionShown(
            id=row.pk,
            title=row.title,
            version=row.version,
            state=row.state,
            filename=row.filename,
            installed_at=row.installed_at,
            judged=row.judged,
            history=tuple(
                (e.at, e.kind, e.by.name if e.by else "", e.comment)
                for e in row.history.all()
            ),
        )
        for row in rows
    )


def parsed(version: IndexVersion) -> Index:
    """The index that a version holds."""
    return load(version.text, filename=version.filename)


def changes(version: IndexVersion, *, against: IndexVersion) -> IndexChanges:
    """What is not as it was in the other version."""
    return compare(parsed(against), parsed(version))
