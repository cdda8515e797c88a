"""The way to each screen, for those whose roles open it: rooms, and the places in them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from varde.apps.station.access import roles_at, stations_of


DESK = frozenset({"operator", "shift_leader", "doctor"})
CLINIC = DESK | {"nurse"}
LEADER = frozenset({"legevaktoverlege"})
OVERSEE = LEADER | {"kommuneoverlege", "administrator"}
EVERYBODY = CLINIC | LEADER | {"kommuneoverlege", "administrator", "auditor"}
# The address's name, the word, and the roles that open it. The view itself decides.
SENTRAL = (
    ("sentral:desk", _("Desk"), DESK),
    ("sentral:board", _("Tavle"), DESK),
    ("sentral:doctor", _("Lege"), frozenset({"doctor"})),
    ("sentral:numbers", _("Tall"), EVERYBODY),
    ("sentral:reviews", _("Gjennomgang"), LEADER | {"doctor", "shift_leader"}),
    ("sentral:my_reviews", _("Mine gjennomganger"), frozenset({"operator"})),
    ("sentral:indices", _("Indeks"), DESK | LEADER | {"administrator"}),
    ("sentral:sound", _("Lyd"), DESK | LEADER),
    ("sentral:notes", _("Notater"), DESK | LEADER),
    ("sentral:back_entry", _("Etterføring"), DESK),
    ("sentral:claims", _("Refusjon"), LEADER),
    ("sentral:help", _("Nabohjelp"), LEADER | {"shift_leader"}),
    ("sentral:settings", _("Innstillinger"), LEADER | {"administrator"}),
    ("sentral:homes", _("Sykehjem"), LEADER | {"administrator"}),
    ("sentral:people", _("Folk"), frozenset({"administrator"})),
    ("sentral:api_clients", _("Andre systemer"), frozenset({"administrator"})),
    ("sentral:log", _("Logg"), LEADER | {"auditor", "kommuneoverlege"}),
)
STATION = (
    ("station:board", _("Tavle"), CLINIC | LEADER),
    ("station:doctor", _("Lege"), frozenset({"doctor"})),
    ("station:orders", _("Prøver"), frozenset({"doctor", "nurse"})),
    ("station:beds", _("Senger"), CLINIC | LEADER),
    ("station:missions", _("Bil"), CLINIC | LEADER),
    ("station:note_list", _("Notater"), frozenset({"doctor", "nurse"})),
    ("station:conflicts", _("Konflikter"), CLINIC | LEADER),
    ("station:safety", _("Sikkerhet"), CLINIC | LEADER),
    ("station:equipment", _("Utstyr"), CLINIC | LEADER),
    ("station:design", _("Utforming"), CLINIC | LEADER),
    ("station:numbers", _("Tall"), CLINIC | LEADER | {"kommuneoverlege"}),
    ("station:back_entry", _("Etterføring"), CLINIC),
)
AT_A_WORKPLACE = EVERYBODY - {"auditor"}
PLANNERS = frozenset({"legevaktoverlege", "administrator"})
# A group's word and its places; one is led to the first that one's roles open.
PLAN = (
    (
        _("Planer"),
        (
            ("staffing:rotas", _("Vaktplan"), AT_A_WORKPLACE),
            (
                "staffing:vacancy_year",
                _("Ledige vakter"),
                PLANNERS | {"shift_leader", "kommuneoverlege"},
            ),
            ("staffing:rota_patterns", _("Vaktmønstre"), PLANNERS),
        ),
    ),
    ("", (("staffing:who", _("Hvem har vakt"), AT_A_WORKPLACE),)),
    (
        _("Mitt"),
        (
            ("staffing:my_duties", _("Mine vakter"), AT_A_WORKPLACE),
            ("staffing:wishes", _("Mine ønsker"), AT_A_WORKPLACE),
            ("staffing:me", _("Min side"), CLINIC | PLANNERS | {"kommuneoverlege"}),
        ),
    ),
    (
        _("Folk"),
        (
            ("staffing:people", _("Folk"), PLANNERS | {"shift_leader"}),
            ("staffing:courses", _("Kurs"), CLINIC | PLANNERS),
            ("staffing:vikarer", _("Vikarer"), PLANNERS | {"kommuneoverlege"}),
        ),
    ),
    (
        _("Tall"),
        (
            ("staffing:load", _("Belastning"), EVERYBODY - {"auditor"}),
            ("staffing:pay", _("Lønn"), OVERSEE | {"doctor"}),
            ("staffing:ahead", _("Framover"), OVERSEE),
            ("staffing:comparisons", _("Modeller"), OVERSEE),
        ),
    ),
)
# What will come, and what it takes: those who plan for a district.
DIMENSIONING = (
    ("planning:demand", _("Behov"), OVERSEE),
    ("planning:operators", _("Telefonbemanning"), OVERSEE),
    ("planning:travel", _("Reisetid"), OVERSEE),
    ("planning:studies", _("Scenarioer"), OVERSEE),
)


def _each_by_itself(places):
    return tuple(("", (place,)) for place in places)


# The room's word, what its addresses begin with, and its places in groups.
ROOMS = (
    (_("Sentral"), ("/sentral/",), _each_by_itself(SENTRAL)),
    (_("Stasjon"), ("/stasjon/",), _each_by_itself(STATION)),
    (_("Vaktplan"), ("/vaktplan/", "/folk/"), PLAN),
    (_("Plan"), ("/plan/",), _each_by_itself(DIMENSIONING)),
)


def _held(scope, prefixes):
    """The roles that count in a room. Without a station there is no such room."""
    if scope is None or scope.user_id is None:
        return frozenset()
    if "/stasjon/" not in prefixes:
        return scope.roles()
    return frozenset().union(*(roles_at(scope, s) for s in stations_of(scope)))


def places(request):
    """What the main menu shows to this person. Without a role: nothing.

    The places are those of the room at hand, or of the first room that one may enter; the
    rooms lead to their first place, and are shown where there are several. So do groups of
    places, and the places of the group at hand are shown below them; a group with one
    place that one may open is that place. The place at hand is the one whose address
    begins that of the page, the longest of them: a contact belongs to the desk, a single
    setting to the settings.
    """
    scope = getattr(request, "scope_of_user", None)
    rooms = []
    for title, prefixes, groups in ROOMS:
        shown = _shown(groups, held=_held(scope, prefixes))
        if shown:
            rooms.append((title, prefixes, shown))
    here = next((r for r in rooms if request.path.startswith(r[1])), None)
    in_room = here[2] if here else (rooms[0][2] if rooms else [])
    around = [
        url
        for _title, found in in_room
        for url, _word in found
        if request.path.startswith(url)
    ]
    menu = [_group(*group, at=max(around, key=len, default="")) for group in in_room]
    return {
        "rooms": [
            {"url": shown[0][1][0][0], "title": title, "is_here": here is room}
            for room in rooms
            for title, _prefixes, shown in [room]
        ]
        if len(rooms) > 1
        else [],
        "places": menu,
        "menu_group": next((one for one in menu if one["is_group_here"]), None),
    }


def _shown(groups, *, held):
    """The groups that have a place these roles open, with the addresses and words."""
    found = [
        (title, [(reverse(name), word) for name, word, roles in inside if held & roles])
        for title, inside in groups
    ]
    return [group for group in found if group[1]]


def _group(title, inside, *, at):
    within = [{"url": url, "title": word, "is_here": url == at} for url, word in inside]
    if len(within) == 1:
        return {**within[0], "within": [], "is_group_here": False}
    return {
        "url": within[0]["url"],
        "title": title,
        "is_here": False,
        "within": within,
        "is_group_here": any(one["is_here"] for one in within),
    }
