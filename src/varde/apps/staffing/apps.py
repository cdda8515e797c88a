from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "varde.apps.staffing"
    label = "staffing"

    def ready(self):
        """The parts that this room keeps fresh."""
        from varde.apps.staffing import live_parts

        live_parts.register()
