"""The rules of a rota, as the handbook's page shows them. The page's tables are the tests.

A row is people, duties and the answer of the rule whose section it stands in.
"""

import re
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from tests.make_rota import ALWAYS, MONDAY, limits
from varde.apps.staffing.messages.numbers import number
from varde.apps.staffing.messages.rota_words import RULE, RULE_NAME
from varde.domain.rota.limits import Calendar
from varde.domain.rota.patterns import accounts_of
from varde.domain.rota.rules import together, who_may, working_time
from varde.domain.rota.rules.breach import Need, RotaRule
from varde.domain.rota.rules.judging import judge
from varde.domain.rota.values import Law, Slot, Span, Worker


ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "handbok" / "vaktplan-regler.md").read_text("utf-8")
SECTION = re.compile(
    r"^### (?P<title>[^\n]+) \{#(?P<name>\w+)\}\n(?P<text>.*?)(?=^##)",
    re.MULTILINE | re.DOTALL,
)
SECTIONS = {found["name"]: found for found in SECTION.finditer(PAGE)}
DAYS = ["ma", "ti", "on", "to", "fr", "lø", "sø"]
POSTS = frozenset(
    {"forvakt", "bakvakt", "konsultasjonsvakt", "beredskapsvakt", "operator"}
    | {"shift_leader", "nurse"}
)
PERIOD = r"(\w\w)(\d*) (\d\d)(?::(\d\d))?-(\d\d)(?::(\d\d))?"


# What Varde ships, three that a place chooses, and a calendar without holidays.
LIMITS = limits(
    calendar=Calendar(),
    lvs_minimum=2,
    nights_in_a_row=3,
    days_between=3,
    second_tier={"konsultasjonsvakt": "beredskapsvakt"},
)


def span_of(text):
    """`ti2 15:30-08`: Tuesday of week two, to eight the day after."""
    day, week, *clock = re.fullmatch(PERIOD, text).groups()
    date = MONDAY + timedelta(days=DAYS.index(day) + 7 * (int(week or 1) - 1))
    h1, m1, h2, m2 = (int(part or 0) for part in clock)
    start = LIMITS.calendar.at(date, time(h1, m1))
    last = date if (h2, m2) > (h1, m1) and h2 < 24 else date + timedelta(days=1)
    return Span(starts_at=start, ends_at=LIMITS.calendar.at(last, time(h2 % 24, m2)))


PERIODS = {"borte": "away", "godkjent": "approved", "uten": "without_post"}


def worker_of(name, marks):
    given = {"alone": (ALWAYS,), "law": Law.AML, "posts": POSTS}
    for mark in marks:
        match mark.split(" ", 1):
            case ["sfs"]:
                given["law"] = Law.SFS2305
            case ["lis1"]:
                given |= {"lis1": (ALWAYS,), "alone": ()}
            case ["ikke", "alene"]:
                given["alone"] = ()
            case ["telefon", since]:
                since = since.removeprefix("nok").strip().removeprefix("fra ")
                start = span_of(f"{since}-24").starts_at if since else ALWAYS.starts_at
                given["phone_is_enough"] = (
                    Span(starts_at=start, ends_at=ALWAYS.ends_at),
                )
            case ["bare", post]:
                given["posts"] = frozenset({post})
            case ["borte" | "godkjent" | "uten" as word, period]:
                given |= in_period(word, period)
            case ["fri", period]:
                given["no_nights"] = (span_of(period.removeprefix("for natt ")),)
            case ["i", period]:
                given["only_within"] = (span_of(period.removeprefix("perioden ")),)
            case _:
                given |= from_or_until(mark)
    return Worker(id=name, **given)


def in_period(word, text):
    """`borte ti 00-24`; `uten bakvakt ti 00-24`: without that post then."""
    post, period = text.split(" ", 1) if word == "uten" else ("", text)
    spans = (span_of(period),)
    return {PERIODS[word]: {post: spans} if post else spans}


def from_or_until(mark):
    """`alene fra ti 00`: from Tuesday's beginning."""
    what, day = re.fullmatch(r"(alene fra|lis1 til|kjent fra) (\w+ 00)", mark).groups()
    at = span_of(f"{day}-24").starts_at
    return {
        "alene fra": {"alone": (Span(starts_at=at, ends_at=ALWAYS.ends_at),)},
        "lis1 til": {"lis1": (Span(starts_at=ALWAYS.starts_at, ends_at=at),)},
        "kjent fra": {"known": Span(starts_at=at, ends_at=ALWAYS.ends_at)},
    }[what]


