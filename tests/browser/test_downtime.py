"""The page for when the server is gone, opened as a file with the network cut."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from varde.apps.records.models import CallBack, Outcome
from varde.apps.sentral import downtime


@pytest.fixture
def board(world, tmp_path, settings):
    """A page with something in every list, taken so many minutes ago."""
    settings.VARDE_HOME, settings.SNAPSHOT_DIR = tmp_path, None
    now = timezone.now()
    nurse = make.operator("kari", first_name="Kari", last_name="Nordvik")
    patient = make.patient(given_name="Ingrid", family_name="Vik", address="Elvegata 3")
    contact = make.contact(
        patient=patient, owner=nurse, hastegrad_phone="akutt", complaint="brystsmerter"
    )
    make.contact(hastegrad_phone="rad")
    make.call(ringing_at=now, caller_number="90000001")
    make.call(ringing_at=now, state="answered", owner=nurse, contact=contact)
    for kind in ("attendance", "home_visit"):
        Outcome.objects.create(
            contact=contact,
            district=contact.district,
            kind=kind,
            created_at=now,
            created_by=nurse,
            promised_at=now,
        )
    CallBack.objects.create(
        sentral=world,
        district=world.host_district,
        kind="missed",
        number="90000002",
        created_at=now,
        due_at=now,
    )
    return lambda minutes: downtime.take(world, at=now - timedelta(minutes=minutes))


@pytest.fixture
def open_file(chromium):
    """Open a file with no network. Anything asked for, and any complaint, is a fault."""
    windows, problems = [], []

    def open_it(file, **context):
        window = chromium.new_context(offline=True, **context)
        windows.append(window)
        page = window.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text))
        page.on(
            "request",
            lambda asked: (
                problems.append(asked.url) if asked.url != file.as_uri() else None
            ),
        )
        page.goto(file.as_uri())
        return page

    yield open_it
    for window in windows:
        window.close()
    assert problems == []


@pytest.mark.parametrize("width", [390, 1440])
def test_it_opens_without_a_server_and_without_faults(board, open_file, width):
    page = open_file(board(0), viewport={"width": width, "height": 900})
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("table", name="Åpne kontakter (2)")).to_contain_text(
        "Ingrid Vik"
    )
    expect(page.get_by_role("table", name="Skriv for hånd")).to_be_visible()
    faults(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width + 1


@pytest.mark.parametrize(
    ("minutes", "words", "is_old"),
    [
        (0, "Under ett minutt gammel.", False),
        (2, "2 min gammel.", False),
        (3, "3 min gammel.", True),
        (119, "119 min gammel.", True),
        (120, "2 timer gammel.", True),
        (-5, "Klokka på denne maskinen går feil.", True),
    ],
)
def test_it_says_how_old_it_is(board, open_file, minutes, words, is_old):
    page = open_file(board(minutes))
    age = page.locator(".age")
    expect(age).to_have_text(words)
    assert ("old" in age.get_attribute("class").split()) is is_old


def test_without_scripts_the_time_it_was_taken_stands_there(board, open_file):
    page = open_file(board(0), java_script_enabled=False)
    expect(page.locator(".age")).to_have_text("Alderen regnes fra klokkeslettet.")
    expect(page.locator("header time")).to_be_visible()


def test_its_own_policy_stops_any_other_script_and_style(board, tmp_path, chromium):
    file = tmp_path / "endret.html"
    changed = (
        board(0)
        .read_text()
        .replace(
            "</main>",
            "</main><script>document.title = 'X'</script>"
            "<style>h1 { display: none }</style>",
        )
    )
    file.write_text(changed)
    window = chromium.new_context(offline=True)
    refused = []
    try:
        page = window.new_page()
        page.on("console", lambda said: refused.append(said.text))
        page.goto(file.as_uri())
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".age")).to_have_text("Under ett minutt gammel.")
        assert page.title().startswith("Tavla ved nedetid")
    finally:
        window.close()
    assert len([text for text in refused if "Content Security Policy" in text]) == 2


def test_it_prints_with_nothing_cut_off(board, open_file):
    page = open_file(board(0))
    page.emulate_media(media="print")
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert (
        pdf.count(b"/Type /Page\n") >= 2
    )  # the lines for writing have their own sheet
    hidden = page.evaluate(
        "[...document.querySelectorAll('.scroll')]"
        ".filter(box => getComputedStyle(box).overflowX !== 'visible').length"
    )
    assert hidden == 0
