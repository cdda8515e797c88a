"""The addresses of the planner's room: `/plan/`."""

from django.urls import URLPattern, path

from varde.apps.planning.views import (
    demand,
    measures,
    operators,
    travel,
    travel_plans,
)


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
TRAVEL: list[URLPattern] = [
    path("dimensjonering/reisetid/", travel.travel, name="travel"),
    path(
        "dimensjonering/reisetid/omriss/<slug:mark>.json",
        travel.outlines,
        name="travel_outlines",
    ),
    path(
        "dimensjonering/reisetid/endring/",
        travel_plans.travel_plan,
        name="travel_plan",
    ),
    path(
        "dimensjonering/reisetid/beste-steder/",
        travel_plans.travel_best,
        name="travel_best",
    ),
    path("dimensjonering/reisetid/tiltak/", measures.measures, name="measures"),
    path(
        "dimensjonering/reisetid/tiltak/<int:measure_id>/",
        measures.measure,
        name="measure",
    ),
]
SCENARIOS: list[URLPattern] = []

urlpatterns = DEMAND + TRAVEL + SCENARIOS
