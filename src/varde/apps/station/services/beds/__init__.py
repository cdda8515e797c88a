"""Writes of the beds: admitting, looking, moving, discharging, and the beds themselves."""

from varde.apps.station.services.beds.admitting import admit
from varde.apps.station.services.beds.correcting import correct
from varde.apps.station.services.beds.looking import looked, plan, set_doctor
from varde.apps.station.services.beds.moving import discharge, move
from varde.apps.station.services.beds.stock import add_bed, take_out


__all__ = [
    "add_bed",
    "admit",
    "correct",
    "discharge",
    "looked",
    "move",
    "plan",
    "set_doctor",
    "take_out",
]
