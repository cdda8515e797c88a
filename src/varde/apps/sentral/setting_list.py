"""Every dated setting: what it is, which values it may have, and for which places.

The one place for this: a key that is read anywhere has its line here, and a test fails for
one without. Limits are given so that no value can stop the desk; whether a value is wise
is for those responsible, who name its source.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from varde.apps.records.models import BedKind, Contact, Duty, LoneStep, Outcome
from varde.apps.sentral.messages import CHANNEL, HASTEGRAD, LONE_STEP, OUTCOME, POST
from varde.apps.sentral.setting_kinds import (
    ClockSpan,
    Codes,
    Kind,
    Number,
    Parts,
    Phone,
    PhoneLines,
    Span,
    Table,
    YesNo,
)
from varde.domain.board_order import NOT_TRIAGED
from varde.domain.hastegrad import ARRIVAL, PHONE


class Reach(StrEnum):
    """For which places a setting may have a value of its own."""

    ALL = "all"  # one for the whole installation
    DISTRICT = "district"
    STATION = "station"  # and for a district


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting: its group and title in words, its kind and its reach."""

    group: str | Promise
    title: str | Promise
    kind: Kind
    reach: Reach = Reach.DISTRICT


def _count(low: float, high: float) -> Number:
    return Number(low=low, high=high)


_PHONE = {code: HASTEGRAD[code] for code in PHONE.codes}
_ARRIVAL = {NOT_TRIAGED: _("Ikke satt ennå")} | {
    code: HASTEGRAD[code] for code in ARRIVAL.codes
}
# Those that are done at once have no minutes of their own.
_TASKS = {
    str(kind): OUTCOME[kind]
    for kind in Outcome.Kind
    if kind
    not in {Outcome.Kind.ADVICE, Outcome.Kind.ATTENDANCE, Outcome.Kind.CALL_BACK}
}
_BED_KINDS = {
    str(BedKind.OBSERVATION): _("Observasjon"),
    str(BedKind.KAD): _("KAD/ØHD"),
}
_SHARE = Number(low=0, high=1, is_whole=False)
_KR = Number(low=0, high=100_000, is_whole=False, may_be_none=True)
_KR_A_YEAR = Number(low=0, high=20_000_000, is_whole=False, may_be_none=True)
_HOUR_OF_DAY = _count(0, 23)
# What pay tells apart; a rate without a number is unknown.
_PER_HOUR = Parts(
    of=_KR,
    labels={
        "mon_fri": _("Mandag–fredag"),
        "sat_sun": _("Lørdag–søndag"),
        "holiday": _("Helligdag"),
    },
)
_DAY_MIN = 1440
_CLOCK = {"from": _("Fra time"), "to": _("Til time")}

ANSWER = _("Svartid")
CLAIM = _("Eierskap til anrop og kontakter")
CALLBACK = _("Tilbakeringing")
URGENCY = _("Hastegrad og frister")
SAFETY = _("113, gjentatte kontakter og NEWS2")
RECORD = _("Journal, lege og fastlege")
KEEPING = _("Lydlogg, gjennomgang og tall")
ACCESS = _("Tilgang og lås")
BEDS = _("Senger")
TELEPHONY = _("Telefonsystemet")
ALARMS = _("Trygghetsalarmer")
HELP = _("Hjelp mellom sentraler")
STATION = _("Legevakten")
AT_WORK = _("Sikkerhet på jobb")
CONFLICT = _("Samtidighetskonflikt")
MISSIONS = _("Utrykning og sykebesøk")
FHIR = _("Andre systemer (FHIR)")
ROTA = _("Vaktplan")
COMPETENCE = _("Kompetanse")
ON_DUTY = _("Hvem har vakt")
LOAD = _("Vaktbelastning")
AHEAD = _("År framover")
PAY = _("Lønn for vakt")
MODELS = _("Bemanningsmodeller")

