"""After an act only some sections are drawn anew: the rest must still be true."""

import re
from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from varde.apps.records.models import Contact, NursingHome, Place, Station
from varde.apps.sentral.queries.pane import ALL, NEWS, Section
from varde.apps.sentral.services import calls, contacts
from varde.apps.sentral.views import closing, outcomes, patient, triage
from varde.apps.sentral.views.pane import EVERY_ACT, FOCUS_IN


HTMX = {"HX-Request": "true"}
# What differs from one drawing to the next though nothing has changed.
VOLATILE = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"| data-focus-next| autofocus'
    r"|(?<=<details) open"
)
# Where the answer may ask for a word more, which a look afterwards does not show.
ASKED = {"problem", "outcomes", "close"}
ALERT = re.compile(r'role="alert"[^>]*>([^<]+)')
MAIN = re.compile(r'<div id="at-(\w+)-(\d+)" hx-swap-oob="innerHTML">')


def parts_of(page):
    """The sections of an answer: name -> what it shows, and the contacts they are of."""
    starts = list(MAIN.finditer(page))
    ends = [m.start() for m in starts[1:]] + [len(page)]
    shown = {
        m[1]: VOLATILE.sub("", page[m.end() : end])
        for m, end in zip(starts, ends, strict=True)
    }
    return shown, {int(m[2]) for m in starts}


class Desk:
    """One operator's page of one contact."""

    def __init__(self, user, contact):
        self.client = Client()
        self.client.force_login(user)
        self.contact = contact
        self.path = f"/sentral/kontakt/{contact.pk}/"
        self.seen = "0"
        self.look()

    def look(self):
        """Every section as it is now."""
        page = self.client.get(f"{self.path}nytt/?deler={','.join(Section)}")
        shown, of = parts_of(page.content.decode())
        assert set(shown) == set(Section)
        assert of == {self.contact.pk}
        self.seen = re.search(r'data-seen="(\d+)"', shown["events"])[1]
        return shown

    def post(self, path, /, **data):
        return self.client.post(
            self.path + path, data, headers=HTMX | {"X-Seen": self.seen}
        )


@pytest.fixture
def house(db):
    house = make.house()
    make.index_in_use(of=house.inner)
    make.place(of=house.vefsn, minutes={house.elv: 12})
    make.station("hav", of=house.inner)
    all_week = [(day, time(0), time(23, 59)) for day in range(7)]
    make.nursing_home(of=house.vefsn, hours=all_week)
    make.duty(house.doctor, at=house.elv, starts_at=timezone.now(), hours=8)
    return house


@pytest.fixture
def kari(house):
    return house.kari


@pytest.fixture
def contact(house, kari):
    """A second contact with everything known of the patient."""
    known = make.patient(
        of=house.inner,
        birth_date=date(1970, 1, 1),
        municipality=house.vefsn,
        fastlege=make.fastlege(lets_us_book=True),
    )
    make.contact(
        at=house.sentral,
        patient=known,
        opened_at=timezone.now() - timedelta(hours=5),
        state="closed",
        closed_at=timezone.now() - timedelta(hours=4),
    )
    call = make.call(
        at=house.sentral, ringing_at=timezone.now(), caller_number="90000001"
    )
    opened = calls.answer(call_id=call.pk, by=kari, at=timezone.now())
    contacts.choose_patient(
        contact_id=opened.pk, patient_id=known.pk, by=kari, at=timezone.now()
    )
    contacts.save_fields(
        contact_id=opened.pk,
        fields={
            "municipality": house.vefsn.number,
            "place": str(Place.objects.get().pk),
            "language": "polsk",
        },
        by=kari,
        at=timezone.now(),
    )
    return Contact.objects.get(pk=opened.pk)


def only(rows):
    return rows.order_by("-pk").first().pk


