from datetime import date
import pytest
from django.utils import timezone
from tests import make
from tests.browser.test_desk import nurse, patient

def test_shots(open_page, nurse, patient):
    make.call(ringing_at=timezone.now(), caller_number="90000001")
    make.call(ringing_at=timezone.now(), caller_number="90000009", priority=1, line="HP")
    page = open_page(nurse)
    page.wait_for_timeout(800)
    page.screenshot(path="/tmp/s1.png")
    page.keyboard.press("F2")
    page.wait_for_timeout(800)
    page.screenshot(path="/tmp/s2.png")
    page.keyboard.type(patient.national_id)
    page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    page.screenshot(path="/tmp/s2b.png")
    page.get_by_label("Problem, med vanlige ord").fill("feber barn")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1000)
    page.screenshot(path="/tmp/s3.png")
    page.locator(".check:has(.hastegrad-haster) input").first.check()
    page.keyboard.press("Enter")
    page.wait_for_timeout(800)
    page.keyboard.press("2")
    page.wait_for_timeout(800)
    page.screenshot(path="/tmp/s4.png", full_page=True)
    page.goto("/sentral/tall/")
    page.wait_for_timeout(1500)
    page.screenshot(path="/tmp/s5.png", full_page=True)
    page.problems.clear()
