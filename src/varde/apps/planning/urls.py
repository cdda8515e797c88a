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
AT = "dimensjonering/scenarioer"
SCENARIOS: list[URLPattern] = [
    path(f"{AT}/", later("studies", "study_list"), name="studies"),
    path(f"{AT}/ny/", later("studies", "new_study"), name="new_study"),
    path(f"{AT}/tre-mater/", later("studies", "three_ways"), name="three_ways"),
    path(f"{AT}/<int:study_id>/", later("studies", "study"), name="study"),
    path(f"{AT}/<int:study_id>.pdf", later("studies", "pdf"), name="study_pdf"),
    path(
        f"{AT}/<int:study_id>/stress-des/",
        later("studies", "stress_des"),
        name="study_report",
    ),
    path(f"{AT}/<int:study_id>/spill-av/", later("replay", "replay"), name="replay"),
    path(f"{AT}/<int:study_id>/kjor/", later("studies", "run"), name="run_study"),
    path(f"{AT}/<int:study_id>/stopp/", later("studies", "stop"), name="stop_study"),
    path(f"{AT}/<int:study_id>/kopi/", later("studies", "copy"), name="copy_study"),
    path(f"{AT}/<int:study_id>/slett/", later("studies", "drop"), name="drop_study"),
    path(
        f"{AT}/<int:study_id>/legg-til/",
        later("study_scenarios", "add"),
        name="add_scenario",
    ),
    path(
        f"{AT}/scenario/<int:scenario_id>/",
        later("study_scenarios", "scenario"),
        name="scenario",
    ),
    path(
        f"{AT}/scenario/<int:scenario_id>.toml",
        later("study_scenarios", "toml"),
        name="scenario_toml",
    ),
    path(
        f"{AT}/scenario/<int:scenario_id>/ta-bort/",
        later("study_scenarios", "remove"),
        name="remove_scenario",
    ),
]

urlpatterns = DEMAND + TRAVEL + SCENARIOS
