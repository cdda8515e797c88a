"""The rules of a rota in words: what each asks, what a breach says, why somebody has what
they have, and why no rota can be made. A test fails for a code without words."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from varde.domain.rota.explain import Why
from varde.domain.rota.impossible import Obstacle
from varde.domain.rota.patterns import DayType
from varde.domain.rota.rules.breach import Breach, RotaRule
from varde.domain.rota.values import Account


ACCOUNT: Mapping[Account, str] = {
    Account.EVENING: _("Hverdagskveld"),
    Account.NIGHT: _("Natt"),
    Account.WEEKEND: _("Helg"),
    Account.HOLIDAY: _("Helligdag"),
    Account.BACKUP: _("Bakvakt"),
    Account.ALL: _("Alle vakter"),
}

DAY_TYPE: Mapping[DayType, str] = {
    DayType.HOLIDAY: _("Helligdag"),
    DayType.EVE: _("Aften"),
    DayType.SATURDAY: _("Lørdag"),
    DayType.SUNDAY: _("Søndag"),
    DayType.BEFORE_FREE: _("Virkedag før fri"),
    DayType.WEEKDAY: _("Virkedag"),
}

# The heading of the rule, also in the handbook.
RULE: Mapping[RotaRule, str] = {
    RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS: _("Bare i vakter en kan ha"),
    RotaRule.NO_TWO_DUTIES_AT_ONCE: _("Aldri to vakter samtidig"),
    RotaRule.NO_DUTY_WHILE_AWAY: _("Ingen vakt under fravær"),
    RotaRule.NO_NIGHT_WHEN_EXEMPT: _("Ingen natt ved fritak fra natt"),
    RotaRule.ONLY_WITHIN_OWN_PERIODS: _("Bare i egne perioder"),
    RotaRule.A_WHOLE_GROUP_BY_ONE_PERSON: _(
        "Vakter som hører sammen, til samme person"
    ),
    RotaRule.NEVER_ALONE_WHERE_NOT_COMPETENT: _("Aldri alene uten kompetanse"),
    RotaRule.BACKUP_MAY_WORK_ALONE: _("Bakvakt kan ha vakt alene"),
    RotaRule.LIS1_HAS_AN_EXPERIENCED_COLLEAGUE: _("LIS1 har en erfaren kollega"),
    RotaRule.SECOND_TIER_IS_THERE: _("Beredskapsvakt når konsultasjonsvakt går"),
    RotaRule.LVS_MINIMUM_IS_THERE: _("Nok operatører på legevaktsentralen"),
    RotaRule.NEED_IS_MET: _("Behovet i hver halvtime er dekket"),
    RotaRule.ENOUGH_REST_EVERY_DAY: _("Nok hvile mellom vakter"),
    RotaRule.ENOUGH_REST_EVERY_WEEK: _("Nok sammenhengende fri hver uke"),
    RotaRule.HOURS_OF_A_DAY_ARE_KEPT: _("Ikke for mange timer i døgnet"),
    RotaRule.HOURS_OF_A_WEEK_ARE_KEPT: _("Ikke for mange timer i en uke"),
    RotaRule.HOURS_ON_AVERAGE_ARE_KEPT: _("Ikke for mange timer i snitt"),
    RotaRule.SUNDAYS_ARE_FREE: _("Nok frie søndager"),
    RotaRule.NIGHTS_IN_A_ROW_ARE_FEW: _("Ikke for mange netter på rad"),
    RotaRule.DAYS_BETWEEN_DUTIES: _("Nok dager mellom vakter"),
}

# What a breach says. {measured} and {limit} are its numbers, with a comma.
BREACH: Mapping[RotaRule, str] = {
    RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS: _("Kan ikke ha denne typen vakt."),
    RotaRule.NO_TWO_DUTIES_AT_ONCE: _("To vakter samtidig i {measured} timer."),
    RotaRule.NO_DUTY_WHILE_AWAY: _("Borte i {measured} timer av vakta."),
    RotaRule.NO_NIGHT_WHEN_EXEMPT: _("Har fritak fra nattevakt."),
    RotaRule.ONLY_WITHIN_OWN_PERIODS: _(
        "{measured} timer av vakta er utenfor periodene som er avtalt."
    ),
    RotaRule.A_WHOLE_GROUP_BY_ONE_PERSON: _(
        "Vaktene hører sammen, men er delt på {measured}."
    ),
    RotaRule.NEVER_ALONE_WHERE_NOT_COMPETENT: _(
        "Kan ikke ha vakt alene, og mangler bakvakt i {measured} timer."
    ),
    RotaRule.BACKUP_MAY_WORK_ALONE: _(
        "Er bakvakt, men kan ikke selv ha vakt alene i {measured} timer."
    ),
    RotaRule.LIS1_HAS_AN_EXPERIENCED_COLLEAGUE: _(
        "LIS1 uten erfaren kollega i {measured} timer."
    ),
    RotaRule.SECOND_TIER_IS_THERE: _(
        "Beredskapsvakta mangler i {measured} timer av konsultasjonsvakta."
    ),
    RotaRule.LVS_MINIMUM_IS_THERE: _("{measured} operatører på vakt, minst {limit}."),
    RotaRule.NEED_IS_MET: _("{measured} på vakt, behovet er {limit}."),
    RotaRule.ENOUGH_REST_EVERY_DAY: _(
        "{measured} timer hvile mellom vakter, minst {limit}."
    ),
    RotaRule.ENOUGH_REST_EVERY_WEEK: _(
        "Lengste sammenhengende fri i uka er {measured} timer, minst {limit}."
    ),
    RotaRule.HOURS_OF_A_DAY_ARE_KEPT: _(
        "{measured} timer arbeid i 24 timer, mest {limit}."
    ),
    RotaRule.HOURS_OF_A_WEEK_ARE_KEPT: _("{measured} timer i uka, mest {limit}."),
    RotaRule.HOURS_ON_AVERAGE_ARE_KEPT: _(
        "{measured} timer i uka i snitt, mest {limit}."
    ),
    RotaRule.SUNDAYS_ARE_FREE: _("{measured} søndager på rad med vakt, mest {limit}."),
    RotaRule.NIGHTS_IN_A_ROW_ARE_FEW: _("{measured} netter på rad, mest {limit}."),
    RotaRule.DAYS_BETWEEN_DUTIES: _(
        "{measured} dager fra forrige vakt, minst {limit}."
    ),
}

WHY: Mapping[Why, str] = {
    Why.FAIR_SHARE: _("Har {held} på kontoen. Rettferdig andel er {fair}."),
    Why.ABOVE_SHARE: _("Har {held} på kontoen, mer enn rettferdig andel, {fair}."),
    Why.BELOW_SHARE: _("Har {held} på kontoen, mindre enn rettferdig andel, {fair}."),
    Why.OWED: _("Hadde færre enn sin andel tidligere: {credit}."),
    Why.WISHED: _("Har ønsket denne vakta."),
    Why.COMES_TOGETHER: _("Vakta hører sammen med en annen."),
    Why.RULE: _("Regelen «{rule}» stenger for {count}."),
    Why.FREE_WISHED: _("{count} har ønsket fri da."),
    Why.FAIRNESS: _("Planen ville blitt mindre rettferdig med {count} av de andre."),
    Why.POSSIBLE: _("Ingenting hindrer at {worker} har vakta."),
    Why.NO_DUTY_THERE: _("Det er ingen vakt å ha i perioden."),
}

OBSTACLE: Mapping[Obstacle, str] = {
    Obstacle.NOBODY_MAY: _(
        "Ingen kan ha {count} av vaktene, blant dem {slot}. Se på hvem som kan ha "
        "vakttypen, kompetanse, fravær og fritak."
    ),
    Obstacle.MAY_HAVE_NONE: _(
        "{worker} kan ikke ha noen av vaktene. Se på vakttyper, kompetanse, fravær og "
        "fritak, eller sett andelen til 0."
    ),
    Obstacle.OVERLAPPING_AWAY: _(
        "{worker} har to fravær som overlapper. Rett datoene på ett av dem."
    ),
    Obstacle.TOO_FEW_PEOPLE: _(
        "{needed} vakter går samtidig fra {slot}, men bare {there} av dem kan fylles med "
        "ulike personer."
    ),
    Obstacle.NOBODY_COMPETENT: _(
        "Ingen som kan ha vakt alene, kan være på vakt hele tida under {slot}."
    ),
    Obstacle.TOO_FEW_HOURS: _(
        "Vaktene er på {needed} timer til sammen. De som kan ha dem, kan arbeide høyst "
        "{there} timer etter arbeidstidsreglene."
    ),
}


def number(value: float) -> str:
    """A number as it is read: at most one decimal, with a comma.

    >>> number(11.0), number(9.25)
    ('11', '9,2')
    """
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def breach_in_words(breach: Breach) -> str:
    """What one breach says. Who and which duties, the screen shows beside it."""
    return str(BREACH[breach.rule]).format(
        measured=number(breach.measured), limit=number(breach.limit)
    )
