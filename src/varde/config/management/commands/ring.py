from django.core.management.base import BaseCommand
from django.utils import timezone

from varde.apps.records.demo import building
from varde.config import serving
from varde.config.ringing import Exchange, Refused, play


class Command(BaseCommand):
    help = (
        "Play the telephone exchange of the demo: made-up calls to the webhook of a "
        "running installation. `varde demo` starts this."
    )

    def add_arguments(self, parser):
        parser.add_argument("--address", default="http://127.0.0.1:8116")
        parser.add_argument("--speed", type=float, default=1.0)
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *, address, speed, seed, **options):
        serving.end_with_parent()
        built = building.known()
        if built is None:
            self.stderr.write("There is no demo here. Build it first: varde demo")
            raise SystemExit(2)
        exchange = Exchange(address=address, sentral=building.SENTRAL)
        try:
            play(
                exchange,
                built=built,
                speed=speed,
                seed=seed,
                now=timezone.now,
                say=self._say,
            )
        except Refused as refusal:
            self.stderr.write(str(refusal))
            raise SystemExit(1) from None

    def _say(self, text):
        self.stdout.write(f"  {timezone.localtime():%H:%M:%S}  {text}")
        self.stdout.flush()
