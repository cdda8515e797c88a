"""What live.js does in a page, with a stream that the test itself speaks through."""

import pytest
from playwright.sync_api import expect


SOURCE = """
window.sources = [];
window.EventSource = class extends EventTarget {
  static CONNECTING = 0; static OPEN = 1; static CLOSED = 2;
  constructor(address) {
    super();
    this.address = address;
    this.readyState = 0;
    window.sources.push(this);
  }
  close() { this.readyState = 2; }
};
window.say = (kind, data, id) => {
  const source = window.sources.at(-1);
  source.readyState = 1;
  const event = new MessageEvent(kind, { data: JSON.stringify(data), lastEventId: id ?? "" });
  source.dispatchEvent(event);
};
window.fail = (state) => {
  const source = window.sources.at(-1);
  source.readyState = state;
  source.dispatchEvent(new Event("error"));
};
window.heard = [];
for (const name of ["varde:drawn", "varde:contact", "varde:resync", "varde:closed"]) {
  document.addEventListener(name, (event) => window.heard.push([name, event.detail]));
}
"""

STOP_AHEAD_S = 5  # past what a busy machine needs to ask for it

PAGE = """<!doctype html><html lang="nb"><title>Prøve</title>
<body data-live="/live/?sentral=3&amp;parts=queue,notes" data-user="12"
      hx-headers='{"X-CSRFToken": "hemmelig"}'>
<span data-live-state role="status">Kobler til …</span>
<button id="outside">Utenfor</button>
<div data-part="queue"><p>gammelt</p></div>
<div data-part="notes"></div>
<script type="module" src="/static/web/live.js"></script>
</body></html>"""


@pytest.fixture
def page(chromium, server):
    window = chromium.new_context(base_url=server)
    shown = window.new_page()
    problems = []
    shown.on("pageerror", lambda error: problems.append(str(error)))
    shown.add_init_script(SOURCE)
    shown.clock.install()
    shown.route(
        "**/prove/", lambda route: route.fulfill(body=PAGE, content_type="text/html")
    )
    shown.goto("/prove/")
    shown.wait_for_function("window.sources.length === 1")
    yield shown
    window.close()
    assert problems == []


def say(page, kind, data=None, number=None):
    event_id = "" if number is None else f"aa.7.{number}"
    page.evaluate("([k, d, i]) => window.say(k, d, i)", [kind, data or {}, event_id])


