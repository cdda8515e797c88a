"""`varde competence check PERSON.json --on DATE`: may this person work alone?"""

import json
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from varde.apps.sentral.management.arguments import day, reading, refuse
from varde.apps.staffing.messages import competence as words
from varde.content import COMPETENCE_FILE, competence_text
from varde.domain.competence.holding import FIRST_DAY, LAST_DAY
from varde.domain.competence.person import Person
from varde.domain.competence.rules import (
    CompetenceRule,
    Demand,
    HasCount,
    HasMonths,
    Question,
    Rulebook,
)
from varde.domain.competence.verdict import Reason, Verdict, decide
from varde.domain.errors import BadInput
from varde.engines.competence_person import read_person
from varde.engines.competence_rules import load


LARGEST_FILE = 1_000_000  # bytes


class Command(BaseCommand):
    help = (
        "Competence by the rules that ship with Varde. `check` reads one person's "
        "documents and experience from a JSON file (its format is in the handbook, "
        "«Kompetanse») and answers whether the person may work alone on a day, why, what "
        "is the nearest way to a yes, and on which day the answer changes. It ends with 0 "
        "for a yes and for a no, and with 2 when the file or the day cannot be used."
    )
    requires_system_checks = ()  # it reads nothing but the file

    def add_arguments(self, parser):
        """One word for what to do, then the file."""
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        check = acts.add_parser("check", help="may this person work alone?")
        check.add_argument("file", type=Path, help="the person, as JSON")
        check.add_argument(
            "--on", metavar="DATE", help="the day of the question; today if not given"
        )
        check.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )

    def handle(self, *, file, on, **options):
        """Print the answer, or end with 2 and say why."""
        asked = timezone.localdate() if on is None else day(self, "--on", on)
        if not FIRST_DAY <= asked <= LAST_DAY:
            refuse(self, f"--on is {asked}. Name a day from {FIRST_DAY} to {LAST_DAY}.")
        book = load(competence_text(), filename=COMPETENCE_FILE)
        with reading(self, file) as opened:
            person = _person(opened, file=file.name, book=book)
        rule = self._rule(book, person, on=asked)
        verdict = decide(rule, person, on=asked)
        self.stdout.write(
            json.dumps(_answer(verdict), ensure_ascii=False)
            if options["json"]
            else _text(rule, verdict, on=asked)
        )

    def _rule(self, book: Rulebook, person: Person, *, on: date) -> CompetenceRule:
        rule = book.rule(person.role, Question.ALONE, on=on)
        if rule is not None:
            return rule
        begins = [
            one.valid.first
            for one in book.rules
            if one.role is person.role and one.question is Question.ALONE
        ]
        if begins:
            refuse(self, f"No rule holds on {on}. The first one begins {min(begins)}.")
        refuse(self, f"There is no rule of working alone for {person.role.value!r}.")
        return None


def _person(opened, *, file: str, book: Rulebook) -> Person:
    raw = opened.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        raise BadInput(
            file=file,
            problem=f"is larger than {LARGEST_FILE} bytes",
            cure="Give one person's documents, and run the command again",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInput(
            file=file,
            problem=f"is not UTF-8 (byte {fault.start + 1})",
            cure="Save the file as UTF-8 and run the command again",
        ) from None
    return read_person(text, filename=file, book=book)


def _answer(verdict: Verdict) -> dict[str, object]:
    changes_on = verdict.changes_on
    return {
        "may_work_alone": verdict.may,
        "reasons": [_reason(one) for one in verdict.reasons],
        "nearest_way": [_step(one) for one in verdict.nearest_way],
        "changes_on": None if changes_on is None else changes_on.isoformat(),
    }


def _reason(reason: Reason) -> dict[str, object]:
    held = reason.held
    return {
        "code": reason.code,
        "is_met": held.is_met,
        "is_dispensed": held.is_dispensed,
        "until": None if held.until is None else held.until.isoformat(),
        "have": held.have,
        "need": held.need,
        "words": words.reason_words(reason),
        "source": reason.part.source,
        "is_verified": reason.part.is_verified,
    }


def _step(reason: Reason) -> dict[str, object]:
    held, part = reason.held, reason.part
    step: dict[str, object] = {"code": reason.code, "words": words.step_words(reason)}
    if isinstance(part, Demand) and isinstance(part.test, HasMonths):
        return step | {"missing": words.months_left(held), "unit": "months"}
    if isinstance(part, Demand) and isinstance(part.test, HasCount):
        missing = (held.need or 0) - (held.have or 0)
        return step | {"missing": missing, "unit": "duties"}
    return step | {"missing": 1, "unit": "document"}


def _text(rule: CompetenceRule, verdict: Verdict, *, on: date) -> str:
    lines = [
        f"{on}: {words.verdict_words(rule.role.value, verdict)}.",
        f"{rule.words}. {rule.source}.",
        "",
        *(
            f"  {'+' if one.held.is_met else '-'} {words.reason_words(one)}"
            for one in verdict.reasons
        ),
    ]
    if verdict.nearest_way:
        lines += ["", "Nærmeste vei til ja:"]
        lines += [f"  {words.step_words(one)}" for one in verdict.nearest_way]
    if verdict.changes_on:
        lines += ["", words.change_words(verdict)]
    return "\n".join(lines)
