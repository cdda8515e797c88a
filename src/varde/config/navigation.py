"""The way to each screen, for those whose roles open it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


DESK = frozenset({"operator", "shift_leader", "doctor"})
LEADER = frozenset({"legevaktoverlege"})
EVERYBODY = DESK | LEADER | {"kommuneoverlege", "administrator", "auditor"}
# The address's name, the word, and the roles that open it. The view itself decides.
PLACES = (
    ("sentral:desk", _("Desk"), DESK),
    ("sentral:board", _("Tavle"), DESK),
    ("sentral:doctor", _("Lege"), frozenset({"doctor"})),
    ("sentral:numbers", _("Tall"), EVERYBODY),
    ("sentral:reviews", _("Gjennomgang"), LEADER | {"doctor", "shift_leader"}),
    ("sentral:my_reviews", _("Mine gjennomganger"), frozenset({"operator"})),
    ("sentral:indices", _("Indeks"), DESK | LEADER | {"administrator"}),
    ("sentral:sound", _("Lyd"), DESK | LEADER),
    ("sentral:notes", _("Notater"), DESK | LEADER),
    ("sentral:claims", _("Refusjon"), LEADER),
    ("sentral:settings", _("Innstillinger"), LEADER | {"administrator"}),
    ("sentral:people", _("Folk"), frozenset({"administrator"})),
    ("sentral:log", _("Logg"), LEADER | {"auditor", "kommuneoverlege"}),
)


def places(request):
    """What the main menu shows to this person. Without a role: nothing.

    The place at hand is the one whose address begins that of the page, the longest of
    them: a contact belongs to the desk, a single setting to the settings.
    """
    scope = getattr(request, "scope_of_user", None)
    held = scope.roles() if scope is not None else frozenset()
    shown = [(reverse(name), title) for name, title, roles in PLACES if held & roles]
    around = [url for url, _title in shown if request.path.startswith(url)]
    here = max(around, key=len, default="")
    return {
        "places": [
            {"url": url, "title": title, "is_here": url == here} for url, title in shown
        ]
    }
