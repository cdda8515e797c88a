"""Scenarios composed in a form: parts changed, demand of one's own, two real districts."""

from datetime import timedelta

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.make_studies import House, draft
from varde.apps.planning import jobs
from varde.apps.planning.queries import studies as query
from varde.apps.planning.scenarios import demand, trees
from varde.apps.planning.views import studies as pages
from varde.apps.records.models import Contact, ScenarioStudy, User


LIST = "/plan/dimensjonering/scenarioer/"
NEW = f"{LIST}ny/"


@pytest.fixture
def house(db):
    return House()


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def form_of(client, one):
    """A scenario's form as a browser would send it."""
    page = client.get(f"{LIST}scenario/{one.pk}/")
    sent = {n.number.field: n.text for s in page.context["sections"] for n in s.numbers}
    for row in page.context["rows"]:
        sent |= {f"{row.field}-{key}": text for key, text in row.typed.items()}
    return {name: text for name, text in sent.items() if text} | {
        "tittel": page.context["title"],
        "utgave": page.context["mark"],
        "ettersporsel": "som",
    }


def save(house, one, **changes):
    """What came of changing a scenario: the answer, and its tables."""
    client = client_of(house.planner)
    answer = client.post(f"{LIST}scenario/{one.pk}/", form_of(client, one) | changes)
    one.refresh_from_db()
    return answer, trees.tree_of(one.text)


def first_of(house, *names):
    return draft(house, *(names or ("idag",))).scenarios.first()


# ---------------------------------------------------------------- a draft


def test_a_planner_composes_a_draft_and_starts_it(house):
    client = client_of(house.planner)
    sent = {"navn": "Kveldslege", "kjoringer": "3", "fro": "5", "s-idag": "ja", "s-to-leger": "ja"}  # fmt: skip
    page = client.post(NEW, sent, follow=True)
    assert "utkast" in page.content.decode()
    row = ScenarioStudy.objects.get()
    for one in row.scenarios.all():
        answer, _tree = save(house, one, **{"n:days": "5"})
        assert answer.status_code == 302, answer.context["problems"]
    text = client.get(f"{LIST}{row.pk}/").content.decode()
    assert "fra 364 døgn til 5 døgn" in text
    assert client.post(f"{LIST}{row.pk}/kjor/").status_code == 302
    assert "0 av 3 kjøringer" in client.get(f"{LIST}{row.pk}/").content.decode()
    assert "0 av 3 kjøringer" in client.get(LIST).content.decode()


NEW_REFUSED = [
    ({"navn": ""}, "Gi studien et navn."),
    ({"navn": "x" * 81}, "Høyst 80 tegn."),
    ({"kjoringer": "1"}, "Kjøringer: skriv et helt tall fra 2 til 500."),
    ({"kjoringer": "999999999999"}, "Kjøringer: skriv et helt tall"),
    ({"fro": "-1"}, "Frø: skriv et helt tall"),
    ({"s-idag": ""}, "Velg fra ett til 6 scenarioer. Du har valgt 0."),
]


def test_a_new_study_says_what_is_wrong(house):
    client = client_of(house.planner)
    usual = {"navn": "Kveld", "kjoringer": "33", "fro": "1", "s-idag": "ja"}
    for changes, sentence in NEW_REFUSED:
        page = client.post(NEW, usual | changes)
        assert any(sentence in one for one in page.context["problems"]), sentence
        assert 'role="alert"' in page.content.decode()
    assert not ScenarioStudy.objects.exists()


def test_a_name_that_cannot_be_stored_is_refused_and_the_rest_is_kept(house):
    client = client_of(house.planner)
    sent = {"navn": "Kveld\x00", "kjoringer": "33", "fro": "1", "s-idag": "ja"}
    page = client.post(NEW, sent)
    assert page.context["typed"]["kjoringer"] == "33"
    assert 'role="alert"' in page.content.decode()
    assert not ScenarioStudy.objects.exists()
    one = first_of(house)
    for title in ("Kveld\x00", "Kveld\x1b", "Kveld\nnatt"):
        answer, tree = save(house, one, tittel=title)
        assert answer.status_code == 200, title
        assert "tegn" in answer.context["problems"][0]
        assert tree["title"] != title


