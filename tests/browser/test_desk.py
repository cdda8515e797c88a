"""The operator's journeys, by keyboard, in a real browser against the real server."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_missions import wait_until
from tests.keys import Keys
from varde.apps.records.models import Contact, Outcome
from varde.domain.national_id import make_synthetic


MOST_PRESSES = 40  # a full contact; to raise it is to make the nurse's night longer


@pytest.fixture
def nurse(world):
    return make.operator("kari", first_name="Kari", last_name="Nordvik")


@pytest.fixture
def patient(world):
    number = make_synthetic(birth_date=date(1984, 5, 17), serial=1, female=True).digits
    return make.patient(
        national_id=number,
        given_name="Ingrid",
        family_name="Testesen",
        birth_date=date(1984, 5, 17),
        municipality=make.municipality(),
        phone="90000001",
        fastlege=make.fastlege(),
    )


def test_a_call_is_answered_judged_and_closed_by_keyboard_alone(
    open_page, nurse, patient, record_property
):
    make.call(ringing_at=timezone.now(), caller_number="90000001")
    page = open_page(nurse)
    keys = Keys(page)

    expect(page.get_by_role("button", name="Svar")).to_be_visible()
    keys.press("F2")
    search = page.get_by_label("Fødselsnummer, navn, fødselsdato eller telefon")
    expect(search).to_be_focused()
    keys.type(patient.national_id)
    keys.press("Enter")
    complaint = page.get_by_label("Problem, med vanlige ord")
    expect(complaint).to_be_focused()
    keys.type("hoste")
    keys.press("Enter")
    expect(page.get_by_text("Røde flagg – spør om disse først")).to_be_visible()
    keys.press("0")
    milde = page.locator(".check:has(.hastegrad-rad) input").first
    keys.press(milde.get_attribute("data-key"))
    keys.press("Enter")
    expect(page.locator(".contact-head .hastegrad")).to_have_text("Råd")
    expect(page.get_by_role("button", name="Råd på telefon")).to_be_focused()
    keys.press("1")
    expect(page.locator(".outcome")).to_contain_text("Råd på telefon")
    expect(page.locator("[name=code][data-focus-next]")).to_be_focused()
    keys.press("Enter")  # the first suggested reason
    expect(page.get_by_role("button", name="Ja j")).to_be_focused()
    keys.press("j")
    expect(page.get_by_role("button", name="Avslutt kontakten")).to_be_focused()
    keys.press("Control+Enter")
    expect(page.locator(".contact-head")).to_contain_text("Avsluttet")

    contact = Contact.objects.get()
    assert contact.state == "closed"
    assert contact.ended_in_advice is True
    assert contact.reason_code
    print(f"\nA full contact took {len(keys.pressed)} key presses.")
    record_property("key_presses", len(keys.pressed))
    assert len(keys.pressed) <= MOST_PRESSES


def test_of_two_who_answer_at_once_one_has_it_and_the_other_sees_who(
    open_page, nurse, world
):
    make.call(ringing_at=timezone.now(), caller_number="90000002")
    other = make.operator("ola", first_name="Ola", last_name="Sørli")
    first = open_page(nurse)
    second = open_page(other)
    expect(second.get_by_role("button", name="Svar")).to_be_visible()
    first.keyboard.press("F2")
    expect(first.get_by_role("heading", name="Ny kontakt")).to_be_visible()
    expect(second.locator("[data-part=queue]")).to_contain_text("Kari Nordvik")
    expect(second.get_by_role("button", name="Svar")).to_have_count(0)


def test_what_is_typed_survives_a_reload_and_reaches_the_server(
    open_page, nurse, world
):
    make.call(ringing_at=timezone.now(), caller_number="90000003")
    page = open_page(nurse)
    page.keyboard.press("F2")
    journal = page.get_by_label("Journal: det som blir fortalt")
    expect(page.locator("#patient-search")).to_be_focused()
    page.context.set_offline(True)
    journal.fill("Vondt i magen siden i går")
    page.wait_for_timeout(700)
    assert Contact.objects.get().narrative == ""
    page.context.set_offline(False)
    page.problems.clear()  # the browser itself complains of the cut
    page.reload()
    expect(journal).to_have_value("Vondt i magen siden i går")
    expect(page.locator("[data-save-state]")).to_have_text("Alt er lagret")
    assert Contact.objects.get().narrative == "Vondt i magen siden i går"


def test_red_starts_the_clock_for_113_and_alarms_the_other_screen(
    open_page, nurse, patient
):
    make.call(ringing_at=timezone.now(), caller_number="90000001")
    page = open_page(nurse)
    page.keyboard.press("F2")
    page.get_by_role("button", name="Ingrid Testesen").click()
    complaint = page.get_by_label("Problem, med vanlige ord")
    expect(complaint).to_be_focused()
    complaint.fill("brystsmerter")
    page.keyboard.press("Enter")
    page.locator(".check:has(.hastegrad-akutt) input").first.check()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="113")).to_be_visible()
    expect(page.get_by_role("button", name="Konferanse med 113")).to_be_focused()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 400])
def test_the_desk_has_no_accessibility_faults(
    open_page, nurse, patient, color_scheme, width
):
    make.call(ringing_at=timezone.now(), caller_number="90000001")
    make.call(ringing_at=timezone.now(), caller_number="90000009", priority=1)
    page = open_page(
        nurse,
        color_scheme=color_scheme,
        viewport={"width": width, "height": 900},
    )
    faults(page)
    page.keyboard.press("F2")
    expect(page.get_by_label("Problem, med vanlige ord")).to_be_visible()
    page.get_by_label("Problem, med vanlige ord").fill("feber")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Røde flagg – spør om disse først")).to_be_visible()
    faults(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    faults(page)


# What fades in has its colours when it has come, and what was swapped in is settled.
AT_REST = """async () => {
  const until = performance.now() + 10_000;
  for (let calm = 0; calm < 3 && performance.now() < until; calm += 1) {
    await new Promise(requestAnimationFrame);
    const isMoving = document.getAnimations().some((one) => one.playState === "running");
    const swapped = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added";
    if (isMoving || document.querySelector(swapped)) calm = -1;
  }
}"""


def faults(page, only=None):
    """axe finds nothing on the page as it stands; `only` by this rule of its."""
    page.wait_for_load_state()
    page.evaluate(AT_REST)
    options = {"resultTypes": ["violations"]}  # the rest would be half of the time
    if only:
        options["runOnly"] = {"type": "rule", "values": [only]}
    found = Axe().run(page, options=options)
    assert found.violations_count == 0, found.generate_report()


def test_what_is_typed_before_the_contact_is_there_waits_for_it(
    open_page, nurse, patient
):
    make.call(ringing_at=timezone.now(), caller_number="90000009")
    make.call(ringing_at=timezone.now(), caller_number="90000008")
    page = open_page(nurse)
    page.keyboard.press("F2")
    expect(page.locator("#patient-search")).to_be_focused()
    page.keyboard.press("Escape")  # now a digit is a key of the contact in hand
    held = []
    page.route("**/svar/", lambda route: held.append(route))
    page.keyboard.press("F2")
    page.keyboard.type("Ingrid1")
    page.keyboard.press("Backspace")
    wait_until(page, lambda: held)
    (route,) = held
    route.continue_()
    search = page.locator("#patient-search")
    expect(search).to_be_focused()
    expect(search).to_have_value("Ingrid")
    expect(page.get_by_role("button", name="Ingrid Testesen")).to_be_visible()
    assert Outcome.objects.count() == 0


def test_news_that_come_before_the_next_contact_do_not_carry_the_journal_over(
    open_page, nurse
):
    make.call(ringing_at=timezone.now(), caller_number="90000009")
    make.call(ringing_at=timezone.now(), caller_number="90000008")
    page = open_page(nurse)
    page.keyboard.press("F2")
    expect(page.locator("#patient-search")).to_be_focused()
    first = page.locator("[data-news]").get_attribute("data-contact")
    page.keyboard.press("Alt+5")
    page.keyboard.type("Om den første")
    held = []
    page.route("**/svar/", lambda route: held.append(route))
    page.keyboard.press("F2")
    wait_until(page, lambda: held)
    with page.expect_response("**/nytt/**"):
        page.evaluate(
            "id => document.dispatchEvent(new CustomEvent('varde:contact', {detail: id}))",
            first,
        )
    page.wait_for_timeout(200)
    held[0].continue_()
    expect(page.locator("[data-news]")).not_to_have_attribute("data-contact", first)
    expect(page.locator("#patient-search")).to_be_focused()
    expect(page.get_by_label("Journal: det som blir fortalt")).to_have_value("")


def test_after_a_gap_in_the_stream_the_contact_in_hand_is_read_again(open_page, nurse):
    make.call(ringing_at=timezone.now(), caller_number="90000009")
    page = open_page(nurse)
    page.keyboard.press("F2")
    expect(page.locator("#patient-search")).to_be_focused()
    page.keyboard.press("Alt+5")
    page.keyboard.type("Vondt i ma")
    with page.expect_response("**/nytt/**"):
        page.evaluate("document.dispatchEvent(new CustomEvent('varde:resync'))")
    page.keyboard.type("gen")
    journal = page.get_by_label("Journal: det som blir fortalt")
    expect(journal).to_have_value("Vondt i magen")
    expect(journal).to_be_focused()


def test_the_journal_of_one_contact_does_not_follow_to_the_next(open_page, nurse):
    make.call(ringing_at=timezone.now(), caller_number="90000009")
    make.call(ringing_at=timezone.now(), caller_number="90000008")
    page = open_page(nurse)
    page.keyboard.press("F2")
    expect(page.locator("#patient-search")).to_be_focused()
    page.keyboard.press("Alt+5")
    page.keyboard.type("Om den første")
    page.keyboard.press("F2")
    expect(page.locator("#patient-search")).to_be_focused()
    expect(page.locator("[name=narrative]")).to_have_value("")
    expect(page.locator("[data-save-state]")).to_have_text("Alt er lagret")
    first, second = Contact.objects.order_by("pk")
    # Its own contact's draft is sent in the background.
    wait_until(page, lambda: first.refresh_from_db() or first.narrative)
    second.refresh_from_db()
    assert (first.narrative, second.narrative) == ("Om den første", "")


def test_the_same_key_twice_is_two_calls_though_the_list_is_old(open_page, nurse):
    first = make.call(ringing_at=timezone.now(), caller_number="90000009")
    second = make.call(ringing_at=timezone.now(), caller_number="90000008")
    page = open_page(nurse)
    page.evaluate("document.querySelector('[data-part=queue]').dataset.part = 'still'")
    page.keyboard.press("F2")
    expect(page.locator("#patient-search")).to_be_focused()
    expect(page.locator(f"#answer-{first.pk}")).to_be_disabled()
    page.keyboard.press("F2")
    expect(page.locator(f"#answer-{second.pk}")).to_be_disabled()
    wait_until(page, lambda: Contact.objects.count() == 2)


def test_a_list_that_comes_late_does_not_give_the_same_call_again(open_page, nurse):
    first = make.call(ringing_at=timezone.now(), caller_number="90000009")
    make.call(ringing_at=timezone.now(), caller_number="90000008")
    page = open_page(nurse)
    page.evaluate(
        """() => {
          window.list = document.querySelector('[data-part=queue]');
          window.list.dataset.part = 'still';
          window.before = window.list.innerHTML;
          const now = Date.now();  // it is late, however slow this machine is, and not old
          Date.now = () => now;
        }"""
    )
    page.keyboard.press("F2")
    expect(page.locator("#patient-search")).to_be_focused()
    page.evaluate("""() => {
      window.list.innerHTML = window.before;
      htmx.process(window.list);
    }""")
    expect(page.locator(f"#answer-{first.pk}")).to_be_enabled()
    page.keyboard.press("F2")
    wait_until(page, lambda: Contact.objects.count() == 2)


def test_enter_does_not_guess_between_people_of_the_same_name(open_page, nurse):
    for year in (1950, 2020):
        make.patient(given_name="Per", family_name="Like", birth_date=date(year, 1, 1))
    make.call(ringing_at=timezone.now(), caller_number="90000009")
    page = open_page(nurse)
    page.keyboard.press("F2")
    page.locator("#patient-search").fill("Like")
    page.keyboard.press("Enter")
    expect(page.locator("#patient-hits button").first).to_be_focused()
    assert Contact.objects.get().patient is None
    page.keyboard.press("Enter")
    expect(page.get_by_label("Problem, med vanlige ord")).to_be_focused()
