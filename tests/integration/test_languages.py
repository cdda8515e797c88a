"""The screens in nynorsk and English: words, dates, and the choice in the user's menu."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests import make
from varde.apps.sentral import messages
from varde.domain.errors import Rule, RuleBroken


@pytest.fixture
def kari(db):
    """A client of Kari's, at the desk."""
    house = make.house()
    client = Client()
    client.force_login(house.kari)
    return client


def in_language(client, language, path=None, **query):
    client.cookies["varde_language"] = language
    return client.get(path or reverse("sentral:desk"), query)


@pytest.mark.parametrize(
    ("language", "shown", "not_shown"),
    [
        ("nb", ["Ingen ringer.", "Ny kontakt uten anrop", "Logg ut"], ["No contact"]),
        ("nn", ["Ingen ringjer.", "Ny kontakt utan anrop", "Fråkopla"], ["uten anrop"]),
        ("en", ["Nobody is calling.", "New contact without a call", "Log out"],
         ["uten anrop", "Ingen ringer"]),
    ],
)  # fmt: skip
def test_the_desk_speaks_the_language_chosen(kari, language, shown, not_shown):
    answer = in_language(kari, language)
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["Content-Language"] == language
    assert [words for words in shown if words not in answer.text] == []
    assert [words for words in not_shown if words in answer.text] == []


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("nb", "1. mars 2026 – 14. mars 2026"),
        ("nn", "1. mars 2026 – 14. mars 2026"),
        ("en", "1 March 2026 – 14 March 2026"),
    ],
)
def test_dates_follow_the_language(kari, language, heading):
    answer = in_language(
        kari,
        language,
        reverse("sentral:numbers"),
        fra="2026-03-01",
        til="2026-03-14",
    )
    assert heading in answer.text


@pytest.mark.parametrize(
    ("language", "weekday"), [("nb", "Mandag"), ("nn", "Måndag"), ("en", "Monday")]
)
def test_the_days_of_the_week_follow_the_language(kari, language, weekday):
    answer = in_language(kari, language, reverse("sentral:numbers"))
    assert weekday in answer.text


def test_the_menu_changes_the_language_and_stays_on_the_page(kari):
    page = in_language(kari, "nb", reverse("sentral:numbers"), fra="2026-03-01")
    assert page.text.count('name="language"') == 3
    here = "/sentral/tall/?fra=2026-03-01"
    assert f'name="next" value="{here}"' in page.text
    answer = kari.post(reverse("set_language"), {"language": "en", "next": here})
    assert (answer.status_code, answer.url) == (302, here)
    assert '<html lang="en"' in kari.get(here).text


def test_the_menu_marks_the_language_in_use(kari):
    page = in_language(kari, "nn").text
    chosen = 'value="nn" lang="nn" aria-pressed="true"'
    assert chosen in page
    assert page.count('aria-pressed="true"') == 1


def test_a_refusal_is_explained_in_the_language_chosen():
    refusal = RuleBroken(Rule.HASTEGRAD_NOT_SET)
    with translation.override("nn"):
        assert messages.explain(refusal) == "Set hastegraden først."
    with translation.override("en"):
        assert messages.explain(refusal) == "Set the urgency (hastegrad) first."


def test_what_varde_writes_in_the_record_is_bokmaal_whatever_the_screen_speaks():
    with translation.override("en"):
        kept = messages.in_record(messages.CALLBACK_RANG_AGAIN)
        assert str(messages.CALLBACK_RANG_AGAIN) == "Called again and was answered."
    assert kept == "Ringte igjen og ble besvart."
