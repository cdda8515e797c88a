"""Call-outs and home visits: what a person does with a mission, one function for each."""

from varde.apps.station.services.missions.crews import change_crew
from varde.apps.station.services.missions.door import look_at_door, write_door
from varde.apps.station.services.missions.ending import end
from varde.apps.station.services.missions.opening import begin, begin_new
from varde.apps.station.services.missions.pressing import (
    Received,
    Sent,
    correct,
    press_now,
    receive,
)
from varde.apps.station.services.missions.vehicles import add_vehicle, set_in_use
from varde.apps.station.services.missions.watching import (
    alarm_due,
    answer_alarm,
    do_step,
    unwatch,
    watch,
)


__all__ = [
    "Received",
    "Sent",
    "add_vehicle",
    "alarm_due",
    "answer_alarm",
    "begin",
    "begin_new",
    "change_crew",
    "correct",
    "do_step",
    "end",
    "look_at_door",
    "press_now",
    "receive",
    "set_in_use",
    "unwatch",
    "watch",
    "write_door",
]
