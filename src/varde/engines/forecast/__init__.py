"""How many contacts will come, hour by hour, and how sure that is."""
