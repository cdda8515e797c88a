"""The demo's colleagues: made-up people on duty who do the work that the user does not.

They act through the same services as the screens, at the pace of real people, so that a
patient who rings goes on to the station, the doctor, the car or a bed, and home with a note.
Whoever logs in is left alone: what that person has in hand stays there.
"""

from varde.config.colleagues.working import play


__all__ = ["play"]
