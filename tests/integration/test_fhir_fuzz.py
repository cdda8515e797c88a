"""Random searches and random addresses: whatever is asked, it is answered or refused."""

import json
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fhir import BASE, AuthorizationServer, Reader, World, api_client
from varde.apps.api.fhir.resources import KINDS
from varde.apps.records.models import DatedSetting


BOUNDED = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
NAMES = sorted({one.name for kind in KINDS.values() for one in kind.parameters})
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["1", "c-1", "Patient/1", "eq2026", "ge2026-11-20T10:00:00+01:00", "lt0001-01-01",
         "gt9999-12-31", "2026-11-20T10:00:00.123456789Z", "|", "a|b", "http://x|", "|b",
         "finished", "true", "a\\,b", "-1", "0", "1.1", "9" * 40, "5.1", "0.9",
         "urn:oid:2.16.578.1.12.4.1.4.1|17858400000", ",", "𝟙", "\x85", "c-０"]
    ),
    st.from_regex(r"(eq|ne|gt|lt|ge|le|sa|eb)?[0-9]{4}(-[0-9]{2}){0,2}", fullmatch=True),
    st.integers().map(str),
)  # fmt: skip
PARAMETERS = st.lists(
    st.tuples(
        st.one_of(
            st.sampled_from([*NAMES, "_count", "_after", "_format", "patient:Patient"]),
            st.text(max_size=12),
        ),
        VALUES,
    ),
    max_size=5,
)


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        api_client(world.house.inner)
        DatedSetting.objects.filter(key__startswith="fhir.").update(value=1_000_000)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def reader(house, db, settings, tmp_path):
    return Reader(AuthorizationServer(tmp_path).open(settings).token())


def check(answer):
    """Never a fault of ours, and always FHIR."""
    assert answer.status_code in {200, 400, 404, 405, 406, 413}, answer.content
    if answer.content:
        assert json.loads(answer.content)["resourceType"]


def test_no_search_is_a_server_error(reader):
    @given(
        kind=st.sampled_from(sorted(KINDS)),
        asked=PARAMETERS,
        by_post=st.booleans(),
        prefer=st.sampled_from(["", "handling=strict", "handling=lenient"]),
    )
    @BOUNDED
    def asked(kind, asked, by_post, prefer):
        query = urlencode(asked, errors="surrogatepass")
        if by_post:
            answer = reader.post(f"{kind}/_search", query, prefer=prefer)
        else:
            answer = reader.get(f"{kind}?{query}", prefer=prefer)
        if "%00" in query and not by_post:
            assert answer.status_code == 400  # refused before it reaches any view
            return
        check(answer)
        if answer.status_code == 200 and "_format" not in query:
            links = {x["relation"]: x["url"] for x in answer.json()["link"]}
            again = reader.get(links["self"].partition("/R4/")[2])
            if answer.json().get("entry"):
                matches = [e for e in answer.json()["entry"] if e.get("fullUrl")]
                repeated = [
                    e for e in again.json().get("entry", []) if e.get("fullUrl")
                ]
                assert again.status_code in {200, 400}  # a birth date is not linked
                if again.status_code == 200 and kind not in {"AuditEvent", "Patient"}:
                    assert repeated == matches  # the self link says what was asked

    asked()


def test_no_address_is_a_server_error(reader):
    @given(parts=st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=4))
    @BOUNDED
    def asked(parts):
        path = "/".join(quote(one, safe="", errors="surrogatepass") for one in parts)
        answer = reader.get(f"{BASE}/{path}")
        assert answer.status_code in {200, 301, 400, 404}

    asked()


def test_no_header_is_a_server_error(reader):
    printable = st.text(
        alphabet=st.characters(min_codepoint=32, max_codepoint=255), max_size=40
    )

    @given(
        name=st.sampled_from(["accept", "prefer", "if-none-match", "authorization"]),
        value=printable,
    )
    @BOUNDED
    def asked(name, value):
        answer = reader.get("Location/1", **{name: value})
        assert answer.status_code in {200, 304, 401, 404, 406}

    asked()
