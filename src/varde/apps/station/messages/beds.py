"""What the beds' codes are called, and how long somebody has lain there in words."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from varde.apps.records.models import BedKind, BedStay
from varde.apps.sentral.messages import moment
from varde.domain.beds import BedTime, LookPicture, LookState


KIND = {
    BedKind.OBSERVATION: gettext_lazy("Observasjon"),
    BedKind.KAD: gettext_lazy("KAD/ØHD"),
}
TO = {
    BedStay.To.HOME: gettext_lazy("Hjem"),
    BedStay.To.HOME_CARE: gettext_lazy("Hjem med hjemmetjeneste"),
    BedStay.To.NURSING_HOME: gettext_lazy("Sykehjem"),
    BedStay.To.HOSPITAL: gettext_lazy("Sykehus"),
    BedStay.To.OTHER_BED: gettext_lazy("Annen slags seng her"),
    BedStay.To.LEFT: gettext_lazy("Gikk mot råd"),
    BedStay.To.DEAD: gettext_lazy("Død"),
    BedStay.To.OTHER: gettext_lazy("Annet"),
}
_HOUR_MIN = 60
_DAYS_FROM_H = 48


def length_words(hours: float) -> str:
    """A length as people say it, rounded down: minutes, then hours, then days and hours."""
    minutes = int(hours * _HOUR_MIN)
    if minutes < _HOUR_MIN:
        return _("%(n)s min") % {"n": minutes}
    whole = minutes // _HOUR_MIN
    if whole < _DAYS_FROM_H:
        return _("%(n)s t") % {"n": whole}
    days, left = divmod(whole, 24)
    words = ngettext("%(n)s døgn", "%(n)s døgn", days) % {"n": days}
    return _("%(days)s %(n)s t") % {"days": words, "n": left} if left else words


def limit_words(time: BedTime) -> str:
    """Where a stay stands against its limit. Without a limit: that there is none."""
    if time.left_hours is None:
        return _("Ingen grense er satt.")
    limit = length_words(time.hours + time.left_hours)
    if time.is_over:
        over = length_words(-time.left_hours)
        return _("%(over)s over grensa på %(limit)s") % {"over": over, "limit": limit}
    left = length_words(time.left_hours)
    return _("%(left)s igjen av %(limit)s") % {"left": left, "limit": limit}


def look_words(look: LookPicture) -> str:
    """The doctor's next look in words."""
    if look.state is LookState.ENDED:
        return _("Oppholdet er avsluttet.")
    if look.next_at is None:
        return _("Ingen har satt tid for tilsyn.")
    due = moment(look.next_at)
    if look.state is LookState.PLANNED:
        return _("Neste tilsyn %(due)s") % {"due": due}
    late = length_words(look.overdue_min / _HOUR_MIN)
    return _("Tilsyn skulle vært gjort %(due)s, %(late)s siden") % {
        "due": due,
        "late": late,
    }


def since_words(at: datetime) -> str:
    """Since when, for a sentence."""
    return _("siden %(at)s") % {"at": moment(at)}
