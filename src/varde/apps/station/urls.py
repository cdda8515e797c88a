"""The addresses of the station's room."""

from django.urls import path

from varde.apps.station.views import alone, board, design, equipment, safety


app_name = "station"

urlpatterns = [
    path("", board.board, name="board"),
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
]
