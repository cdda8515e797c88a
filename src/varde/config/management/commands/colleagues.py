from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from varde.apps.records.demo import building
from varde.config import serving
from varde.config.colleagues import play


class Command(BaseCommand):
    help = (
        "Let the demo's made-up colleagues work: they answer, judge, treat, drive and "
        "write what nobody at a screen does. `varde demo` starts this."
    )

    def add_arguments(self, parser):
        parser.add_argument("--speed", type=float, default=1.0)
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *, speed, seed, **options):
        serving.end_with_parent()
        if building.known() is None:
            self.stderr.write("There is no demo here. Build it first: varde demo")
            raise SystemExit(2)
        play(
            sentral=building.SENTRAL,
            pace=speed,
            seed=seed,
            mail=settings.VARDE_HOME,
            now=timezone.now,
            say=self._say,
        )

    def _say(self, text):
        self.stdout.write(f"  {timezone.localtime():%H:%M:%S}  {text}")
        self.stdout.flush()
