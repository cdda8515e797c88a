"""The addresses of the FHIR API. `kind` is a resource type."""

from django.urls import path

from varde.apps.api.fhir import views


app_name = "fhir"

urlpatterns = [
    path("metadata", views.metadata, name="metadata"),
    path("<str:kind>", views.search, name="search"),
    path("<str:kind>/_search", views.post_search, name="post_search"),
    path("<str:kind>/<str:resource_id>", views.read, name="read"),
    path("", views.other, name="root"),
    path("<path:rest>", views.other, name="other"),
]
