from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "varde.apps.api"
    label = "api"
