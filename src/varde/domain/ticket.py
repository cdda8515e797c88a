"""What a patient is called on the wall of the waiting room: a letter and two digits."""

from typing import Final


LETTERS: Final = "ABCDEFGHJKLMNPRSTUVX"  # none that is taken for a digit or for another
LAST: Final = 99  # of each letter


def ticket_after(last: str | None, *, in_use: frozenset[str] = frozenset()) -> str:
    """The next ticket at a station, going round; one that is in use is passed over.

    Parameters
    ----------
    last : str or None
        The ticket that was given last; None where none was.
    in_use : frozenset of str
        Those of the patients who are here.

    Raises
    ------
    ValueError
        If `last` is not a ticket, or all are in use.

    Examples
    --------
    >>> ticket_after(None), ticket_after("A99"), ticket_after("X99")
    ('A01', 'B01', 'A01')
    >>> ticket_after("A01", in_use=frozenset({"A02", "A03"}))
    'A04'
    """
    number = -1 if last is None else _number(last)
    for step in range(1, len(LETTERS) * LAST + 1):
        place = (number + step) % (len(LETTERS) * LAST)
        ticket = f"{LETTERS[place // LAST]}{place % LAST + 1:02}"
        if ticket not in in_use:
            return ticket
    raise ValueError(f"all {len(in_use)} tickets are in use")


def _number(ticket: str) -> int:
    letter, digits = ticket[:1], ticket[1:]
    is_one = letter and letter in LETTERS and len(digits) == 2 and digits.isdecimal()
    if not is_one or digits == "00":
        raise ValueError(f"{ticket!r} is not a ticket: a letter and two digits from 01")
    return LETTERS.index(letter) * LAST + int(digits) - 1