def attendance(contact):
    """A time at a station that is not the contact's own."""
    tomorrow = timezone.localtime() + timedelta(days=1)
    return {
        "kind": "attendance",
        "confirmed": "yes",
        "station": Station.objects.get(code="hav").pk,
        "travel_min": "40",
        "promised_at": tomorrow.strftime("%Y-%m-%dT%H:00"),
    }


# Each act in an order in which it may be done: its view, address and fields.
WALK = [
    (
        outcomes.choose_home,
        "sykehjem/",
        lambda _: {"home": NursingHome.objects.get().pk},
    ),
    (
        outcomes.tell_home,
        "sykehjem/gjort/",
        {"doctor_rung": "no", "care": "no_cpr", "medicines": "Paracet 1 g kl. 18"},
    ),
    (
        triage.assess,
        "hastegrad/",
        {"complaint": "hoste_forkjolelse", "hastegrad": "haster"},
    ),
    (
        triage.assess,
        "hastegrad/",
        {"hastegrad": "vanlig", "reason_lowered": "Bedre nå"},
    ),
    (triage.vitals, "vitale/", {"pulse": "80", "temperature_c": "38,2"}),
    (outcomes.ask_doctor, "lege/sporsmal/", {"question": "Kan dette vente?"}),
    (outcomes.ask_interpreter, "tolk/", {}),
    (
        outcomes.interpreter_result,
        lambda c: f"tolk/{only(c.interpreters)}/",
        {"result": "connected"},
    ),
    (outcomes.add_outcome, "tiltak/", {"kind": "attendance"}),
    (outcomes.add_outcome, "tiltak/", lambda c: attendance(c)),
    (outcomes.add_outcome, "tiltak/", {"kind": "home_visit", "confirmed": "yes"}),
    (
        outcomes.add_outcome,
        "tiltak/",
        {"kind": "call_back", "confirmed": "yes", "number": "90000001"},
    ),
    (
        outcomes.callback_attempt,
        lambda c: f"tilbakering/{only(c.callbacks)}/",
        {"reached": "no"},
    ),
    (
        outcomes.callback_attempt,
        lambda c: f"tilbakering/{only(c.callbacks)}/",
        {"reached": "yes"},
    ),
    (
        outcomes.cancel_outcome,
        lambda c: f"tiltak/{only(c.outcomes.filter(state='open'))}/stryk/",
        {"note": "ikke likevel"},
    ),
    (outcomes.add_outcome, "tiltak/", {"kind": "ambulance"}),
    (
        outcomes.settle_outcome,
        lambda c: f"tiltak/{only(c.outcomes.filter(state='open'))}/ferdig/",
        {},
    ),
    (outcomes.add_outcome, "tiltak/", {"kind": "advice"}),
    (closing.set_reason, "arsak/", {"code": "A97"}),
    (closing.set_reason, "arsak/", {"code": "R05"}),
    (closing.consent, "samtykke/", {"consent": "yes"}),
    (closing.claim_line, "takst/", {"tariff": "1bk"}),
    (triage.assess, "hastegrad/", {"hastegrad": "akutt"}),
    (triage.amk_called, "113/ringt/", {"mode": "conference"}),
    (triage.amk_acknowledge, "113/kvittert/", {"mission_number": "4711"}),
]


def test_what_an_act_does_not_draw_it_has_not_changed(contact, kari):
    desk = Desk(kari, contact)
    changed = set()
    for view, path, data in WALK:
        before = desk.look()
        address = path(contact) if callable(path) else path
        data = data(contact) if callable(data) else data
        answer = desk.post(address, **data)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert "HX-Reswap" in answer.headers, (address, ALERT.findall(page))
        drawn, _ = parts_of(page)
        after = desk.look()
        told = {name for name in Section if before[name] != after[name]}
        assert told <= set(drawn), (address, data, told - set(drawn))
        assert view.changes <= set(drawn), address
        assert answer["HX-Reswap"] == "none"
        assert 'class="problem" role="alert"' not in drawn["problem"], drawn["problem"]
        stale = {name for name in drawn if drawn[name] != after[name]}
        assert stale <= ASKED, (address, data, stale)
        changed |= told
    # The walk says something of every section that an act may leave alone.
    assert changed >= {
        "head",
        "amk",
        "home",
        "callback",
        "who",
        "what",
        "outcomes",
        "doctor",
    }


