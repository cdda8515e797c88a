"""`varde verify-log`."""  # noqa: N999  (the command's name has a hyphen)

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from varde.apps.records import log_check
from varde.apps.records.log_check import Fault, Verdict, Wrong
from varde.domain.errors import BadInput


SENTENCES = {
    Wrong.CHANGED: "entry {entry_id} (chain {chain}, place {seq}) is not what was sealed",
    Wrong.HOLE: "{missing} entries are missing before entry {entry_id} (chain {chain}, place {seq})",
    Wrong.LINK: "entry {entry_id} (chain {chain}, place {seq}) does not follow the one before it",
    Wrong.HEAD: "chain {chain} ends at entry {entry_id}, but its head says place {seq}: {missing} entries are missing at the end",
    Wrong.UNSEALED: "entry {entry_id} was never sealed",
    Wrong.REWRITTEN: "chain {chain} is not the one that was anchored at place {seq} (entry {entry_id})",
}


class Command(BaseCommand):
    help = (
        "Compute the hash chains of the log again. Ends with 0 when the log is as it was"
        " written, 1 when it is not, 2 when a file cannot be read."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="One object on stdout")
        parser.add_argument(
            "--anchor", type=Path, metavar="FILE", help="Write the heads to a file"
        )
        parser.add_argument(
            "--against", type=Path, metavar="FILE", help="Compare with such a file"
        )

    def handle(self, *, anchor, against, json: bool, **_options):
        try:
            heads = _read(against) if against else ()
            verdict = log_check.check(anchor=heads)
            if anchor and verdict.is_whole:
                _write(anchor, verdict)
        except (BadInput, OSError) as fault:
            self.stderr.write(str(fault))
            raise SystemExit(2) from None
        self._tell_json(verdict) if json else self._tell(verdict)
        if anchor and not verdict.is_whole:
            self.stderr.write(f"{anchor} was not written: the log is not whole.")
        if not verdict.is_whole:
            raise SystemExit(1)

    def _tell_json(self, verdict: Verdict):
        self.stdout.write(
            json.dumps({"ok": verdict.is_whole} | asdict(verdict), default=str)
        )

    def _tell(self, verdict: Verdict):
        self.stdout.write(f"{verdict.entries} entries in {len(verdict.heads)} chains")
        for head in verdict.heads:
            self.stdout.write(f"  chain {head.chain}: {head.seq:>8}  {head.hash[:16]}…")
        for fault in verdict.faults:
            self.stderr.write(sentence(fault))
        more = verdict.fault_count - len(verdict.faults)
        if more > 0:
            self.stderr.write(f"and {more} more")
        if verdict.is_whole:
            self.stdout.write("The log is as it was written.")


def sentence(fault: Fault) -> str:
    """One fault in words."""
    return SENTENCES[fault.wrong].format(**asdict(fault))


def _read(file: Path):
    return log_check.read_anchor(file.read_text("utf-8", "replace"), file=str(file))


def _write(file: Path, verdict: Verdict):
    draft = file.with_name(file.name + ".new")
    draft.write_text(log_check.anchor_text(verdict, at=timezone.now()))
    draft.replace(file)
