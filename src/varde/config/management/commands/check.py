import json

from django.core.management.base import CommandError
from django.core.management.commands import check

from varde.config.health_round import Finding, State, examine


MARKS = {State.WELL: "✓", State.LOOK: "!", State.WRONG: "✗"}


class Command(check.Command):
    help = (
        "A doctor's round: Django's own checks, then settings, disk, database, "
        "migrations, row security, clock, index and jobs. Ends with 1 if something is "
        "wrong."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="say it as one object")

    def handle(self, *app_labels, **options):
        as_json = options.pop("json", False)
        if app_labels or options["tags"] or options["list_tags"] or options["deploy"]:
            super().handle(*app_labels, **options)
            return
        findings = [self._of_django(**options), *examine()]
        if as_json:
            found = [
                {"what": f.what, "state": f.state, "words": f.words} for f in findings
            ]
            self.stdout.write(json.dumps({"findings": found}, ensure_ascii=False))
        else:
            for finding in findings:
                self.stdout.write(
                    f"{MARKS[finding.state]} {finding.what:<16} {finding.words}"
                )
        if any(finding.state is State.WRONG for finding in findings):
            raise SystemExit(1)

    def _of_django(self, **options):
        try:
            self.check(
                display_num_errors=False, databases=options.get("databases") or None
            )
        except CommandError as fault:
            self.stderr.write(str(fault))
            return Finding("program", State.WRONG, "har feil; de står over")
        return Finding("program", State.WELL, "Djangos egne kontroller er uten feil")
