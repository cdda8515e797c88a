"""From the criteria that an operator has found to a hastegrad."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum, auto

from varde.engines.triage.index import Complaint, Criterion


class NotJudged(StrEnum):
    """Why there is no hastegrad."""

    NOTHING_CHOSEN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the index says. The operator may raise it; to lower it needs a reason."""

    hastegrad_code: str | None  # None: the index says nothing; see `not_judged`
    decided_by: tuple[Criterion, ...]  # the chosen ones that give this hastegrad
    chosen: tuple[Criterion, ...]  # all that were chosen, in the order of the index
    not_judged: NotJudged | None = None


def judge(complaint: Complaint, chosen_criteria_ids: Collection[str]) -> Judgement:
    """The hastegrad of the most urgent criterion chosen, and which ones decided it.

    Red flags and criteria are chosen alike, by id. An id named twice counts once. With
    none chosen there is no hastegrad: that nothing was found is not the least urgent,
    it is unknown.

    Raises
    ------
    ValueError
        If an id is not in the complaint, as when it comes from another version.

    Examples
    --------
    >>> from varde.content import starter_index_text
    >>> from varde.engines.triage.loading import load
    >>> index = load(starter_index_text(), filename="startindeks.yaml")
    >>> complaint = index.complaint("brystsmerter")
    >>> mild = complaint.criteria_of("vanlig")[0].id
    >>> judge(complaint, [mild]).hastegrad_code
    'vanlig'
    >>> judge(complaint, [mild, complaint.red_flags[0].id]).hastegrad_code
    'akutt'
    >>> judge(complaint, []).not_judged
    <NotJudged.NOTHING_CHOSEN: 'nothing_chosen'>
    """
    wanted = frozenset(chosen_criteria_ids)
    chosen = tuple(c for c in complaint.all_criteria if c.id in wanted)
    unknown = sorted(wanted - {criterion.id for criterion in chosen})
    if unknown:
        raise ValueError(
            f"complaint {complaint.id!r} has no criterion {', '.join(unknown)}. "
            "Nothing was judged. Judge by the version of the index that was shown."
        )
    if not chosen:
        return Judgement(
            hastegrad_code=None,
            decided_by=(),
            chosen=(),
            not_judged=NotJudged.NOTHING_CHOSEN,
        )
    top = min(chosen, key=lambda criterion: criterion.rank)
    decided_by = tuple(c for c in chosen if c.rank == top.rank)
    return Judgement(hastegrad_code=top.hastegrad, decided_by=decided_by, chosen=chosen)
