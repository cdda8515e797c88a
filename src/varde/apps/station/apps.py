from django.apps import AppConfig


class StationConfig(AppConfig):
    name = "varde.apps.station"
    label = "station"

    def ready(self):
        """The parts that this room keeps fresh, and its part of the page for downtime."""
        from varde.apps.station import downtime, live_parts

        live_parts.register()
        downtime.register()
