"""How far people have to a legevakt, and what opening, closing or moving one changes.

Values in, values out: the files are read by those who call. What is assumed about speeds,
ferries, towns and demand is in content/travel.yaml, dated and with its source.
"""