def test_a_study_holds_at_most_six_and_at_least_one(house):
    row = draft(house, *["idag"] * 6)
    client = client_of(house.planner)
    page = client.post(f"{LIST}{row.pk}/legg-til/", {"scenario": "idag"})
    assert "høyst 6 scenarioer" in page.content.decode()
    for one in row.scenarios.all():
        client.post(f"{LIST}scenario/{one.pk}/ta-bort/")
    page = client.post(f"{LIST}{row.pk}/kjor/")
    assert "Legg til minst ett" in page.content.decode()
    page = client.post(f"{LIST}{row.pk}/legg-til/", {"scenario": "../x"})
    assert "Velg et scenario" in page.content.decode()
    client.post(f"{LIST}{row.pk}/legg-til/", {"scenario": "bakvakt"})
    assert row.scenarios.get().text == trees.text_of(trees.ready_tree("bakvakt"))


def test_what_would_take_all_the_memory_is_refused(house):
    one = first_of(house)
    save(house, one, **{"n:places/Sor/inhabitants": "2000000", "n:days": "364"})
    page = client_of(house.planner).post(f"{LIST}{one.study_id}/kjor/")
    assert "Et scenario er for stort" in page.content.decode()
    one.study.refresh_from_db()
    assert one.study.state == "draft"


def test_who_only_looks_may_not_change(house):
    row = draft(house)
    client = client_of(house.overseer)
    text = client.get(f"{LIST}{row.pk}/").content.decode()
    assert "Kjør</button>" not in text
    one = row.scenarios.first()
    sent = form_of(client, one) | {"n:days": "9"}
    page = client.post(f"{LIST}scenario/{one.pk}/", sent)
    assert "Bare legevaktoverlegen" in page.content.decode()
    one.refresh_from_db()
    assert one.text == one.origin


# ---------------------------------------------------------------- the form


def test_saved_as_it_stood_nothing_is_changed(house):
    for name, _title in trees.ready_scenarios():
        one = first_of(house, name)
        answer, tree = save(house, one)
        assert answer.status_code == 302, name
        assert tree == trees.tree_of(one.origin), name


def test_people_are_changed_added_and_taken_away_and_it_is_marked(house):
    one = first_of(house)
    changes = {
        "p:Lege Sor-fra": "8", "p:Lege Sor-til": "15:30", "p:Lege Sor-dager": "hverdager", "p:Lege Sor-lag": "2",
        "p:Lege Nord-bil": "", "p:Sykepleier Nord-tlf": "", "p:KAD Sor-antall": "5", "p:Operator 2-med": "",
        "y0-rolle": "lege", "y0-sted": "Nord", "y0-fra": "22.30", "y0-til": "8",
        "y0-bil": "ja",
    }  # fmt: skip
    answer, tree = save(house, one, **changes)
    assert answer.status_code == 302
    people = {person["name"]: person for person in tree["people"]}
    assert people["Lege Sor"]["duty"] == [
        {"from": 8.0, "to": 15.5, "days": ["mon", "tue", "wed", "thu", "fri"]}
    ]
    assert people["Lege Sor"]["tier"] == 2
    assert people["Lege Nord"]["has_car"] is False
    assert people["Sykepleier Nord"]["roles"] == ["sykepleier"]
    assert people["KAD Sor"]["count"] == 5
    assert "Operator 2" not in people
    assert people["Lege Nord 2"] == {
        "name": "Lege Nord 2", "roles": ["lege"], "base": "Nord", "has_car": True,
        "duty": [{"from": 22.5, "to": 8.0}],
    }  # fmt: skip
    page = client_of(house.planner).get(f"{LIST}scenario/{one.pk}/").content.decode()
    assert "Endret i studien: lagt til." in page
    assert "Endret i studien: tatt bort." in page
    assert page.count("mark-changed") >= 6


def test_a_number_that_is_changed_keeps_its_source_and_says_what_it_was(house):
    one = first_of(house)
    mean = "n:steps/konsultasjon/minutes/mean"
    save(house, one, **{mean: "25,5", "n:weather/bad_day_share": "12"})
    _answer, tree = save(house, one, **{mean: "26"})
    step = next(s for s in tree["steps"] if s["name"] == "konsultasjon")
    assert step["minutes"]["mean"] == 26
    assert tree["weather"]["bad_day_share"] == 0.12
    told = [a["source"] for a in tree["assumptions"] if "Endret" in a["source"]]
    assert told == [
        "Endret i studien: fra 20 min til 26 min.",
        "Endret i studien: fra 6 % til 12 %.",
    ]
    page = client_of(house.planner).get(f"{LIST}scenario/{one.pk}/").content.decode()
    assert "var 20" in page
    assert "Anslag: 20 minutter i snitt." in page


