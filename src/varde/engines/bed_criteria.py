"""What is asked before somebody is given a bed: a file of criteria, read and checked.

A criterion without a source does not load. The file's version is kept with every stay, so
that an answer is always read beside the words that it answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from varde.domain.errors import BadInput


YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that should be so, and what it is founded on."""

    id: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class BedCriteria:
    """One version of the lists. `is_approved`: by those responsible at the place."""

    version: str
    title: str
    is_approved: bool
    lists: Mapping[str, tuple[Criterion, ...]]

    def unanswered(self, kind: str, answers: Mapping[str, str]) -> tuple[str, ...]:
        """The ids of the criteria that are answered neither yes nor no. Not asked is not no.

        >>> one = Criterion("a", "A.", "ours")
        >>> BedCriteria("1", "", False, {"kad": (one,)}).unanswered("kad", {"a": ""})
        ('a',)
        """
        known = self.lists[kind]
        return tuple(c.id for c in known if answers.get(c.id) not in {YES, NO})

    def not_met(self, kind: str, answers: Mapping[str, str]) -> tuple[str, ...]:
        """The ids of the criteria that are answered with no."""
        return tuple(c.id for c in self.lists[kind] if answers.get(c.id) == NO)


def load(text: str, *, filename: str) -> BedCriteria:
    """Read a file of criteria (YAML).

    Raises `BadInput` for a file that is not well-formed, a list that is empty, a criterion
    without id, text or source, and an id that stands twice in a list.
    """
    try:
        tree = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise BadInput(
            file=filename,
            problem="is not well-formed YAML",
            cure="Mend the file and load it again.",
        ) from fault
    lists = tree.get("lists") if isinstance(tree, dict) else None
    if not isinstance(lists, dict) or not lists:
        raise _fault(filename, "lists", "is missing or empty")
    return BedCriteria(
        version=_text(tree, "version", where="file", filename=filename),
        title=_text(tree, "title", where="file", filename=filename),
        is_approved=tree.get("approved") is True,
        lists={
            str(kind): _criteria(rows, where=f"list {kind!r}", filename=filename)
            for kind, rows in lists.items()
        },
    )


def _criteria(rows: object, *, where: str, filename: str) -> tuple[Criterion, ...]:
    if not isinstance(rows, list) or not rows:
        raise _fault(filename, where, "is empty")
    found = tuple(
        Criterion(
            id=_text(row, "id", where=where, filename=filename),
            text=_text(row, "text", where=where, filename=filename),
            source=_text(row, "source", where=where, filename=filename),
        )
        for row in rows
    )
    names = [criterion.id for criterion in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _fault(filename, where, f"has {', '.join(twice)} more than once")
    return found


def _text(row: object, name: str, *, where: str, filename: str) -> str:
    found = row.get(name) if isinstance(row, dict) else None
    # YAML reads an unquoted 1 as a number: a version must be a text.
    if not isinstance(found, str) or not found.strip():
        raise _fault(filename, where, f"has no text for {name!r}")
    return found.strip()


def _fault(filename: str, where: str, problem: str) -> BadInput:
    return BadInput(
        file=filename,
        column=where,
        problem=problem,
        cure="Mend the file and load it again.",
    )