def stop_the_clock(page):
    """From here on time goes only when the test lets it."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + STOP_AHEAD_S)


def draw(page, html, part="queue", number=None):
    say(page, "part", {"part": part, "html": html, "seq": 1}, number)


def test_a_part_is_drawn_and_its_page_told(page):
    draw(page, "<p>nytt</p>")
    queue = page.locator("[data-part=queue]")
    expect(queue).to_have_text("nytt")
    drawn = int(queue.get_attribute("data-drawn-at"))
    assert abs(drawn - page.evaluate("Date.now()")) < 5000
    assert page.evaluate("window.heard") == [["varde:drawn", "queue"]]


def test_it_connects_to_the_address_of_the_page_and_says_what_it_has(page):
    assert (
        page.evaluate("window.sources[0].address")
        == "/live/?sentral=3&parts=queue,notes"
    )
    draw(page, "a", number=1)
    page.evaluate("window.fail(EventSource.CLOSED)")
    page.clock.run_for(1_100)
    assert page.evaluate("window.sources.at(-1).address").endswith("&last=aa.7.1")


def test_a_field_is_never_taken_out_of_the_hands_of_the_one_who_types(page):
    draw(page, '<input id="note"><p>en</p>')
    page.locator("#note").focus()
    page.keyboard.type("Vondt i")
    draw(page, '<input id="note"><p>to</p>')
    draw(page, '<input id="note"><p>tre</p>')
    expect(page.locator("[data-part=queue] p")).to_have_text("en")
    page.keyboard.type(" magen")
    expect(page.locator("#note")).to_have_value("Vondt i magen")
    page.locator("#outside").focus()
    expect(page.locator("[data-part=queue] p")).to_have_text("tre")  # the newest
    expect(page.locator("#note")).to_have_value("Vondt i magen")  # and nothing is lost


@pytest.mark.parametrize(
    "field",
    [
        "<textarea id=f></textarea>",
        "<select id=f><option>a</select>",
        "<input id=f type=checkbox>",
    ],
)
def test_every_kind_of_field_is_waited_for(field, page):
    draw(page, f"{field}<p>en</p>")
    page.locator("#f").focus()
    draw(page, f"{field}<p>to</p>")
    expect(page.locator("[data-part=queue] p")).to_have_text("en")
    page.locator("#outside").focus()
    expect(page.locator("[data-part=queue] p")).to_have_text("to")


def test_from_field_to_field_within_a_part_it_still_waits(page):
    draw(page, '<input id="a"><input id="b"><p>en</p>')
    page.locator("#a").focus()
    draw(page, '<input id="a"><input id="b"><p>to</p>')
    page.keyboard.press("Tab")
    expect(page.locator("#b")).to_be_focused()
    expect(page.locator("[data-part=queue] p")).to_have_text("en")
    page.locator("#outside").focus()
    expect(page.locator("[data-part=queue] p")).to_have_text("to")


HEARD_CLICK = """document.addEventListener("click", (event) => {
  if (event.target.id === "b") window.heard.push("click");
})"""


@pytest.mark.parametrize("how", ["mouse", "space"])
def test_a_button_is_not_taken_away_while_it_is_pressed(how, page):
    page.evaluate(HEARD_CLICK)
    draw(page, '<button id="b">Ta</button><p>en</p>')
    button = page.locator("#b")
    if how == "mouse":
        button.hover()
        page.mouse.down()
    else:
        button.focus()
        page.keyboard.down("Space")
    draw(page, '<button id="b">Ta</button><p>to</p>')
    expect(page.locator("[data-part=queue] p")).to_have_text("en")
    if how == "mouse":
        page.mouse.up()
    else:
        page.keyboard.up("Space")
    expect(page.locator("[data-part=queue] p")).to_have_text("to")
    assert "click" in page.evaluate("window.heard")


def test_a_press_in_one_part_holds_up_no_other(page):
    draw(page, '<button id="b">Ta</button>')
    page.locator("#b").hover()
    page.mouse.down()
    draw(page, "nytt", part="notes")
    expect(page.locator("[data-part=notes]")).to_have_text("nytt")
    page.mouse.up()


def test_a_field_in_one_part_holds_up_no_other(page):
    draw(page, '<input id="a">')
    page.locator("#a").focus()
    draw(page, "nytt", part="notes")
    expect(page.locator("[data-part=notes]")).to_have_text("nytt")
    expect(page.locator("#a")).to_be_focused()


@pytest.mark.parametrize(
    "button",
    [
        '<button id="answer-7">Svar</button>',
        '<form method="post" action="/anrop/7/svar/"><button>Svar</button></form>',
        '<a href="/kontakt/7/">Kontakt</a>',
        '<button data-key="F2">Svar</button>',
    ],
)
def test_the_keyboard_stays_on_the_same_control(button, page):
    other = '<button id="x">Annet</button>'
    draw(page, f"{other}{button}")
    mine = page.locator("[data-part=queue] :is(button, a):not(#x)")
    mine.focus()
    draw(page, f"<p>ny rad</p>{other}{button}")
    expect(mine).to_be_focused()


def test_if_the_control_is_gone_the_keyboard_stays_at_the_part(page):
    draw(page, '<button id="answer-7">Svar</button>')
    page.locator("#answer-7").focus()
    draw(page, '<button id="answer-8">Svar</button>')
    expect(page.locator("[data-part=queue]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#answer-8")).to_be_focused()


def test_focus_outside_is_not_touched(page):
    page.locator("#outside").focus()
    draw(page, '<button autofocus id="b">Svar</button>')
    expect(page.locator("#outside")).to_be_focused()


def test_what_was_typed_and_not_sent_survives_without_focus(page):
    form = '<form action="/a/"><input name="about"></form>'
    draw(page, form)
    page.locator("[name=about]").fill("ringer tilbake")
    page.locator("#outside").focus()
    draw(page, f"<p>ny rad</p>{form}")
    expect(page.locator("[name=about]")).to_have_value("ringer tilbake")


CHOICES = """<form action="/a/">
<select name="who"><option value="">Velg</option><option value="1">Kari</option></select>
<label><input type="checkbox" name="good"> Fast</label>
<label><input type="radio" name="way" value="a" checked> Bil</label>
<label><input type="radio" name="way" value="b"> Buss</label>
<input type="date" name="on"></form>"""


def test_what_was_chosen_and_not_sent_survives_too(page):
    draw(page, CHOICES)
    page.locator("[name=who]").select_option("Kari")
    page.get_by_label("Fast").check()
    page.get_by_label("Buss").check()
    page.locator("[name=on]").fill("2026-05-17")
    page.locator("#outside").focus()
    draw(page, f"<p>ny rad</p>{CHOICES}")
    expect(page.locator("[name=who]")).to_have_value("1")
    expect(page.get_by_label("Fast")).to_be_checked()
    expect(page.get_by_label("Buss")).to_be_checked()
    expect(page.get_by_label("Bil")).not_to_be_checked()
    expect(page.locator("[name=on]")).to_have_value("2026-05-17")


def test_what_nobody_touched_is_as_the_server_says(page):
    draw(page, CHOICES)
    draw(page, CHOICES.replace('"1"', '"1" selected').replace("good", "good\" checked id=\"g"))  # fmt: skip
    expect(page.locator("[name=who]")).to_have_value("1")
    expect(page.get_by_label("Fast")).to_be_checked()


def test_a_choice_that_is_gone_is_not_made(page):
    draw(page, CHOICES)
    page.locator("[name=who]").select_option("Kari")
    page.locator("#outside").focus()
    draw(page, CHOICES.replace('<option value="1">Kari</option>', ""))
    expect(page.locator("[name=who]")).to_have_value("")


def test_what_was_refused_survives_every_drawing_with_its_reason(page):
    form = '<form action="/a/"{}>{}<input id="p" name="phone" value="{}"></form>'
    said = '<p class="problem" role="alert">Nummeret er ikke gyldig.</p>'
    page.evaluate(
        "html => document.querySelector('[data-part=queue]').innerHTML = html",
        form.format(" data-typed", said, "nora"),
    )
    for number in ("40000008", "40000009"):
        draw(page, form.format("", "", number))
        expect(page.locator("#p")).to_have_value("nora")
        expect(page.get_by_text("Nummeret er ikke gyldig.")).to_have_count(1)
    assert page.get_by_role("alert").count() == 0


@pytest.mark.parametrize("known_by", [' id="more"', ""])
def test_what_is_opened_stays_open(known_by, page):
    details = f"<details{known_by}><summary>Mer</summary>tekst</details>"
    other = "<details><summary>Annet</summary>tekst</details>"
    draw(page, details + other)
    page.get_by_text("Mer").click()
    draw(page, f"<p>ny rad</p>{other}{details}")
    opened = page.locator("details[open]")
    expect(opened).to_have_count(1)
    expect(opened).to_contain_text("Mer")


def test_a_form_gets_this_pages_own_token(page):
    draw(page, '<form method="post" action="/a/"></form><form action="/b/"></form>')
    posting = page.locator("form[method=post] [name=csrfmiddlewaretoken]")
    expect(posting).to_have_value("hemmelig")
    assert page.locator("form:not([method]) [name=csrfmiddlewaretoken]").count() == 0


def test_what_is_mine_is_marked_as_mine(page):
    draw(page, '<p data-owner="12">min</p><p data-owner="7">hennes</p>')
    expect(page.locator("[data-is-mine]")).to_have_text("min")


def test_a_changed_contact_is_told_by_its_id(page):
    say(page, "contact", {"c": 71})
    assert page.evaluate("window.heard") == [["varde:contact", 71]]


def test_the_page_says_whether_it_is_fresh(page):
    state = page.locator("[data-live-state]")
    stop_the_clock(page)  # the minute does not turn between what is said and asked
    say(page, "hello", number=1)
    expect(state).to_have_text("Direkte")
    expect(state).to_have_attribute("data-state", "on")
    page.evaluate("window.fail(EventSource.CONNECTING)")
    expect(state).to_have_text(
        r"Frakoblet siden kl. "
        + page.evaluate(
            "new Date().toLocaleTimeString('nb', {hour: '2-digit', minute: '2-digit'})"
        )
    )
    say(page, "resync", number=1)
    expect(state).to_have_text("Direkte")
    assert page.evaluate("window.heard") == [["varde:resync", None]]


def test_a_lost_database_is_said_too_and_keeps_its_first_time(page):
    say(page, "hello", number=1)
    say(page, "lost", number=2)
    state = page.locator("[data-live-state]")
    first = state.inner_text()
    assert first.startswith("Frakoblet siden kl.")
    for number in (3, 4, 5):  # more than a minute, and not silent
        page.clock.run_for(35_000)
        say(page, "lost", number=number)
    expect(state).to_have_text(first)
    say(page, "resync", number=6)
    expect(state).to_have_text("Direkte")


def test_a_hole_in_the_numbers_makes_it_read_everything_again(page):
    draw(page, "en", number=1)
    draw(page, "to", number=2)
    draw(page, "fire", number=4)
    expect(page.locator("[data-part=queue]")).to_have_text("to")
    assert page.evaluate("window.sources.length") == 2
    assert page.evaluate("window.sources.at(-1).address").endswith("&last=0.0.0")
    draw(page, "fire", number=1)
    expect(page.locator("[data-part=queue]")).to_have_text("fire")


def test_a_stream_that_the_browser_gave_up_is_tried_again_and_again(page):
    stop_the_clock(page)
    for pause in (1_000, 2_000, 4_000, 8_000, 15_000, 15_000):
        count = page.evaluate("window.sources.length")
        page.evaluate("window.fail(EventSource.CLOSED)")
        page.clock.run_for(pause - 50)
        assert page.evaluate("window.sources.length") == count
        page.clock.run_for(100)
        assert page.evaluate("window.sources.length") == count + 1


def test_a_stream_that_fell_silent_is_opened_anew(page):
    stop_the_clock(page)
    say(page, "beat")
    page.clock.run_for(30_000)
    say(page, "beat")
    page.clock.run_for(39_000)
    assert page.evaluate("window.sources.length") == 1
    page.clock.run_for(2_000)
    assert page.evaluate("window.sources.length") == 2
    expect(page.locator("[data-live-state]")).to_contain_text("Frakoblet")


def test_a_closed_session_is_not_knocked_on_until_the_screen_is_unlocked(page):
    stop_the_clock(page)
    say(page, "closed")
    expect(page.locator("[data-live-state]")).to_have_text("Låst eller logget ut")
    assert page.evaluate("window.heard") == [["varde:closed", None]]
    page.clock.run_for(120_000)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate("window.sources.length") == 1
    page.evaluate("document.dispatchEvent(new CustomEvent('varde:unlocked'))")
    assert page.evaluate("window.sources.length") == 2
    assert page.evaluate("window.sources.at(-1).address").endswith("&last=0.0.0")
