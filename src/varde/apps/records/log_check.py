"""Whether the log is as it was written: every chain computed again.

What is found: a row that was changed, removed or put in another's place, a tail that was
cut off, a row that was never sealed. A chain that its owner wrote anew from the change to
the end looks right by itself; it is found against heads that were kept elsewhere
(an anchor).
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from django.db import connection, transaction

from varde.domain.errors import BadInput


MOST_FAULTS_NAMED = 100


class Wrong(StrEnum):
    """What can be wrong with a place in the log."""

    CHANGED = auto()  # the row is not what was sealed
    HOLE = auto()  # places are missing before this row
    LINK = auto()  # the row does not follow the one before it
    HEAD = auto()  # the chain's head and its last row differ
    UNSEALED = auto()  # the row is in no chain
    REWRITTEN = auto()  # the chain is not the one that was anchored


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One place where the log is not as it was written."""

    wrong: Wrong
    chain: int | None
    seq: int | None
    entry_id: int | None
    missing: int = 0  # how many places


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of one chain: how long it is and its last hash."""

    chain: int
    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found in the log as it stood at one moment."""

    entries: int
    heads: tuple[Head, ...]
    faults: tuple[Fault, ...]
    fault_count: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault_count == 0


# The same text as varde_audit_payload, which is not called: whoever can change a row can
# change a function too. All values are written the same in every session, by the SETs.
SETTLE = (
    "SET LOCAL timezone TO 'UTC'; SET LOCAL extra_float_digits TO 1;"
    " SET LOCAL search_path TO public, pg_temp; SET LOCAL jit TO off;"
)
WALK = """
WITH link AS (
  SELECT id, chain, seq, hash, prev_hash,
         sha256(prev_hash || convert_to(
           (to_jsonb(entry) - 'chain' - 'seq' - 'prev_hash' - 'hash')::text, 'UTF8'))
           AS again,
         lag(hash, 1, '\\x'::bytea) OVER place AS hash_before,
         lag(seq, 1, 0::bigint) OVER place AS seq_before
  FROM records_auditentry AS entry
  WHERE chain IS NOT NULL
  WINDOW place AS (PARTITION BY chain ORDER BY seq)
), last AS (
  SELECT DISTINCT ON (chain) chain, id, seq, hash FROM records_auditentry
  WHERE chain IS NOT NULL ORDER BY chain, seq DESC
), wrong AS (
  SELECT 'changed' AS wrong, chain, seq, id, 0 AS missing FROM link
    WHERE again IS DISTINCT FROM hash
  UNION ALL
  SELECT 'hole', chain, seq, id, seq - seq_before - 1 FROM link
    WHERE seq IS DISTINCT FROM seq_before + 1
  UNION ALL
  SELECT 'link', chain, seq, id, 0 FROM link
    WHERE prev_hash IS DISTINCT FROM hash_before AND seq = seq_before + 1
  UNION ALL
  SELECT 'head', chain, COALESCE(head.seq, last.seq), last.id,
         GREATEST(COALESCE(head.seq, 0) - COALESCE(last.seq, 0), 0)
    FROM records_auditchain AS head FULL JOIN last USING (chain)
    WHERE (head.seq, head.hash) IS DISTINCT FROM (last.seq, last.hash)
      AND NOT (last.chain IS NULL AND head.seq = 0)
  UNION ALL
  SELECT 'unsealed', chain, seq, id, 0 FROM records_auditentry
    WHERE chain IS NULL OR seq IS NULL OR hash IS NULL
)
SELECT wrong, chain, seq, id, missing, count(*) OVER () FROM wrong
ORDER BY chain NULLS FIRST, seq, wrong LIMIT %s
"""


def check(*, anchor: Iterable[Head] = ()) -> Verdict:
    """Compute every chain of the log again, and compare with an anchor if one is given.

    Sees the log as at one moment, while others go on writing. Call it as the owner of the
    database, outside any other transaction: the web process sees its own districts only.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.in_atomic_block or connection.savepoint_ids:
            raise RuntimeError("The log is checked in a transaction of its own.")
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(SETTLE)
        cursor.execute("SELECT count(*) FROM records_auditentry")
        (entries,) = cursor.fetchone()
        cursor.execute(WALK, [MOST_FAULTS_NAMED])
        rows = cursor.fetchall()
        faults = [
            Fault(wrong=Wrong(w), chain=c, seq=s, entry_id=i, missing=m)
            for w, c, s, i, m, _ in rows
        ]
        rewritten = [f for head in anchor if (f := _against(cursor, head))]
        cursor.execute(
            "SELECT chain, seq, encode(hash, 'hex') FROM records_auditchain ORDER BY chain"
        )
        heads = tuple(Head(chain=c, seq=s, hash=h) for c, s, h in cursor.fetchall())
    return Verdict(
        entries=entries,
        heads=heads,
        faults=tuple(faults + rewritten),
        fault_count=(rows[0][5] if rows else 0) + len(rewritten),
    )


def _against(cursor: Any, head: Head) -> Fault | None:
    """The anchored place must hold the anchored hash still."""
    if head.seq == 0:
        return None
    cursor.execute(
        "SELECT id, encode(hash, 'hex') FROM records_auditentry"
        " WHERE chain = %s AND seq = %s",
        [head.chain, head.seq],
    )
    found = cursor.fetchone()
    if found is not None and found[1] == head.hash:
        return None
    return Fault(
        wrong=Wrong.REWRITTEN,
        chain=head.chain,
        seq=head.seq,
        entry_id=found[0] if found else None,
        missing=0 if found else 1,
    )


def anchor_text(verdict: Verdict, *, at: datetime) -> str:
    """The heads as a file to be kept elsewhere. It holds no patient data."""
    return json.dumps(
        {
            "varde_log_anchor": 1,
            "at": at.isoformat(),
            "entries": verdict.entries,
            "heads": [asdict(head) for head in verdict.heads],
        },
        indent=1,
    )


def read_anchor(text: str, *, file: str) -> tuple[Head, ...]:
    """The heads of an anchor file. Raises `BadInput` for any other file."""
    try:
        data = json.loads(text)
        if data["varde_log_anchor"] != 1:
            raise ValueError("version")
        return tuple(
            Head(chain=int(h["chain"]), seq=int(h["seq"]), hash=_hex(h["hash"]))
            for h in data["heads"]
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(
            file=file,
            problem="is not an anchor of the log",
            cure="Name a file made by `varde verify-log --anchor FILE`",
        ) from None


def _hex(text: str) -> str:
    bytes.fromhex(text)
    return text.lower()
