"""The alarms' and the telephone's doors against what their description can think of.

schemathesis makes messages from /api/openapi.json, right ones and wrong ones, and compares
the answers with the description. Each is signed, so that it gets past the lock.
"""

import io

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from tests import make
from tests.signed_door import ALARMS, TELEPHONY
from varde.apps.records.models import (
    Alarm,
    AlarmSignal,
    Call,
    DatedSetting,
    TelephonyEvent,
)


# What a door makes of its messages, and how it keeps each of them.
MADE_BY = {ALARMS: (Alarm, AlarmSignal), TELEPHONY: (Call, TelephonyEvent)}
AS_DESCRIBED = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
BOUNDED = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def one_connection(db):
    """The server at work inside the test's transaction, as with Django's own client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(params=MADE_BY, ids=lambda door: door.name)
def door(request):
    return request.param


@pytest.fixture
def operation(one_connection, door):
    make.settings()
    make.sentral()
    door.forget_senders()
    DatedSetting.objects.filter(key=f"{door.name}.refused_per_min").update(value=9999)
    api = schemathesis.openapi.from_wsgi(
        "/api/openapi.json", signing(get_wsgi_application(), door=door)
    )
    return api[door.address]["POST"]


def signing(application, *, door):
    """The same application, for a sender who signs whatever is sent."""

    def signed(environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        environ["HTTP_X_VARDE_SIGNATURE"] = door.sign(body)
        return application(environ, start_response)

    return signed


def here_and_now(told):
    """What the description cannot say: a sentral that there is, and a moment just now."""
    if isinstance(told, list):
        return [here_and_now(one) for one in told]
    moment = timezone.now().isoformat()
    return told | {
        "sentral": "HEL",
        "occurred_at": moment,
        "event_id": told["event_id"],
    }


def test_every_message_that_fits_the_description_is_taken_in(operation, door):
    @given(case=operation.as_strategy(GenerationMode.POSITIVE))
    @BOUNDED
    def sent(case):
        case.body = here_and_now(case.body)
        answer = case.call()
        case.validate_response(
            answer, checks=[*AS_DESCRIBED, checks.positive_data_acceptance]
        )
        assert answer.status_code == 202
        many = case.body if isinstance(case.body, list) else [case.body]
        receipt = answer.json()
        assert receipt["accepted"] + receipt["duplicates"] == len(many)

    sent()
    made, _ = MADE_BY[door]
    assert made.objects.exists()


def test_no_message_that_does_not_fit_is_taken_in_and_none_is_a_server_error(
    operation, door
):
    @given(case=operation.as_strategy(GenerationMode.NEGATIVE))
    @BOUNDED
    def sent(case):
        answer = case.call()
        case.validate_response(
            answer, checks=[*AS_DESCRIBED, checks.negative_data_rejection]
        )
        assert 400 <= answer.status_code < 500

    sent()
    _, kept = MADE_BY[door]
    assert not kept.objects.exists()