def test_every_act_that_draws_some_sections_is_walked():
    acts = {
        view
        for module in (closing, outcomes, patient, triage)
        for view in vars(module).values()
        if getattr(view, "changes", None)
    }
    walked = {view for view, _path, _data in WALK}
    # These two cannot be part of the walk: see the next two tests.
    assert acts - walked == {triage.amk_not_needed, outcomes.second_look}


def test_calling_off_113_changes_no_section_that_it_does_not_draw(contact, kari):
    desk = Desk(kari, contact)
    desk.post("hastegrad/", hastegrad="akutt")
    before = desk.look()
    answer = desk.post("113/ikke-behov/", reason="AMK har allerede sendt bil")
    drawn, _ = parts_of(answer.content.decode())
    after = desk.look()
    assert {name for name in Section if before[name] != after[name]} <= set(drawn)


def test_a_second_look_changes_no_section_that_it_does_not_draw(contact, house):
    desk = Desk(house.ola, contact)
    before = desk.look()
    drawn, _ = parts_of(desk.post("kollega/").content.decode())
    after = desk.look()
    assert {name for name in Section if before[name] != after[name]} <= set(drawn)


def test_an_act_draws_all_when_a_colleague_did_something_since(contact, house, kari):
    desk = Desk(kari, contact)
    contacts.second_look(contact_id=contact.pk, by=house.ola, at=timezone.now())
    drawn, _ = parts_of(desk.post("samtykke/", consent="yes").content.decode())
    assert set(drawn) == set(ALL)


def test_a_page_that_does_not_say_what_it_has_seen_gets_all(contact, kari, house):
    contacts.second_look(contact_id=contact.pk, by=house.ola, at=timezone.now())
    desk = Desk(kari, contact)
    for seen in ("", "tull", "-1", "9" * 30):
        desk.seen = seen
        drawn, _ = parts_of(desk.post("samtykke/", consent="no").content.decode())
        assert set(drawn) == set(ALL), seen


def test_the_section_where_one_goes_on_is_among_those_drawn(contact, kari):
    desk = Desk(kari, contact)
    page = desk.post("hastegrad/", hastegrad="akutt").content.decode()
    assert set(FOCUS_IN.values()) <= set(Section)
    assert page.count("data-focus-next") == 1


def test_an_act_reads_only_what_it_draws(contact, kari, django_assert_max_num_queries):
    desk = Desk(kari, contact)
    desk.post("hastegrad/", hastegrad="vanlig")
    desk.look()
    with django_assert_max_num_queries(22):
        desk.post("samtykke/", consent="yes")


def test_news_are_what_others_change_unless_sections_are_asked_for(contact, kari):
    desk = Desk(kari, contact)
    page = desk.client.get(f"{desk.path}nytt/").content.decode()
    assert set(parts_of(page)[0]) == set(NEWS)
    page = desk.client.get(f"{desk.path}nytt/?deler=who,place,tull").content.decode()
    assert set(parts_of(page)[0]) == {"who", "place"}


def test_a_field_that_more_follows_from_says_what(contact, kari, house):
    desk = Desk(kari, contact)
    answer = desk.post("felt/", municipality=house.alstahaug.number)
    assert answer["X-Draw"] == "who,doctor,place"
    assert "X-Draw" not in desk.post("felt/", narrative="Hoster").headers
    refused = desk.post("felt/", municipality="9999")
    assert "X-Problem" in refused.headers
    assert "X-Draw" not in refused.headers


def test_every_act_draws_the_title_the_message_the_rest_and_the_log():
    assert {"head", "problem", "close", "events"} == EVERY_ACT
