"""The words of the sentral: every refusal, every event and every choice has some."""

import re
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

import pytest
from django.utils import translation

from varde.apps.records.events import Happened
from varde.apps.records.models import (
    Contact,
    Duty,
    InterpreterRequest,
    Outcome,
    Patient,
)
from varde.apps.sentral import messages
from varde.apps.sentral.services.contacts.values import (
    CONTACT_FIELDS,
    PATIENT_FIELDS,
    Why,
)
from varde.domain import errors
from varde.domain.contact import OpenKind
from varde.domain.errors import Rule, RuleBroken
from varde.domain.hastegrad import ARRIVAL, PHONE
from varde.domain.national_id import IdFault
from varde.domain.news2 import Sign


def values_that_come_along():
    """Rule name -> the names in its comment, as errors.py documents them."""
    text = Path(errors.__file__).read_text("utf-8")
    return {
        name: set(re.findall(r"[a-z_0-9]+", comment.split(":")[0]))
        for name, comment in re.findall(
            r"^    ([A-Z_0-9]+) = auto\(\)(.*)$", text, re.M
        )
    }


@pytest.mark.parametrize("rule", list(Rule))
def test_every_refusal_has_words_that_need_only_what_comes_along(rule):
    with translation.override("nb"):
        words = str(messages.TEXT[rule])
    assert words.strip()
    needed = {name for _, name, _, _ in Formatter().parse(words) if name}
    assert needed <= values_that_come_along()[rule.name]


@pytest.mark.parametrize(
    ("enum", "words"),
    [
        (Happened, messages.EVENT),
        (Outcome.Kind, messages.OUTCOME),
        (Outcome.State, messages.OUTCOME_STATE),
        (Contact.Channel, messages.CHANNEL),
        (Patient.Protection, messages.PROTECTION),
        (InterpreterRequest.Result, messages.INTERPRETER),
        (Duty.Post, messages.POST),
        (OpenKind, messages.OPEN_ITEM),
        (IdFault, messages.ID_FAULT),
        (Why, messages.WHY),
        (PHONE.codes + ARRIVAL.codes, messages.HASTEGRAD),
        (sorted(CONTACT_FIELDS | PATIENT_FIELDS) + list(Sign), messages.FIELD),
    ],
    ids=str,
)
def test_every_choice_has_words(enum, words):
    assert [each for each in enum if not str(words.get(each, "")).strip()] == []


def explain(rule, **values):
    with translation.override("nb"):
        return messages.explain(RuleBroken(rule, **values))


def test_a_refusal_reads_as_a_sentence():
    assert explain(Rule.REASON_NEEDED_TO_LOWER, before="akutt", after="rad") == (
        "Oppgi en grunn for å sette hastegraden fra akutt ned til råd."
    )
    assert explain(Rule.FIELD_NOT_VALID, field="birth_date", why="not_a_date") == (
        "Fødselsdato: datoen finnes ikke."
    )
    assert explain(Rule.NATIONAL_ID_NOT_VALID, why="wrong_length") == (
        "Nummeret stemmer ikke: det skal ha 11 siffer (DUF-nummer 12)."
    )
    assert explain(Rule.NOT_YOURS, owner="") == (
        "Du har den ikke lenger. Nå har ingen den."
    )
    items = "amk_not_acknowledged, outcome_not_given"
    assert explain(Rule.CONTACT_HAS_OPEN_ITEMS, items=items) == (
        "Før kontakten kan lukkes: 113 har ikke kvittert, tiltak er ikke valgt."
    )


def test_a_moment_today_is_a_time_and_another_day_has_its_date(monkeypatch):
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    today = explain(Rule.CONTACT_IS_CLOSED, closed_at="2026-11-20T11:05:00+00:00")
    before = explain(Rule.CONTACT_IS_CLOSED, closed_at="2026-11-19T11:05:00+00:00")
    assert "kl. 12:05" in today
    assert "19. november 12:05" in before
    assert explain(Rule.CONTACT_IS_CLOSED, closed_at="").startswith("Kontakten")


def test_a_value_that_is_no_code_is_shown_as_it_is():
    assert "xyz" in explain(Rule.FIELD_UNKNOWN, field="xyz")


def test_an_event_says_what_it_is_about():
    with translation.override("nb"):
        words = messages.event_words
        assert words("fields_saved", {"fields": ["narrative", "place"]}) == (
            "Skrevet: journal, sted"
        )
        assert words("outcome_added", {"outcome": "kad"}) == "Tiltak: KAD-seng"
        assert words("assessed", {"hastegrad": "haster"}) == "Hastegrad: haster"
        assert words("reason_set", {"code": "R74"}) == "Årsak: R74"
        assert words("opened", {}) == "Åpnet"
        assert words("something_new", {}) == "something_new"
