"""The addresses of the station's room."""

from django.urls import path

from varde.apps.station.views import board


app_name = "station"

urlpatterns = [
    path("", board.board, name="board"),
]
