"""What each code is called: a hastegrad, an outcome, a field, an event."""

from django.utils.translation import gettext_lazy as _

from varde.apps.records.events import Happened
from varde.apps.records.models import (
    Alarm,
    Contact,
    Duty,
    InterpreterRequest,
    Outcome,
    Patient,
)
from varde.domain.attendance import LateReason
from varde.domain.contact import OpenKind
from varde.domain.national_id import IdFault
from varde.domain.news2 import Band


# Written by Varde itself where a person would have written a note.
CALLBACK_ANSWERED_AFTER_ALL = _("Telefonsystemet viser at anropet likevel ble besvart.")
CALLBACK_NUMBER_HIDDEN = _("Skjult nummer")
CALLBACK_RANG_AGAIN = _("Ringte igjen og ble besvart.")
CALLBACK_GIVEN_BACK = _("Gitt tilbake til sentralen den kom fra.")
CALLBACK_CAME_ON_LINE = _("Anropet kom fram hit.")
CALLBACK_HELPED = _("Gjort av en annen sentral.")
HELP_KIND = {
    "call": _("Ventet på linja"),
    "callback": _("Skal ringes tilbake"),
    "amk": _("113 har ikke kvittert"),
}
TO_RING_BACK = _("Tilbakeringing")

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
ALARM_DEVICE = {
    Alarm.Device.PENDANT: _("Alarmknapp"),
    Alarm.Device.FALL: _("Fallsensor"),
    Alarm.Device.BED: _("Sengesensor"),
    Alarm.Device.DOOR: _("Dørsensor"),
    Alarm.Device.SMOKE: _("Røykvarsler"),
    Alarm.Device.GPS: _("GPS-alarm"),
    Alarm.Device.CAMERA: _("Digitalt tilsyn"),
    Alarm.Device.INACTIVITY: _("Uvanlig stille"),
    Alarm.Device.MEDICINE: _("Medisindispenser"),
    Alarm.Device.OTHER: _("Annen sensor"),
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
    "not_a_time": _("klokkeslettet finnes ikke."),
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
    "bed": _("Seng"),
    "doctor": _("Ansvarlig lege"),
    "seen_by": _("Hvem så til pasienten"),
    "seen_at": _("Når"),
    "next_at": _("Neste tilsyn av lege"),
    "admitted_at": _("Lagt inn"),
    "moved_at": _("Flyttet"),
    "left_at": _("Skrevet ut"),
    "left_to": _("Skrevet ut til"),
    "criteria_reason": _("Grunn"),
    "code": _("Navn på senga"),
    "source": _("Kilde"),
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
    Duty.Post.KONSULTASJONSVAKT: _("konsultasjonsvakt"),
    Duty.Post.BEREDSKAPSVAKT: _("beredskapsvakt"),
    Duty.Post.NURSE: _("sykepleier"),
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
    Happened.ALARM_SIGNAL: _("Nytt fra trygghetsalarmen"),
    Happened.ALARM_BACKUP: _("Vaktleder varslet om trygghetsalarm som ingen tok"),
    Happened.OUTCOME_ADDED: _("Tiltak"),
    Happened.OUTCOME_SETTLED: _("Tiltak utført"),
    Happened.OUTCOME_CANCELLED: _("Tiltak strøket"),
    Happened.ARRIVED: _("Møtt fram"),
    Happened.AT_THE_DOOR: _("Kommet til legevakten"),
    Happened.LOOKED: _("Sett til"),
    Happened.ROOM_SET: _("Fått rom"),
    Happened.ATTENDANCE_ENDED: _("Ferdig på legevakten"),
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
    Happened.BED_ADMITTED: _("Lagt inn i seng"),
    Happened.BED_LOOKED: _("Tilsyn i seng"),
    Happened.BED_LOOK_PLANNED: _("Neste tilsyn i seng er satt"),
    Happened.BED_DOCTOR: _("Ny ansvarlig lege for seng"),
    Happened.BED_MOVED: _("Flyttet til en annen seng"),
    Happened.BED_LEFT: _("Skrevet ut av seng"),
    Happened.BED_CORRECTED: _("Tid i seng rettet"),
    Happened.HELPED: _("Gjort av en annen sentral"),
    Happened.CLAIM_LINE_ADDED: _("Takst lagt til"),
    Happened.CLAIM_LINE_REMOVED: _("Takst fjernet"),
}

LATE_REASON = {
    LateReason.TRAVEL: _("Reisetida er lengre enn hastegraden tillater."),
    LateReason.CAPACITY: _("Ingen ledig plass før fristen for hastegraden."),
}
