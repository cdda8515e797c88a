"""The main menu: it shows what one's roles open, and what it shows opens."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from tests import make
from varde.apps.records import kept
from varde.apps.records.models import Role
from varde.apps.records.scope import NOBODY, scope_of
from varde.config import navigation


pytestmark = pytest.mark.django_db
# Shown to fewer than may open it: doctors and leaders find their feedback there too.
ALSO_OPEN = {("sentral:my_reviews", "doctor"), ("sentral:my_reviews", "shift_leader")}


def shown_to(scope, path="/sentral/"):
    request = RequestFactory().get(path)
    request.scope_of_user = scope
    menu = navigation.places(request)["places"]
    return [place for item in menu for place in item["within"] or [item]]


def scope_for(role):
    return scope_of(make.user(role, roles=[role]), on=timezone.localdate())


@pytest.mark.parametrize("role", Role.values)
def test_the_menu_shows_what_the_role_opens_and_nothing_else(role):
    make.settings()
    make.station()
    scope = scope_for(role)
    shown = {
        item["url"]
        for _title, prefixes, _places in navigation.ROOMS
        for prefix in prefixes
        for item in shown_to(scope, prefix)
    }
    client = Client()
    client.force_login(make.user(role))
    named = [
        place
        for _title, _prefixes, groups in navigation.ROOMS
        for _group, inside in groups
        for place in inside
    ]
    for name, _title, _roles in named:
        url = reverse(name)
        is_open = client.get(url).status_code == 200
        if (name, role) not in ALSO_OPEN:
            assert (url in shown) is is_open, (name, role)
    assert shown


def test_without_a_station_there_is_no_room_for_it():
    make.settings()
    rooms = navigation.places(_asking(scope_for("operator")))["rooms"]
    assert [room["url"] for room in rooms] == ["/sentral/", "/vaktplan/"]
    make.station()
    kept.forget()
    rooms = navigation.places(_asking(scope_for("operator")))["rooms"]
    assert [room["url"] for room in rooms] == ["/sentral/", "/stasjon/", "/vaktplan/"]


def _asking(scope):
    request = RequestFactory().get("/sentral/")
    request.scope_of_user = scope
    return request


def test_without_a_role_the_menu_is_empty():
    assert shown_to(NOBODY) == []
    assert navigation.places(RequestFactory().get("/"))["places"] == []


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/sentral/", "/sentral/"),
        ("/sentral/kontakt/7/", "/sentral/"),
        ("/sentral/tavle/", "/sentral/tavle/"),
        ("/sentral/tavle/vaktskifte/", "/sentral/tavle/"),
        ("/sentral/gjennomgang/7/", "/sentral/gjennomgang/"),
        ("/sentral/gjennomgang/mine/", "/sentral/gjennomgang/mine/"),
        ("/konto/", None),
    ],
)
def test_the_place_at_hand_is_marked_once(path, here):
    make.settings()
    make.user("alle", roles=["operator", "shift_leader"])
    scope = scope_of(make.user("alle"), on=timezone.localdate())
    marked = [item["url"] for item in shown_to(scope, path) if item["is_here"]]
    assert marked == ([here] if here else [])


@pytest.mark.parametrize(
    ("role", "bar"),
    [
        (
            "legevaktoverlege",
            [
                ("Planer", "/vaktplan/"),
                ("Hvem har vakt", "/vaktplan/hvem/"),
                ("Mitt", "/vaktplan/mine/"),
                ("Folk", "/folk/"),
                ("Tall", "/vaktplan/belastning/"),
            ],
        ),
        (
            "doctor",  # a group with one place is that place
            [
                ("Vaktplan", "/vaktplan/"),
                ("Hvem har vakt", "/vaktplan/hvem/"),
                ("Mitt", "/vaktplan/mine/"),
                ("Kurs", "/folk/kurs/"),
                ("Tall", "/vaktplan/belastning/"),
            ],
        ),
    ],
)
def test_the_places_of_the_rota_are_in_groups_that_lead_to_their_first(role, bar):
    make.settings()
    request = RequestFactory().get("/vaktplan/")
    request.scope_of_user = scope_for(role)
    menu = navigation.places(request)["places"]
    assert [(str(item["title"]), item["url"]) for item in menu] == bar


def test_the_places_of_the_group_at_hand_are_shown_below(client):
    make.settings()
    client.force_login(make.user("lege", roles=["doctor"]))
    text = client.get("/vaktplan/onsker/").content.decode()
    assert 'href="/vaktplan/mine/" aria-current="true">Mitt' in text
    assert 'href="/vaktplan/onsker/" aria-current="page"' in text
    assert text.count('aria-current="page"') == 1
    assert 'href="/vaktplan/lonn/"' not in text.split('id="main"')[0]
    assert 'aria-label="Mitt"' not in client.get("/folk/kurs/").content.decode()


def test_the_menu_is_on_the_page_with_the_place_at_hand(client):
    make.settings()
    client.force_login(make.user("vaktleder", roles=["shift_leader"]))
    text = client.get("/sentral/tavle/").content.decode()
    assert 'href="/sentral/tavle/" aria-current="page"' in text
    assert text.count('aria-current="page"') == 1
    assert "/sentral/innstillinger/" not in text
