from django.apps import AppConfig


class StationConfig(AppConfig):
    name = "varde.apps.station"
    label = "station"

    def ready(self):
        """The parts that this room keeps fresh."""
        from varde.apps.station import live_parts

        live_parts.register()
