"""What a clinician's note consists of, in the order it is written."""

PARTS = ("why", "found", "judged", "done", "plan")
# It is not signed without these; a diagnosis besides, where the station demands it.
NEEDED = ("why", "judged", "plan")
