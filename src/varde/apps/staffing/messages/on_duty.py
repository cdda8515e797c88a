"""What the pages about who is on duty say, in Norwegian."""

from django.utils.translation import gettext_lazy as _

from varde.domain.standins import Hours


WHY_NOT_NODNETT = {
    "ended": _("er ikke med i turnusen denne dagen"),
    "away": _("er borte"),
    "not_at_work": _("har ikke praksis denne ukedagen"),
    "on_duty": _("har eller hadde vakt"),
}
HOURS = {
    Hours.ALL: _("døgnet rundt"),
    Hours.OFFICE: _("i kontortida"),
    Hours.OUTSIDE: _("utenom kontortida"),
}
TURNS_OF = {"day": _("Én dag om gangen"), "week": _("Én uke om gangen")}
RANK = {0: _("Innehaver")}
DEPUTY = _("{n}. stedfortreder")
VACANT = _("LEDIG")
NOBODY = _("ingen")
NOT_KNOWN = _("nummer mangler")
NODNETT = _("Nødnett på dagtid")
FEED_OWN = _("Mine vakter")
FEED_PLACE = _("Hele vaktplanen for {place}")
CANCELLED = _("Avlyst: {what}")


def rank_words(rank: int) -> str:
    """What somebody is in the order: the holder, or the first, second … deputy."""
    return str(RANK.get(rank) or str(DEPUTY).format(n=rank))
