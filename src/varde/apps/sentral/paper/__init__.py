"""The paper form as PDF, drawn by Typst with the fonts that it brings: no network."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from varde.apps.sentral.messages import HASTEGRAD, in_record
from varde.domain.hastegrad import ARRIVAL, PHONE
from varde.domain.paper_form import FormKind
from varde.web.pdf import draw_pdf


def draw(
    numbers: Sequence[str], *, kind: FormKind, place: str, issued_at: datetime
) -> bytes:
    """One A4 sheet a number, as PDF. The same input gives the same bytes."""
    scale = PHONE if kind is FormKind.PHONE else ARRIVAL
    form = {
        "numbers": list(numbers),
        "kind": kind,
        "place": place,
        "issued": f"{timezone.localtime(issued_at):%d.%m.%Y %H:%M}",
        "levels": [in_record(HASTEGRAD[code]) for code in scale.codes],
    }
    return draw_pdf(__package__, "form.typ", form, at=issued_at)
