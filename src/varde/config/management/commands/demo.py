import json
import os
import time
from dataclasses import asdict

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from varde.apps.records.demo import building, ground, people
from varde.apps.records.models import Duty, Role, RoleGrant, User
from varde.apps.sentral.management.progress import on_error_stream
from varde.config import (
    demo_demand,
    demo_index,
    demo_models,
    demo_on_duty,
    demo_rota,
    passphrase,
    starting,
    supervisor,
)
from varde.config.management.commands.serve import add_serving_arguments


YEARS, SEED = 5, 7
TITLES = {
    Role.OPERATOR: "Operatør",
    Role.NURSE: "Sykepleier",
    Role.DOCTOR: "Lege",
    Role.SHIFT_LEADER: "Vaktleder",
    Role.LEGEVAKTOVERLEGE: "Legevaktoverlege",
    Role.KOMMUNEOVERLEGE: "Kommuneoverlege",
    Role.ADMINISTRATOR: "Administrator",
    Role.AUDITOR: "Kontrollør",
}


class Command(BaseCommand):
    help = (
        "Build the made-up legevakt with its history, serve it, and let calls come in. "
        "Built once for each VARDE_HOME. Ctrl-C stops everything."
    )

    def add_arguments(self, parser):
        add_serving_arguments(parser)
        parser.add_argument(
            "--speed", type=float, default=1.0, help="how much faster calls come"
        )
        parser.add_argument("--seed", type=int, help=f"default: {SEED}")
        parser.add_argument(
            "--years", type=int, help=f"years of history, default: {YEARS}"
        )
        parser.add_argument(
            "--no-serve", action="store_true", help="build the demo and end"
        )
        parser.add_argument(
            "--json", action="store_true", help="with --no-serve: what was built"
        )

    def handle(self, *, speed, seed, years, verbosity, **options):
        self._refuse_bad(speed=speed, seed=seed, years=years)
        began = time.monotonic()
        try:
            built, is_new = self._built(seed=seed, years=years, quiet=verbosity == 0)
        except KeyboardInterrupt:
            self.stderr.write("Avbrutt. Ingenting er bygd.")
            raise SystemExit(130) from None
        words = passphrase.words(settings.VARDE_HOME)
        freshen(seed=built.seed, words=words)
        demo_models.lay(at=timezone.now())
        demo_demand.lay(at=timezone.now())
        if options["no_serve"]:
            took = round(time.monotonic() - began, 1)
            self._report(built, is_new=is_new, took_s=took, as_json=options["json"])
            return
        self._serve(words=words, speed=speed, seed=built.seed, **options)

    def _refuse_bad(self, *, speed, seed, years):
        """End with 2 and change nothing when a number makes no sense."""
        problem = None
        if not 0 < speed <= 1000:
            problem = f"--speed is {speed}. It must be above 0 and at most 1000."
        elif seed is not None and seed < 0:
            problem = f"--seed is {seed}. It must be 0 or more."
        elif years is not None and not 1 <= years <= 20:
            problem = f"--years is {years}. It must be from 1 to 20."
        if problem:
            self.stderr.write(f"{problem} Nothing was changed.")
            raise SystemExit(2)

    def _built(self, *, seed, years, quiet):
        call_command("migrate", verbosity=0, interactive=False)
        try:
            built = building.known()
        except building.OtherData as refusal:
            self.stderr.write(str(refusal))
            raise SystemExit(2) from None
        if built is None:
            return build(seed=seed or SEED, years=years or YEARS, quiet=quiet), True
        asked = {"seed": seed, "years": years}
        other = [
            n for n, v in asked.items() if v is not None and v != getattr(built, n)
        ]
        if other:
            self.stderr.write(
                f"The demo in {settings.VARDE_HOME} was built with --years {built.years} "
                f"--seed {built.seed}.\nNothing was changed. Leave "
                f"{' and '.join(f'--{n}' for n in other)} out to use it, or choose "
                "another folder:\nVARDE_HOME=/path varde demo"
            )
            raise SystemExit(2)
        return built, False

    def _report(self, built, *, is_new, took_s, as_json):
        if as_json:
            found = asdict(built) | {
                "sentral": building.SENTRAL,
                "is_new": is_new,
                "seconds": took_s,
            }
            self.stdout.write(json.dumps(found))
            return
        done = "er bygd" if is_new else "var bygd fra før"
        self.stdout.write(
            f"Demoen {done} i {settings.VARDE_HOME}: {built.contacts} kontakter, "
            f"{built.calls} anrop, {built.years} år ({took_s} s)."
        )

    def _serve(self, *, words, speed, seed, host, port, workers, **options):
        # Made-up users with made-up patients: the password is enough, and the page says so.
        os.environ["VARDE_REQUIRE_MFA"] = "0"
        try:
            starting.refuse_unfit(host=host, port=port)
            starting.supervise(
                host=host,
                port=port,
                workers=workers,
                more=[
                    caller(port=port, speed=speed, seed=seed),
                    colleagues(port=port, speed=speed, seed=seed),
                ],
                when_ready=lambda: self._welcome(port=port, words=words),
            )
        except starting.CannotStart as refusal:
            self.stderr.write(str(refusal))
            raise SystemExit(2) from None

    def _welcome(self, *, port, words):
        lines = [
            "",
            f"  Varde svarer på http://localhost:{port}/   (Ctrl-C stopper alt)",
            "",
            f"  {'Rolle':<18}{'Brukernavn':<12}Passord",
            *(f"  {title:<18}{name:<12}{words}" for title, name in one_of_each_role()),
            "",
            "  Ring 1 er på vei: logg inn som operatør og trykk F2.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def build(*, seed, years, quiet):
    """Build the district, with a bar on the error stream."""
    with on_error_stream("Bygger demodistriktet", quiet=quiet) as say:
        return building.build(
            years=years,
            seed=seed,
            until=timezone.now(),
            password=make_password(passphrase.words(settings.VARDE_HOME)),
            use_index=demo_index.take_into_use,
            say=say,
        )


def freshen(*, seed, words):
    """At every start: somebody is on duty, surgeries have hours, the password fits."""
    demo = building.content()
    today = timezone.localdate()
    ground.put_on_duty(demo, seed=seed, on=today)
    ground.open_surgeries(on=today)
    people.write_people(demo, on=today)
    demo_rota.lay(at=timezone.now())
    demo_on_duty.lay(at=timezone.now())
    users = User.objects.filter(username__in=[member.username for member in demo.staff])
    known = users.values_list("password", flat=True).first()
    if known is None or not check_password(words, known):
        users.update(password=make_password(words))


def caller(*, port, speed, seed):
    """The process that rings: made-up calls through the real webhook."""
    return supervisor.Child(
        name="calls",
        command=supervisor.varde(
            "ring",
            *("--address", f"http://127.0.0.1:{port}"),
            *("--speed", str(speed), "--seed", str(seed)),
        ),
        env=starting.child_environment(port=port),
    )


def colleagues(*, port, speed, seed):
    """The process in which the made-up colleagues work."""
    return supervisor.Child(
        name="colleagues",
        command=supervisor.varde(
            "colleagues", "--speed", str(speed), "--seed", str(seed)
        ),
        env=starting.child_environment(port=port),
    )


def one_of_each_role():
    """A title and a user name for each role, of the demo's sentral and its districts.

    Somebody who is on duty now, where there is one: then the screens have work.
    """
    now = timezone.now()
    on_duty = Duty.objects.filter(starts_at__lte=now, ends_at__gt=now)
    at_work = set(on_duty.values_list("person_id", flat=True))
    grants = RoleGrant.objects.exclude(sentral__code="NAB").order_by("pk")
    for role, title in TITLES.items():
        held = list(grants.filter(role=role).select_related("user"))
        held.sort(key=lambda grant: grant.user_id not in at_work)
        if held:
            yield title, held[0].user.username
