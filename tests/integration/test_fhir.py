"""Reading and searching by FHIR: what is found, what is refused, and what the log says."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.fhir import AuthorizationServer, Reader, World, api_client
from varde.apps.api.fhir.resources import KINDS
from varde.apps.records import audit, ratelimit
from varde.apps.records.models import (
    AuditEntry,
    Contact,
    Outcome,
    Patient,
    VitalSigns,
)


pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The same for all tests of the file: each test's own writes are undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = World()
        made.inner_client = api_client(made.house.inner)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def server(world, settings, tmp_path):
    ratelimit.clear("fhir_refused:127.0.0.1")
    ratelimit.clear(f"fhir_client:{world.inner_client.pk}")
    return AuthorizationServer(tmp_path).open(settings)


@pytest.fixture
def reader(server):
    return Reader(server.token())


@pytest.fixture
def plain(world):
    return world.patients["plain"]


def problem(answer):
    """The code of what is wrong, and what is said of it."""
    told = answer.json()
    assert told["resourceType"] == "OperationOutcome"
    assert answer.headers["Content-Type"] == "application/fhir+json; charset=utf-8"
    issue = told["issue"][0]
    return issue["code"], issue["diagnostics"]


def lines(**wanted):
    return list(AuditEntry.objects.filter(**wanted).order_by("pk"))


def ids(resources):
    return [one["id"] for one in resources]


# ------------------------------------------------------------------------ reading


def test_a_resource_carries_its_version_and_is_not_sent_twice(world, reader, plain):
    first = reader.get(f"Patient/{plain.pk}")
    etag = first.headers["ETag"]
    assert etag == f'W/"{first.json()["meta"]["versionId"]}"'
    assert first.headers["Last-Modified"].endswith("GMT")
    again = reader.get(f"Patient/{plain.pk}", **{"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    Patient.objects.filter(pk=plain.pk).update(phone="40000001")
    changed = reader.get(f"Patient/{plain.pk}", **{"if-none-match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag
    moved = changed.json()["meta"]["lastUpdated"]
    assert moved > first.json()["meta"]["lastUpdated"]
    assert timezone.now() - datetime.fromisoformat(moved) < timedelta(minutes=5)


def test_the_version_is_the_same_in_every_language(reader, plain):
    norwegian = reader.get(f"Patient/{plain.pk}", **{"accept-language": "nb"})
    english = reader.get(f"Patient/{plain.pk}", **{"accept-language": "en"})
    assert norwegian.content == english.content
    task = [
        reader.found("Task", {"_count": 1}, **{"accept-language": x})
        for x in ("nb", "en")
    ]
    assert task[0] == task[1]


@pytest.mark.parametrize(
    "path",
    [
        "Patient/99999999",
        "Patient/x",
        "Patient/012",
        "Patient/٣",
        "Encounter/1",
        "Encounter/z-1",
        "Observation/pulse_1",
        "Encounter/c-999999999999999999",
        "Encounter/c-9999999999999999999999",
    ],
)
def test_what_is_not_there_is_not_found(reader, path):
    answer = reader.get(path)
    assert answer.status_code == 404
    assert problem(answer)[0] == "not-found"


def test_what_is_anothers_and_what_is_not_there_give_the_same_answer(world, reader):
    theirs = reader.get(f"Patient/{world.elsewhere.pk}")
    nobody = reader.get("Patient/99999999")
    assert theirs.status_code == nobody.status_code == 404
    assert theirs.content == nobody.content


def test_a_client_sees_its_districts_and_no_others(world, server, reader):
    both = api_client(
        world.house.inner, world.house.outer, client_id="both", name="Begge"
    )
    wide = Reader(server.token(client_id="both"))
    theirs = world.elsewhere.pk
    for kind in ("Encounter", "Task", "Appointment", "Observation", "Composition"):
        assert reader.found(kind, {"patient": theirs}) == [], kind
        assert wide.found(kind, {"patient": theirs}) != [], kind
        assert reader.found(kind) != [], kind
    assert len(reader.found("Location")) == 1
    assert len(wide.found("Location")) == 2
    both.districts.set([])
    assert wide.found("Patient") == []
    assert wide.found("AuditEvent") == []


# ---------------------------------------------------------------------- searching


def test_a_patient_is_found_by_number_by_post_only(world, reader, plain):
    number = f"urn:oid:2.16.578.1.12.4.1.4.1|{plain.national_id}"
    answer = reader.post("Patient/_search", f"identifier={number}")
    bundle = answer.json()
    assert ids(one["resource"] for one in bundle["entry"]) == [str(plain.pk)]
    assert bundle["total"] == 1
    assert plain.national_id not in json.dumps(bundle["link"])
    refused = reader.get("Patient", {"identifier": number})
    assert refused.status_code == 400
    code, words = problem(refused)
    assert code == "security"
    assert "POST to Patient/_search" in words
    assert plain.national_id not in words
    in_address = reader.post(f"Patient/_search?identifier={number}", "_count=1")
    assert (in_address.status_code, problem(in_address)[0]) == (400, "security")


def test_a_number_hidden_in_another_parameter_of_an_address_is_refused(reader, plain):
    for query in (
        {"patient": plain.national_id},
        {"patient": f"Patient/{plain.national_id}"},
        {"whatever": plain.national_id},
        {"patient": f"1,{plain.national_id}"},
    ):
        answer = reader.get("Encounter", query)
        assert (answer.status_code, problem(answer)[0]) == (400, "security")
    assert reader.get("Encounter", {"patient": "12345678901"}).status_code == 200


def test_contacts_are_found_by_the_patients_number_and_the_links_do_not_tell_it(
    world, reader, plain
):
    body = f"patient.identifier={plain.national_id}&_count=1"
    bundle = reader.post("Encounter/_search", body).json()
    assert len(bundle["entry"]) == 1
    following = bundle["link"][1]["url"]
    assert f"patient={plain.pk}" in following
    assert plain.national_id not in json.dumps(bundle["link"])
    rest = reader.get(following.partition("/R4/")[2]).json()
    told = bundle["entry"] + rest["entry"]
    assert {one["resource"]["subject"]["reference"] for one in told} == {
        f"Patient/{plain.pk}"
    }
    nobody = reader.post("Encounter/_search", "patient.identifier=17448400001").json()
    assert nobody["total"] == 0


def test_a_number_of_another_kind_finds_nobody(reader, plain):
    def found(identifier):
        answer = reader.post("Patient/_search", f"identifier={identifier}")
        return answer.json()["total"]

    assert found(f"urn:oid:2.16.578.1.12.4.1.4.2|{plain.national_id}") == 0
    assert found(f"|{plain.national_id}") == 0
    assert found("|17448400000") == 1
    assert found(plain.national_id) == 1
    assert found("urn:oid:2.16.578.1.12.4.1.4.3|81234567890") == 1
    bare = reader.post("Patient/_search", "identifier=urn:oid:2.16.578.1.12.4.1.4.1|")
    assert bare.status_code == 400


AT = make.NOW  # 18:00 UTC, 19:00 in Norway; contact number n began n hours earlier


@pytest.mark.parametrize(
    ("asked", "began_h_ago"),
    [
        (["eq2026-11-20T18:00:00Z"], [0]),
        (["2026-11-20T19:00:00+01:00"], [0]),
        (["2026-11-20T19:00"], [0]),
        (["ge2026-11-20T17:00:00Z"], [0, 1]),
        (["gt2026-11-20T17:00:00Z"], [0]),
        (["sa2026-11-20T17:00:00Z"], [0]),
        (["lt2026-11-20T13:00:00Z"], [6, 20]),
        (["le2026-11-20T13:00:00Z"], [5, 6, 20]),
        (["eb2026-11-20T13:00:00Z"], [6, 20]),
        (["2026-11-19"], [20]),  # 22:00 in UTC the day before, 23:00 in Norway
        (["ne2026-11-20"], [20]),
        (["2026-11"], [0, 1, 2, 3, 4, 5, 6, 20]),
        (["2026"], [0, 1, 2, 3, 4, 5, 6, 20]),
        (["gt2026"], []),
        (["ge2026-11-20T12:00:00Z", "lt2026-11-20T14:00:00Z"], [5, 6]),
        (["2026-11-20T18:00:00Z,2026-11-20T17:00:00Z"], [0, 1]),
    ],
)
def test_dates_are_compared_as_fhir_says(reader, asked, began_h_ago):
    query = {"authored-on": asked, "code": "home_visit", "_count": 200}
    expected = sorted(
        (AT - timedelta(hours=h)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        for h in began_h_ago
    )
    assert sorted(t["authoredOn"] for t in reader.found("Task", query)) == expected


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        # A contact goes on without an end; one was 17:00–18:00 UTC (one hour ago).
        ("gt2030", ["open"]),
        ("lt2026-11-20T17:00:00Z", []),
        ("le2026-11-20T18:30:00Z", ["ended", "open"]),
        ("eq2026-11-20", ["ended"]),  # wholly within the day
        ("ge2026-11-20T17:30:00Z", ["ended", "open"]),
        ("sa2026-11-20T17:30:00Z", ["open"]),
        ("eb2026-11-20T18:30:00Z", ["ended"]),
        ("ne2026-11-20", ["open"]),
    ],
)
def test_a_period_is_compared_as_fhir_says(world, reader, asked, found):
    known = Contact.objects.order_by("-opened_at")
    names = {f"c-{known[0].pk}": "open", f"c-{known[1].pk}": "ended"}
    assert known[0].closed_at is None
    told = reader.found("Encounter", {"date": asked, "_id": ",".join(names)})
    assert sorted(names[one["id"]] for one in told) == found


def test_a_status_finds_what_is_drawn_with_it(reader):
    for kind in ("Encounter", "Task", "Appointment", "Communication", "Composition"):
        everything = reader.found(kind, {"_count": 200})
        statuses = {one["status"] for one in everything}
        assert len(statuses) > 1
        for status in statuses:
            found = reader.found(kind, {"status": status, "_count": 200})
            assert ids(found) == ids(
                one for one in everything if one["status"] == status
            )
        two = ",".join(statuses)
        assert ids(reader.found(kind, {"status": two, "_count": 200})) == ids(
            everything
        )
        assert reader.found(kind, {"status": "entered-in-error"}) == []
        wrong = reader.found(kind, {"status": f"http://example.no|{statuses.pop()}"})
        assert wrong == []


def test_parameters_of_each_type_find_what_they_name(world, reader, plain):
    contact = f"c-{Contact.objects.get(patient=plain).pk}"
    hour = Outcome.objects.filter(contact__patient=plain, kind="home_visit").get()
    assert ids(reader.found("Encounter", {"part-of": f"Encounter/{contact}"})) == ids(
        one
        for one in reader.found("Encounter", {"subject:Patient": plain.pk})
        if one["id"].startswith("a-")
    )
    assert f"o-{hour.pk}" in ids(reader.found("Task", {"encounter": contact}))
    assert reader.found("Task", {"encounter": contact.replace("c", "a")}) == []
    base = "http://localhost:8116/api/fhir/R4"
    by_address = reader.found("Task", {"patient": f"{base}/Patient/{plain.pk}"})
    assert len(by_address) == 2
    assert reader.found("Task", {"patient": f"Encounter/{plain.pk}"}) == []
    pulse = reader.found("Observation", {"code": "http://loinc.org|8867-4"})
    assert {one["code"]["coding"][0]["code"] for one in pulse} == {"8867-4"}
    assert len(pulse) == 8
    assert (
        reader.found("Observation", {"code": "urn:varde:codes:observation|8867-4"})
        == []
    )
    phone = reader.found("Observation", {"code": "hastegrad-phone"})
    assert {one["valueCodeableConcept"]["coding"][0]["code"] for one in phone} == {
        "akutt"
    }
    assert len(reader.found("Patient", {"active": "false"})) == 1
    assert len(reader.found("Location", {"identifier": "elv"})) == 1
    assert reader.found("Location", {"identifier": "strand"}) == []
    roles = reader.found("PractitionerRole", {"role": "operator", "active": "true"})
    assert {one["practitioner"]["display"] for one in roles} == {"Kari Li", "Ola Moe"}
    kari = f"Practitioner/u-{world.house.kari.pk}"
    assert len(reader.found("PractitionerRole", {"practitioner": kari})) == 1
    (doctor,) = reader.found(
        "Practitioner", {"identifier": "urn:oid:2.16.578.1.12.4.1.4.4|1234567"}
    )
    assert doctor["id"] == f"u-{world.house.doctor.pk}"
    born = reader.post("Patient/_search", "birthdate=1984-05-17").json()
    assert born["total"] == 1
    assert reader.post("Patient/_search", "birthdate=gt1984-05-17").json()["total"] == 0


# ------------------------------------------------------------------------- paging


@pytest.mark.parametrize("kind", ["Encounter", "Observation", "Practitioner"])
def test_paging_gives_each_once_also_when_more_is_written_meanwhile(
    world, reader, kind
):
    whole = ids(reader.found(kind, {"_count": 200}))
    seen, path, pages = [], f"{kind}?_count=5", 0
    while path:
        bundle = reader.get(path).json()
        seen += ids(one["resource"] for one in bundle["entry"])
        assert len(bundle["entry"]) <= 5
        links = {one["relation"]: one["url"] for one in bundle["link"]}
        path = links.get("next", "").partition("/R4/")[2]
        pages += 1
        world.full_contact(world.patients["plain"], number=7)
        make.operator(f"ny{pages}")
    assert len(seen) == len(set(seen))
    assert [one for one in seen if one in set(whole)] == whole
    assert pages >= -(-len(whole) // 5)


def test_the_total_is_told_where_it_is_known(reader):
    assert reader.get("Location").json()["total"] == 1
    assert "total" not in reader.get("Encounter", {"_count": 1}).json()


@pytest.mark.parametrize(
    "count", ["0", "-1", "x", "1.5", "", "٣", "99999999999999999999"]
)
def test_a_count_that_is_none_is_refused(reader, count):
    answer = reader.get("Encounter", {"_count": count})
    assert (answer.status_code, problem(answer)[0]) == (400, "value")


@pytest.mark.parametrize("after", ["9.1", "x", "0.", ".1", "0.x", "-1.1", "0.1.2"])
def test_a_place_in_a_list_that_we_did_not_give_is_refused(reader, after):
    answer = reader.get("Encounter", {"_after": after})
    assert (answer.status_code, problem(answer)[0]) == (400, "value")


def test_a_page_of_fifty_costs_the_same_as_a_page_of_one(world, reader):
    for number in range(31, 75):
        world.full_contact(world.patients["plain"], number=number)
    measured = {}
    for kind in KINDS:
        costs = []
        for count in (1, 50):
            reader.get(kind, {"_count": count})  # settings are remembered
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer = reader.get(kind, {"_count": count})
            assert answer.status_code == 200
            costs.append(len(queries))
        measured[kind] = tuple(costs)
    # Savepoint and scope of the request (5), the client and its districts (2), its scope
    # (2), when the rows last changed (1; 2 for the log), the log (1), and each table.
    most = {kind: 12 + len(KINDS[kind].sources) for kind in KINDS}
    most["AuditEvent"] += 1
    assert all(max(costs) <= most[kind] for kind, costs in measured.items()), measured
    assert measured["Encounter"] == (13, 13)


# ------------------------------------------------------------------ what is refused


def test_an_unknown_parameter_is_left_out_of_account_and_said_so(reader):
    answer = reader.get("Encounter", {"colour": "red", "status": "finished"})
    bundle = answer.json()
    assert answer.status_code == 200
    assert "colour" not in bundle["link"][0]["url"]
    assert "status=finished" in bundle["link"][0]["url"]
    last = bundle["entry"][-1]
    assert last["search"]["mode"] == "outcome"
    assert last["resource"]["issue"][0]["severity"] == "warning"


def test_an_unknown_parameter_is_refused_where_the_asker_wants_it_strict(reader):
    for prefer in ("handling=strict", "return=minimal; handling=strict"):
        answer = reader.get("Encounter", {"colour": "red"}, prefer=prefer)
        assert (answer.status_code, problem(answer)[0]) == (400, "not-supported")
    assert reader.get("Encounter", {"status": "x"}, prefer=prefer).status_code == 200
    lenient = reader.get("Encounter", {"colour": "x"}, prefer="handling=lenient")
    assert lenient.status_code == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("date=yesterday", "value"),
        ("date=2026-13", "value"),
        ("date=2026-02-30", "value"),
        ("date=0001", "value"),
        ("date=9999", "value"),
        ("date=2026-11-20T25:00", "value"),
        ("date=2026-11-20T10:00:00%2B99:00", "value"),
        ("date=ap2026", "value"),
        ("date=", "value"),
        ("date=2026,", "value"),
        ("patient=", "value"),
        ("patient=Patient/", "value"),
        ("patient=http://other.example/Patient/1", "value"),
        ("patient:missing=true", "not-supported"),
        ("status:not=finished", "not-supported"),
        ("status=|", "value"),
        ("status=" + "x" * 1001, "value"),
        ("status=" + "x," * 101, "value"),
        ("&".join(["status=x"] * 31), "too-costly"),
        ("&".join(["status=x"] * 32), "structure"),
        ("status=%FF", "structure"),
    ],
)
def test_what_cannot_be_meant_is_refused(reader, query, code):
    answer = reader.get(f"Encounter?{query}")
    assert (answer.status_code, problem(answer)[0]) == (400, code)


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/fhir+json", 200),
        ("application/fhir+json; fhirVersion=4.0", 200),
        ("application/json", 200),
        ("text/html, */*;q=0.1", 200),
        ("application/fhir+json; fhirVersion=5.0", 406),
        ("application/fhir+xml", 406),
        ("application/json;q=0", 406),
        ("text/html", 406),
        (";;,=", 406),
    ],
)
def test_only_json_of_r4_is_given_out(reader, accept, status):
    answer = reader.get("Location", accept=accept)
    assert answer.status_code == status
    if status == 406:
        assert problem(answer)[0] == "not-supported"


def test_the_form_may_be_named_in_the_address(reader):
    assert reader.get("Location?_format=json").status_code == 200
    assert reader.get("Location?_format=application/fhir%2Bjson").status_code == 200
    assert reader.get("Location?_format=xml").status_code == 406


def test_a_search_that_is_not_a_form_is_refused(reader):
    wrong = reader.post("Patient/_search", "{}", content_type="application/json")
    assert (wrong.status_code, problem(wrong)[0]) == (415, "not-supported")
    large = reader.post("Patient/_search", "x" * 20_001)
    assert (large.status_code, problem(large)[0]) == (413, "too-long")
    no_text = reader.post("Patient/_search", b"identifier=\xff")
    assert no_text.status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(reader, method, plain):
    for path in ("Patient", f"Patient/{plain.pk}"):
        ask = getattr(reader.http, method)
        answer = ask(
            f"/api/fhir/R4/{path}", headers={"authorization": f"Bearer {reader.token}"}
        )
        assert (answer.status_code, problem(answer)[0]) == (405, "not-supported")
        assert answer.headers["Allow"] == "GET, HEAD"


def test_what_is_no_address_is_told_so_in_the_same_form(reader):
    for path in (
        "",
        "Patient/1/_history",
        "Patient/$everything",
        "Nonsense",
        "Device/1",
    ):
        answer = reader.get(path)
        assert answer.status_code == 404
        assert problem(answer)[0] in {"not-supported", "not-found"}


def test_the_capability_statement_names_what_can_be_done(reader):
    told = reader.http.get("/api/fhir/R4/metadata").json()
    named = {one["type"]: one for one in told["rest"][0]["resource"]}
    assert named.keys() == KINDS.keys()
    for kind in KINDS:
        for one in named[kind]["searchParam"]:
            if one["type"] == "date":
                query = {one["name"]: "2026-11-20"}
            else:
                query = {one["name"]: "1"}
            body = "&".join(f"{name}={value}" for name, value in query.items())
            answer = reader.post(f"{kind}/_search", body, prefer="handling=strict")
            assert answer.status_code == 200, (kind, one)


# ------------------------------------------------------------------------- the log


def test_every_read_and_search_is_in_the_log_with_who_and_whom(world, reader, plain):
    contact = Contact.objects.get(patient=plain)
    reader.get(f"Encounter/c-{contact.pk}")
    (line,) = lines(what="fhir_read")
    assert (line.patient_id, line.contact_id) == (plain.pk, contact.pk)
    assert (line.district_id, line.purpose) == (world.house.inner.pk, "TREAT")
    assert line.data == {
        "client": world.inner_client.pk,
        "type": "Encounter",
        "resources": 1,
    }
    assert line.user_id is None
    reader.get("Patient")
    told = {one.patient_id for one in lines(what="fhir_search")}
    assert told == {one.pk for one in world.patients.values()}


def test_a_search_without_an_answer_is_in_the_log_too(world, reader, plain):
    reader.found("Task", {"patient": plain.pk, "status": "rejected"})
    (line,) = lines(what="fhir_search")
    assert (line.patient_id, line.data["resources"]) == (plain.pk, 0)
    reader.post("Patient/_search", "identifier=17448400001")
    nobody = lines(what="fhir_search")[-1]
    assert (nobody.patient_id, nobody.district_id) == (None, world.house.inner.pk)
    reader.get(f"Patient/{world.elsewhere.pk}")
    (line,) = lines(what="fhir_read")
    assert (line.patient_id, line.data["resources"]) == (None, 0)
    reader.get(f"Patient/{plain.pk}", **{"if-none-match": "*"})
    assert lines(what="fhir_read")[-1].patient_id == plain.pk  # 304 is read too


def test_what_is_refused_is_in_the_log_and_a_stranger_cannot_fill_it(world, reader):
    make.decide("fhir.refused_per_min", 2)
    for _ in range(5):
        reader.get("Encounter?date=tull")
    known = lines(what="fhir_refused")
    assert len(known) == 2
    assert known[0].data == {
        "status": 400, "code": "value", "client": world.inner_client.pk,
    }  # fmt: skip
    assert "tull" not in str(known[0].data)
    assert known[0].place == "127.0.0.1"


def test_a_client_that_asks_too_often_is_told_to_wait(reader):
    make.decide("fhir.requests_per_min", 2)
    answers = [reader.get("Location") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert problem(answers[2])[0] == "throttled"
    assert answers[2].headers["Retry-After"] == "5"


def test_what_cannot_be_logged_is_not_given_out(reader, plain, monkeypatch, caplog):
    def cannot(**_):
        raise RuntimeError(f"Siv {plain.national_id}")

    monkeypatch.setattr(audit, "log_client_reads", cannot)
    for answer in (reader.get(f"Patient/{plain.pk}"), reader.get("Encounter")):
        assert (answer.status_code, problem(answer)[0]) == (500, "exception")
        assert plain.national_id not in answer.content.decode()
    assert plain.national_id not in [one.getMessage() for one in caplog.records]


def test_vital_signs_that_were_written_wrong_do_not_hide_the_rest(world, reader):
    """A value that no rule of today would let in: told, or left out, never a fault."""
    VitalSigns.objects.filter(values__has_key="consciousness").update(
        values={"consciousness": "Q", "pulse": None, "spo2": "95"}, news2=None
    )
    assert reader.get("Observation").status_code == 200


def test_moments_are_told_in_utc(reader, plain):
    told = reader.found("Encounter", {"patient": plain.pk})
    assert told[0]["period"]["start"] == make.NOW.astimezone(UTC).strftime(
        "%Y-%m-%dT%H:%M:%S.000Z"
    )
