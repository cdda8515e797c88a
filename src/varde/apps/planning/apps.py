from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "varde.apps.planning"
    label = "planning"