def need_of(text):
    least, period = re.fullmatch(r"behov (\d+) (.+)", text).groups()
    return Need(posts=frozenset({"forvakt"}), span=span_of(period), least=int(least))


def slot_of(place, text):
    """`Kari ma 15:30-08 bakvakt hjemme #helg` gives who has it, and the slot."""
    who, period, rest = re.fullmatch(rf"(\w+) ({PERIOD})(.*)", text).group(1, 2, 9)
    marks = rest.split()
    post = next((mark for mark in marks if mark in POSTS), "forvakt")
    slot = Slot(
        id=f"v{place}",
        post=post,
        span=span_of(period),
        accounts=accounts_of(span_of(period), post=post, limits=LIMITS),
        active_share=1 / 7 if "hjemme" in marks else 1.0,
        group=next((mark[1:] for mark in marks if mark.startswith("#")), ""),
        is_phone_only="telefon" in marks,
    )
    assert set(marks) <= POSTS | {"hjemme", "telefon", f"#{slot.group}"}, (
        f"unknown: {text}"
    )
    return who, slot


def answer(people, duties, rule):
    """What the rule says of a row, in the page's words."""
    tokens = re.split(r", (?![^(]*\))", people)
    needs = [need_of(token) for token in tokens if token.startswith("behov")]
    holidays = frozenset(
        span_of(f"{token.removeprefix('helligdag ')} 00-24").starts_at.date()
        for token in tokens
        if token.startswith("helligdag")
    )
    workers = [
        worker_of(name, [m for m in (marks or "").split(", ") if m])
        for token in tokens
        if not token.startswith(("behov", "helligdag"))
        for name, marks in [re.fullmatch(r"(\w+)(?: \((.+)\))?", token).groups()]
    ]
    held = [slot_of(place, text) for place, text in enumerate(duties.split(", "))]
    found = judge(
        slots=[slot for _, slot in held],
        workers=workers,
        assignment={slot.id: who for who, slot in held if who != "ingen"},
        limits=replace(LIMITS, calendar=Calendar(holidays=holidays)),
        needs=needs,
    )
    said = [said_of(breach) for breach in found.breaches if breach.rule == rule]
    return "; ".join(said) or "holdt"


def said_of(breach):
    parts = [breach.worker] if breach.worker else []
    if breach.measured or breach.limit:
        parts.append(number(breach.measured))
    if breach.limit:
        parts.append(f"mot {number(breach.limit)}")
    return " ".join(parts) + ("" if breach.is_hard else " (varsel)")


def rows():
    for name, section in SECTIONS.items():
        table = [line for line in section["text"].splitlines() if line.startswith("|")]
        for line in table[2:]:
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            yield pytest.param(name, *cells, id=f"{name}: {' / '.join(cells)}")


@pytest.mark.parametrize(("name", "people", "duties", "expected"), list(rows()))
def test_each_example_of_the_handbook_is_answered_so(name, people, duties, expected):
    assert answer(people, duties, RotaRule(name)) == expected


def test_every_rule_has_its_section_and_no_section_is_of_no_rule():
    assert list(SECTIONS) == [str(rule) for rule in RotaRule]


@pytest.mark.parametrize("rule", RotaRule)
def test_a_rule_has_one_name_one_heading_and_one_source(rule):
    """The function with its docstring, the words of the screens and the page."""
    function = next(
        getattr(module, rule)
        for module in (who_may, together, working_time)
        if hasattr(module, rule)
    )
    source = function.__doc__.split("----------\n", 1)[1].split("\n\n")[0].strip()
    assert f"Kilde: {source}." in SECTIONS[rule]["text"]
    assert SECTIONS[rule]["title"]
    assert str(RULE[rule])
    assert str(RULE_NAME[rule])


@pytest.mark.parametrize("rule", RotaRule)
def test_a_rule_has_examples_that_hold_and_that_do_not(rule):
    answers = [row.values[3] for row in rows() if row.values[0] == rule]
    assert "holdt" in answers
    assert set(answers) != {"holdt"}
