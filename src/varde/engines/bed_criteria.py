"""What is asked before somebody is given a bed: a file of criteria, read and checked.

A criterion without a source does not load. The file's version is kept with every stay, so
that an answer is always read beside the words that it answered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from varde.engines import content_file
from varde.engines.content_file import Part


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
    file = content_file.read(text, filename=filename)
    lists = file.lists("lists")
    return BedCriteria(
        version=file.text("version"),
        title=file.text("title"),
        is_approved=file.under("approved") is True,
        lists={
            kind: _criteria(rows, of=file.at(f"list {kind!r}"))
            for kind, rows in lists.items()
        },
    )


def _criteria(rows: Iterable[Part], *, of: Part) -> tuple[Criterion, ...]:
    found = tuple(
        Criterion(id=row.text("id"), text=row.text("text"), source=row.text("source"))
        for row in (row.at(of.where) for row in rows)
    )
    of.each_once(one.id for one in found)
    return found
