from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "varde.apps.records"
    label = "records"
    verbose_name = "Records"

    def ready(self):
        """Rights, policies and triggers follow every migration; log-ins are logged."""
        from varde.apps.records import login
        from varde.apps.records.protection import after_migrate

        post_migrate.connect(after_migrate, dispatch_uid="varde_protect")
        login.connect()
