"""The addresses of the station's room."""

from django.urls import path

from varde.apps.station.views import (
    alone,
    arrival,
    board,
    conflicts,
    design,
    doctor,
    equipment,
    note_lists,
    notes,
    numbers,
    orders,
    patient,
    safety,
)
from varde.apps.station.views.beds import admitting, figures, stay, stock
from varde.apps.station.views.beds import board as beds


app_name = "station"

P = "pasient/<int:attendance_id>/"

urlpatterns = [
    path("", board.board, name="board"),
    path("vegg/", board.wall, name="wall"),
    path("venterom/<slug:station_code>/", board.waiting_room, name="waiting_room"),
    path("ventet/<int:outcome_id>/kommet/", arrival.arrived, name="arrived"),
    path("ny/", arrival.new, name="new"),
    path("ny/sok/", arrival.search, name="search"),
    path("tall/", numbers.numbers, name="numbers"),
    path(P, patient.patient, name="patient"),
    path(P + "hastegrad/", patient.triage, name="triage"),
    path(P + "sett/", patient.look, name="look"),
    path(P + "rom/", patient.room, name="room"),
    path(P + "gatt/", patient.leave, name="leave"),
    path(P + "nummer/", patient.identify, name="identify"),
    path("senger/", beds.beds, name="beds"),
    path("senger/oversikt/", stock.bed_list, name="bed_list"),
    path("senger/belegg/", figures.bed_days, name="bed_days"),
    path("senger/ohd/<int:year>.csv", figures.bed_year_csv, name="bed_year_csv"),
    path("senger/<int:bed_id>/", admitting.bed, name="bed"),
    path("senger/<int:bed_id>/ut-av-bruk/", stock.take_out_bed, name="take_out_bed"),
    path(
        "senger/kontakt/<int:contact_id>/",
        admitting.bed_for_contact,
        name="bed_for_contact",
    ),
    path("senger/opphold/<int:stay_id>/", stay.bed_stay, name="bed_stay"),
    path("senger/opphold/<int:stay_id>/tilsyn/", stay.bed_looked, name="bed_looked"),
    path("senger/opphold/<int:stay_id>/plan/", stay.bed_plan, name="bed_plan"),
    path("senger/opphold/<int:stay_id>/lege/", stay.bed_doctor, name="bed_doctor"),
    path("senger/opphold/<int:stay_id>/flytt/", stay.bed_move, name="bed_move"),
    path("senger/opphold/<int:stay_id>/ut/", stay.bed_discharge, name="bed_discharge"),
    path("senger/opphold/<int:stay_id>/rett/", stay.bed_correct, name="bed_correct"),
    path("kontakt/<int:contact_id>/notat/", notes.note, name="note"),
    path("kontakt/<int:contact_id>/notat/lagre/", notes.save_note, name="save_note"),
    path(
        "kontakt/<int:contact_id>/notat/frase/", notes.note_phrase, name="note_phrase"
    ),
    path(
        "kontakt/<int:contact_id>/notat/kode/sok/",
        notes.diagnosis_search,
        name="diagnosis_search",
    ),
    path("kontakt/<int:contact_id>/notat/kode/", notes.diagnosis, name="diagnosis"),
    path(
        "kontakt/<int:contact_id>/notat/samtykke/",
        notes.note_consent,
        name="note_consent",
    ),
    path("kontakt/<int:contact_id>/notat/signer/", notes.sign_note, name="sign_note"),
    path("kontakt/<int:contact_id>/notat/kast/", notes.drop_draft, name="drop_draft"),
    path(
        "notater/<int:clinical_note_id>/avgjor/", notes.decide_note, name="decide_note"
    ),
    path("notater/", note_lists.note_list, name="note_list"),
    path(
        "notater/epikrise/<int:epikrise_id>/pa-nytt/",
        note_lists.epikrise_again,
        name="epikrise_again",
    ),
    path(
        "notater/epikrise/<int:epikrise_id>/overlevert/",
        note_lists.epikrise_handed_over,
        name="epikrise_handed_over",
    ),
    path("notater/fraser/", note_lists.phrases, name="phrases"),
    path(
        "notater/fraser/<int:phrase_id>/fjern/",
        note_lists.remove_phrase,
        name="remove_phrase",
    ),
    path("sikkerhet/", safety.safety, name="safety"),
    path("sikkerhet/alarm/", safety.alarm, name="safety_alarm"),
    path("sikkerhet/ny/", safety.register, name="safety_register"),
    path("sikkerhet/alene/", alone.alone, name="alone"),
    path("sikkerhet/alene.csv", alone.alone_csv, name="alone_csv"),
    path("sikkerhet/<int:incident_id>/", safety.incident, name="incident"),
    path("sikkerhet/<int:incident_id>/sett/", safety.see, name="see_incident"),
    path("sikkerhet/<int:incident_id>/slutt/", safety.end, name="end_incident"),
    path("sikkerhet/<int:incident_id>/varslet/", safety.called, name="incident_call"),
    path(
        "sikkerhet/<int:incident_id>/hendte/", safety.account, name="incident_account"
    ),
    path("sikkerhet/<int:incident_id>/kontakt/", safety.tie, name="incident_tie"),
    path("utstyr/", equipment.equipment, name="equipment"),
    path("utstyr/ny/", equipment.place, name="place_checklist"),
    path("utstyr/mangel/<int:lack_id>/", equipment.lack, name="lack"),
    path("utstyr/<int:checklist_id>/", equipment.checklist, name="checklist"),
    path(
        "utstyr/<int:checklist_id>/kontroll/", equipment.check, name="equipment_check"
    ),
    path("utstyr/<int:checklist_id>/endre/", equipment.change, name="change_checklist"),
    path("utforming/", design.design, name="design"),
    path("lege/", doctor.doctor, name="doctor"),
    path("lege/si/", doctor.say, name="say_doing"),
    path("lege/<int:attendance_id>/", doctor.patient, name="doctor_patient"),
    path("lege/<int:attendance_id>/ta/", doctor.take, name="take_patient"),
    path("lege/<int:attendance_id>/tilbake/", doctor.give_back, name="give_back"),
    path("lege/<int:attendance_id>/overlever/", doctor.hand_over, name="hand_over"),
    path("lege/<int:attendance_id>/ferdig/", doctor.finish, name="finish_patient"),
    path("lege/<int:attendance_id>/bestill/", doctor.order, name="order_tests"),
    path("prover/", orders.orders, name="orders"),
    path("prover/<int:order_id>/tatt/", orders.take, name="take_order"),
    path("prover/<int:order_id>/svar/", orders.answer, name="answer_order"),
    path("prover/<int:order_id>/rett/", orders.correct, name="correct_order"),
    path("prover/<int:order_id>/stryk/", orders.cancel, name="cancel_order"),
    path("konflikter/", conflicts.conflicts, name="conflicts"),
    path("konflikter/<int:conflict_id>/", conflicts.solve, name="solve_conflict"),
]
