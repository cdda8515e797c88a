from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "varde.apps.planning"
    label = "planning"

    def ready(self):
        """The parts that this room keeps fresh."""
        from varde.apps.planning import live_parts

        live_parts.register()
