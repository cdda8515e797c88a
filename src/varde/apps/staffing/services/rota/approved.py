"""No vikar has a published duty without the municipality's approval.

Who relies on an approval locks it first, so that one that is ended meanwhile is seen.
"""

from collections.abc import Collection, Iterable

from varde.apps.records.models import PoolConsent, RotaDuty, User, VikarApproval
from varde.apps.staffing.people_access import municipalities_of
from varde.apps.staffing.queries.vikarer import nearest_way
from varde.apps.staffing.services.rota.holding import Locked
from varde.domain.errors import Rule, RuleBroken
from varde.domain.rota.rules.breach import Breach, RotaRule


def hold_approvals(people: Collection[int]) -> None:
    """Let nobody end the approvals of these people, or the pools that they count by,
    until the transaction ends."""
    rows = VikarApproval.objects.filter(
        person__in=people, state=VikarApproval.State.APPROVED
    )
    held = list(rows.select_for_update().order_by("pk"))
    if held:
        given = PoolConsent.objects.filter(given_at__isnull=False, withdrawn_at=None)
        list(given.select_for_update().order_by("pk"))


def refuse_unapproved(held: Locked, breaches: Iterable[Breach]) -> None:
    """Refuse where a vikar would have a duty that the municipality's approval does not
    reach. Raises `RuleBroken`: VIKAR_NOT_APPROVED (person, post, at, way, count)."""
    found = [one for one in breaches if one.rule is RotaRule.A_VIKAR_IS_APPROVED]
    if not found:
        return
    duties = {int(one.slots[0]): int(one.worker) for one in found if _is_here(one)}
    places = RotaDuty.objects.filter(pk__in=duties, rota=held.rota)
    first = places.order_by("starts_at", "pk").first()
    if first is None:
        return
    person = User.objects.get(pk=duties[first.pk])
    codes = list(municipalities_of(held.workplace).values_list("pk", flat=True))
    raise RuleBroken(
        Rule.VIKAR_NOT_APPROVED,
        person=person.name,
        post=first.post,
        at=first.starts_at.isoformat(),
        way=nearest_way(person.pk, codes),
        count=str(len(duties)),
    )


def _is_here(breach: Breach) -> bool:
    """Whether the duty is a place of the rota, and not one around it."""
    return breach.slots[0].isdecimal()
