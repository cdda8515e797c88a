"""Who comes to a study, and the list of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.integration.test_scenario_studies import LIST, NOW, client_of
from tests.make_studies import House, done, draft, started
from varde.apps.planning.queries import studies as query
from varde.apps.records.models import ScenarioStudy


@pytest.fixture
def house(db):
    return House()


@pytest.mark.parametrize(
    "path",
    [
        "{study}/",
        "{study}.pdf",
        "{study}/stress-des/",
        "scenario/{scenario}/",
        "scenario/{scenario}.toml",
    ],
)
@pytest.mark.parametrize("where", ["the next station", "another district"])
def test_a_study_of_another_station_is_not_there(house, path, where):
    row = done(house, "idag", replications=1)
    asked = LIST + path.format(study=row.pk, scenario=row.scenarios.get().pk)
    if where == "the next station":
        there, planner = make.station("neste"), "planner"
    else:
        far = make.district("ytre", "Ytre distrikt")
        make.sentral("BOD", of=far)
        there, planner = make.station("ytterst", of=far), "annen"
    elsewhere = client_of(make.user(planner, roles=["legevaktoverlege"], at=there))
    at = f"?sted=stasjon-{there.code}"
    assert (
        client_of(house.planner).get(f"{asked}?sted=stasjon-varden").status_code == 200
    )
    assert elsewhere.get(f"{LIST}{at}").status_code == 200
    assert elsewhere.get(f"{asked}{at}").status_code == 404


@pytest.mark.parametrize("act", ["kjor", "stopp", "kopi", "slett", "legg-til"])
def test_nobody_acts_on_a_study_of_another_station(house, act):
    row = started(house, "idag", replications=1)
    far = make.district("ytre", "Ytre distrikt")
    make.sentral("BOD", of=far)
    there = make.station("ytterst", of=far)
    client = client_of(make.user("annen", roles=["legevaktoverlege"], at=there))
    assert client.post(f"{LIST}{row.pk}/{act}/").status_code == 404
    assert ScenarioStudy.objects.get() == row


def test_the_list_comes_page_by_page_the_newest_first(house):
    for number in range(query.A_PAGE + 1):
        row = draft(house, "idag", at=NOW + timedelta(minutes=number))
        ScenarioStudy.objects.filter(pk=row.pk).update(name=f"Studie {number:02}")
    client = client_of(house.planner)
    with CaptureQueriesContext(connection) as asked:
        first = client.get(LIST)
    assert len(asked) <= 16, [q["sql"][:90] for q in asked]
    names = [one.name for one in first.context["studies"]]
    assert (len(names), names[0], names[-1]) == (50, "Studie 50", "Studie 01")
    assert "Neste side" in first.content.decode()
    last = client.get(f"{LIST}?side=2")
    assert [one.name for one in last.context["studies"]] == ["Studie 00"]
    assert 'data-part="studies"' not in last.content.decode()
    assert client.get(f"{LIST}?side=x").status_code == 404
