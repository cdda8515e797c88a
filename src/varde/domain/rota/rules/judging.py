"""The judge of a rota: every rule asked, of a whole rota or of what one change touches."""

from collections.abc import Mapping, Sequence

from varde.domain.rota.limits import Limits
from varde.domain.rota.rules.breach import ChangeJudged, Judgement, Need
from varde.domain.rota.values import Assignment, Slot, Wish, Worker


type Change = Mapping[str, str | None]  # slot id -> who shall have it; None: vacant


def judge(
    *,
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
    wishes: Sequence[Wish] = (),
    needs: Sequence[Need] = (),
) -> Judgement:
    """Every rule that a whole rota breaks."""
    raise NotImplementedError


def judge_change(
    *,
    change: Change,
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
    wishes: Sequence[Wish] = (),
    needs: Sequence[Need] = (),
) -> ChangeJudged:
    """What a change of a rota breaks and mends. Looks only at what the change touches."""
    raise NotImplementedError
