from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "varde.apps.staffing"
    label = "staffing"