REFUSED = [
    ({"tittel": ""}, "Gi scenarioet en tittel"),
    ({"n:steps/mottak/minutes/mean": "x"}, "Mottaket, i snitt: skriv et tall fra 0,001"),
    ({"n:steps/mottak/minutes/mean": "0"}, "Mottaket, i snitt: skriv et tall"),
    ({"n:streams/telefon/shares/akutt": "7"}, "Telefon: andelene er 101 % til sammen"),
    ({"n:steps/samtale/next/0/share": "50"}, "Samtalen går videre til (akutt): andelene er 90 %"),
    ({"p:Lege Sor-fra": "25", "p:Lege Sor-til": "8"}, "Lege Sor: skriv klokka som 15:30"),
    ({"p:Lege Sor-fra": "8"}, "Lege Sor: skriv klokka som 15:30"),
    ({"p:Lege Sor-lag": "9"}, "Lege Sor: laget er et helt tall fra 1 til 5"),
    ({"p:Lege Sor-antall": "0"}, "Lege Sor: antall er et helt tall fra 1 til 30"),
    ({"p:Lege Sor-sted": "Bergen"}, "Lege Sor: velg et av stedene"),
    ({"p:Lege Sor-med": "", "p:Lege Nord-med": ""}, "Det er ingen igjen som er lege, og konsultasjonen trenger det."),
    ({"p:Lege Sor-antall": "30", "p:Lege Nord-antall": "30"}, "Høyst 62 kan være med"),
    ({"ettersporsel": "timen", "timen": "mange"}, "Kontakter i timen: skriv et tall over 0"),
    ({"ettersporsel": "historikk"}, "har ikke nok historikk"),
    ({"ettersporsel": "prognose"}, "har ikke nok historikk"),
]  # fmt: skip


def test_what_does_not_fit_together_is_refused_and_what_was_typed_is_kept(house):
    one = first_of(house)
    client = client_of(house.planner)
    usual = form_of(client, one) | {
        "n:roads/Sor–Nord/minutes": "44,4",
        "stasjon": house.station.pk,
    }
    for changes, sentence in REFUSED:
        page = client.post(f"{LIST}scenario/{one.pk}/", usual | changes)
        assert page.status_code == 200, sentence
        found = page.context["problems"]
        assert any(sentence in problem for problem in found), (sentence, found)
        text = page.content.decode()
        assert 'role="alert"' in text
        assert 'value="44,4"' in text, sentence
    one.refresh_from_db()
    assert one.text == one.origin


def test_two_who_change_the_same_scenario_do_not_undo_each_other(house):
    one = first_of(house)
    client = client_of(house.planner)
    mine = form_of(client, one) | {"n:days": "4"}
    save(house, one, **{"n:days": "9"})  # while the form is open
    page = client.post(f"{LIST}scenario/{one.pk}/", mine)
    text = page.content.decode()
    assert "Noen andre endret scenarioet" in text
    assert 'name="n:days" value="4"' in text
    one.refresh_from_db()
    assert trees.tree_of(one.text)["days"] == 9
    answer = client.post(
        f"{LIST}scenario/{one.pk}/", mine | {"utgave": page.context["mark"]}
    )
    assert answer.status_code == 302  # having seen it, one may still mean it
    one.refresh_from_db()
    assert trees.tree_of(one.text)["days"] == 4


# ---------------------------------------------------------------- how many come


def with_history(house, *, days=60):
    """Contacts of the station: one an hour, and two in the hours before eight."""
    end = timezone.now().replace(minute=0, second=0, microsecond=0)
    hours = [end - timedelta(hours=n + 1) for n in range(days * 24)]
    Contact.objects.bulk_create(
        Contact(
            district=house.station.district, sentral=house.sentral, opened_at=at,
            recorded_at=at, station=house.station,
        )
        for at in hours
        for _ in range(2 if timezone.localtime(at).hour < 8 else 1)
    )  # fmt: skip


@pytest.mark.parametrize("mode", ["historikk", "prognose"])
def test_the_demand_is_taken_from_the_stations_own(house, mode):
    with_history(house)
    one = first_of(house)
    answer, tree = save(house, one, ettersporsel=mode, stasjon=house.station.pk)
    assert answer.status_code == 302, answer.context["problems"]
    # 8 hours of two and 16 of one: 1.33 an hour.
    assert demand.expected_per_hour(tree) == pytest.approx(4 / 3, abs=0.03)
    phone = next(s for s in tree["streams"] if s["name"] == "telefon")
    assert len(phone["by_hour"]) == 168
    assert np.mean(phone["by_hour"][:8]) == pytest.approx(2, rel=0.05)
    assert np.mean(phone["by_hour"][8:24]) == pytest.approx(1, rel=0.05)
    told = [a["source"] for a in tree["assumptions"] if a["about"] == "streams"][-1]
    assert "kontakter i timen" in told
    # It stays when something else is changed.
    _answer, tree = save(house, one, **{"n:days": "7"})
    assert told in [a["source"] for a in tree["assumptions"]]