SETTINGS: Mapping[str, Setting] = {
    "competence.lis1_exception": Setting(
        group=COMPETENCE,
        title=_("Kommunen har valgt unntaket for leger som har fullført LIS1"),
        kind=YesNo(),
        reach=Reach.STATION,
    ),
    "competence.training_duties": Setting(
        group=COMPETENCE,
        title=_("Opplæringsvakter før en operatør svarer alene"),
        kind=_count(2, 20),
    ),
    # The two limits do not meet: the short one can never pass the long one.
    "answer.limit_s": Setting(
        group=ANSWER, title=_("Grense for rask svartid"), kind=_count(10, 300)
    ),
    "answer.long_limit_s": Setting(
        group=ANSWER, title=_("Lang grense for svartid"), kind=_count(301, 3600)
    ),
    "answer.goal_share": Setting(
        group=ANSWER, title=_("Mål: andel besvart innen grensa"), kind=_SHARE
    ),
    "claim.grace_s": Setting(
        group=CLAIM, title=_("Overta uten begrunnelse"), kind=_count(0, 300)
    ),
    "claim.heartbeat_s": Setting(
        group=CLAIM, title=_("Tid mellom livstegn"), kind=_count(5, 60)
    ),
    "claim.missed_beats": Setting(
        group=CLAIM,
        title=_("Uteblitte livstegn før andre kan ta over"),
        kind=_count(1, 20),
    ),
    "callback.minutes": Setting(
        group=CALLBACK,
        title=_("Frist for å ringe tilbake"),
        kind=Parts(
            of=_count(1, _DAY_MIN), labels=_PHONE | {"ukjent": _("Ukjent hastegrad")}
        ),
    ),
    "callback.max_attempts": Setting(
        group=CALLBACK, title=_("Forsøk før den ikke nådde løftes"), kind=_count(1, 20)
    ),
    "callback.attempt_window_min": Setting(
        group=CALLBACK,
        title=_("Tid forsøkene skal strekke seg over"),
        kind=_count(0, _DAY_MIN),
    ),
    "phone.minutes": Setting(
        group=URGENCY,
        title=_("Frist for tilsyn etter hastegrad på telefon"),
        kind=Parts(
            of=Number(low=0, high=7 * _DAY_MIN, may_be_none=True), labels=_PHONE
        ),
        reach=Reach.STATION,
    ),
    "arrival.minutes": Setting(
        group=URGENCY,
        title=_("Frist for tilsyn etter hastegrad ved oppmøte"),
        kind=Parts(
            of=Number(low=0, high=7 * _DAY_MIN, may_be_none=True), labels=_ARRIVAL
        ),
        reach=Reach.STATION,
    ),
    "outcome.minutes": Setting(
        group=URGENCY,
        title=_("Frist for tiltak etter hastegrad"),
        kind=Table(rows=_TASKS, row=Parts(of=_count(1, 7 * _DAY_MIN), labels=_PHONE)),
    ),
    "attendance.per_hour": Setting(
        group=URGENCY,
        title=_("Oppmøter stasjonen tar i timen"),
        kind=_count(0, 60),
        reach=Reach.STATION,
    ),
    "attendance.look_ahead_h": Setting(
        group=URGENCY,
        title=_("Hvor langt fram tid for oppmøte foreslås"),
        kind=_count(1, 96),
        reach=Reach.STATION,
    ),
    "catchment.day": Setting(
        group=URGENCY,
        title=_("Dagtid på virkedager"),
        kind=ClockSpan(),
        reach=Reach.ALL,
    ),
    "amk.alarm_s": Setting(
        group=SAFETY, title=_("Alarm når 113 ikke har kvittert"), kind=_count(10, 600)
    ),
    "repeat.window_h": Setting(
        group=SAFETY, title=_("Vindu for gjentatt kontakt"), kind=_count(1, 720)
    ),
    # Nor do these two meet.
    "repeat.second_look_from": Setting(
        group=SAFETY, title=_("Kollega ser på fra kontakt nr."), kind=_count(2, 3)
    ),
    "repeat.doctor_from": Setting(
        group=SAFETY, title=_("Lege spørres fra kontakt nr."), kind=_count(3, 10)
    ),
    "news2.minimum_age": Setting(
        group=SAFETY, title=_("Laveste alder for NEWS2"), kind=_count(16, 18)
    ),
    "news2.pregnancy_ages": Setting(
        group=SAFETY,
        title=_("Aldre der graviditet må være kjent"),
        kind=Span(of=_count(10, 65), labels=(_("Fra alder"), _("Til alder"))),
    ),
    "reason.general_codes": Setting(
        group=RECORD,
        title=_("Generelle årsakskoder som må bekreftes"),
        kind=Codes(pattern=r"[A-Z]\d{2}", example="A99, A29"),
    ),
    "doctor.approves_advice": Setting(
        group=RECORD, title=_("Lege godkjenner kontakter som endte i råd"), kind=YesNo()
    ),
    "note.max_attempts": Setting(
        group=RECORD,
        title=_("Forsøk på å sende notat til fastlege"),
        kind=_count(1, 50),
    ),
    "sound.keep_years": Setting(
        group=KEEPING, title=_("Lydopptak lagres i"), kind=_count(3, 10)
    ),
    "review.random_share": Setting(
        group=KEEPING, title=_("Andel kontakter som trekkes tilfeldig"), kind=_SHARE
    ),
    "numbers.smallest_group": Setting(
        group=KEEPING,
        title=_("Minste gruppe som vises i uttrekk"),
        kind=_count(1, 50),
    ),
    "opening.minutes": Setting(
        group=ACCESS, title=_("Varighet av en åpnet journal"), kind=_count(5, 720)
    ),
    "opening.closed_hours": Setting(
        group=ACCESS,
        title=_("Tid en lukket kontakt hører til vakta"),
        kind=_count(0, 72),
    ),
    "session.lock_min": Setting(
        group=ACCESS,
        title=_("Skjermen låses etter"),
        kind=_count(1, 60),
        reach=Reach.ALL,
    ),
    "note.countersign_lis1": Setting(
        group=RECORD,
        title=_("Notat fra LIS1 signeres også av en annen lege"),
        kind=YesNo(),
        reach=Reach.STATION,
    ),
    "note.demands_diagnosis": Setting(
        group=RECORD,
        title=_("Notatet må ha en diagnose"),
        kind=YesNo(),
        reach=Reach.STATION,
    ),
    "note.look_back_h": Setting(
        group=RECORD,
        title=_("Hvor lenge en pasient uten notat står på lista"),
        kind=_count(1, 168),
        reach=Reach.STATION,
    ),
    "alarm.priority": Setting(
        group=ALARMS, title=_("Alarmens prioritet i køen"), kind=_count(0, 9)
    ),
    "alarm.backup_s": Setting(
        group=ALARMS,
        title=_("Vaktleder varsles når ingen har tatt alarmen"),
        kind=_count(10, 3600),
    ),
    "alarm.backup_number": Setting(
        group=ALARMS, title=_("Reservenummer når ingen tar alarmen"), kind=Phone()
    ),
    "alarm.max_age_s": Setting(
        group=ALARMS,
        title=_("Eldste signal som tas imot"),
        kind=_count(60, 7 * 86_400),
        reach=Reach.ALL,
    ),
    "alarm.ahead_s": Setting(
        group=ALARMS,
        title=_("Hvor langt fram et signal kan ligge"),
        kind=_count(0, 3600),
        reach=Reach.ALL,
    ),
    "alarm.replay_window_s": Setting(
        group=ALARMS,
        title=_("Største avvik i klokka hos avsenderen"),
        kind=_count(10, 3600),
        reach=Reach.ALL,
    ),
    "alarm.messages_per_min": Setting(
        group=ALARMS,
        title=_("Alarmmeldinger som tas imot i minuttet"),
        kind=_count(10, 1_000_000),
        reach=Reach.ALL,
    ),
    "alarm.refused_per_min": Setting(
        group=ALARMS,
        title=_("Avviste alarmmeldinger som besvares i minuttet"),
        kind=_count(1, 10_000),
        reach=Reach.ALL,
    ),
    "help.beat_s": Setting(
        group=HELP,
        title=_("Tid mellom livstegn til andre sentraler"),
        kind=_count(1, 60),
    ),
    "help.missed_s": Setting(
        group=HELP,
        title=_("Taushet før hjelperen tar over av seg selv"),
        kind=_count(4, 3600),
    ),
    "help.most_pause_s": Setting(
        group=HELP,
        title=_("Lengste pause mellom forsøk når den andre ikke svarer"),
        kind=_count(1, 300),
    ),
    "help.settle_s": Setting(
        group=HELP,
        title=_("Ventetid på hjelperen etter en start"),
        kind=_count(0, 300),
    ),
    "help.drill_min": Setting(
        group=HELP, title=_("Lengste øvelse"), kind=_count(1, 240)
    ),
    "help.replay_window_s": Setting(
        group=HELP,
        title=_("Største avvik i klokka hos en annen sentral"),
        kind=_count(10, 3600),
        reach=Reach.ALL,
    ),
    "help.messages_per_min": Setting(
        group=HELP,
        title=_("Meldinger fra én annen sentral i minuttet"),
        kind=_count(10, 1_000_000),
        reach=Reach.ALL,
    ),
    "help.refused_per_min": Setting(
        group=HELP,
        title=_("Avviste meldinger fra andre sentraler som besvares i minuttet"),
        kind=_count(1, 10_000),
        reach=Reach.ALL,
    ),
    "waiting.ends": Setting(
        group=STATION,
        title=_("Ventetid: endene av anslaget, som andel"),
        kind=Parts(of=_SHARE, labels={"low": _("Kortest"), "high": _("Lengst")}),
        reach=Reach.STATION,
    ),
    "waiting.enough": Setting(
        group=STATION,
        title=_("Ventetid: målte konsultasjoner før anslag vises"),
        kind=_count(5, 10_000),
        reach=Reach.STATION,
    ),
    "waiting.history_days": Setting(
        group=STATION,
        title=_("Ventetid: døgn tilbake som måles"),
        kind=_count(7, 730),
        reach=Reach.STATION,
    ),
    "waiting.horizon_min": Setting(
        group=STATION,
        title=_("Ventetid: lengste anslag som vises"),
        kind=_count(30, _DAY_MIN),
        reach=Reach.STATION,
    ),
    "beds.limit_h": Setting(
        group=BEDS,
        title=_("Lengste tid i seng"),
        kind=Parts(of=Number(low=1, high=720, may_be_none=True), labels=_BED_KINDS),
        reach=Reach.STATION,
    ),
    "beds.look_h": Setting(
        group=BEDS,
        title=_("Forslag til neste tilsyn av lege"),
        kind=Parts(of=_count(1, 72), labels=_BED_KINDS),
        reach=Reach.STATION,
    ),
    "conflict.go_within_min": Setting(
        group=CONFLICT,
        title=_("Så fort må en lege kunne gå"),
        kind=_count(0, 60),
        reach=Reach.STATION,
    ),
    "conflict.phone_may_be_left": Setting(
        group=CONFLICT,
        title=_("En telefonsamtale kan avbrytes"),
        kind=YesNo(),
        reach=Reach.STATION,
    ),
    "conflict.patient_may_be_left": Setting(
        group=CONFLICT,
        title=_("En lege kan gå fra en pasient"),
        kind=YesNo(),
        reach=Reach.STATION,
    ),
    "conflict.rest_may_be_broken": Setting(
        group=CONFLICT,
        title=_("En lege som hviler, kan vekkes"),
        kind=YesNo(),
        reach=Reach.STATION,
    ),
    "conflict.wake_min": Setting(
        group=CONFLICT,
        title=_("Tid før en lege som hviler, kan gå"),
        kind=_count(0, 120),
        reach=Reach.STATION,
    ),
    "conflict.need_min": Setting(
        group=CONFLICT,
        title=_("Et behov fra telefonen teller i"),
        kind=_count(10, _DAY_MIN),
        reach=Reach.ALL,
    ),
    "conflict.amk_number": Setting(
        group=CONFLICT, title=_("Nummer til AMK"), kind=Phone()
    ),
    "mission.sign_min": Setting(
        group=MISSIONS,
        title=_("Tid mellom livstegn for den som er alene ute"),
        kind=_count(5, 240),
        reach=Reach.STATION,
    ),
    "mission.ask_min": Setting(
        group=MISSIONS,
        title=_("Telefonen spør etter livstegn så lenge før fristen"),
        kind=_count(1, 60),
        reach=Reach.STATION,
    ),
    "mission.lone_steps": Setting(
        group=MISSIONS,
        title=_("Hva som gjøres når livstegnet uteblir"),
        kind=Parts(
            of=Number(low=0, high=240, may_be_none=True),
            labels={str(code): LONE_STEP[code] for code in LoneStep.Step},
        ),
        reach=Reach.STATION,
    ),
    "mission.clock_slack_s": Setting(
        group=MISSIONS,
        title=_("Største avvik i klokka på en telefon"),
        kind=_count(5, 3600),
        reach=Reach.STATION,
    ),
    "fhir.requests_per_min": Setting(
        group=FHIR,
        title=_("Forespørsler fra ett system i minuttet"),
        kind=_count(1, 1_000_000),
        reach=Reach.ALL,
    ),
    "fhir.refused_per_min": Setting(
        group=FHIR,
        title=_("Avviste forespørsler som føres i loggen i minuttet"),
        kind=_count(1, 10_000),
        reach=Reach.ALL,
    ),
    "telephony.lines": Setting(
        group=TELEPHONY,
        title=_("Prioriterte linjer"),
        kind=PhoneLines(
            channels={str(code): CHANNEL[code] for code in Contact.Channel},
            priority=_count(0, 9),
        ),
    ),
    "telephony.silent_min": Setting(
        group=TELEPHONY,
        title=_("Et stille anrop regnes som over etter"),
        kind=_count(5, _DAY_MIN),
    ),
    "telephony.max_age_s": Setting(
        group=TELEPHONY,
        title=_("Eldste hendelse som tas imot"),
        kind=_count(60, 7 * 86_400),
        reach=Reach.ALL,
    ),
    "telephony.ahead_s": Setting(
        group=TELEPHONY,
        title=_("Hvor langt fram en hendelse kan ligge"),
        kind=_count(0, 3600),
        reach=Reach.ALL,
    ),
    "telephony.replay_window_s": Setting(
        group=TELEPHONY,
        title=_("Største avvik i klokka"),
        kind=_count(10, 3600),
        reach=Reach.ALL,
    ),
    "telephony.messages_per_min": Setting(
        group=TELEPHONY,
        title=_("Meldinger som tas imot i minuttet"),
        kind=_count(10, 1_000_000),
        reach=Reach.ALL,
    ),
    "telephony.refused_per_min": Setting(
        group=TELEPHONY,
        title=_("Avviste meldinger som besvares i minuttet"),
        kind=_count(1, 10_000),
        reach=Reach.ALL,
    ),
    "safety.same_alarm_s": Setting(
        group=AT_WORK,
        title=_("Samme stille alarm når det trykkes igjen innen"),
        kind=_count(5, 600),
    ),
    "alone.posts": Setting(
        group=AT_WORK,
        title=_("Vakter som teller når noen er alene"),
        kind=Parts(
            of=_count(0, 1), labels={str(post): POST[post] for post in Duty.Post}
        ),
        reach=Reach.STATION,
    ),
    "rota.daily_rest_h": Setting(
        group=ROTA,
        title=_("Hvile mellom to vakter"),
        kind=Number(low=8, high=24, is_whole=False),
        reach=Reach.STATION,
    ),
    "rota.weekly_rest_h": Setting(
        group=ROTA,
        title=_("Sammenhengende fri hver uke"),
        kind=Number(low=24, high=72, is_whole=False),
        reach=Reach.STATION,
    ),
    "rota.day_hours": Setting(
        group=ROTA,
        title=_("Mest arbeid i 24 timer"),
        kind=Number(low=6, high=24, is_whole=False),
        reach=Reach.STATION,
    ),
    "rota.week_hours": Setting(
        group=ROTA,
        title=_("Mest arbeid i uka i snitt"),
        kind=Number(low=10, high=80, is_whole=False),
        reach=Reach.STATION,
    ),
    "rota.average_weeks": Setting(
        group=ROTA,
        title=_("Uker som snittet regnes over"),
        kind=_count(1, 52),
        reach=Reach.STATION,
    ),
    "rota.one_week_hours": Setting(
        group=ROTA,
        title=_("Mest arbeid i en enkelt uke"),
        kind=Number(low=10, high=100, is_whole=False),
        reach=Reach.STATION,
    ),
    "rota.sunday_every": Setting(
        group=ROTA,
        title=_("En fri søn- eller helgedag av så mange på rad"),
        kind=_count(2, 8),
        reach=Reach.STATION,
    ),
    "rota.sunday": Setting(
        group=ROTA,
        title=_("Søn- og helgedag: fra time dagen før, til time på dagen"),
        kind=Parts(of=_count(0, 23), labels=_CLOCK),
        reach=Reach.STATION,
    ),
    "rota.night": Setting(
        group=ROTA,
        title=_("Natt: fra time, til time dagen etter"),
        kind=Parts(of=_count(0, 23), labels=_CLOCK),
        reach=Reach.STATION,
    ),
    "rota.evening": Setting(
        group=ROTA,
        title=_("Kveld: fra time, til time"),
        kind=Parts(of=_count(0, 23), labels=_CLOCK),
        reach=Reach.STATION,
    ),
    "rota.account_hours": Setting(
        group=ROTA,
        title=_("Timer som gjør en vakt til kveld eller natt"),
        kind=Number(low=0.5, high=12, is_whole=False),
        reach=Reach.STATION,
    ),
    "rota.standby_share": Setting(
        group=ROTA,
        title=_("Del av hjemmevakt som teller som arbeid"),
        kind=_SHARE,
        reach=Reach.STATION,
    ),
    "rota.eve_from": Setting(
        group=ROTA,
        title=_("Aften teller som helligdag fra time"),
        kind=_count(0, 23),
        reach=Reach.STATION,
    ),
    "rota.lis1_presence": Setting(
        group=ROTA,
        title=_("Erfaren kollega må være til stede når en LIS1 har vakt"),
        kind=YesNo(),
        reach=Reach.STATION,
    ),
    "rota.lvs_minimum": Setting(
        group=ROTA,
        title=_("Færrest operatører på vakt"),
        kind=_count(0, 50),
    ),
    "rota.two_tiers": Setting(
        group=ROTA,
        title=_("Konsultasjonsvakt går bare når beredskapsvakt er der"),
        kind=YesNo(),
        reach=Reach.STATION,
    ),
    "rota.own_rules": Setting(
        group=ROTA,
        title=_("Stedets egne grenser; tomt er ingen"),
        kind=Parts(
            of=Number(low=1, high=30, may_be_none=True),
            labels={
                "nights_in_a_row": _("Mest netter på rad"),
                "days_between": _("Færrest dager fra en vakt til den neste"),
            },
        ),
        reach=Reach.STATION,
    ),
    "rota.history_years": Setting(
        group=ROTA,
        title=_("År tilbake som teller i vaktregnskapet"),
        kind=_count(0, 10),
        reach=Reach.STATION,
    ),
    "rota.offer_min": Setting(
        group=ROTA,
        title=_("Tid til å svare på tilbud om en ledig vakt"),
        kind=_count(1, 1440),
        reach=Reach.STATION,
    ),
    "rota.extra": Setting(
        group=ROTA,
        title=_("Godtgjøring ut over tariff for en vakt på kort varsel"),
        kind=Parts(
            of=Number(low=0, high=10_000, may_be_none=True),
            labels={"nok_per_hour": _("Kroner per time")},
        ),
        reach=Reach.STATION,
    ),
    "load.limits_h": Setting(
        group=LOAD,
        title=_("Timer i uka som belastningen holdes opp mot"),
        kind=Span(
            of=Number(low=1, high=168, is_whole=False),
            labels=(_("Nedre"), _("Øvre")),
        ),
    ),
    "load.night_h": Setting(
        group=LOAD,
        title=_("Timer vakt som gjør natta til en nattevakt"),
        kind=Number(low=0.25, high=24, is_whole=False),
    ),
    "load.rest_h": Setting(
        group=LOAD,
        title=_("Hvile etter vakt som regnes som kort under"),
        kind=Number(low=0, high=48, is_whole=False),
    ),
    "load.summer_weeks": Setting(
        group=LOAD,
        title=_("Ukene som er sommer"),
        kind=Span(of=_count(1, 53), labels=(_("Første uke"), _("Siste uke"))),
    ),
    "load.class_minutes": Setting(
        group=LOAD,
        title=_("Høyeste aktive minutter i timen for vaktklassene"),
        kind=Parts(
            of=_count(0, 60),
            labels={str(n): format_lazy(_("Klasse {n}"), n=n) for n in (1, 2, 3)},
        ),
    ),
    "ahead.exempt_ages": Setting(
        group=AHEAD,
        title=_("Alder for fritak fra vakt"),
        kind=Parts(
            of=_count(40, 75),
            labels={"agreement": _("Etter avtale"), "regulation": _("Etter forskrift")},
        ),
    ),
    "ahead.exempt_shares": Setting(
        group=AHEAD,
        title=_("Andel som får fritak når de har alderen"),
        kind=Parts(
            of=_SHARE,
            labels={"agreement": _("Etter avtale"), "regulation": _("Etter forskrift")},
        ),
    ),
    "ahead.retire_age": Setting(
        group=AHEAD, title=_("Alder for pensjon"), kind=_count(60, 80)
    ),
    "ahead.exit_share": Setting(
        group=AHEAD, title=_("Andel som slutter i året før pensjon"), kind=_SHARE
    ),
    "ahead.recruit_months": Setting(
        group=AHEAD,
        title=_("Måneder fra en stilling blir ledig til den nye er i vakt"),
        kind=_count(1, 120),
    ),
    "ahead.new_age": Setting(
        group=AHEAD, title=_("Alder på nye leger"), kind=_count(24, 59)
    ),
    "pay.standby": Setting(
        group=PAY,
        title=_("Beredskap, kroner i timen"),
        kind=Table(
            rows={str(n): format_lazy(_("Klasse {n}"), n=n) for n in (1, 2, 3, 4)},
            row=_PER_HOUR,
        ),
    ),
    "pay.bakvakt": Setting(
        group=PAY, title=_("Bakvakt, kroner i timen"), kind=_PER_HOUR
    ),
    "pay.night": Setting(
        group=PAY,
        title=_("Fast timelønn om natta, kroner i timen"),
        kind=Table(
            rows={
                str(n): format_lazy(_("Innbyggergruppe {n}"), n=n) for n in (1, 2, 3, 4)
            },
            row=Parts(
                of=_KR,
                labels={
                    "wd": _("Hverdag"),
                    "we": _("Helg"),
                    "wd_spec": _("Hverdag, spesialist"),
                    "we_spec": _("Helg, spesialist"),
                },
            ),
        ),
    ),
    "pay.groups": Setting(
        group=PAY,
        title=_("Høyeste innbyggertall i gruppene for fast timelønn"),
        kind=Parts(
            of=_count(1, 10_000_000),
            labels={str(n): format_lazy(_("Gruppe {n}"), n=n) for n in (1, 2, 3)},
        ),
        reach=Reach.ALL,
    ),
    "pay.local": Setting(
        group=PAY,
        title=_("Fast timelønn hele vakta etter lokal avtale, kroner i timen"),
        kind=_PER_HOUR,
        reach=Reach.STATION,
    ),
    "pay.fee": Setting(
        group=PAY,
        title=_("Honorar for en kontakt, kroner"),
        kind=Table(
            rows={
                "consultation": _("Konsultasjon"),
                "home_visit": OUTCOME[Outcome.Kind.HOME_VISIT],
            },
            row=Parts(
                of=_KR, labels={"day": _("Dag"), "evening": _("Kveld, natt og helg")}
            ),
        ),
    ),
    "standin.office_hours": Setting(
        group=ON_DUTY,
        title=_("Kontortid for dem som svarer bare i kontortida, eller bare utenom"),
        kind=ClockSpan(),
    ),
    "nodnett.office_hours": Setting(
        group=ON_DUTY,
        title=_("Når nødnett går på omgang mellom fastlegene på virkedager"),
        kind=ClockSpan(),
        reach=Reach.STATION,
    ),
    "nodnett.rest_h": Setting(
        group=ON_DUTY,
        title=_("Timer fri etter vakt før nødnett på dagtid"),
        kind=_count(0, 24),
        reach=Reach.STATION,
    ),
    "feed.fetches_per_hour": Setting(
        group=ON_DUTY,
        title=_("Så ofte en kalender kan hentes i timen"),
        kind=_count(4, 1000),
        reach=Reach.ALL,
    ),
    "feed.refused_per_min": Setting(
        group=ON_DUTY,
        title=_("Forsøk i minuttet på ukjente kalenderadresser fra ett sted"),
        kind=_count(1, 1000),
        reach=Reach.ALL,
    ),
    "pay.night_clock": Setting(
        group=PAY,
        title=_("Klokketimene som er natt, for fast timelønn og belastning"),
        kind=Parts(of=_HOUR_OF_DAY, labels={"from": _("Fra kl."), "to": _("Til kl.")}),
    ),
    "pay.evening_clock": Setting(
        group=PAY,
        title=_("Klokketimene med honorar for kveld"),
        kind=Parts(of=_HOUR_OF_DAY, labels={"from": _("Fra kl."), "to": _("Til kl.")}),
    ),
    "pay.agreed_class": Setting(
        group=PAY,
        title=_("Avtalt vaktklasse"),
        kind=Parts(
            of=Number(low=1, high=4, may_be_none=True),
            labels={
                str(post): POST[post]
                for post in (
                    Duty.Post.FORVAKT,
                    Duty.Post.KONSULTASJONSVAKT,
                    Duty.Post.BEREDSKAPSVAKT,
                )
            },
        ),
        reach=Reach.STATION,
    ),
    "models.position_nok": Setting(
        group=MODELS,
        title=_("Lønn for en hel stilling som vaktlege, kroner i året"),
        kind=Parts(of=_KR_A_YEAR, labels={"nok": _("Kroner")}),
        reach=Reach.STATION,
    ),
    "models.day_income_nok": Setting(
        group=MODELS,
        title=_("Inntekt av dagarbeidet i en hel stilling, kroner i året"),
        kind=Parts(of=_KR_A_YEAR, labels={"nok": _("Kroner")}),
        reach=Reach.STATION,
    ),
    "models.social_share": Setting(
        group=MODELS,
        title=_("Arbeidsgiveravgift og pensjon, andel av lønn"),
        kind=Parts(
            of=Number(low=0, high=1, is_whole=False, may_be_none=True),
            labels={"share": _("Andel")},
        ),
        reach=Reach.STATION,
    ),
    "models.substitute_day_nok": Setting(
        group=MODELS,
        title=_("Fast vikar, kroner i døgnet"),
        kind=Parts(of=_KR, labels={"nok": _("Kroner")}),
        reach=Reach.STATION,
    ),
    "models.travel_nok": Setting(
        group=MODELS,
        title=_("Reise og bolig for fast vikar, kroner hvert opphold"),
        kind=Parts(of=_KR, labels={"nok": _("Kroner")}),
        reach=Reach.STATION,
    ),
    "models.hourly_nok": Setting(
        group=MODELS,
        title=_("Sykepleier på satellitt, kroner i timen"),
        kind=Parts(of=_KR, labels={"nok": _("Kroner")}),
        reach=Reach.STATION,
    ),
    "models.site_nok": Setting(
        group=MODELS,
        title=_("Video, utstyr og rom på en satellitt, kroner i året"),
        kind=Parts(of=_KR_A_YEAR, labels={"nok": _("Kroner")}),
        reach=Reach.STATION,
    ),
}
