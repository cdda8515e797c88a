"""The log in plain words: what was done, by which role, and why."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from varde.apps.records.models import AuditEntry, Role
from varde.apps.sentral import messages


KIND = {
    AuditEntry.Kind.READ: _("Lest"),
    AuditEntry.Kind.ACT: _("Gjort"),
    AuditEntry.Kind.CHANGE: _("Endret"),
    AuditEntry.Kind.REFUSED: _("Avvist"),
    AuditEntry.Kind.SESSION: _("Innlogging og tilgang"),
}

PURPOSE = {
    AuditEntry.Purpose.TREAT: _("Helsehjelp"),
    AuditEntry.Purpose.ETREAT: _("Øyeblikkelig hjelp"),
    AuditEntry.Purpose.COC: _("Kvalitet og kontroll"),
    AuditEntry.Purpose.BTG: _("Åpnet utenfor egen oppgave"),
}

ROLE = {
    Role.OPERATOR: _("operatør"),
    Role.NURSE: _("sykepleier"),
    Role.DOCTOR: _("lege"),
    Role.SHIFT_LEADER: _("vaktleder"),
    Role.LEGEVAKTOVERLEGE: _("legevaktoverlege"),
    Role.KOMMUNEOVERLEGE: _("kommuneoverlege"),
    Role.ADMINISTRATOR: _("administrator"),
    Role.AUDITOR: _("kontrollør"),
}

WHAT: Mapping[str, str] = {
    # Reads
    "contact": _("Åpnet kontakten"),
    "patient": _("Åpnet pasienten"),
    "review": _("Åpnet kontakten for gjennomgang"),
    "log": _("Leste loggen"),
    "log_csv": _("Tok ut loggen som fil"),
    "patient_log": _("Leste pasientens logg"),
    "patient_log_csv": _("Tok ut pasientens logg som fil"),
    "openings": _("Leste åpninger med grunn"),
    # Acts
    "record_opened": _("Åpnet journalen med en grunn"),
    "opening_controlled": _("Kontrollerte en åpning med grunn"),
    "contact_taken_over": _("Overtok kontakten"),
    "contact_reopened": _("Åpnet kontakten igjen"),
    "callback_settled_by_call": _("Tilbakeringing avsluttet av nytt anrop"),
    "claims_exported": _("Tok ut refusjonskrav"),
    "note_handed_over": _("Overleverte notat til fastlegen"),
    "clinical_note": _("Åpnet notatet"),
    "phrase_saved": _("Lagret en frase"),
    "phrase_removed": _("Fjernet en frase"),
    "qualification_given": _("Ga en kvalifikasjon"),
    "qualification_ended": _("Avsluttet en kvalifikasjon"),
    "review_drawn": _("Trakk kontakter til gjennomgang"),
    "setting_changed": _("Endret en innstilling"),
    "sound_deleted": _("Slettet lydopptak"),
    "paper_forms_issued": _("Laget papirskjema til nedetid"),
    "paper_form_entered": _("Førte inn et papirskjema"),
    "paper_form_voided": _("Annullerte et papirskjema"),
    "alarm_state": _("Responssenteret spurte om alarmen"),
    "alarm_signal_conflict": _("Motstridende signal fra trygghetsalarm"),
    "alarm_refused": _("Avviste melding fra trygghetsalarm"),
    "fhir_read": _("Hentet opplysninger (FHIR)"),
    "fhir_search": _("Søkte etter opplysninger (FHIR)"),
    "fhir_refused": _("Avviste forespørsel fra annet system (FHIR)"),
    "api_client_made": _("La til et annet system"),
    "api_client_saved": _("Endret et annet system"),
    "api_client_ended": _("Avsluttet et annet system"),
    "telephony_event_conflict": _("Motstridende hendelse fra telefonsystemet"),
    "telephony_refused": _("Avviste hendelse fra telefonsystemet"),
    "help_partner_made": _("La inn en sentral som kan hjelpe"),
    "help_proposed": _("Skrev en avtaletekst om hjelp"),
    "help_accepted": _("Godtok en avtale om hjelp"),
    "help_ended": _("Avsluttet en avtale om hjelp"),
    "help_agreement_heard": _("Den andre sentralen svarte om avtalen"),
    "help_routes": _("Skrev lokale veier for en hjelper"),
    "help_asked": _("Ba en annen sentral om hjelp"),
    "help_not_asked": _("Trakk spørsmålet om hjelp"),
    "help_wanted_back": _("Ba om å få køen tilbake"),
    "help_began": _("Begynte et overtak"),
    "help_active": _("Overtok en annen sentrals kø"),
    "help_calls_came": _("Fikk anrop til en annen sentral uten overtak"),
    "help_copy_closed": _("Kunne ikke åpne kopien av en annen sentrals kø"),
    "help_rows_left_out": _("Kunne ikke sette alle i en annen sentrals kø på lista"),
    "help_copy_opened": _("Åpnet kopien av en annen sentrals kø"),
    "help_returning": _("Begynte å gi tilbake"),
    "help_ended_takeover": _("Ga alt tilbake"),
    "inhabitants_written": _("Skrev et innbyggertall"),
    "help_told_by_hand": _("Fortalte en post til den andre sentralen på telefon"),
    "help_closed": _("Avsluttet et overtak for hånd"),
    "help_copies_deleted": _("Slettet kopiene fra en annen sentral"),
    "help_drill_done": _("Øvde på en oppdiktet innringer"),
    "help_is_helped": _("En annen sentral tok over køen vår"),
    "help_was_helped": _("Fikk køen tilbake"),
    "help_record": _("Tok imot en post fra hjelperen"),
    "help_looked": _("Så på et overtak"),
    "help_refused": _("Avviste melding fra en annen sentral"),
    "user_made": _("Laget en bruker"),
    "user_saved": _("Endret en bruker"),
    "role_given": _("Ga en rolle"),
    "born_year_set": _("Skrev fødselsåret til en kollega"),
    "role_ended": _("Avsluttet en rolle"),
    "second_factor_reset": _("Nullstilte andre faktor"),
    "link_made": _("Laget en engangslenke"),
    "safety_alarm": _("Utløste stille alarm"),
    "safety_registered": _("Registrerte trussel eller vold"),
    "safety_seen": _("Så en stille alarm"),
    "safety_ended": _("Avsluttet en stille alarm"),
    "safety_called": _("Førte hvem som ble varslet"),
    "safety_account": _("Skrev hva som hendte"),
    "safety_tied": _("Knyttet hendelsen til en kontakt"),
    "safety_read": _("Åpnet en hendelse med trussel eller vold"),
    "alone_exported": _("Tok ut timer alene på vakt"),
    "checklist_placed": _("La en sjekkliste på stasjonen"),
    "checklist_removed": _("Tok bort en sjekkliste"),
    "checklist_approved": _("Godkjente en sjekkliste"),
    "checklist_changed": _("Endret en sjekkliste"),
    "position_given": _("Førte en stilling"),
    "position_ended": _("Avsluttet en stilling"),
    "practice_given": _("Førte annet arbeid"),
    "practice_ended": _("Avsluttet annet arbeid"),
    "absence_given": _("Førte fravær eller fritak"),
    "absence_ended": _("Avsluttet fravær eller fritak"),
    "document_added": _("Førte et kompetansedokument"),
    "document_struck": _("Strøk et kompetansedokument"),
    "experience_added": _("Førte praksis eller vakter"),
    "experience_struck": _("Strøk praksis eller vakter"),
    "dispensation_given": _("Ga dispensasjon fra et kompetansekrav"),
    "bakvakt_decided": _("Bestemte om bakvakt må kunne møte opp"),
    "certificate": _("Åpnet et kursbevis"),
    "course_made": _("Satte opp et kurs"),
    "course_signed_up": _("Meldte på til kurs"),
    "course_given_up": _("Meldte av kurs"),
    "course_marked": _("Førte oppmøte på kurs"),
    "course_called_off": _("Avlyste et kurs"),
    "vikar_asked": _("Foreslo en vikar"),
    "vikar_decided": _("Avgjorde om en vikar"),
    "vikar_ended": _("Avsluttet godkjenningen av en vikar"),
    "vikar_terms_set": _("Førte avtale med en vikar"),
    "vikar_why": _("Sa hvorfor en vikar ble brukt"),
    "pool_made": _("Laget en vikarpool"),
    "pool_asked": _("Spurte en kommune om vikarpool"),
    "pool_consented": _("Ble med i en vikarpool"),
    "pool_withdrawn": _("Trakk seg fra en vikarpool"),
    "people_imported": _("Leste inn folk fra regneark"),
    "equipment_checked": _("Kontrollerte utstyr"),
    "lack_ordered": _("Førte en bestilling av utstyr"),
    "lack_arrived": _("Meldte at utstyr er på plass"),
    "design_form": _("Fylte ut skjemaet om universell utforming"),
    # Sessions
    "login": _("Logget inn"),
    "login_failed": _("Feil passord"),
    "code_failed": _("Feil kode"),
    "logout": _("Logget ut"),
    "locked": _("Låste skjermen"),
    "unlocked": _("Låste opp skjermen"),
    "unlock_failed": _("Feil ved opplåsing"),
    "switched": _("Overlot arbeidsplassen til en annen"),
    "sessions_ended": _("Avsluttet innlogginger"),
    "pin_set": _("Satte PIN-kode"),
    "pin_removed": _("Fjernet PIN-kode"),
    "password_chosen": _("Valgte passord"),
    "password_changed": _("Byttet passord"),
    "identity_linked": _("Knyttet til innlogging"),
    "factor_added": _("La til andre faktor"),
    "factor_removed": _("Fjernet andre faktor"),
    "factor_reset": _("Laget nye reservekoder"),
    "snapshot": _("Laget tavla ved nedetid for hånd"),
}

TABLE: Mapping[str, str] = {
    "records_contact": _("kontakten"),
    "records_patient": _("pasientopplysningene"),
    "records_assessment": _("hastegradsvurdering"),
    "records_vitalsigns": _("vitale mål"),
    "records_outcome": _("tiltak"),
    "records_amkhandover": _("overlevering til 113"),
    "records_doctorquestion": _("spørsmål til legen"),
    "records_approval": _("legens godkjenning"),
    "records_interpreterrequest": _("tolk"),
    "records_fastlegenote": _("notat til fastlegen"),
    "records_claimline": _("takst"),
    "records_clinicalnote": _("notatet"),
    "records_phrase": _("frase"),
    "records_qualification": _("kvalifikasjon"),
    "records_review": _("gjennomgang"),
    "records_reviewscore": _("vurdering i gjennomgang"),
    "records_callback": _("tilbakeringing"),
    "records_callbackattempt": _("forsøk på å ringe tilbake"),
    "records_recording": _("lydopptak"),
    "records_listening": _("lytting til lydopptak"),
    "records_recordopening": _("åpning med grunn"),
    "records_indexversion": _("indeks"),
    "records_datedsetting": _("innstilling"),
    "records_helpagreement": _("avtale om hjelp"),
    "records_helpitem": _("innringer i et overtak"),
    "records_rolegrant": _("rolle"),
    "records_safetyincident": _("trussel eller vold"),
    "records_safetyseen": _("sett alarm"),
    "records_safetycall": _("varsling"),
    "records_safetyaccount": _("beretning om hendelsen"),
    "records_checklist": _("sjekkliste"),
    "records_checklistinterval": _("tid mellom kontroller"),
    "records_checklistitem": _("ting på sjekklista"),
    "records_equipmentcheck": _("utstyrskontroll"),
    "records_equipmentlack": _("mangel på utstyr"),
    "records_designform": _("skjema om universell utforming"),
    "records_apiclient": _("annet system"),
}

CHANGE = {
    "insert": pgettext_lazy("logg", "La inn {what}"),
    "update": pgettext_lazy("logg", "Endret {what}"),
    "delete": pgettext_lazy("logg", "Slettet {what}"),
}

SYSTEM = _("Varde selv")
OTHER_SYSTEM = _("Annet system")
UNKNOWN_PERSON = _("ukjent bruker")


def did(entry: AuditEntry) -> str:
    """What one entry tells of, without the values: the log shows no record's content."""
    if entry.kind != AuditEntry.Kind.CHANGE:
        return str(WHAT.get(entry.what, entry.what))
    sentence = str(CHANGE.get(entry.what, "{what}"))
    text = sentence.format(what=TABLE.get(entry.table, entry.table))
    fields = changed_fields(entry.data) if entry.what == "update" else []
    return f"{text} ({', '.join(fields)})" if fields else text


def changed_fields(data: dict[str, Any]) -> list[str]:
    """The names of the fields that a change touched, in words where there are words."""
    names = [name.removesuffix("_id") for name in data]
    return sorted({str(messages.FIELD.get(name, name)) for name in names})


def why(entry: AuditEntry) -> str:
    """The purpose, and the reason where one was given."""
    if entry.kind == AuditEntry.Kind.SESSION:
        return ""
    purpose = str(PURPOSE.get(entry.purpose, ""))
    if not entry.reason:
        return purpose
    return f"{purpose}: {entry.reason}" if purpose else entry.reason


def roles_in_words(roles: list[str]) -> str:
    """Roles as a list of words; empty when none is known.

    The order is the one given.
    """
    return ", ".join(str(ROLE.get(role, role)) for role in dict.fromkeys(roles))


# Why a record outside one's task is opened. The first words of the reason in the log.
OPENING_REASONS = {
    "pasienten": _("Pasienten eller pårørende spør om en tidligere kontakt"),
    "samarbeid": _("Fastlege, sykehus, AMK eller kommunen spør"),
    "klage": _("Klage eller avvik"),
    "kvalitet": _("Kvalitetsarbeid"),
    "annet": _("Annet"),
}
