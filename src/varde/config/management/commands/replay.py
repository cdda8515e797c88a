import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from varde.apps.sentral.management import progress
from varde.apps.sentral.management.arguments import day as read_day
from varde.apps.sentral.management.arguments import refuse, sentral_named
from varde.config import replaying
from varde.config.ringing import Exchange, Refused
from varde.domain.errors import BadInput
from varde.engines.telephony.call_log import LoggedCall, read_call_log


class Command(BaseCommand):
    help = (
        "Play a day of a call log again as live traffic, through the webhook of a running "
        "installation, and count what is stored. For a demo or a test: the calls show in "
        "the queue, and the abandoned ones on the list to ring back."
    )

    def add_arguments(self, parser):
        """The file, whose traffic it is to be, which day and how fast."""
        parser.add_argument("file", type=Path, help="a call log, as for import calls")
        parser.add_argument("--sentral", required=True, metavar="CODE")
        parser.add_argument("--day", required=True, metavar="DATE")
        parser.add_argument(
            "--speed", type=float, default=60.0, help="times faster than it was (60)"
        )
        parser.add_argument("--address", default="http://127.0.0.1:8116")
        parser.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )

    def handle(self, *, file, sentral, day, speed, address, verbosity, **options):
        """Play the day. Ends with 1 if anything was lost, 2 on bad input."""
        place = sentral_named(self, sentral)
        wanted = read_day(self, "--day", day)
        if not speed > 0:
            refuse(self, f"--speed is {speed}. It must be more than 0.")
        name = f"replay-{timezone.now():%Y%m%d%H%M%S}-"
        planned = replaying.plan(self._calls(file, wanted), name=name, speed=speed)
        exchange = Exchange(address=address, sentral=sentral)
        try:
            with progress.on_error_stream("replay", quiet=verbosity == 0) as told:
                done = replaying.play(
                    planned,
                    exchange=exchange,
                    sentral=place,
                    name=name,
                    now=timezone.now,
                    told=lambda n: told(f"{n} events", n / len(planned)),
                )
        except Refused as refusal:
            refuse(self, str(refusal))
        self.stdout.write(json.dumps(asdict(done)) if options["json"] else _words(done))
        if done.lost:
            raise SystemExit(1)

    def _calls(self, file: Path, wanted: date) -> list[LoggedCall]:
        """The day's calls, or the end of the command with the days that there are."""
        zone = timezone.get_default_timezone()
        try:
            with file.open("rb") as lines:
                known = list(read_call_log(lines, file=file.name, zone=zone))
        except BadInput as fault:
            refuse(self, str(fault))
        except OSError as fault:
            refuse(self, f"{file}: cannot be read ({fault.strerror}).")
        found = list(replaying.calls_of(known, on=wanted, zone=zone))
        if not found:
            days = sorted({call.ringing_at.astimezone(zone).date() for call in known})
            refuse(
                self,
                f"{file.name} has no call on {wanted}. It goes from {days[0]} to "
                f"{days[-1]}.\nNothing was sent. Name a day with --day.",
            )
        return found


def _words(done: replaying.Replayed) -> str:
    return (
        f"{done.calls} calls, {done.sent} events in {done.seconds:.0f} s: "
        f"{done.accepted} accepted, {done.duplicates} known already, {done.stored} "
        f"stored, {done.lost} lost. At most {done.late_s:.1f} s late."
    )
