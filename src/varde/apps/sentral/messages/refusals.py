"""Every refusal in words. A test fails for a `Rule` without."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from varde.domain.errors import Rule


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
    # Nursing homes
    Rule.PHONE_HOURS_END_FIRST: _("Telefontida må slutte etter at den begynner."),
    Rule.NUMBER_OF_ANOTHER_HOME: _(
        "Nummeret {number} står på {home}. Fjern det der først."
    ),
    Rule.HOME_NAME_TAKEN: _("{name} finnes allerede i kommunen."),
    Rule.HOME_NOT_CHOSEN: _("Velg hvilket sykehjem som ringer først."),
    # What is typed
    Rule.FIELD_UNKNOWN: _("Feltet {field} finnes ikke. Last siden på nytt."),
    Rule.FIELD_NOT_VALID: _("{field}: {why}"),
    # The station
    Rule.ALREADY_AT_STATION: _("Pasienten er alt på {station}, siden {since}."),
    Rule.WITH_DOCTOR: _("{doctor} har pasienten, og må selv avslutte."),
    # A test's result
    Rule.RESULT_IS_EMPTY: _("{test}: skriv svaret før du lagrer."),
    Rule.RESULT_NOT_A_NUMBER: _(
        "{part} må være et tall i {unit} med høyst {decimals} desimaler. Sier apparatet "
        "at det er under eller over det det måler, skriv < eller > foran."
    ),
    Rule.RESULT_OUT_OF_RANGE: _(
        "{part} må være fra {low} til {high} {unit}. Se etter om kommaet står riktig."
    ),
    Rule.RESULT_NOT_A_CHOICE: _("{part}: velg fra lista."),
    Rule.RESULT_TOO_LONG: _("{part}: skriv høyst {most} tegn."),
    # The doctor and the patient at the station
    Rule.ATTENDANCE_IS_OVER: _("Pasienten ble avsluttet {ended_at}."),
    Rule.RED_NEEDS_A_DOCTOR: _(
        "Pasienten er rød og kan ikke legges tilbake i køen. Overlever til en kollega, "
        "eller vurder hastegraden på nytt."
    ),
    Rule.RED_CANNOT_END_SO: _(
        "Pasienten er rød. Velg «sendt videre» eller «seng», vurder hastegraden på nytt, "
        "eller skriv hvorfor det ender slik."
    ),
    Rule.ORDERS_ARE_OPEN: _(
        "Det mangler svar på {tests}. Før svaret, eller stryk prøven med en grunn."
    ),
    Rule.RESULTS_NOT_SEEN: _(
        "Svar er kommet på {tests} siden du åpnet siden. Se på det før du avslutter."
    ),
    Rule.ORDER_STANDS: _("{test} er alt bestilt og ikke besvart."),
    Rule.RESULT_IS_GIVEN: _("{test} har alt et svar. Er det feil, kan du rette det."),
    Rule.NOT_ON_DUTY: _("Du står ikke på vakt som lege her nå."),
    Rule.COLLEAGUE_NOT_ON_DUTY: _("Velg en kollega som er lege på vakt her nå."),
    Rule.CONFLICT_IS_SOLVED: _("Konflikten ble løst {at}."),
    # Help between sentraler
    Rule.HELD_BY_PARTNER: _(
        "{partner} har denne nå, og gir den tilbake når den er gjort."
    ),
    Rule.HELP_NOT_HEARD: _(
        "Tjeneren er nettopp startet, og {partner} kan ha tatt denne mens vi var nede. "
        "Vent til {partner} har svart, høyst {seconds} sekunder."
    ),
    Rule.HELP_NO_SECRET: _(
        "Det finnes ingen delt hemmelighet for {partner} på tjeneren. Den som drifter "
        "Varde, legger den inn (se håndboka)."
    ),
    Rule.HELP_NO_AGREEMENT: _(
        "Det er ingen avtale med {partner} som begge har godtatt."
    ),
    Rule.HELP_AGREEMENT_NOT_OPEN: _(
        "Denne avtalen er godtatt, avsluttet eller byttet ut. Last siden på nytt."
    ),
    Rule.HELP_IS_ON: _("Det er alt et overtak eller en øvelse med {partner}."),
    Rule.HELP_IS_NOT_ON: _(
        "Det er ikke noe overtak som kan gis tilbake. Last siden på nytt."
    ),
    Rule.HELP_IS_TOLD: _(
        "{partner} svarer, og avtalen gjelder: postene går over av seg selv. Vent litt."
    ),
    Rule.HELP_IN_HAND: _(
        "Noen her arbeider fortsatt med {number} av dem. Gjør dem ferdig først."
    ),
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
    # The clinician's note
    Rule.NOTE_NOT_BEGUN: _("Det er ikke skrevet noe ennå."),
    Rule.NOTE_LACKS: _("Før notatet kan signeres, skriv: {parts}."),
    Rule.NOTE_NEEDS_DIAGNOSIS: _("Sett minst én diagnose før notatet signeres."),
    Rule.NOTE_TOO_MANY_DIAGNOSES: _(
        "Et notat kan ha {most} diagnoser. Fjern en først."
    ),
    Rule.NOTE_CORRECTION_NEEDS_REASON: _(
        "Skriv hva som er rettet eller nytt. Det går med i epikrisen."
    ),
    Rule.NOTE_IS_DECIDED: _(
        "Notatet venter ikke lenger på signatur, eller det har kommet en nyere versjon."
    ),
    Rule.NOTE_NEEDS_ANOTHER_DOCTOR: _(
        "En annen lege, som ikke er LIS1, må signere notatet."
    ),
    Rule.PHRASE_KEY_NOT_VALID: _(
        "Kortordet har én til tolv små bokstaver eller tall, uten mellomrom."
    ),
    Rule.QUALIFICATION_IS_HELD: _("Personen har dette allerede i en del av tida."),
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
    Rule.API_CLIENT_IS_KNOWN: _(
        "Et annet system har denne klient-id-en eller dette sertifikatet i samme tidsrom."
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
    # Beds
    Rule.BED_TAKEN: _("{bed} er opptatt siden {since}. {colleague} la inn pasienten."),
    Rule.BED_TAKEN_UNSEEN: _("{bed} er opptatt av en du ikke har tilgang til."),
    Rule.BED_OUT_OF_USE: _("{bed} er tatt ut av bruk. Velg en annen."),
    Rule.BED_CODE_TAKEN: _("{bed} finnes fra før. Gi senga et annet navn."),
    Rule.BED_IS_OCCUPIED: _(
        "Det ligger en pasient i {bed}. Flytt eller skriv ut pasienten først."
    ),
    Rule.BED_OTHER_KIND: _(
        "{bed} er en annen slags seng. Legg pasienten inn på nytt der, så kriteriene "
        "blir besvart."
    ),
    Rule.BED_OF_ANOTHER_DISTRICT: _(
        "Kontakten hører til et annet distrikt. Senga kan ikke brukes."
    ),
    Rule.PATIENT_HAS_A_BED: _(
        "Pasienten ligger alt i {bed}, siden {since}. Flytt pasienten derfra."
    ),
    Rule.PATIENT_HAS_LEFT_BED: _("Pasienten ble skrevet ut {left_at}."),
    Rule.BED_CRITERIA_UNANSWERED: _(
        "Svar ja eller nei på hvert kriterium. Det mangler {count}."
    ),
    Rule.BED_CRITERIA_NEED_REASON: _(
        "Et kriterium er ikke oppfylt. Skriv hvorfor pasienten likevel legges inn."
    ),
    Rule.BED_TIME_OUT_OF_ORDER: _("Tida må være fra {not_before} til {not_after}."),
    Rule.BED_LOOK_NEEDED: _("Sett tid for neste tilsyn av lege."),
    # Safety at work
    Rule.SAFETY_ALARM_IS_ENDED: _("{by} avsluttet alarmen {at}."),
    # Equipment
    Rule.CHECKLIST_NAME_TAKEN: _(
        "Stasjonen har alt en sjekkliste som heter {name}. Velg et annet navn."
    ),
    Rule.CHECKLIST_IS_EMPTY: _("Lista er tom. Legg til det som skal være der."),
    Rule.CHECKLIST_HAS_CHANGED: _(
        "Lista er endret siden du åpnet den. Se over den på nytt og lagre."
    ),
    Rule.CHECK_NOT_WHOLE: _(
        "Du mangler svar på {count}. Merk det som er på plass, og skriv antall for resten."
    ),
    Rule.LACK_IS_ORDERED: _("{by} bestilte det {at}."),
    Rule.LACK_IS_THERE: _("{by} meldte {at} at det er på plass."),
    # Call-out and home visit
    Rule.ALONE_NEEDS_REASON: _(
        "Ingen drar alene uten en grunn. Velg en til, eller skriv hvorfor én drar alene."
    ),
    Rule.CREW_NEEDED: _("Velg hvem som drar."),
    Rule.VEHICLE_IS_OUT: _(
        "{vehicle} er på et annet oppdrag. Velg en annen bil, eller trykk «Ledig» på "
        "oppdraget den er på."
    ),
    Rule.PERSON_IS_OUT: _(
        "{person} er på et annet oppdrag. Trykk «Ledig» på det først."
    ),
    Rule.MISSION_IS_UNDER_WAY: _("Noen er alt på vei til denne pasienten."),
    Rule.MISSION_IS_OVER: _("Oppdraget er avsluttet."),
    Rule.CALL_SIGN_TAKEN: _("Stasjonen har alt en bil som heter {vehicle}."),
    Rule.DOOR_CODE_CREW_ONLY: _(
        "Dørkoden vises bare for mannskapet, og bare mens oppdraget varer."
    ),
    Rule.DOOR_CODE_UNREADABLE: _(
        "Dørkoden kan ikke leses: nøkkelen til dørkoder er byttet. Skriv den inn på nytt."
    ),
    Rule.LONE_ALARM_IS_ANSWERED: _("{owner} kvitterte alarmen {at}."),
    Rule.LONE_WATCH_IS_NEEDED: _(
        "Den som er alene ute, har alltid klokka på. Få med en til først."
    ),
    # Paper forms
    Rule.PAPER_FORM_NUMBER_WRONG: _(
        "Skjemanummeret stemmer ikke. Skriv det slik det står øverst på skjemaet, med "
        "siste siffer."
    ),
    Rule.PAPER_FORM_UNKNOWN: _("Skjema {number} er ikke skrevet ut her."),
    Rule.PAPER_FORM_USED: _("Skjema {number} ble ført inn {at}."),
    Rule.PAPER_FORM_VOID: _("Skjema {number} ble annullert {at}."),
    Rule.PAPER_FORM_VOID_NEEDS_REASON: _("Skriv hvorfor skjemaet ikke skal føres inn."),
    Rule.PAPER_FORM_COUNT: _("Skriv ut fra 1 til {most} skjema om gangen."),
    Rule.TRUE_TIME_MISSING: _("{field}: skriv dag og klokkeslett."),
    Rule.TRUE_TIME_IN_FUTURE: _("{field}: tida er ikke kommet ennå."),
    Rule.TRUE_TIME_OUT_OF_ORDER: _(
        "{field} kan ikke være før «{former}», som var {not_before}."
    ),
    # The rota
    Rule.ROTA_CHANGED: _(
        "{by} endret {place} {at}, etter at du åpnet siden. Ingenting er overskrevet. Se "
        "på vakta og gjør endringen på nytt."
    ),
    Rule.ROTA_PERIOD_WRONG: _(
        "Perioden må slutte etter at den begynner, og være høyst {most_days} dager."
    ),
    Rule.ROTA_OVERLAPS: _(
        "Det finnes alt en vaktplan fra {begins_on} til {ends_on}. Velg en periode utenfor."
    ),
    Rule.ROTA_NEEDS_PATTERNS: _(
        "Ingen vaktmønstre gjelder i perioden. Lag dem under «Vaktmønstre» først."
    ),
    Rule.ROTA_HARD_RULE: _(
        "Endringen bryter {count} regel eller regler som ikke kan brytes uten en grunn. "
        "Velg en annen, eller skriv grunnen."
    ),
    Rule.ROTA_BREAKS_RULES: _(
        "Planen bryter harde regler {count} steder. Rett dem, eller sett reglene til side "
        "med en grunn på hver vakt, før planen publiseres."
    ),
    Rule.ROTA_IS_PUBLISHED: _("Planen er publisert. Endre vaktene én for én."),
    Rule.ROTA_NOT_PUBLISHED: _("Planen er ikke publisert ennå."),
    Rule.ROTA_NOTHING_TO_UNDO: _("Du har ingen endring å angre i denne planen."),
    Rule.ROTA_RUN_UNDER_WAY: _(
        "Et forslag lages nå. Stopp det, eller vent til det er ferdig."
    ),
    Rule.ROTA_RUN_EMPTY: _("Kjøringen har ikke funnet noen plan."),
    Rule.ROTA_NOT_OF_WORKPLACE: _(
        "Personen har ingen stilling her som kan ha denne vakta."
    ),
    Rule.ROTA_DUTY_IS_OVER: _("Vakta er over."),
    Rule.ROTA_DUTY_HAS_HOLDER: _("{person} har vakta."),
    Rule.ROTA_TOO_FAR: _("En plan kan begynne til og med {first_on}."),
    Rule.ROTA_TOO_LARGE: _(
        "Mønstrene gir {count} vakter i perioden. En plan har høyst {most}. Velg en "
        "kortere periode, eller rett antallet i mønstrene."
    ),
    Rule.ROTA_OWN_HARD_RULE: _(
        "Ingen setter en regel til side for seg selv. Be en annen leder om det."
    ),
    Rule.ROTA_PLANNERS_RULE: _(
        "Bare de som lager planen, kan sette krav om kompetanse og bakvakt til side. "
        "Velg en annen, eller ring legevaktoverlegen."
    ),
    Rule.PATTERN_DAYS_WRONG: _("Velg minst én dag."),
    Rule.PATTERN_VALUES_WRONG: _(
        "Skriv navn, klokkeslett, antall fra 1 til 50 og aktiv andel fra 0 til 100."
    ),
    Rule.WISH_DATES_WRONG: _("Siste dag må være samme dag som første, eller senere."),
    Rule.WISH_IN_THE_PAST: _("Ønsket må gjelde dager som kommer."),
    Rule.WISHES_ARE_MANY: _(
        "Du har {most} ønsker for dager som kommer. Ta bort noen først."
    ),
    Rule.WISH_TOO_FAR: _("Du kan ønske for dager til og med {last_on}."),
    Rule.WISH_OVERLAPS: _(
        "Du har alt et ønske for noen av disse dagene. Ta det bort først."
    ),
    Rule.VACANCY_IS_FILLED: _("{person} tok vakta {at}."),
    Rule.VACANCY_NOBODY_TO_ASK: _("Velg minst én å spørre."),
    Rule.OFFER_IS_OVER: _(
        "Tilbudet gjelder ikke lenger. Ring legevakta om du vil ha vakta."
    ),
    Rule.OFFER_BREAKS_RULES: _(
        "Planen er endret, og du kan ikke ha denne vakta nå. Ring legevakta."
    ),
    Rule.REFILL_NOTHING_CHOSEN: _(
        "Ingen av valgene kan gjøres. Kryss av for minst én ledig vakt som ingen er "
        "spurt om."
    ),
    Rule.REFILL_BREAKS_RULES: _(
        "Det som er krysset av, bryter {count} harde regler slik planen er nå. "
        "Ingenting er endret. Se forslaget på nytt under."
    ),
    Rule.SWAP_IS_OVER: _(
        "Byttet gjelder ikke lenger: det er besvart, eller en av vaktene er endret."
    ),
    Rule.SWAP_BREAKS_RULES: _("Byttet bryter reglene. Ingenting er byttet."),
    Rule.OFFER_PAY_CHANGED: _(
        "Godtgjøringen er endret etter at du åpnet siden. Se på den, og svar igjen."
    ),
    Rule.VACANCY_PAY_UNKNOWN: _("Velg en av lønnsformene på lista."),
    Rule.VIKAR_NOT_APPROVED: _(
        "{person} er vikar, og kommunens godkjenning gjelder ikke for {post} {at}. {way} "
        "Slike vakter i alt: {count}. Ingenting er endret."
    ),
    # Who is on duty
    Rule.STANDIN_OVERLAPS: _(
        "{person} står alt på denne plassen fra {begins_on}. Avslutt det først, eller velg "
        "en annen plass i rekkefølgen."
    ),
    Rule.STANDIN_IS_NAMED: _(
        "{person} står alt på lista for denne funksjonen i disse dagene."
    ),
    Rule.NODNETT_IS_MEMBER: _("Står alt på lista over dem som har nødnett i turnus."),
    Rule.NODNETT_NO_MEMBERS: _(
        "Ingen på lista har nødnett i perioden. Sett opp noen under «Hvem som er med» først."
    ),
    Rule.NODNETT_PERIOD_WRONG: _(
        "Velg en periode som begynner i dag eller senere, og er høyst {most_days} dager."
    ),
    Rule.NODNETT_DAY_CHANGED: _(
        "Dagen er endret etter at du åpnet siden, og er nå: {person}. Ingenting er "
        "overskrevet."
    ),
    Rule.NODNETT_DAY_IS_OVER: _("Dagen er over og kan ikke endres."),
    Rule.FEED_IS_THERE: _(
        "Du har alt en adresse for denne kalenderen. Forny den om adressen er glemt."
    ),
    Rule.FEED_IS_ENDED: _("Adressen er alt stengt."),
    # People and competence
    Rule.POSITION_OVERLAPS: _(
        "Personen har alt en slik stilling her, fra {begins_on}. Avslutt den først."
    ),
    Rule.PRACTICE_OVERLAPS: _(
        "Det er alt ført arbeid i noe av denne tida samme ukedag. Avslutt det først."
    ),
    Rule.ABSENCE_OVERLAPS: _(
        "Overlapper med fravær som alt er ført: {ground}, {begins_on} til {ends_on}. "
        "Velg andre dager, eller avslutt det først."
    ),
    Rule.ABSENCE_OVERLAPS_ELSEWHERE: _(
        "Overlapper med fravær som {place} har ført, {begins_on} til {ends_on}. Det gjelder "
        "her også. Velg andre dager."
    ),
    Rule.OWN_PERIODS_OVERLAP: _(
        "Det er alt ført egne perioder her fra {begins_on} som gjelder noen av disse "
        "dagene. Avslutt dem først, eller velg andre dager."
    ),
    Rule.OWN_PERIODS_NEVER: _(
        "Dette gir ingen dager med vakt før siste dag. Velg en senere siste dag, eller "
        "andre ukedager."
    ),
    Rule.DOCUMENT_IS_WRITTEN: _("Dette er alt ført for samme dag."),
    Rule.FILE_TOO_LARGE: _(
        "Fila er for stor. Den kan være opptil {most_mb} MB. Ingenting er lagret."
    ),
    Rule.FILE_IS_EMPTY: _("Fila er tom. Ingenting er lagret."),
    Rule.FILE_NOT_A_DOCUMENT: _(
        "Fila er ikke PDF, PNG eller JPEG. Lagre kursbeviset som en av dem. Ingenting er "
        "lagret."
    ),
    Rule.DISPENSATION_OF_OWN: _("Ingen avgjør dette for seg selv. Be en annen om det."),
    Rule.COURSE_IS_CALLED_OFF: _("Kurset er avlyst."),
    Rule.COURSE_HAS_BEGUN: _("Kurset har begynt."),
    Rule.COURSE_NOT_OVER: _("Oppmøte føres når kurset er over."),
    Rule.COURSE_IS_FULL: _("Kurset er fullt: alle {seats} plassene er tatt."),
    Rule.SEAT_IS_TAKEN: _("Personen er alt påmeldt."),
    Rule.SEAT_NOT_TAKEN: _("Personen er ikke påmeldt."),
    Rule.VIKAR_IS_ASKED: _("Kommunen er alt spurt om denne vikaren."),
    Rule.VIKAR_IS_DECIDED: _("Dette er alt avgjort."),
    Rule.VIKAR_OF_OWN: _("Ingen godkjenner eller foreslår seg selv som vikar."),
    Rule.VIKAR_NOT_LENGTHENED: _(
        "Godkjenningen gjelder til {last_on}. Den kan kortes inn her. Skal den bli "
        "lengre, må det spørres på nytt."
    ),
    Rule.RECORDED_ELSEWHERE: _(
        "{by} førte dette for et annet arbeidssted. Be dem eller administratoren stryke det."
    ),
    Rule.COMPETENCE_OF_OWN: _(
        "Ingen fører dette om seg selv. Be en annen leder eller administratoren om det."
    ),
    Rule.TERMS_ARE_WRITTEN: _("Det er alt ført en avtale fra denne dagen."),
    Rule.POOL_NAME_TAKEN: _("Det finnes alt en vikarpool med dette navnet."),
    Rule.POOL_HAS_MUNICIPALITY: _("Kommunen er alt med eller spurt."),
    Rule.POOL_IS_SETTLED: _("Kommunen har alt svart."),
    # The years ahead
    Rule.BORN_YEAR_WRONG: _(
        "{who}: skriv fødselsåret med fire siffer, fra {first} til {last}, eller la det stå "
        "tomt om det er ukjent. Ingenting ble lagret."
    ),
    # Staffing models side by side
    Rule.COMPARISON_WRONG: _("{problem} Ingenting ble regnet."),
    Rule.COMPARISON_UNDER_WAY: _(
        "En sammenligning regnes nå for stedet. Stopp den, eller vent til den er ferdig."
    ),
    Rule.COMPARISON_NOT_DONE: _(
        "Sammenligningen er ikke ferdig regnet, og kan ikke deles ennå."
    ),
    Rule.COMPARISON_SHARED: _(
        "Sammenligningen er delt og kan ikke endres. Lag en ny fra de samme antakelsene."
    ),
    # The need of operators, handed to the rota
    Rule.NEED_NOT_COUNTED: _(
        "Behovet for uka er ikke regnet ut, så det er ingenting å gi. Rett det som står "
        "øverst på siden, og prøv igjen."
    ),
    Rule.NEED_IS_ENDED: _("Dette behovet er alt avsluttet."),
    Rule.NEED_FORECAST_CHANGED: _(
        "Prognosen er laget på nytt siden du åpnet siden. Ingenting er gitt. Se over "
        "tallene her, og trykk «Gi til vaktplanen» igjen."
    ),
    # Travel time
    Rule.MEASURE_IS_PLANNED: _(
        "Stedet har alt dette tiltaket. Endre det som står, eller velg et annet."
    ),
    # Studies of scenarios
    Rule.STUDY_UNDER_WAY: _(
        "En studie kjøres nå for stedet. Stopp den, eller vent til den er ferdig."
    ),
    Rule.STUDY_IS_STARTED: _(
        "Studien er kjørt og kan ikke endres. Lag en kopi, og endre den."
    ),
    Rule.STUDY_IS_FULL: _("En studie har høyst {most} scenarioer. Ta bort et først."),
    Rule.STUDY_IS_EMPTY: _("Studien har ingen scenarioer. Legg til minst ett."),
    Rule.STUDY_TOO_LARGE: _(
        "Et scenario er for stort: {work} kontakter i én kjøring, grensen er {most}. Velg "
        "færre innbyggere eller færre kontakter. Ingenting ble kjørt."
    ),
    Rule.STUDY_CHANGED: _(
        "Noen andre endret scenarioet mens du skrev. Det du skrev, står her ennå. Se over, "
        "og lagre en gang til om det fortsatt skal gjelde."
    ),
    Rule.STUDY_NO_ROADS: _(
        "Det er ikke regnet noen reisetid på vei mellom de to stasjonene. Velg en annen."
    ),
}
