"""Why a row of the station's board stands where it stands, in words."""

from datetime import timedelta

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
    level, minutes = row.patient.level, row.unseen_for // _MINUTE
    values = {"level": "" if level is None else HASTEGRAD[level.code]}
    if row.time_left is not None and row.allowed is not None:
        values |= {
            "allowed": row.allowed // _MINUTE,
            "left": row.time_left // _MINUTE,
            "over": -row.time_left // _MINUTE,
        }
    last = SEEN if row.is_seen else NOT_SEEN
    return f"{REASON[row.reason].format(**values)} {last.format(minutes=minutes)}"
