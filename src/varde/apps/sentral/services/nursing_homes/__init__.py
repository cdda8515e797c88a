"""Writes about nursing homes: the homes themselves, and what one tells in a contact."""

from varde.apps.sentral.services.nursing_homes.register import (
    HomeDetails,
    add_hours,
    end_hours,
    make_home,
    save_home,
)
from varde.apps.sentral.services.nursing_homes.telling import choose_home, tell


__all__ = [
    "HomeDetails",
    "add_hours",
    "choose_home",
    "end_hours",
    "make_home",
    "save_home",
    "tell",
]
