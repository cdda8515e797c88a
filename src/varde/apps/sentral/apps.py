from django.apps import AppConfig


class SentralConfig(AppConfig):
    name = "varde.apps.sentral"
    label = "sentral"
