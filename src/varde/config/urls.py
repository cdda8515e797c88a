"""Every address. Screens have Norwegian paths."""

from django.urls import include, path

from varde.config import views


urlpatterns = [
    path("", views.home, name="home"),
    path("hjelp/", views.handbook, name="handbook"),
    path("hjelp/<path:page>", views.handbook, name="handbook_page"),
    path("helse/", views.health, name="health"),
    path("konto/", include("allauth.urls")),
    path("sentral/", include("varde.apps.sentral.urls")),
]
