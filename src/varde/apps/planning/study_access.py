"""The doors of the studies: a study of the station in hand, and a scenario of it. Else 404."""

from django.shortcuts import get_object_or_404

from varde.apps.records.models import ScenarioStudy, StudyScenario


def study_for(request, study_id: int) -> ScenarioStudy:
    """A study of the station in hand."""
    rows = ScenarioStudy.objects.select_related("made_by", "started_by")
    return get_object_or_404(rows, pk=study_id, station=request.workplace.station_id)


def scenario_for(request, scenario_id: int) -> StudyScenario:
    """A scenario of a study of the station in hand."""
    rows = StudyScenario.objects.select_related("study__made_by", "study__started_by")
    return get_object_or_404(
        rows, pk=scenario_id, study__station=request.workplace.station_id
    )
