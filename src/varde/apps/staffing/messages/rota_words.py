"""What the rota says to people, in Norwegian."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from varde.apps.records.models import (
    Absence,
    Duty,
    DutyOffer,
    DutySwap,
    Rota,
    RotaChange,
    RotaRun,
    Vacancy,
    Wish,
)
from varde.apps.staffing.messages.numbers import number
from varde.domain.rota.explain import Why
from varde.domain.rota.impossible import Obstacle
from varde.domain.rota.patterns import DayType
from varde.domain.rota.rules.breach import Breach, RotaRule
from varde.domain.rota.values import Account, Span
from varde.engines.rostering.duties.out_of_reach import OutOfReach
from varde.engines.rostering.duties.values import Ground


RULE: Mapping[RotaRule, str] = {
    RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS: _(
        "{who} har ingen stilling med denne vakta."
    ),
    RotaRule.NO_TWO_DUTIES_AT_ONCE: _("{who} får to vakter på en gang."),
    RotaRule.NO_DUTY_WHILE_AWAY: _("{who} er borte da."),
    RotaRule.NO_NIGHT_WHEN_EXEMPT: _("{who} er fritatt for nattvakt."),
    RotaRule.ONLY_WITHIN_OWN_PERIODS: _("{who} har vakt bare i sine egne perioder."),
    RotaRule.A_VIKAR_IS_APPROVED: _(
        "{who} er vikar, og kommunens godkjenning gjelder ikke den dagen."
    ),
    RotaRule.A_WHOLE_GROUP_BY_ONE_PERSON: _(
        "Vaktene som hører sammen, skal én person ha alle av."
    ),
    RotaRule.NEVER_ALONE_WHERE_NOT_COMPETENT: _(
        "{who} kan ikke være alene på vakt, og ingen som kan, er på samtidig."
    ),
    RotaRule.BACKUP_CAN_COME: _(
        "{who} må ha bakvakt som kan komme. I {measured} timer er det bare en på telefon."
    ),
    RotaRule.BACKUP_MAY_WORK_ALONE: _(
        "{who} kan ikke være bakvakt: det krever at en kan være alene."
    ),
    RotaRule.LIS1_HAS_AN_EXPERIENCED_COLLEAGUE: _(
        "{who} er LIS1 og mangler en erfaren kollega til stede."
    ),
    RotaRule.SECOND_TIER_IS_THERE: _("Den andre legen i samme tidsrom mangler."),
    RotaRule.LVS_MINIMUM_IS_THERE: _(
        "Det er {measured} operatør på vakt. Minst {limit} skal være der."
    ),
    RotaRule.NEED_IS_MET: _("Det er {measured} på vakt. Behovet er {limit}."),
    RotaRule.ENOUGH_REST_EVERY_DAY: _(
        "{who} får {measured} timers hvile mellom vaktene. Kravet er {limit}."
    ),
    RotaRule.ENOUGH_REST_EVERY_WEEK: _(
        "{who} får {measured} timers sammenhengende fri i uka. Kravet er {limit}."
    ),
    RotaRule.HOURS_OF_A_DAY_ARE_KEPT: _(
        "{who} får {measured} timer i døgnet. Grensa er {limit}."
    ),
    RotaRule.HOURS_OF_A_WEEK_ARE_KEPT: _(
        "{who} får {measured} timer på en uke. Grensa er {limit}."
    ),
    RotaRule.HOURS_ON_AVERAGE_ARE_KEPT: _(
        "{who} får {measured} timer i uka i snitt. Grensa er {limit}."
    ),
    RotaRule.SUNDAYS_ARE_FREE: _(
        "{who} får {measured} søn- og helgedager på rad. Minst én av dem skal være fri."
    ),
    RotaRule.NIGHTS_IN_A_ROW_ARE_FEW: _(
        "{who} får {measured} netter på rad. Grensa er {limit}."
    ),
    RotaRule.DAYS_BETWEEN_DUTIES: _(
        "{who} får {measured} dager mellom vaktene. Stedet har valgt minst {limit}."
    ),
}
RULE_NAME: Mapping[RotaRule, str] = {
    RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS: _("stilling"),
    RotaRule.NO_TWO_DUTIES_AT_ONCE: _("to vakter på en gang"),
    RotaRule.NO_DUTY_WHILE_AWAY: _("fravær"),
    RotaRule.NO_NIGHT_WHEN_EXEMPT: _("fritak for natt"),
    RotaRule.ONLY_WITHIN_OWN_PERIODS: _("egne perioder"),
    RotaRule.A_VIKAR_IS_APPROVED: _("kommunens godkjenning av vikarer"),
    RotaRule.A_WHOLE_GROUP_BY_ONE_PERSON: _("vakter som hører sammen"),
    RotaRule.NEVER_ALONE_WHERE_NOT_COMPETENT: _("ikke alene uten kompetanse"),
    RotaRule.BACKUP_CAN_COME: _("bakvakt som kan komme"),
    RotaRule.BACKUP_MAY_WORK_ALONE: _("bakvakt må kunne være alene"),
    RotaRule.LIS1_HAS_AN_EXPERIENCED_COLLEAGUE: _("LIS1 med erfaren kollega"),
    RotaRule.SECOND_TIER_IS_THERE: _("to leger samtidig"),
    RotaRule.LVS_MINIMUM_IS_THERE: _("operatører på vakt, minst"),
    RotaRule.NEED_IS_MET: _("behov"),
    RotaRule.ENOUGH_REST_EVERY_DAY: _("hvile hvert døgn"),
    RotaRule.ENOUGH_REST_EVERY_WEEK: _("hvile hver uke"),
    RotaRule.HOURS_OF_A_DAY_ARE_KEPT: _("timer i døgnet"),
    RotaRule.HOURS_OF_A_WEEK_ARE_KEPT: _("timer i uka"),
    RotaRule.HOURS_ON_AVERAGE_ARE_KEPT: _("timer i snitt"),
    RotaRule.SUNDAYS_ARE_FREE: _("fri søn- og helgedag"),
    RotaRule.NIGHTS_IN_A_ROW_ARE_FEW: _("netter på rad"),
    RotaRule.DAYS_BETWEEN_DUTIES: _("dager mellom vakter"),
}
DEMAND = {
    Ground.FILLED: _("vakta {slot} skal ha noen"),
    Ground.FIXED: _("{who} er satt på {slot}"),
}
ACCOUNT = {
    Account.EVENING: pgettext_lazy("vaktkonto", "kveld"),
    Account.NIGHT: pgettext_lazy("vaktkonto", "natt"),
    Account.WEEKEND: pgettext_lazy("vaktkonto", "helg"),
    Account.HOLIDAY: pgettext_lazy("vaktkonto", "helligdag"),
    Account.BACKUP: pgettext_lazy("vaktkonto", "bakvakt"),
    Account.ALL: pgettext_lazy("vaktkonto", "alle"),
}
SHORT_POST = {
    Duty.Post.OPERATOR: "O",
    Duty.Post.SHIFT_LEADER: "L",
    Duty.Post.FORVAKT: "F",
    Duty.Post.BAKVAKT: "B",
    Duty.Post.KONSULTASJONSVAKT: "K",
    Duty.Post.BEREDSKAPSVAKT: "U",
    Duty.Post.NURSE: "S",
}
DAY_TYPE = {
    DayType.WEEKDAY: _("hverdag"),
    DayType.BEFORE_FREE: _("dag før fri (som fredag)"),
    DayType.SATURDAY: _("lørdag"),
    DayType.SUNDAY: _("søndag"),
    DayType.EVE: _("helgeaften"),
    DayType.HOLIDAY: _("helligdag"),
}
KNOWN_PATTERN = {
    "whole": _("Hele vakter, én lege"),
    "whole_and_backup": _("Hele vakter, én lege og bakvakt hjemme"),
    "split": _("Delte kvelder og netter, én lege"),
    "two_tiers": _("To vaktsjikt: konsultasjonsvakt og beredskapsvakt"),
    "operators": _("Operatører i tredelt turnus, med mellomvakt og langvakt"),
}
STATE = {
    Rota.State.DRAFT: _("utkast"),
    Rota.State.PUBLISHED: _("publisert"),
    Rota.State.DROPPED: _("kastet"),
}
CHANGE = {
    RotaChange.Kind.MADE: _("laget utkastet"),
    RotaChange.Kind.SET: _("endret"),
    RotaChange.Kind.UNDONE: _("angret"),
    RotaChange.Kind.TAKEN: _("tok et forslag"),
    RotaChange.Kind.PUBLISHED: _("publiserte"),
    RotaChange.Kind.SICK: _("meldte sykdom"),
    RotaChange.Kind.FILLED: _("fylte vakta"),
    RotaChange.Kind.SWAPPED: _("byttet"),
    RotaChange.Kind.IMPORTED: _("leste inn"),
}
RUN_STATE = {
    RotaRun.State.WAITING: _("venter på tur"),
    RotaRun.State.RUNNING: _("leter"),
    RotaRun.State.DONE: _("ferdig"),
    RotaRun.State.STOPPED: _("stoppet"),
    RotaRun.State.IMPOSSIBLE: _("ingen plan finnes"),
    RotaRun.State.FAILED: _("feilet"),
}
WANTS = {
    Wish.Wants.FREE: _("fri"),
    Wish.Wants.DUTY: _("vakt"),
}
WEIGHT = {1: _("gjerne"), 2: _("viktig"), 3: _("må")}
OFFER = {
    DutyOffer.State.WAITING: _("venter på tur"),
    DutyOffer.State.ASKED: _("spurt"),
    DutyOffer.State.YES: _("ja"),
    DutyOffer.State.NO: _("nei"),
    DutyOffer.State.EXPIRED: _("svarte ikke i tide"),
    DutyOffer.State.TOO_LATE: _("en annen tok den"),
}
VACANT_WHY = {Vacancy.Why.SICK: _("syk"), Vacancy.Why.VACANT: _("ledig")}
SWAP = {
    DutySwap.State.ASKED: _("venter på svar"),
    DutySwap.State.DONE: _("byttet"),
    DutySwap.State.DECLINED: _("avslått"),
    DutySwap.State.WITHDRAWN: _("trukket"),
}
GROUND_OF_ABSENCE = {
    Absence.Ground.HOLIDAY: _("ferie"),
    Absence.Ground.LEAVE: _("permisjon"),
    Absence.Ground.SICK: _("syk"),
    Absence.Ground.COURSE: _("kurs"),
}
OBSTACLE = {
    Obstacle.NOBODY_MAY: _("Ingen her kan ha {slots}."),
    Obstacle.MAY_HAVE_NONE: _("{who} kan ikke ha noen av vaktene i perioden."),
    Obstacle.OVERLAPPING_AWAY: _("{who} har to fravær som overlapper."),
    Obstacle.TOO_FEW_PEOPLE: _(
        "For få folk samtidig: {slots} trenger {needed}, og {there} er der."
    ),
    Obstacle.NOBODY_COMPETENT: _("Ingen som kan være alene på vakt, kan ha {slots}."),
    Obstacle.TOO_FEW_HOURS: _(
        "Vaktene er {needed} timer til sammen. De som er her, kan ha høyst {there}."
    ),
}
WHY = {
    Why.FAIR_SHARE: _(
        "{held} er den rettferdige delen ({fair}) så nær som hele vakter kan."
    ),
    Why.ABOVE_SHARE: _("{held} er mer enn den rettferdige delen, {fair}."),
    Why.BELOW_SHARE: _("{held} er mindre enn den rettferdige delen, {fair}."),
    Why.OWED: _("{who} hadde {credit} færre enn sin del tidligere, og tar dem igjen."),
    Why.WISHED: _("{slot}: {who} ønsket vakta."),
    Why.COMES_TOGETHER: _("{slot}: hører sammen med andre vakter i samme uke."),
    Why.RULE: _("{slot}: «{rule}» stopper {count} andre."),
    Why.FREE_WISHED: _("{slot}: {count} andre ønsket fri."),
    Why.FAIRNESS: _("{slot}: med {count} andre ville fordelingen blitt skjevere."),
    Why.POSSIBLE: _("{slot}: ingenting er i veien for {worker}. Vakta kan byttes."),
    Why.NO_DUTY_THERE: _("Det er ingen vakt i tida som ble ønsket."),
}
# What a row of a spreadsheet does to its place.
ACT_FILL = _("ledig får noen")
ACT_CHANGE = _("får en annen")
ACT_EMPTY = _("blir ledig")
ACT_ADD = _("ny vakt")
# How a vacant duty was filled, or not.
HOW_LINK = _("spurt, sa ja")
HOW_PHONE = _("avtalt på telefon")
HOW_PLANNER = _("satt i planen")
HOW_OPEN = _("åpen")
HOW_NOBODY = _("gikk uten noen")
OUT_OF_REACH = {
    OutOfReach.NO_DUTY_THERE: _("ingen vakt i den tida"),
    OutOfReach.GIVEN: _("en vakt der er satt for hånd"),
}
# How often and how close a person's duties come.
TURN_WEEKDAY = _("Vakt {every} hverdag.")
TURN_WEEKEND = _("Vakt {every} helg.")
APART = _(
    "Fra en vakt begynner til den neste begynner: minst {least} dager, {mean} i snitt."
)
NIGHTS_APART = _("Fra en natt til den neste: minst {least} dager.")
VACANT = _("ledig")
VERSION = _("versjon")
NEVER_MET = _("{who} ønsker {what} {days}: {why}")
AWAY = _("borte")
A_DUTY = _("en vakt")
WISHES_FOR = _("ønsker %s")
HAS_DUTY = _("du har vakt")
RUN_DIED = _("avbrutt: programmet stoppet. Det som var funnet, er beholdt")
COST_VACANT = _("ledige")
COST_UNFAIR = _("skjevhet")
COST_WISHES = _("ønsker (vekt)")
COST_WARNINGS = _("varsler")


def breach_words(breach: Breach, *, names: Mapping[str, str]) -> str:
    """A broken rule in a sentence, with who and how much."""
    return str(RULE[breach.rule]).format(
        who=names.get(breach.worker, now_("Den som har vakta")),
        measured=number(breach.measured),
        limit=number(breach.limit),
    )


def signed(value: float) -> str:
    """A deviation with its sign: +1,2, −0,5, 0."""
    rounded = round(value, 1)
    if rounded == 0:
        return "0"
    return ("+" if rounded > 0 else "−") + number(abs(rounded))


def when(starts_at: datetime, ends_at: datetime) -> str:
    """A duty's time: fre 4. des. 15:30–08:00."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    return f"{date_format(start, 'D j. b H:i')}–{end:%H:%M}"


def too_few(span: Span, *, there: int, needed: int) -> str:
    """Fewer on duty than are needed: fre 4. des. 15:30–18:00: 2 på vakt, behovet er 3."""
    time = when(span.starts_at, span.ends_at)
    if span.ends_at - span.starts_at > timedelta(days=1):
        time = now_("{first} til {last}").format(
            first=date_format(timezone.localtime(span.starts_at), "D j. b H:i"),
            last=date_format(timezone.localtime(span.ends_at), "D j. b H:i"),
        )
    return now_("{when}: {there} på vakt, behovet er {needed}").format(
        when=time, there=there, needed=needed
    )


def days(starts_at: datetime, ends_at: datetime) -> str:
    """The days of a period, both included: 4. des, or 4. des–6. des."""
    first = timezone.localdate(starts_at)
    last = timezone.localdate(ends_at - timedelta(minutes=1))
    texts = [date_format(day, "j. b") for day in (first, last)]
    return texts[0] if first == last else "–".join(texts)


def and_more(count: int) -> str:
    """How many more there are than were named."""
    return now_("og %(count)s til") % {"count": count}
