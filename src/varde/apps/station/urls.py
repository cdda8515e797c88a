"""The addresses of the station's room."""

from django.urls import path

from varde.apps.station.views import board, conflicts, doctor, orders


app_name = "station"

urlpatterns = [
    path("", board.board, name="board"),
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