def test_a_merger_has_fewer_contacts_than_the_base_of_the_same_demand(house):
    row = draft(house, "idag", "slatt-sammen")
    first, second = row.scenarios.all()
    _answer, base = save(house, first, ettersporsel="timen", timen="2")
    _answer, merged = save(house, second, ettersporsel="timen", timen="2")
    assert demand.expected_per_hour(base) == pytest.approx(2, rel=1e-4)
    assert 1.2 < demand.expected_per_hour(merged) < 1.95
    rates = [[s["per_1000_a_year"] for s in tree["streams"]] for tree in (base, merged)]
    assert rates[0] == rates[1]


# ---------------------------------------------------------------- three ways


def with_neighbour():
    """Two stations of the demo, each with its municipality and a leader."""
    for code, number, name in (("MO1", "1833", "Rana"), ("MJN", "1824", "Vefsn")):
        made = make.station(code, serves=[make.municipality(number, name)])
        make.user(f"leder-{code}", roles=["legevaktoverlege"], at=made)
    return make.station("MO1")


def test_three_ways_for_two_districts_with_one_press(house, monkeypatch):
    station = with_neighbour()
    monkeypatch.setattr(pages, "THREE_WAYS_RUNS", 2)
    client = client_of(User.objects.get(username="leder-MO1"))
    assert "Legevakt MJN, 75 min" in client.get(LIST).content.decode()
    answer = client.post(f"{LIST}tre-mater/", {"nabo": make.station("MJN").pk})
    row = ScenarioStudy.objects.get()
    assert answer["Location"] == f"{LIST}{row.pk}/"
    assert (row.state, row.station) == ("waiting", station)
    assert row.name == "Tre måter: Mo i Rana og Mosjøen"
    jobs.run_study(row.pk)
    page = client.get(f"{LIST}{row.pk}/")
    figures = {line[0]: line[1:] for line in page.context["tables"][0]["rows"]}
    for title in (
        "Besvart i tide på telefonen", "Minutter til lege, akutt uten utrykning", "Minutter til hjelp, utrykning", "Minutter til lege, haster",
        "Minutter til lege, vanlig", "Konflikter i året", "Timer i arbeid for legene, i uka",
    ):  # fmt: skip
        assert all("±" in text for text in figures[title]), title
    assert all("±" in text for text in figures["Lønn til leger på vakt, kroner i året"])
    assert figures["Timer på vakt for leger, i uka"] == ("336,0", "336,0", "273,0")
    far = figures["Over 60 minutter til stasjonen"]
    keep, merge, satellite = (
        float(text.rstrip(" %").replace(",", ".")) for text in far
    )
    assert keep == satellite < merge
    day = figures["Over 60 minutter til lege kl. 12"]
    night = figures["Over 60 minutter til lege kl. 3 om natta"]
    assert day[2] == day[0]
    assert night[2] == night[1] == day[1]
    # Fewer come so far: that is said, and nothing of it is called better.
    tables = {one["id"]: one for one in page.context["tables"]}
    assert "% færre tar kontakt enn i «To stasjoner" in page.content.decode()
    assert len(page.context["fewer"]) == 1
    assert "bedre" not in "".join(line[1] for line in tables["forskjell"]["rows"])
    assert [head.endswith(" *") for head in tables["best"]["heads"][1:]] == [False, True, False]  # fmt: skip
    for scenario in query.found(ScenarioStudy.objects.get()).scenarios:
        abouts = {one.about for one in scenario.assumptions}
        assert {"places", "roads", "streams", "people", "steps.konsultasjon"} <= abouts


def test_without_known_roads_nothing_is_made(house):
    client = client_of(house.planner)
    assert "så naboene er ikke kjent" in client.get(LIST).content.decode()
    page = client.post(f"{LIST}tre-mater/", {"nabo": "1"})
    assert "ikke regnet noen reisetid" in page.content.decode()
    assert not ScenarioStudy.objects.exists()


def test_a_sentral_has_no_studies(house):
    boss = make.user("sjef", roles=["legevaktoverlege"], at=make.sentral())
    client = client_of(boss)
    text = client.get(f"{LIST}?sted=sentral-HEL").content.decode()
    assert "en studie hører til en stasjon" in text
    assert client.get(NEW).status_code == 404
