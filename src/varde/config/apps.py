from django.apps import AppConfig


class VardeConfig(AppConfig):
    """Holds the commands that run the whole: demo, serve, check, backup, restore."""

    name = "varde.config"
    label = "varde"
