"""The command `varde`: Django's own command line, with the embedded database beneath.

Without a DATABASE_URL the embedded PostgreSQL in VARDE_HOME is started (or joined) for
as long as the command runs.
"""

import os
import sys
import warnings

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


NEEDS_NO_DATABASE = {
    "help",
    "version",
    "--version",
    "--help",
    "makemessages",
    "compilemessages",
    "access",
    "competence",
    "order",
    "rota",
    "simulate",
    "bench-simulation",
    "triage-check",
    "verify-snapshot",
}
# These ask the database only when they are asked about something that is there.
NEEDS_ONE_WITH = {"forecast": "--station", "operators": "--sentral"}
GEOGRAPHY = ["import", "geography"]  # is kept in a file


def main() -> None:
    """Run one command. Ends with 2 when the surroundings are set up wrongly."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "varde.config.settings")
    try:
        prepare_database(sys.argv)
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        sys.stderr.write(f"{fault}\n")
        raise SystemExit(2) from None


def prepare_database(argv: list[str]) -> None:
    """Point DATABASE_URL at the embedded database, unless another one is named."""
    if os.environ.get("DATABASE_URL"):
        return
    if not needs_database(argv):
        os.environ["DATABASE_URL"] = "postgresql:///none"
        return
    with warnings.catch_warnings():
        # A server often has no XDG_RUNTIME_DIR; the library then uses /tmp and says so.
        warnings.simplefilter("ignore")
        from varde.config import embedded, env

        server = embedded.start(env.read())
    os.environ["DATABASE_URL"] = embedded.owner_url(server)
    os.environ["VARDE_WEB_DATABASE_URL"] = embedded.web_url(server)
    os.environ["VARDE_EMBEDDED"] = "1"


def needs_database(argv: list[str]) -> bool:
    """Whether a command reads or writes what is stored."""
    if len(argv) < 2 or argv[1] in NEEDS_NO_DATABASE or argv[1:3] == GEOGRAPHY:
        return False
    option = NEEDS_ONE_WITH.get(argv[1])
    return option is None or any(word.startswith(option) for word in argv[2:])
