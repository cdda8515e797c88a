"""Pictures of every screen of the demo, in docs/screens/: wide and narrow, light and dark.

Run by `make screenshots`. It builds a small demo of its own in a temporary folder.
"""

import io
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright


ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "screens"
PORT = 8399
START_S = 600
SCREENS = {
    "desk": ("Operatør", "/sentral/"),
    "tall": ("Legevaktoverlege", "/sentral/tall/"),
    "tavle": ("Vaktleder", "/sentral/tavle/"),
    "lege": ("Lege", "/sentral/lege/"),
    "indeks": ("Legevaktoverlege", "/sentral/indeks/"),
    "innstillinger": ("Legevaktoverlege", "/sentral/innstillinger/"),
    "logg": ("Kontrollør", "/sentral/logg/"),
    "stasjon-tavle": ("Sykepleier", "/stasjon/"),
    "stasjon-ny-pasient": ("Sykepleier", "/stasjon/ny/"),
    "stasjon-vegg": ("Sykepleier", "/stasjon/vegg/"),
    "stasjon-prover": ("Sykepleier", "/stasjon/prover/"),
    "stasjon-senger": ("Sykepleier", "/stasjon/senger/"),
    "stasjon-bil": ("Sykepleier", "/stasjon/bil/"),
    "stasjon-bil-oppdrag": ("Sykepleier", "/stasjon/bil/"),
    "stasjon-bil-uten-nett": ("Sykepleier", "/stasjon/bil/uten-nett/"),
    "stasjon-lege": ("Lege", "/stasjon/lege/"),
    "stasjon-notater": ("Lege", "/stasjon/notater/"),
    "stasjon-konflikter": ("Lege", "/stasjon/konflikter/"),
    "stasjon-sikkerhet": ("Legevaktoverlege", "/stasjon/sikkerhet/"),
    "stasjon-utstyr": ("Legevaktoverlege", "/stasjon/utstyr/"),
    "stasjon-utforming": ("Legevaktoverlege", "/stasjon/utforming/"),
    "stasjon-tall": ("Legevaktoverlege", "/stasjon/tall/"),
    "sykehjem": ("Legevaktoverlege", "/sentral/sykehjem/"),
    "nabohjelp": ("Legevaktoverlege", "/sentral/hjelp/"),
    "stasjon-pasient": ("Sykepleier", "/stasjon/"),
    "stasjon-lege-pasient": ("Lege", "/stasjon/lege/"),
    "stasjon-etterforing": ("Sykepleier", "/stasjon/etterforing/"),
    "vaktplaner": ("Legevaktoverlege", "/vaktplan/"),
    "vaktplan": ("Legevaktoverlege", "/vaktplan/"),
    "vaktplan-monster": ("Legevaktoverlege", "/vaktplan/monster/"),
    "vaktplan-ny": ("Legevaktoverlege", "/vaktplan/ny/"),
    "vaktplan-onsker": ("Lege", "/vaktplan/onsker/"),
    "vaktplan-mine": ("Lege", "/vaktplan/mine/"),
    "vaktplan-belastning": ("Legevaktoverlege", "/vaktplan/belastning/"),
    "vaktplan-framover": ("Legevaktoverlege", "/vaktplan/framover/"),
    "vaktplan-lonn": ("Legevaktoverlege", "/vaktplan/lonn/"),
    "vaktplan-hvem": ("Legevaktoverlege", "/vaktplan/hvem/"),
    "vaktplan-ledige": ("Legevaktoverlege", "/vaktplan/ledige/"),
    "vaktplan-modeller": ("Legevaktoverlege", "/vaktplan/modeller/"),
    "plan-behov": ("Legevaktoverlege", "/plan/dimensjonering/behov/"),
    "plan-telefonbemanning": ("Legevaktoverlege", "/plan/dimensjonering/telefon/"),
    "plan-scenarioer": ("Legevaktoverlege", "/plan/dimensjonering/scenarioer/"),
    "plan-scenario-kart": ("Legevaktoverlege", "/plan/dimensjonering/scenarioer/"),
    "plan-scenario-dogn": ("Legevaktoverlege", "/plan/dimensjonering/scenarioer/"),
    "plan-reisetid": ("Legevaktoverlege", "/plan/dimensjonering/reisetid/"),
    "plan-reisetid-endring": (
        "Legevaktoverlege",
        "/plan/dimensjonering/reisetid/endring/?e=slaa.MJN.MO1",
    ),
    "plan-reisetid-tiltak": (
        "Legevaktoverlege",
        "/plan/dimensjonering/reisetid/tiltak/",
    ),
    "folk": ("Legevaktoverlege", "/folk/"),
    "folk-person": ("Legevaktoverlege", "/folk/"),
    "folk-kurs": ("Legevaktoverlege", "/folk/kurs/"),
    "folk-vikarer": ("Legevaktoverlege", "/folk/vikarer/"),
}
# The pictures of a page that is reached from another: the link that leads to it.
FOLLOW = {
    "stasjon-pasient": "main a[href^='/stasjon/pasient/']",
    "stasjon-bil-oppdrag": "main a[href^='/stasjon/bil/oppdrag/']",
    "stasjon-lege-pasient": "main a[href^='/stasjon/lege/']",
    "vaktplan": "main a.hit-link[href^='/vaktplan/']",
    "vaktplan-modeller": "main a[href^='/vaktplan/modeller/']:not([href$='/ny/'])",
    "folk-person": "main table a[href^='/folk/']",
}
MOST_COLOURS = 64  # of a picture: enough for text and charts, a quarter of the bytes
# The desk's and the board's pictures in the dark as well.
IN_THE_DARK = ("desk", "tavle", "stasjon-tavle", "stasjon-lege")
SHAPES = {"bred": (1440, 900), "smal": (390, 844)}


