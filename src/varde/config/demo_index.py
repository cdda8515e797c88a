"""The starter index in use in the demo: approved for showing it, not for patients."""

from datetime import datetime
from importlib import resources

from varde.apps.records.models import District, IndexVersion, Role, User
from varde.apps.sentral.services import indices


FILE = "startindeks.yaml"
COMMENT = "Godkjent for demonstrasjon. Ikke klinisk godkjent."


def take_into_use(at: datetime) -> None:
    """Install, approve and use the starter index in every district without one."""
    text = (resources.files("varde.content") / FILE).read_text("utf-8")
    in_use = IndexVersion.objects.filter(state=IndexVersion.State.IN_USE)
    for district in District.objects.exclude(pk__in=in_use.values("district")):
        chief = User.objects.filter(
            grants__role=Role.LEGEVAKTOVERLEGE, grants__district=district
        ).first()
        if chief is None:
            raise LookupError(f"district {district.code} has no legevaktoverlege")
        version = indices.install(
            district=district, text=text, filename=FILE, by=chief, at=at
        )
        indices.approve(version_id=version.pk, comment=COMMENT, by=chief, at=at)
        indices.take_into_use(version_id=version.pk, by=chief, at=at)
