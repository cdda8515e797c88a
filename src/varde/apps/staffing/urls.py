"""The addresses of the staffing room: `/folk/` and `/vaktplan/`."""

from django.urls import URLPattern


app_name = "staffing"

PEOPLE: list[URLPattern] = []
ROTA: list[URLPattern] = []
LOAD: list[URLPattern] = []
ON_DUTY: list[URLPattern] = []

urlpatterns = PEOPLE + ROTA + LOAD + ON_DUTY
