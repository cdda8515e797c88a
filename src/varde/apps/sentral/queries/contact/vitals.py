"""The vital signs of a contact and their NEWS2."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from varde.apps.records.models import Contact
from varde.apps.sentral import messages
from varde.apps.sentral.queries.contact.attached import Attached, attached
from varde.domain.news2 import Band, Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalsView:
    """The last vital signs and their NEWS2.

    `values` are what was measured, as typed again in the form; "" for what was not.
    `news2` is None when it was not computed: then `missing` names the signs that lack, or
    `refused` the rule that forbids it (a child, a pregnant patient, an unknown age).
    """

    values: Mapping[str, str]
    occurred_at: datetime
    scale: int
    scale2_by: str
    news2: int | None
    band: str
    parts: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]
    at_least: int
    refused: str


def vitals_of(of: Contact | Attached) -> VitalsView | None:
    """The last vital signs; None when there are none."""
    row = attached(of).vitals
    if row is None:
        return None
    kept = dict(row.values)
    score = kept.pop("news2", {})
    return VitalsView(
        values={sign: _typed(kept.get(sign)) for sign in Sign},
        occurred_at=row.occurred_at,
        scale=row.scale,
        scale2_by=row.scale2_by.name if row.scale2_by else "",
        news2=row.news2,
        band=str(messages.BAND[Band(score["band"])]) if score.get("band") else "",
        parts=tuple(
            (str(messages.FIELD[sign]), points)
            for sign, points in score.get("parts", {}).items()
        ),
        missing=tuple(str(messages.FIELD[sign]) for sign in score.get("missing", ())),
        at_least=score.get("at_least", 0),
        refused=score.get("refused", ""),
    )


def _typed(value: object) -> str:
    """A stored sign as it is typed: yes/no for a yes/no, "" for what was not measured."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
