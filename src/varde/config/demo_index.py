"""The starter index in use in the demo: approved for showing it, not for patients."""

from datetime import datetime
from importlib import resources

from django.db.models import Q

from varde.apps.records.models import District, IndexVersion, Role, User
from varde.apps.sentral.services import indices


FILE = "startindeks.yaml"
COMMENT = "Godkjent for demonstrasjon. Ikke klinisk godkjent."


def take_into_use(at: datetime) -> None:
    """Install, approve and use the starter index in every district without one."""
    text = (resources.files("varde.content") / FILE).read_text("utf-8")
    in_use = IndexVersion.objects.filter(state=IndexVersion.State.IN_USE)
    for district in District.objects.exclude(pk__in=in_use.values("district")):
        chief = _legevaktoverlege(district)
        version = indices.install(
            district=district, text=text, filename=FILE, by=chief, at=at
        )
        indices.approve(version_id=version.pk, comment=COMMENT, by=chief, at=at)
        indices.take_into_use(version_id=version.pk, by=chief, at=at)


def _legevaktoverlege(district: District) -> User:
    """The district's own, else the one of a sentral that answers for it."""
    holds = Q(grants__role=Role.LEGEVAKTOVERLEGE)
    own = holds & Q(grants__district=district)
    sentral = holds & Q(grants__sentral__serves__district=district)
    for place in (own, sentral):
        chief = User.objects.filter(place).order_by("pk").first()
        if chief is not None:
            return chief
    raise LookupError(f"district {district.code} has no legevaktoverlege")
