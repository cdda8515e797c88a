"""The addresses of the station's room."""

from django.urls import path

from varde.apps.station.views import arrival, back_entry, board, numbers, patient
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
    path("etterforing/", back_entry.forms, name="back_entry"),
    path("etterforing/nye/", back_entry.issue, name="issue_forms"),
    path(
        "etterforing/utskrift/<int:print_id>.pdf",
        back_entry.print_pdf,
        name="forms_pdf",
    ),
    path("etterforing/<int:form_id>/", back_entry.enter, name="enter_form"),
    path("etterforing/<int:form_id>/annuller/", back_entry.void, name="void_form"),
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
]
