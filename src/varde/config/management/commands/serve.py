from django.core.management.base import BaseCommand

from varde.config import starting


class Command(BaseCommand):
    help = (
        "Serve the installation: web processes, jobs, clock and the embedded database, "
        "each started again if it dies. Ctrl-C stops them all."
    )

    def add_arguments(self, parser):
        add_serving_arguments(parser)

    def handle(self, *, host, port, workers, **options):
        try:
            starting.refuse_unfit(host=host, port=port)
            starting.supervise(
                host=host,
                port=port,
                workers=workers,
                when_ready=lambda: self.say_ready(port),
            )
        except starting.CannotStart as refusal:
            self.stderr.write(str(refusal))
            raise SystemExit(2) from None

    def say_ready(self, port):
        self.stdout.write(f"Varde svarer på http://localhost:{port}/  (Ctrl-C stopper)")
        self.stdout.flush()


def add_serving_arguments(parser):
    """The options that `serve` and `demo` share."""
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    parser.add_argument("--port", type=int, default=8116, help="default: %(default)s")
    parser.add_argument(
        "--workers", type=int, default=2, help="web processes, default: %(default)s"
    )
