"""The addresses of the planner's room: `/plan/`."""

from django.urls import URLPattern, path

from varde.apps.planning.views import demand, operators


app_name = "planning"

DEMAND: list[URLPattern] = [
    path("dimensjonering/behov/", demand.demand, name="demand"),
    path("dimensjonering/behov/regn/", demand.demand_again, name="demand_again"),
    path("dimensjonering/telefon/", operators.operators, name="operators"),
    path("dimensjonering/telefon/gi/", operators.hand_over, name="hand_over"),
    path(
        "dimensjonering/telefon/behov/<int:need_id>/slutt/",
        operators.end_need,
        name="end_need",
    ),
]
TRAVEL: list[URLPattern] = []
SCENARIOS: list[URLPattern] = []

urlpatterns = DEMAND + TRAVEL + SCENARIOS
