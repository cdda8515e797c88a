"""The addresses of the planner's room: `/plan/`."""

from importlib import import_module

from django.urls import URLPattern, path


app_name = "planning"


def later(module: str, name: str):
    """A view whose module is loaded when it is first asked for: it takes scipy along."""

    def view(request, **named):
        found = import_module(f"varde.apps.planning.views.{module}")
        return getattr(found, name)(request, **named)

    return view


DEMAND: list[URLPattern] = [
    path("dimensjonering/behov/", later("demand", "demand"), name="demand"),
    path(
        "dimensjonering/behov/regn/",
        later("demand", "demand_again"),
        name="demand_again",
    ),
    path("dimensjonering/telefon/", later("operators", "operators"), name="operators"),
    path(
        "dimensjonering/telefon/gi/", later("operators", "hand_over"), name="hand_over"
    ),
    path(
        "dimensjonering/telefon/behov/<int:need_id>/slutt/",
        later("operators", "end_need"),
        name="end_need",
    ),
]
TRAVEL: list[URLPattern] = [
    path("dimensjonering/reisetid/", later("travel", "travel"), name="travel"),
    path(
        "dimensjonering/reisetid/omriss/<slug:mark>.json",
        later("travel", "outlines"),
        name="travel_outlines",
    ),
    path(
        "dimensjonering/reisetid/endring/",
        later("travel_plans", "travel_plan"),
        name="travel_plan",
    ),
    path(
        "dimensjonering/reisetid/beste-steder/",
        later("travel_plans", "travel_best"),
        name="travel_best",
    ),
    path(
        "dimensjonering/reisetid/tiltak/",
        later("measures", "measures"),
        name="measures",
    ),
    path(
        "dimensjonering/reisetid/tiltak/<int:measure_id>/",
        later("measures", "measure"),
        name="measure",
    ),
]
SCENARIOS: list[URLPattern] = []

urlpatterns = DEMAND + TRAVEL + SCENARIOS
