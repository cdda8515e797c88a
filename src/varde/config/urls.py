"""Every address. Screens have Norwegian paths."""

from django.urls import include, path
from django.views.i18n import set_language

from varde.config import account, metrics, views


urlpatterns = [
    path("", views.home, name="home"),
    path("hjelp/", views.handbook, name="handbook"),
    path("hjelp/<path:page>", views.handbook, name="handbook_page"),
    path("helse/", views.health, name="health"),
    path("helse/metrikk", metrics.page, name="metrics"),
    path("konto/", include("varde.config.account_urls")),
    path("laas/", account.lock_now, name="lock"),
    path("laas/opp/", account.unlock, name="unlock"),
    path("laas/passnokkel/", account.unlock_passkey, name="unlock_passkey"),
    path("laas/bytt/", account.switch_user, name="switch_user"),
    path("spraak/", set_language, name="set_language"),
    path("api/", include("varde.apps.api.urls")),
    path("sentral/", include("varde.apps.sentral.urls")),
    path("stasjon/", include("varde.apps.station.urls")),
    path("plan/", include("varde.apps.planning.urls")),
    path("", include("varde.apps.staffing.urls")),
]
