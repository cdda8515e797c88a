"""For the tests of the FHIR API: an authorization server, a client of it, and odd rows."""

import json
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from tests import make
from varde.apps.api.fhir import keys
from varde.apps.records.models import (
    ApiClient,
    Assessment,
    FastlegeNote,
    FastlegeSlot,
    Outcome,
    Patient,
    VitalSigns,
)
from varde.config.env import TokenIssuer
from varde.domain.national_id import IdKind


BASE = "/api/fhir/R4"
ISSUER = "https://login.example.no"
AUDIENCE = "varde-fhir"
ALL = ["system/*.read"]


@dataclass
class AuthorizationServer:
    """Issues tokens as HelseID does to machines; its keys are in a file."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def open(self, settings):
        """Let Varde trust it."""
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        self.file.write_text(
            json.dumps({"keys": [public | {"kid": "k1", "use": "sig", "alg": "ES256"}]})
        )
        settings.FHIR_TOKENS = TokenIssuer(
            issuer=ISSUER, audience=AUDIENCE, keys=str(self.file), scope_prefix=""
        )
        keys.forget()
        return self

    @cached_property
    def file(self):
        return self.folder / "jwks.json"

    def token(self, *, head=None, key=None, algorithm="ES256", **claims):
        """A token as it should be, but for what is said otherwise. None: left out."""
        now = int(time.time())
        whole = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + 300,
            "client_id": "fastlegeportal",
            "scope": "system/*.read",
        } | claims
        return jwt.encode(
            {name: value for name, value in whole.items() if value is not None},
            key or self.key,
            algorithm=algorithm,
            headers={"kid": "k1", "typ": "at+jwt"} | (head or {}),
        )


def api_client(*districts, client_id="fastlegeportal", scopes=ALL, **fields):
    """A system that may read in some districts."""
    made = ApiClient.objects.create(
        client_id=client_id,
        scopes=list(scopes),
        made_at=make.NOW,
        **{"name": "Fastlegeportalen", "purpose": "TREAT", "valid_from": make.LONG_AGO}
        | fields,
    )
    made.districts.set(districts)
    return made


@dataclass
class Reader:
    """Asks the API as a client with a token."""

    token: str
    http: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path, query=None, **headers):
        return self.http.get(
            path if path.startswith("/") else f"{BASE}/{path}",
            query,
            headers={"authorization": f"Bearer {self.token}"} | headers,
        )

    def post(self, path, body, *, content_type=None, **headers):
        return self.http.post(
            f"{BASE}/{path}",
            body,
            content_type=content_type or "application/x-www-form-urlencoded",
            headers={"authorization": f"Bearer {self.token}"} | headers,
        )

    def found(self, path, query=None, **headers):
        """The resources of a page."""
        answer = self.get(path, query, **headers)
        assert answer.status_code == 200, answer.content
        return [
            one["resource"]
            for one in answer.json().get("entry", [])
            if one["search"]["mode"] == "match"
        ]


SIGNS = {
    "respiration_rate": 18,
    "spo2": 95,
    "on_oxygen": False,
    "systolic_bp": 128,
    "pulse": 88,
    "consciousness": "A",
    "temperature_c": 37.4,
    "news2": {"total": 1, "band": "low"},
}


@dataclass
class World:
    """A house with people and patients of every odd kind, and something of each type."""

    house: make.House = field(default_factory=make.house)
    slots: int = 0

    def __post_init__(self):
        house = self.house
        house.vefsn.save()
        self.fastlege = make.fastlege(lets_us_book=True)
        self.index = make.index_in_use(of=house.inner)
        of = house.inner
        self.patients = {
            "plain": make.patient(
                of=of,
                national_id=make.national_id(1),
                id_kind=IdKind.FODSELSNUMMER,
                given_name="Siv Åse",
                family_name="Bø",
                birth_date=date(1984, 5, 17),
                sex=Patient.Sex.WOMAN,
                phone="41234567",
                address="Storgata 1 <b>",
                municipality=house.vefsn,
                language="norsk",
                fastlege=self.fastlege,
            ),
            "unknown": make.patient(
                of=of,
                given_name="",
                family_name="",
                estimated_age=40,
                description="rød jakke",
                sex="9",
            ),
            "no birth date": make.patient(
                of=of, national_id="81234567890", id_kind=IdKind.FH_NUMBER
            ),
            "protected": make.patient(
                of=of,
                protection="strictly",
                address="Hemmelig vei 7",
                phone="99887766",
                municipality=house.alstahaug,
                national_id=make.national_id(2),
                id_kind=IdKind.FODSELSNUMMER,
            ),
            "foreign": make.patient(
                of=of, country="DE", other_id="C01X00T47", given_name="Jürgen\u00a0K"
            ),
            "h-number": make.patient(
                of=of, national_id="17448400000", id_kind=IdKind.H_NUMBER
            ),
        }
        self.patients["merged"] = make.patient(
            of=of, merged_into=self.patients["plain"]
        )
        self.elsewhere = make.patient(
            of=house.outer,
            national_id=make.national_id(3),
            id_kind=IdKind.FODSELSNUMMER,
        )
        for number, one in enumerate(self.patients.values()):
            self.full_contact(one, number=number)
        self.full_contact(None, number=20)
        self.full_contact(
            self.elsewhere, number=30, district=house.outer, station=house.strand
        )
        type(house.elv).objects.filter(pk=house.elv.pk).update(
            latitude=65.8, longitude=13.2, phone="75123456", address="Sykehusveien 1"
        )

    def full_contact(self, patient, *, number, district=None, station=None):
        """A contact with one of each thing that hangs on it."""
        house = self.house
        at = make.NOW - timedelta(hours=number)
        scoped = {"district": district or house.inner}
        row = make.contact(
            at=house.sentral,
            opened_at=at,
            patient=patient,
            state="closed" if number % 2 else "in_care",
            closed_at=at + timedelta(hours=1) if number % 2 else None,
            closed_by=house.kari if number % 2 else None,
            opened_by=house.kari,
            channel="phone" if number % 3 else "door",
            hastegrad_phone="haster",
            hastegrad_arrival="gul" if number % 2 else "",
            reason_code="R74" if number % 2 else "",
            station=(station or house.elv) if number % 3 else None,
            **scoped,
        )
        make.attendance(
            row,
            at=station or house.elv,
            arrived_at=at + timedelta(minutes=30),
            by=house.kari,
            **(
                {"ended_at": at + timedelta(hours=2), "end": "left"}
                if number % 2
                else {}
            ),
        )
        for axis, level in (("phone", "akutt"), ("arrival", "gronn")):
            Assessment.objects.create(
                contact=row,
                axis=axis,
                hastegrad=level,
                by_criteria="" if number else "rod" if axis == "arrival" else "akutt",
                reason_lowered="pasienten\x0b går" if number else "",
                index_version=self.index if number else None,
                by=house.kari,
                occurred_at=at,
                recorded_at=at,
                **scoped,
            )
        measured = SIGNS if number % 2 == 0 else {"pulse": 91, "news2": {}}
        VitalSigns.objects.create(
            contact=row,
            values=measured,
            news2=1 if number % 2 == 0 else None,
            by=house.kari,
            occurred_at=at,
            recorded_at=at,
            **scoped,
        )
        states = ["open", "done", "cancelled"]
        for kind in ("attendance", "home_visit"):
            Outcome.objects.create(
                contact=row,
                kind=kind,
                state=states[number % 3],
                note="tar med resept" if number else "",
                station=(station or house.elv) if number else None,
                owner=house.ola if number % 2 else None,
                owner_role="doctor",
                created_at=at,
                created_by=house.kari,
                due_at=at + timedelta(hours=1),
                promised_at=at + timedelta(hours=1) if kind == "attendance" else None,
                settled_at=at + timedelta(hours=2) if number % 3 else None,
                **scoped,
            )
        self.slots += 1
        FastlegeSlot.objects.create(
            fastlege=self.fastlege,
            starts_at=make.NOW + timedelta(days=2, minutes=20 * self.slots),
            contact=row,
            booked_at=at,
        )
        for version, state in enumerate(["received", "failed", "sent", "queued"], 1):
            FastlegeNote.objects.create(
                contact=row,
                version=version,
                fastlege=self.fastlege,
                text="Kontakt\nFeber & <hoste>\x0c\nPlan: se an",
                state=state,
                queued_at=at + timedelta(hours=version),
                sent_at=at + timedelta(hours=version + 1)
                if state != "queued"
                else None,
                received_at=at + timedelta(hours=9) if state == "received" else None,
                **scoped,
            )
        return row
