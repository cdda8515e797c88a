"""What a person may have in itself, whatever else the rota gives them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.rules.held import Periods, Piece, Timed, without
from varde.domain.rota.values import Account


@dataclass(frozen=True)
class Able(Periods):
    """A person apart from any rota, with the periods that bar them."""

    def barred(self, each: Timed) -> RotaRule | None:
        """The first rule that bars the person from a slot; None where none does.

        The rules about one person and one slot alone: post, a vikar's approval, absence,
        nights, own periods, and that a bakvakt may work alone. A person barred from a
        slot breaks that hard rule by having it, in any rota.
        """
        whole = (each.starts_s, each.ends_s)
        if not self.worker.has_post_of(each.slot):
            return RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS
        if not self.worker.may_begin(each.slot.span):
            return RotaRule.A_VIKAR_IS_APPROVED
        if _touches(whole, self.away):
            return RotaRule.NO_DUTY_WHILE_AWAY
        if Account.NIGHT in each.slot.accounts and _touches(whole, self.no_nights):
            return RotaRule.NO_NIGHT_WHEN_EXEMPT
        if self.only_within and without([whole], self.only_within):
            return RotaRule.ONLY_WITHIN_OWN_PERIODS
        if Account.BACKUP in each.slot.accounts and without([whole], self.alone):
            return RotaRule.BACKUP_MAY_WORK_ALONE
        return None


def able_for(each: Timed, people: Sequence[Able]) -> tuple[Able, ...]:
    """Those whom no rule of their own bars from a slot.

    >>> from datetime import UTC, datetime
    >>> from varde.domain.rota.rules.held import timed
    >>> from varde.domain.rota.values import Law, Slot, Span, Worker
    >>> day = Span(
    ...     starts_at=datetime(2026, 1, 12, 7, tzinfo=UTC),
    ...     ends_at=datetime(2026, 1, 12, 15, tzinfo=UTC),
    ... )
    >>> (each,) = timed(
    ...     [Slot(id="dag", post="operator", span=day, accounts=frozenset())]
    ... )
    >>> kari = Worker(id="kari", law=Law.AML, posts=frozenset({"operator"}))
    >>> ola = Worker(
    ...     id="ola", law=Law.AML, posts=frozenset({"operator"}), away=(day,)
    ... )
    >>> [person.worker.id for person in able_for(each, [Able(kari), Able(ola)])]
    ['kari']
    """
    return tuple(person for person in people if person.barred(each) is None)


def _touches(piece: Piece, others: Iterable[Piece]) -> bool:
    return any(starts < piece[1] and piece[0] < ends for starts, ends in others)
