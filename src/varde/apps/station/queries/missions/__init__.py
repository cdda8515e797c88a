"""What the pages of the car show."""

from varde.apps.station.queries.missions.board import board, free_vehicles
from varde.apps.station.queries.missions.mission import mission_page, time_rows
from varde.apps.station.queries.missions.waiting import outcome_for


__all__ = ["board", "free_vehicles", "mission_page", "outcome_for", "time_rows"]
