"""Shift patterns that are in use, each with its source, to begin from.

A place makes its own of them, and says how much of a standby at home counts as work.
Where a source gives no clock, the clocks are ours and are said to be so.

>>> [(shift.starts.hour, shift.ends.hour) for shift in VEFSN.shifts]
[(15, 8), (9, 9)]
"""

from datetime import time

from varde.domain.rota.patterns import (
    EVERY_DAY,
    FREE_DAYS,
    WORKING_DAYS,
    Pattern,
    Shift,
)


VEFSN = Pattern(
    name="Hele vakter, én lege",
    source="Vefsn kommune, plan for legetjenesten, del 6: 15.30-08 hverdager og 09-09 "
    "helger og helligdager, ikke delt. Hvem som har timen 08-09 før en helg, står ikke",
    shifts=(
        Shift(
            code="hverdag",
            post="forvakt",
            days=WORKING_DAYS,
            starts=time(15, 30),
            ends=time(8),
        ),
        Shift(
            code="helg", post="forvakt", days=FREE_DAYS, starts=time(9), ends=time(9)
        ),
    ),
)

VEFSN_WITH_BACKUP = Pattern(
    name="Hele vakter, én lege og bakvakt",
    source=VEFSN.source + ". Bakvakt hele tida, hjemme (samme plan: etablert ordning)",
    shifts=(
        *VEFSN.shifts,
        Shift(
            code="hverdag-bak",
            post="bakvakt",
            days=WORKING_DAYS,
            starts=time(15, 30),
            ends=time(8),
        ),
        Shift(
            code="helg-bak",
            post="bakvakt",
            days=FREE_DAYS,
            starts=time(9),
            ends=time(9),
        ),
    ),
)

SPLIT = Pattern(
    name="Delte kvelder og netter",
    source="Klokkeslettene er valgt her. Delte vakter: ønsket av de fleste legene i "
    "Vefsn kommunes plan for legetjenesten, del 6 c",
    shifts=(
        Shift(
            code="kveld",
            post="forvakt",
            days=WORKING_DAYS,
            starts=time(15, 30),
            ends=time(22),
        ),
        Shift(
            code="natt", post="forvakt", days=EVERY_DAY, starts=time(22), ends=time(8)
        ),
        Shift(
            code="dag", post="forvakt", days=FREE_DAYS, starts=time(8), ends=time(15)
        ),
        Shift(
            code="helgekveld",
            post="forvakt",
            days=FREE_DAYS,
            starts=time(15),
            ends=time(22),
        ),
    ),
)

TWO_TIERS = Pattern(
    name="To vaktsjikt",
    source="Legeforeningen (2015), En legevakt for alle: konsultasjonsvakt og "
    "beredskapsvakt. Klokkeslettene er valgt her",
    shifts=tuple(
        Shift(
            code=f"{code}-{post}",
            post=post,
            days=days,
            starts=starts,
            ends=ends,
        )
        for post in ("konsultasjonsvakt", "beredskapsvakt")
        for code, days, starts, ends in (
            ("kveld", WORKING_DAYS, time(15, 30), time(22)),
            ("natt", EVERY_DAY, time(22), time(8)),
            ("dag", FREE_DAYS, time(8), time(15)),
            ("helgekveld", FREE_DAYS, time(15), time(22)),
        )
    ),
)

OPERATORS = Pattern(
    name="Operatører, tredelt med mellomvakt og langvakt",
    source="NKLM, rapport om organisering av legevaktsentraler (2025), boks 2: dag, "
    "kveld og natt, mellomvakter, langvakter på 10-12 timer i helg. Klokkeslettene er "
    "valgt her",
    shifts=(
        Shift(
            code="dag",
            post="operator",
            days=WORKING_DAYS,
            starts=time(7, 30),
            ends=time(15, 30),
            needed=2,
        ),
        Shift(
            code="mellom",
            post="operator",
            days=WORKING_DAYS,
            starts=time(11),
            ends=time(19),
        ),
        Shift(
            code="kveld",
            post="operator",
            days=WORKING_DAYS,
            starts=time(15),
            ends=time(22, 30),
            needed=2,
        ),
        Shift(
            code="natt",
            post="operator",
            days=EVERY_DAY,
            starts=time(22),
            ends=time(7, 45),
            needed=2,
        ),
        Shift(
            code="lang",
            post="operator",
            days=FREE_DAYS,
            starts=time(7, 30),
            ends=time(19, 30),
            needed=2,
        ),
        Shift(
            code="helgekveld",
            post="operator",
            days=FREE_DAYS,
            starts=time(15),
            ends=time(22, 30),
            needed=2,
        ),
    ),
)

PATTERNS = {
    "whole": VEFSN,
    "whole_and_backup": VEFSN_WITH_BACKUP,
    "split": SPLIT,
    "two_tiers": TWO_TIERS,
    "operators": OPERATORS,
}
