"""The addresses of the planner's room: `/plan/`."""

from django.urls import URLPattern


app_name = "planning"

DEMAND: list[URLPattern] = []
TRAVEL: list[URLPattern] = []
SCENARIOS: list[URLPattern] = []

urlpatterns = DEMAND + TRAVEL + SCENARIOS
