"""What scenario_map.js tells of a place, in a page with two moments that differ."""

import json

from playwright.sync_api import expect


MOMENT = {"stationOf": [0, 0], "doctorsAt": [0], "bands": {"station": [0, 2], "doctor": [0, 2]}}  # fmt: skip
FIGURES = [
    {
        "title": "Som i dag",
        "isPlaced": False,
        "places": [
            {"name": "Sor", "people": 900, "at": [0, 0]},
            {"name": "Nord", "people": 100, "at": [45, 0]},
        ],
        "roads": [[0, 1]],
        "stations": [0],
        "moments": {
            "noon": {**MOMENT, "said": ["Sor: 0 min", "Nord: 45 min"]},
            "night": {**MOMENT, "said": ["Sor: 0 min", "Nord: 95 min"]},
        },
    }
]
PAGE = f"""<!doctype html><html lang="nb"><title>Prøve</title><body>
<section data-scenario-map hidden>
<select name="scenario"><option value="0">Som i dag</option></select>
<label><input type="radio" name="til" value="station" checked> stasjonen</label>
<label><input type="radio" name="moment" value="noon" checked> kl. 12</label>
<label><input type="radio" name="moment" value="night"> kl. 3</label>
<svg width="600" height="400"></svg><p data-map-said>Pek på et sted.</p>
<span data-placed></span><span data-schematic hidden></span></section>
<script type="application/json" id="scenario-map-figures">{json.dumps(FIGURES)}</script>
<script type="module" src="/static/planning/scenario_map.js"></script></body></html>"""


def test_a_place_is_told_of_as_it_is_in_what_is_chosen_now(chromium, server):
    window = chromium.new_context(base_url=server)
    page = window.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.route(
        "**/prove/",
        lambda route: route.fulfill(body=PAGE, content_type="text/html; charset=utf-8"),
    )
    page.goto("/prove/")
    said = page.locator("[data-map-said]")
    expect(page.locator("circle.place")).to_have_count(2)
    expect(said).to_have_text("Pek på et sted.")
    expect(page.locator("[data-schematic]")).not_to_have_attribute("hidden", "")
    page.locator("circle.place").nth(1).click()
    expect(said).to_have_text("Nord: 45 min")
    page.mouse.move(0, 0)
    page.get_by_label("kl. 3").press("Space")
    expect(said).to_have_text("Nord: 95 min")
    window.close()
    assert problems == []
