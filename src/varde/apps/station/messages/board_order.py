"""Why a row of the station's board stands where it stands, in words."""

from datetime import timedelta
from functools import cache

from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from varde.apps.sentral.messages.words import HASTEGRAD
from varde.domain.board_order import BoardReason, BoardRow


_MINUTE = timedelta(minutes=1)
REASON = {
    BoardReason.HELP_NOW: _("{level}: skal ha hjelp nå. Står ikke i kø."),
    BoardReason.TIME_LEFT: _("{level}: {left} av {allowed} min igjen."),
    BoardReason.TIME_IS_OUT: _(
        "{level}: {over} min over de {allowed} minuttene. Noen må se til pasienten igjen."
    ),
    BoardReason.NOT_TRIAGED_TIME_LEFT: _(
        "Hastegrad er ikke satt: {left} av {allowed} min igjen til det skal være gjort."
    ),
    BoardReason.NOT_TRIAGED_TIME_IS_OUT: _(
        "Hastegrad er ikke satt: {over} min over de {allowed} minuttene. "
        "Noen må vurdere pasienten."
    ),
}
SEEN = _("Sist sett for {minutes} min siden.")
NOT_SEEN = _("Ikke sett etter ankomsten for {minutes} min siden.")


def why_here(row: BoardRow) -> str:
    """The reason for a row's place, and when the patient was last seen.

    Whole minutes, rounded down: nobody is promised time that is not there.
    """
    words = _words(get_language())
    level, minutes = row.patient.level, row.unseen_for // _MINUTE
    values: dict[str, object] = {"level": "" if level is None else words[level.code]}
    if row.time_left is not None and row.allowed is not None:
        values |= {
            "allowed": row.allowed // _MINUTE,
            "left": row.time_left // _MINUTE,
            "over": -row.time_left // _MINUTE,
        }
    last = words["seen" if row.is_seen else "not_seen"].format(minutes=minutes)
    return f"{words[row.reason].format(**values)} {last}"


@cache
def _words(language: str | None) -> dict[str, str]:
    """All the words above in a language: a board has hundreds of them."""
    told = {**HASTEGRAD, **REASON, "seen": SEEN, "not_seen": NOT_SEEN}
    with override(language):
        return {code: str(text) for code, text in told.items()}
