"""The addresses of the station's room."""

from django.urls import path

from varde.apps.station.views import board, lone, missions, presses, vehicles


app_name = "station"

urlpatterns = [
    path("", board.board, name="board"),
    path("bil/", missions.missions, name="missions"),
    path("bil/nytt/", missions.new_mission, name="new_mission"),
    path("bil/start/<int:outcome_id>/", missions.begin, name="begin_mission"),
    path("bil/oppdrag/<int:mission_id>/", missions.mission, name="mission"),
    path("bil/oppdrag/<int:mission_id>/trykk/", presses.press, name="press"),
    path(
        "bil/oppdrag/<int:mission_id>/trykk/samlet/",
        presses.presses,
        name="presses",
    ),
    path("bil/oppdrag/<int:mission_id>/tider/", presses.times, name="mission_times"),
    path("bil/trykk/<int:press_id>/rett/", presses.correct, name="correct_press"),
    path("bil/oppdrag/<int:mission_id>/mannskap/", missions.crew, name="mission_crew"),
    path("bil/oppdrag/<int:mission_id>/klokke/", lone.watch, name="lone_watch"),
    path("bil/oppdrag/<int:mission_id>/dor/", missions.door, name="write_door"),
    path("bil/oppdrag/<int:mission_id>/dor/vis/", missions.look, name="look_at_door"),
    path("bil/oppdrag/<int:mission_id>/slutt/", missions.end, name="end_mission"),
    path("bil/alarm/<int:alarm_id>/kvitter/", lone.answer, name="answer_lone"),
    path("bil/alarm/steg/<int:step_id>/", lone.step, name="lone_step"),
    path("bil/biler/", vehicles.vehicles, name="vehicles"),
    path("bil/biler/<int:vehicle_id>/", vehicles.in_use, name="vehicle_in_use"),
]
