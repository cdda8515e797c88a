"""What a call is, for each mixture of events. This table is the definition.

A cell is the second at which the event happened; "-" means that it was never seen.
"""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from varde.domain.call import CallEvent, EventKind, fold


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
KINDS = ("ringing", "answered", "transferred", "abandoned", "ended", "fault")

TABLE = """
ringing answered transferred abandoned ended fault | state       answer_s missed waiting
-       -        -           -         -     -     | unknown     -        no     no
0       -        -           -         -     -     | ringing     -        no     yes
0       7        -           -         -     -     | answered    7        no     no
0       7        -           -         60    -     | ended       7        no     no
0       -        -           9         -     -     | abandoned   -        yes    no
0       -        -           9         9     -     | abandoned   -        yes    no
0       -        -           -         9     -     | abandoned   -        yes    no
-       -        -           9         -     -     | abandoned   -        yes    no
-       7        -           -         -     -     | answered    -        no     no
-       7        -           -         60    -     | ended       -        no     no
0       7        -           7         -     -     | ended       7        no     no
0       7        -           60        -     -     | ended       7        no     no
0       7        -           60        61    -     | ended       7        no     no
0       7        -           6         -     -     | abandoned   -        yes    no
0       7        -           -         6     -     | abandoned   -        yes    no
0       7        -           6         60    -     | abandoned   -        yes    no
0       7        -           60        6     -     | abandoned   -        yes    no
0       7        30          -         -     -     | transferred 7        no     no
0       7        7           -         -     -     | transferred 7        no     no
0       30       7           -         -     -     | answered    30       no     no
0       7        30          -         60    -     | ended       7        no     no
0       -        5           -         -     -     | transferred -        no     yes
0       -        5           9         -     -     | abandoned   -        yes    no
0       -        5           -         9     -     | abandoned   -        yes    no
0       -        -           -         3     3     | fault       -        no     no
-       -        -           -         -     3     | fault       -        no     no
0       -        -           2         3     3     | abandoned   -        yes    no
0       1        -           -         3     3     | ended       1        no     no
"""

ROWS = TABLE.strip().splitlines()[1:]


@pytest.mark.parametrize("row", ROWS)
def test_a_call_is_what_its_events_add_up_to(row):
    given, expected = (half.split() for half in row.split("|"))
    events = [
        CallEvent(
            event_id=kind,
            kind=EventKind(kind),
            occurred_at=NOON + timedelta(seconds=int(second)),
        )
        for kind, second in zip(KINDS, given, strict=True)
        if second != "-"
    ]
    for order in permutations(events):
        call = fold(order)
        assert [
            call.state,
            "-" if call.answer_s is None else f"{call.answer_s:g}",
            "yes" if call.is_missed else "no",
            "yes" if call.is_waiting else "no",
        ] == expected
