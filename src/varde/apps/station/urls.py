"""The addresses of the station's room."""

from django.urls import path

from varde.apps.station.views import arrival, board, numbers, patient


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
]