def main():
    """Start the demo, take the pictures, stop it."""
    OUT.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        Demo(home) as users,
        Browser() as chrome,
    ):
        for scheme in ("light", "dark"):
            for shape, (width, height) in SHAPES.items():
                pages = {}
                for name, (role, path) in SCREENS.items():
                    if scheme == "dark" and name not in IN_THE_DARK:
                        continue
                    if role not in pages:
                        user = users[role]
                        pages[role] = logged_in(chrome, user, scheme, width, height)
                    show(pages[role], name, path)
                    take(pages[role], OUT / f"{name}-{shape}-{scheme}.png")
                for page in pages.values():
                    page.context.close()


def show(page, name, path):
    """Go to the page of a picture. The desk is shown with a call in hand."""
    page.goto(path)
    if name == "desk":
        answer_one(page)
    if name.startswith("plan-scenario-"):
        finished_study(page)
        SHOWN_OF_A_STUDY[name](page)
    if name in FOLLOW:
        link = page.locator(FOLLOW[name]).first
        if link.count():
            page.goto(link.get_attribute("href"))
    page.wait_for_timeout(1500)


def take(page, file):
    """The picture, in few colours."""
    with Image.open(io.BytesIO(page.screenshot())) as full:
        few = full.convert("RGB").quantize(MOST_COLOURS, dither=Image.Dither.NONE)
        few.save(file, optimize=True)
    print(file.relative_to(ROOT), flush=True)


def answer_one(page):
    """A call in hand says more than an empty desk."""
    page.get_by_role("button", name="Svar").first.wait_for(timeout=90_000)
    page.keyboard.press("F2")
    hit = page.locator("#patient-hits button").first
    hit.wait_for()
    hit.click()
    page.locator("#complaint-search").fill("feber hos barn")
    page.wait_for_timeout(600)
    page.locator("#complaint-hits button").first.click()


def finished_study(page):
    """The first study of three ways; made and run where there is none."""
    study = page.get_by_role("link", name=re.compile("^Tre måter:"))
    if study.count():
        page.goto(study.first.get_attribute("href"))
    else:
        page.get_by_role("button", name="Lag og kjør").click()
    until = time.monotonic() + START_S
    while not page.get_by_role("link", name="Spill av et døgn").count():
        if time.monotonic() > until:
            sys.exit("the study did not come to its end")
        page.wait_for_timeout(2000)
        page.reload()


def its_map(page):
    page.locator("[data-scenario-map]").scroll_into_view_if_needed()
    page.get_by_label("lege på vakt").check()
    page.get_by_label("kl. 3 om natta").check()


def its_busiest_day(page):
    page.get_by_role("link", name="Spill av et døgn").click()
    page.get_by_role("link", name="Flest kontakter").click()
    page.get_by_label("Klokka").fill(str(17 * 60))


SHOWN_OF_A_STUDY = {
    "plan-scenario-kart": its_map,
    "plan-scenario-dogn": its_busiest_day,
}


def logged_in(chrome, user, scheme, width, height):
    """A page of its own, logged in through the log-in page."""
    window = chrome.new_context(
        base_url=f"http://localhost:{PORT}",
        color_scheme=scheme,
        viewport={"width": width, "height": height},
    )
    page = window.new_page()
    page.goto("/konto/login/")
    page.get_by_label("Brukernavn").fill(user[0])
    page.get_by_label("Passord", exact=True).fill(user[1])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/(sentral|stasjon|vaktplan|folk)/"))
    return page


class Demo:
    """The demo as a process; gives the users that it prints."""

    def __init__(self, home):
        self.home = home

    def __enter__(self):
        command = [
            ROOT / ".venv/bin/varde",
            "demo",
            "--years",
            "1",
            "--port",
            str(PORT),
        ]
        self.log = Path(self.home) / "demo.log"
        self.process = subprocess.Popen(
            [*command, "--speed", "4"],
            env=os.environ | {"VARDE_HOME": f"{self.home}/varde"},
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
        )
        until = time.monotonic() + START_S
        while "F2" not in (text := self.log.read_text()):
            if self.process.poll() is not None or time.monotonic() > until:
                sys.exit(f"the demo did not start:\n{text}")
            time.sleep(0.5)
        rows = re.findall(r"^ {2}(\S+) +(\S+) +(\S+-\S+-\S+)$", text, re.MULTILINE)
        return {role: (name, password) for role, name, password in rows}

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)


class Browser:
    """Debian's Chromium."""

    def __enter__(self):
        self.playwright = sync_playwright().start()
        return self.playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )

    def __exit__(self, *_):
        self.playwright.stop()


if __name__ == "__main__":
    main()
