"""Hand-made instances small enough to try every roster, as text in both formats."""

from itertools import product

from varde.engines.rostering.curtois import read_curtois
from varde.engines.rostering.curtois_check import curtois_objective, curtois_violations
from varde.engines.rostering.inrc1 import read_inrc1


CURTOIS = """\
# a comment
SECTION_HORIZON
7

SECTION_SHIFTS
E,480,
N,600,E

SECTION_STAFF
A,E=7|N=2,3000,960,3,2,2,1
B,E=5|N=1,3000,960,3,1,1,1

SECTION_DAYS_OFF
A,0
B,1,2

SECTION_SHIFT_ON_REQUESTS
A,3,E,3

SECTION_SHIFT_OFF_REQUESTS
B,4,N,2

SECTION_COVER
0,E,1,10,1
3,E,1,10,1
4,N,1,10,1
5,E,-0,10,4
6,E,3,10,1
"""

INRC1 = """\
////////////
SCHEDULING_PERIOD;
////////////
tiny, 2010-01-07, 2010-01-11;

SKILLS = 2;
Nurse;
Head;

SHIFT_TYPES = 2;
E, Early, 06:30:00, 14:30:00, 1, Nurse;
N, Night, 22:30:00, 06:30:00, 1, Head;

CONTRACTS = 1;
0, full, (1|1), (1|2|3), (1|3|2), (1|4|2), (1|5|2), (1|6|2), (1|7|2), (1|8|0), (1|9|2), (1|11|0), SaturdaySunday, (1|12), (1|13), (1|14), (1|15), (1|16), 2, 0 1;

PATTERNS = 2;
0, 17, 2 (E|Any) (N|Any);
1, 19, 3 (None|Friday) (Any|Saturday) (Any|Sunday);

EMPLOYEES 2;
0, a, 0, 2, Nurse Head;
1, b, 0, 1, Nurse;

DAY_OF_WEEK_COVER = 3;
Thursday, E, 1;
Saturday, N, 1;
Sunday, E, 1;

DATE_SPECIFIC_COVER = 1;
2010-01-11, N, 1;

DAY_OFF_REQUESTS = 1;
0, 2010-01-07, 20;

DAY_ON_REQUESTS = 1;
1, 2010-01-08, 21;

SHIFT_OFF_REQUESTS = 1;
0, 2010-01-09, N, 22;

SHIFT_ON_REQUESTS = 1;
1, 2010-01-10, E, 23;
"""


# The same from the Saturday, so that a weekend begins the period.
INRC1_LATER = INRC1
for day in (11, 10, 9, 8, 7):
    INRC1_LATER = INRC1_LATER.replace(f"2010-01-{day:02}", f"2010-01-{day + 2:02}")


def curtois(text=CURTOIS):
    return read_curtois(text.encode(), file="tiny.txt")


def inrc1(text=INRC1):
    return read_inrc1(text.encode(), file="tiny.txt")


def rows(*lines):
    """A roster written as "EN..", a dot for a free day."""
    return tuple(tuple("" if c == "." else c for c in line) for line in lines)


def best_by_trial(instance):
    """The least cost of all allowed rosters, by trying each (Curtois)."""
    days = product(["", *(s.id for s in instance.shifts)], repeat=instance.days)
    free = ("",) * instance.days
    lines = list(days)
    own = []
    for place, person in enumerate(instance.people):
        rest = [free] * len(instance.people)

        def allowed(line, place=place, person=person, rest=rest):
            roster = [*rest]
            roster[place] = line
            found = curtois_violations(instance, roster)
            return all(one.person != person.id for one in found)

        own.append([line for line in lines if allowed(line)])
    costs = [curtois_objective(instance, roster) for roster in product(*own)]
    return min(costs, default=None)
