from django.apps import AppConfig


class SentralConfig(AppConfig):
    name = "varde.apps.sentral"
    label = "sentral"

    def ready(self):
        """The parts that this room keeps fresh."""
        from varde.apps.sentral import live_parts

        live_parts.register()
