"""The demo district: a made-up legevakt in a real landscape, and its history.

Values in, values out. `reading.read_demo` reads the typed-in content; `people`, `staff`
and `rosters` fill the place with persons who do not exist; `history` makes years of calls
and contacts that look like the published figures; `live` makes the calls of a running demo.
The same seed always gives the same district.
"""
