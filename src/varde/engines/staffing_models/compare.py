"""One model, or the rota that a place has, counted through: load, cost, broken rules."""

from collections import Counter

from varde.domain.rota.rules.breach import WORKING_TIME
from varde.domain.rota.rules.judging import judge
from varde.engines.staffing_models.carried import carried
from varde.engines.staffing_models.cost import cost_of
from varde.engines.staffing_models.values import TODAY, Assumed, Outcome, YearRota


def outcome(rota: YearRota, assumed: Assumed) -> Outcome:
    """What a rota comes to at a place.

    Of the rota that the place has only the rules of working hours are judged: whether
    people were competent on each day is the rota's own page.
    """
    cost = cost_of(rota, assumed)
    judged = judge(
        slots=rota.slots,
        workers=rota.workers,
        assignment=rota.held,
        limits=assumed.limits,
    )
    counted = [
        breach
        for breach in judged.breaches
        if rota.code != TODAY or breach.rule in WORKING_TIME
    ]
    return Outcome(
        code=rota.code,
        weeks=rota.weeks,
        slots=len(rota.slots),
        vacant=len(judged.vacant),
        carried=carried(rota, assumed, active_h=cost.active_h, income=cost.income),
        lines=cost.lines,
        duty_class=cost.duty_class,
        broken=dict(Counter(str(one.rule) for one in counted if one.is_hard)),
        warned=dict(Counter(str(one.rule) for one in counted if not one.is_hard)),
    )
