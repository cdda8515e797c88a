"""What the sentral says to people. Nothing else in this room but the templates holds text.

Every `Rule` has its words in `TEXT`; a test fails for one without. Values come along as
codes, moments and names of colleagues; `explain` makes them readable.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from varde.apps.records.events import Happened
from varde.apps.records.models import (
    Contact,
    Duty,
    InterpreterRequest,
    Outcome,
    Patient,
)
from varde.domain.attendance import LateReason, Proposal
from varde.domain.contact import OpenKind
from varde.domain.errors import Rule, RuleBroken
from varde.domain.national_id import IdFault
from varde.domain.news2 import Band


# Written by Varde itself where a person would have written a note.
CALLBACK_ANSWERED_AFTER_ALL = _("Telefonsystemet viser at anropet likevel ble besvart.")
CALLBACK_RANG_AGAIN = _("Ringte igjen og ble besvart.")
TO_RING_BACK = _("Tilbakeringing")

TEXT: Mapping[Rule, str] = {
    # Hastegrad and triage
    Rule.REASON_NEEDED_TO_LOWER: _(
        "Oppgi en grunn for å sette hastegraden fra {before} ned til {after}."
    ),
    Rule.HASTEGRAD_NOT_SET: _("Sett hastegraden først."),
    Rule.INDEX_NOT_APPROVED: _(
        "Versjon {version} av indeksen er ikke godkjent av en legevaktoverlege."
    ),
    Rule.INDEX_NOT_IN_USE: _(
        "Ingen indeks er i bruk. Sett hastegraden uten indeks, og si fra til "
        "legevaktoverlegen."
    ),
    Rule.INDEX_NEEDS_LEGEVAKTOVERLEGE: _(
        "Bare en legevaktoverlege kan gjøre dette med en indeks."
    ),
    Rule.INDEX_VERSION_EXISTS: _(
        "Versjon {version} er installert fra før med en annen tekst. Gi fila et nytt "
        "versjonsnummer."
    ),
    Rule.INDEX_IN_USE: _("Versjon {version} er i bruk. Ta en annen i bruk først."),
    Rule.COMPLAINT_UNKNOWN: _(
        "Indeksen (versjon {version}) har ikke dette problemet. Last siden på nytt."
    ),
    Rule.CRITERION_UNKNOWN: _(
        "Indeksen (versjon {version}) har ikke dette kriteriet. Last siden på nytt."
    ),
    Rule.NEWS2_UNDER_AGE: _(
        "NEWS2 brukes ikke under {min_age_years} år. Målene er lagret uten skår."
    ),
    Rule.NEWS2_AGE_UNKNOWN: _(
        "NEWS2 trenger alder. Skriv inn fødselsdato eller anslått alder."
    ),
    Rule.NEWS2_PREGNANT: _(
        "NEWS2 brukes ikke for gravide. Målene er lagret uten skår."
    ),
    Rule.NEWS2_PREGNANCY_UNKNOWN: _("Si om pasienten er gravid før NEWS2 regnes ut."),
    Rule.NEWS2_SCALE_2_NEEDS_DECISION: _(
        "SpO₂-skala 2 brukes bare når en navngitt lege eller operatør har bestemt det."
    ),
    Rule.VITAL_SIGN_OUT_OF_RANGE: _("{sign} må være fra {low} til {high}."),
    # What is typed
    Rule.FIELD_UNKNOWN: _("Feltet {field} finnes ikke. Last siden på nytt."),
    Rule.FIELD_NOT_VALID: _("{field}: {why}"),
    # Who owns a call or a contact
    Rule.OWNED_BY_ANOTHER: _("{owner} tok den {since}."),
    Rule.TAKE_OVER_NEEDS_REASON: _(
        "{owner} har hatt den siden {since}. Oppgi en grunn for å overta."
    ),
    Rule.NOT_YOURS: _("Du har den ikke lenger. Nå har {owner} den."),
    Rule.CALL_IS_OVER: _("Den som ringte, er ikke lenger på linja."),
    # Call-backs
    Rule.CALLBACK_NEEDS_REASON: _("Skriv hvorfor ingen skal ringe tilbake."),
    Rule.CALLBACK_IS_SETTLED: _("Tilbakeringingen er allerede avsluttet."),
    Rule.UNREACHABLE_TOO_EARLY: _(
        "Det er for tidlig å gi opp: {attempts} av {attempts_needed} forsøk, "
        "{minutes} av {minutes_needed} minutter."
    ),
    # The patient
    Rule.NATIONAL_ID_NOT_VALID: _("Nummeret stemmer ikke: {why}"),
    Rule.PATIENTS_ARE_DIFFERENT: _(
        "De to har hvert sitt nummer. De er ikke samme person."
    ),
    Rule.PATIENT_ALREADY_MERGED: _(
        "Denne pasienten er alt knyttet til en annen. Last siden på nytt."
    ),
    Rule.CONSENT_NEEDED: _("Spør pasienten om fastlegen kan få vite om kontakten."),
    # 113
    Rule.AMK_NOT_CALLED: _("Ring 113 først; si om det er konferanse eller overføring."),
    Rule.AMK_MISSION_NUMBER_NEEDED: _("Skriv inn oppdragsnummeret fra AMK."),
    Rule.AMK_ALREADY_ACKNOWLEDGED: _("AMK kvitterte {acknowledged_at}."),
    Rule.AMK_STOOD_DOWN: _("Overleveringen ble avblåst {stood_down_at}."),
    Rule.AMK_STAND_DOWN_NEEDS_REASON: _("Oppgi hvorfor 113 ikke trengs."),
    # Outcome, time, closing
    Rule.RED_IS_NEVER_QUEUED: _(
        "Den som er {hastegrad}, får ikke en time. Gi hjelp nå: 113 eller utrykning."
    ),
    Rule.NO_ATTENDANCE_TIME: _(
        "Ingen ledig tid ved stasjonen fram til {looked_until}. Velg en annen stasjon, "
        "eller skriv inn en tid."
    ),
    Rule.ATTENDANCE_TIME_TAKEN: _(
        "Tida er gitt til en annen. Første ledige: {next_at}."
    ),
    Rule.TRAVEL_TIME_UNKNOWN: _("Spør hvor lang reisetid pasienten har, i minutter."),
    Rule.STATION_NEEDED: _("Velg hvilken stasjon pasienten skal til."),
    Rule.TASK_IS_SETTLED: _("Oppgaven er allerede avsluttet."),
    Rule.TASK_NEEDS_OWNER: _("Oppgaven mangler en som har den."),
    Rule.REASON_CODE_UNKNOWN: _("{code} finnes ikke i ICPC-2."),
    Rule.GENERAL_CODE_NEEDS_CONFIRMATION: _(
        "{code} sier lite om grunnen. Finn en kode som sier mer, eller bekreft."
    ),
    Rule.CONTACT_IS_CLOSED: _(
        "Kontakten ble lukket {closed_at}. Åpne den igjen først."
    ),
    Rule.CONTACT_IS_OPEN: _("Kontakten er åpen."),
    Rule.CONTACT_HAS_OPEN_ITEMS: _("Før kontakten kan lukkes: {items}."),
    Rule.SECOND_LOOK_NEEDS_ANOTHER: _(
        "En annen enn du må se på kontakten. Be en kollega."
    ),
    Rule.DOCTOR_NEEDED: _("Bare en lege kan gjøre dette."),
    Rule.QUESTION_IS_ANSWERED: _("Spørsmålet er allerede besvart."),
    Rule.APPROVAL_IS_DECIDED: _("Kontakten er allerede vurdert av en lege."),
    Rule.TARIFF_UNKNOWN: _("Takst {tariff} kan ikke brukes på denne datoen."),
    # The fastlege
    Rule.SLOT_IS_TAKEN: _("Timen {starts_at} er tatt. Velg en annen."),
    Rule.NOT_A_WORKDAY: _("{on} er ikke en virkedag."),
    Rule.NO_AGREEMENT_WITH_OFFICE: _(
        "{office} har ingen avtale om at vi setter opp time."
    ),
    Rule.NO_FASTLEGE: _("Pasienten har ingen kjent fastlege."),
    Rule.NOTE_IS_NOT_FAILED: _("Notatet har ikke feilet."),
    # Sound log, review, access
    Rule.REASON_NEEDED_TO_LISTEN: _("Oppgi hvorfor du skal lytte."),
    Rule.RECORDING_ON_LEGAL_HOLD: _("Opptaket er holdt tilbake og slettes ikke."),
    Rule.RECORDING_IS_DELETED: _("Opptaket ble slettet {deleted_at}."),
    Rule.REVIEW_OF_OWN_WORK: _("Du kan ikke vurdere din egen kontakt."),
    Rule.REVIEW_NEEDS_ANOTHER_REVIEWER: _(
        "Du har vurdert den. En annen må gjøre resten."
    ),
    Rule.REVIEW_ANSWERS_MISSING: _("Svar på alle spørsmålene. Det mangler {count}."),
    Rule.REVIEW_IS_SCORED: _("To har vurdert kontakten alt."),
    Rule.REVIEW_NOT_SCORED: _("To må vurdere kontakten før du gir tilbakemelding."),
    Rule.REVIEW_PERIOD_NOT_VALID: _(
        "Perioden må være over, og den kan være fra én til {most_days} dager."
    ),
    Rule.HOLD_NEEDS_REASON: _("Oppgi grunnen. Den blir stående i loggen."),
    Rule.REASON_NEEDED_TO_OPEN: _(
        "Journalen er utenfor oppgaven din. Oppgi hvorfor du åpner den."
    ),
    Rule.OPENING_IS_YOUR_OWN: _("En annen må kontrollere åpningen du gjorde selv."),
    Rule.LAST_ADMINISTRATOR: _(
        "{place} må ha en administrator. Gi rollen til en annen først."
    ),
    Rule.ROLE_IS_HELD: _("Personen har rollen der fra før."),
    Rule.ROLE_DATES_WRONG: _(
        "Siste dag må være i dag eller senere, og etter første dag."
    ),
    Rule.PERSON_WORKS_ELSEWHERE: _(
        "Personen har roller også ved {places}. Be administratoren der."
    ),
    Rule.ROLE_MAY_NOT: _("Rollen din kan ikke gjøre dette."),
    Rule.CHANGED_BY_ANOTHER: _("{by} endret den {at}. Se på nytt før du lagrer."),
    # Dated settings
    Rule.SETTING_UNKNOWN: _("Innstillingen {key} finnes ikke."),
    Rule.SETTING_NOT_A_NUMBER: _("{part} må være et tall."),
    Rule.SETTING_NOT_WHOLE: _("{part} må være et helt tall."),
    Rule.SETTING_OUT_OF_RANGE: _("{part} må være fra {low} til {high}."),
    Rule.SETTING_NOT_A_CHOICE: _("{part} må være en av disse: {choices}."),
    Rule.SETTING_PARTS_WRONG: _("Verdien må ha disse delene og ingen andre: {parts}."),
    Rule.SETTING_NOT_WELL_FORMED: _(
        "Verdien er skrevet feil. Skriv den slik: {example}"
    ),
    Rule.SETTING_NEEDS_SOURCE: _("Oppgi kilden: lov, avtale, veileder eller vedtak."),
    Rule.SETTING_IN_THE_PAST: _(
        "Verdien kan gjelde fra i dag eller senere. Det som har vært, endres ikke."
    ),
    Rule.SETTING_ENDS_BEFORE_IT_BEGINS: _("Sluttdatoen må være etter startdatoen."),
    Rule.SETTING_OVERLAPS: _(
        "En annen verdi gjelder fra {begins_on} til {ends_on}. Velg datoer utenom den."
    ),
}

HASTEGRAD = {
    "akutt": _("Akutt"),
    "haster": _("Haster"),
    "vanlig": _("Vanlig"),
    "rad": _("Råd"),
    "rod": _("Rød"),
    "oransje": _("Oransje"),
    "gul": _("Gul"),
    "gronn": _("Grønn"),
    "bla": _("Blå"),
}

OUTCOME = {
    Outcome.Kind.ADVICE: _("Råd på telefon"),
    Outcome.Kind.ATTENDANCE: _("Oppmøte"),
    Outcome.Kind.HOME_VISIT: _("Sykebesøk"),
    Outcome.Kind.CALL_OUT: _("Utrykning"),
    Outcome.Kind.AMK: _("113"),
    Outcome.Kind.AMBULANCE: _("Ambulanse"),
    Outcome.Kind.KAD: _("KAD-seng"),
    Outcome.Kind.ADMISSION: _("Innleggelse"),
    Outcome.Kind.FASTLEGE: _("Fastlege neste virkedag"),
    Outcome.Kind.NURSING_HOME_DOCTOR: _("Sykehjemslege"),
    Outcome.Kind.OTHER_SERVICE: _("Annen kommunal tjeneste"),
    Outcome.Kind.POLICE_FIRE: _("Politi eller brann"),
    Outcome.Kind.CALL_BACK: _("Ring tilbake"),
    Outcome.Kind.INTERPRETER: _("Tolk"),
}
OUTCOME_STATE = {
    Outcome.State.OPEN: _("Åpen"),
    Outcome.State.DONE: _("Utført"),
    Outcome.State.CANCELLED: _("Strøket"),
}
OWNER_ROLE = {
    "operator": _("operatør"),
    "doctor": _("lege på vakt"),
    "shift_leader": _("vaktleder"),
}

CHANNEL = {
    Contact.Channel.PHONE: _("Telefon"),
    Contact.Channel.DOOR: _("Møtte opp"),
    Contact.Channel.HEALTH: _("Helsepersonell"),
    Contact.Channel.AMK: _("AMK"),
    Contact.Channel.POLICE: _("Politi"),
    Contact.Channel.NURSING_HOME: _("Sykehjem"),
    Contact.Channel.ALARM: _("Trygghetsalarm"),
}
PROTECTION = {
    Patient.Protection.OPEN: _("Ingen"),
    Patient.Protection.CLIENT: _("Klientadresse"),
    Patient.Protection.CONFIDENTIAL: _("Fortrolig adresse"),
    Patient.Protection.STRICTLY: _("Strengt fortrolig adresse"),
}

ID_FAULT = {
    IdFault.LETTERS: _("det er tegn i det som ikke er siffer."),
    IdFault.WRONG_LENGTH: _("det skal ha 11 siffer (DUF-nummer 12)."),
    IdFault.IMPOSSIBLE_DATE: _("datoen i det finnes ikke."),
    IdFault.FIRST_CHECK_DIGIT: _("ett av de ti første sifrene er feil."),
    IdFault.SECOND_CHECK_DIGIT: _("siste siffer stemmer ikke med resten."),
}

WHY = {
    "too_long": _("teksten er for lang."),
    "control_characters": _("teksten har tegn som ikke kan lagres."),
    "not_a_choice": _("velg fra lista."),
    "not_yes_no_unknown": _("velg ja, nei eller ikke kjent."),
    "not_a_phone_number": _("skriv bare siffer, eventuelt med + først."),
    "not_a_date": _("datoen finnes ikke."),
    "not_a_number": _("skriv et tall."),
    "in_the_future": _("tida er i framtida."),
    "in_the_past": _("tida er passert."),
    "not_found": _("finnes ikke hos oss."),
    "not_as_the_number": _("stemmer ikke med nummeret."),
    "empty": _("må fylles ut."),
}

FIELD = {
    "channel": _("Kanal"),
    "caller_relation": _("Hvem ringer"),
    "caller_name": _("Navn på den som ringer"),
    "callback_number": _("Nummer å ringe tilbake til"),
    "language": _("Språk"),
    "interpreter_needed": _("Tolk"),
    "municipality": _("Kommune"),
    "is_elsewhere": _("Et annet sted enn hjemme"),
    "whereabouts": _("Hvor pasienten er"),
    "place": _("Sted"),
    "fastlege": _("Fastlege"),
    "consent_fastlege": _("Samtykke til fastlege"),
    "is_pregnant": _("Gravid"),
    "narrative": _("Journal"),
    "advice_given": _("Råd gitt"),
    "advice_understood": _("Rådet er forstått"),
    "national_id": _("Fødselsnummer"),
    "given_name": _("Fornavn"),
    "family_name": _("Etternavn"),
    "birth_date": _("Fødselsdato"),
    "estimated_age": _("Anslått alder"),
    "sex": _("Kjønn"),
    "address": _("Adresse"),
    "protection": _("Adressesperre"),
    "phone": _("Telefon"),
    "critical_note": _("Viktig å vite"),
    "other_id": _("Pass eller annet nummer"),
    "country": _("Land"),
    "description": _("Kjennetegn"),
    "patient": _("Pasient"),
    "reason": _("Grunn"),
    "note": _("Merknad"),
    "kind": _("Tiltak"),
    "station": _("Stasjon"),
    "due_at": _("Frist"),
    "promised_at": _("Tid"),
    "travel_min": _("Reisetid"),
    "hastegrad": _("Hastegrad"),
    "axis": _("Hastegrad"),
    "scale": _("SpO₂-skala"),
    "mode": _("Konferanse eller overføring"),
    "mission_number": _("Oppdragsnummer"),
    "said": _("Det som ble sagt"),
    "question": _("Spørsmål"),
    "asked_to": _("Lege"),
    "answer": _("Svar"),
    "comment": _("Kommentar"),
    "result": _("Resultat"),
    "quantity": _("Antall"),
    "slot": _("Time"),
    "respiration_rate": _("Pust per minutt"),
    "spo2": _("SpO₂"),
    "on_oxygen": _("Får oksygen"),
    "systolic_bp": _("Systolisk blodtrykk"),
    "pulse": _("Puls"),
    "consciousness": _("Bevissthet"),
    "temperature_c": _("Temperatur"),
}

OPEN_ITEM = {
    OpenKind.AMK_NOT_ACKNOWLEDGED: _("113 har ikke kvittert"),
    OpenKind.DOCTOR_NOT_ASKED: _("tredje kontakt på kort tid: spør legen"),
    OpenKind.SECOND_LOOK_NOT_TAKEN: _("andre kontakt på kort tid: en kollega må se"),
    OpenKind.HASTEGRAD_NOT_SET: _("hastegraden er ikke satt"),
    OpenKind.OUTCOME_NOT_GIVEN: _("tiltak er ikke valgt"),
    OpenKind.QUESTION_NOT_ANSWERED: _("legen har ikke svart"),
    OpenKind.TASK_WITHOUT_OWNER: _("en oppgave mangler en som har den"),
    OpenKind.TASK_WITHOUT_DUE_TIME: _("en oppgave mangler frist"),
    OpenKind.REASON_NOT_CODED: _("årsaken er ikke kodet"),
    OpenKind.GENERAL_CODE_NOT_CONFIRMED: _("en generell kode er ikke bekreftet"),
    OpenKind.CONSENT_NOT_ASKED: _("samtykke til fastlegen er ikke avklart"),
    OpenKind.TASK_LIVES_ON: _("oppgave lever videre"),
}

INTERPRETER = {
    InterpreterRequest.Result.WAITING: _("bestilt"),
    InterpreterRequest.Result.CONNECTED: _("tolk er med"),
    InterpreterRequest.Result.UNAVAILABLE: _("ingen tolk å få"),
    InterpreterRequest.Result.FAMILY: _("pårørende tolket"),
}
POST = {
    Duty.Post.OPERATOR: _("operatør"),
    Duty.Post.SHIFT_LEADER: _("vaktleder"),
    Duty.Post.FORVAKT: _("forvakt"),
    Duty.Post.BAKVAKT: _("bakvakt"),
}
BAND = {
    Band.LOW: _("lav risiko"),
    Band.LOW_MEDIUM: _("lav risiko, men 3 i ett mål"),
    Band.MEDIUM: _("middels risiko"),
    Band.HIGH: _("høy risiko"),
}
EVENT = {
    Happened.OPENED: _("Åpnet"),
    Happened.CLAIMED: _("Tatt"),
    Happened.TAKEN_OVER: _("Overtatt"),
    Happened.RELEASED: _("Lagt tilbake"),
    Happened.WENT_STALE: _("Uten livstegn fra den som hadde den"),
    Happened.ANSWERED_BY_OTHER: _("En kollega tok telefonen"),
    Happened.FIELDS_SAVED: _("Skrevet"),
    Happened.MOVED: _("Flyttet til et annet distrikt"),
    Happened.PATIENT_CHOSEN: _("Pasient valgt"),
    Happened.PATIENT_MADE: _("Pasient opprettet"),
    Happened.PATIENT_SAVED: _("Pasient rettet"),
    Happened.PATIENT_IDENTIFIED: _("Pasient identifisert"),
    Happened.PATIENT_MERGED: _("Pasient knyttet til en annen"),
    Happened.SECOND_LOOK: _("Kollega har sett på den"),
    Happened.ASSESSED: _("Hastegrad"),
    Happened.VITAL_SIGNS: _("Vitale mål"),
    Happened.AMK_STARTED: _("113-klokka startet"),
    Happened.AMK_CALLED: _("113 ringt"),
    Happened.AMK_ACKNOWLEDGED: _("AMK kvitterte"),
    Happened.AMK_NOT_NEEDED: _("113 avblåst"),
    Happened.AMK_ALARMED: _("Vaktleder varslet om 113"),
    Happened.OUTCOME_ADDED: _("Tiltak"),
    Happened.OUTCOME_SETTLED: _("Tiltak utført"),
    Happened.OUTCOME_CANCELLED: _("Tiltak strøket"),
    Happened.ARRIVED: _("Møtt fram"),
    Happened.DOCTOR_ASKED: _("Lege spurt"),
    Happened.DOCTOR_ANSWERED: _("Lege svarte"),
    Happened.APPROVED: _("Godkjent av lege"),
    Happened.SENT_BACK: _("Sendt tilbake av lege"),
    Happened.INTERPRETER_ASKED: _("Tolk bestilt"),
    Happened.INTERPRETER_RESULT: _("Tolk"),
    Happened.CALLBACK_PROMISED: _("Lovet å ringe tilbake"),
    Happened.CALLBACK_ATTEMPT: _("Forsøkt å ringe tilbake"),
    Happened.CALLBACK_SETTLED: _("Tilbakeringing avsluttet"),
    Happened.CALLBACK_TAKEN: _("Tilbakeringing tatt"),
    Happened.CALLBACK_ESCALATED: _("Ikke nådd: løftet til vaktleder"),
    Happened.REASON_SET: _("Årsak"),
    Happened.CLOSED: _("Lukket"),
    Happened.REOPENED: _("Åpnet igjen"),
    Happened.SLOT_BOOKED: _("Time hos fastlege"),
    Happened.NOTE_QUEUED: _("Notat til fastlege lagt i kø"),
    Happened.NOTE_SENT: _("Notat til fastlege sendt"),
    Happened.NOTE_RECEIVED: _("Notat mottatt hos fastlege"),
    Happened.NOTE_FAILED: _("Notat til fastlege feilet"),
    Happened.CLAIM_LINE_ADDED: _("Takst lagt til"),
    Happened.CLAIM_LINE_REMOVED: _("Takst fjernet"),
}

LATE_REASON = {
    LateReason.TRAVEL: _("Reisetida er lengre enn hastegraden tillater."),
    LateReason.CAPACITY: _("Ingen ledig plass før fristen for hastegraden."),
}

# What a value is called where a sentence needs its name.
_MOMENTS = frozenset(
    {
        "since",
        "closed_at",
        "acknowledged_at",
        "stood_down_at",
        "looked_until",
        "next_at",
        "starts_at",
        "deleted_at",
        "at",
    }
)
NOBODY = pgettext_lazy("eier av en kontakt", "ingen")


def explain(error: RuleBroken) -> str:
    """The refusal in words, with its values made readable."""
    return str(TEXT[error.rule]).format(**_readable(error))


def in_record(words: object) -> str:
    """Words that are kept: in bokmål, whatever language the screen has."""
    with override("nb"):
        return str(words)


def moment(at: datetime) -> str:
    """A moment for a sentence: the time today, else the day and the time."""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return gettext("kl. %(time)s") % {"time": f"{local:%H:%M}"}
    return date_format(local, "j. F H:i")


def event_words(kind: str, data: Mapping[str, object]) -> str:
    """What happened, with the code that says most: a field, a hastegrad, an outcome."""
    words = str(EVENT.get(kind, kind))
    detail = _detail(data)
    return f"{words}: {detail}" if detail else words


def open_item(kind: OpenKind, detail: str) -> str:
    """One open thing in words. The detail names the outcome or the code."""
    words = str(OPEN_ITEM[kind])
    words = words[:1].upper() + words[1:]
    if detail in Outcome.Kind.values:
        return f"{words}: {_inside(OUTCOME[Outcome.Kind(detail)])}"
    return f"{words}: {detail}" if detail else words


def _detail(data: Mapping[str, object]) -> str:
    fields = data.get("fields")
    if isinstance(fields, list):
        return ", ".join(_inside(FIELD.get(name, name)) for name in fields)
    outcome, hastegrad = data.get("outcome"), data.get("hastegrad")
    if outcome in Outcome.Kind.values:
        return _inside(OUTCOME[Outcome.Kind(str(outcome))])
    if hastegrad in HASTEGRAD:
        return _inside(HASTEGRAD[str(hastegrad)])
    code = data.get("code")
    return str(code) if code else ""


def _inside(label: object) -> str:
    """A label inside a sentence: a small first letter, but AMK, KAD and GP stay."""
    words = str(label)
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def why_this_time(proposal: Proposal) -> str:
    """Whether a proposed time is within what the hastegrad allows, and if not why."""
    if proposal.late_reason is not None:
        return str(LATE_REASON[proposal.late_reason])
    if proposal.window_ends_at is None:
        return gettext("Hastegraden har ingen frist.")
    return gettext("Innen fristen %(until)s.") % {
        "until": moment(proposal.window_ends_at)
    }


def _readable(error: RuleBroken) -> dict[str, str]:
    return {
        name: _value(name, value, rule=error.rule)
        for name, value in error.values.items()
    }


def _value(name: str, value: str, *, rule: Rule) -> str:
    if name in _MOMENTS:
        return _moment_of(value)
    if name in {"before", "after", "hastegrad"}:
        return _inside(HASTEGRAD.get(value, value))
    if name in {"field", "sign"}:
        return str(FIELD.get(value, value))
    if name == "why":
        words = ID_FAULT if rule is Rule.NATIONAL_ID_NOT_VALID else WHY
        return str(words.get(value, value))
    if name == "items":
        kinds = [OpenKind(kind) for kind in value.split(", ")]
        return ", ".join(str(OPEN_ITEM[kind]) for kind in kinds)
    if name == "owner":
        return value or str(NOBODY)
    if name in {"begins_on", "ends_on"}:
        return _day_of(value)
    if name == "part":
        return value or gettext("Verdien")
    return value


def _day_of(value: str) -> str:
    """A day in words; an open end as such."""
    return date_format(date.fromisoformat(value)) if value else gettext("videre")


def _moment_of(value: str) -> str:
    try:
        return moment(datetime.fromisoformat(value))
    except ValueError:
        return value
