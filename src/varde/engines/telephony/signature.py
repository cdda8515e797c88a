"""The signature of a telephone message: who sent it, and that it is fresh.

The sender puts `t=<unix seconds>,v1=<hex>` in the header `X-Varde-Signature`, where the
hex is HMAC-SHA256 over `<t>.<body>` with the shared secret. The time is signed too, so
that a message that was caught on the way cannot be sent again next week. Several `v1` may
stand beside each other while a secret is being changed.
"""

import hmac
import re
from dataclasses import dataclass
from enum import StrEnum, auto


HEADER = "X-Varde-Signature"
_TIME = re.compile(r"t=([0-9]{1,10})\Z", re.ASCII)
_HEX = re.compile(r"v1=([0-9a-f]{64})\Z", re.ASCII)


class Verdict(StrEnum):
    """What came of checking a signature."""

    GOOD = auto()
    MISSING = auto()
    UNREADABLE = auto()
    WRONG = auto()
    TOO_OLD = auto()  # replayed, or the sender's clock is behind
    TOO_NEW = auto()  # the sender's clock is ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A verdict, and how far the sender's clock is ahead of ours, in whole seconds.

    `ahead_s` is None where no time could be read; negative when the clock is behind, or
    the message old.
    """

    verdict: Verdict
    ahead_s: int | None = None


def sign(body: bytes, *, secret: str, t: int) -> str:
    """The header's value for a body sent at a moment.

    Parameters
    ----------
    body : bytes
        Exactly as it is sent.
    secret : str
        Shared with the receiver, not empty.
    t : int
        Unix time, seconds, 0 or more.

    Raises
    ------
    ValueError
        If the secret is empty or the time negative.

    Examples
    --------
    >>> sign(b"{}", secret="s", t=1700000000)[:16]
    't=1700000000,v1='
    """
    if not secret or t < 0:
        raise ValueError(f"a signature needs a secret and a time >= 0, got t={t}")
    return f"t={t},v1={_mac(body, secret=secret, t=str(t))}"


def check(
    header: str | None, body: bytes, *, secret: str, now: int, window_s: int
) -> Checked:
    """Whether a body was signed with the secret, and recently.

    The signature is judged before the time: a stranger is told that the signature is
    wrong, and learns nothing of our clock.

    Parameters
    ----------
    header : str or None
        None or empty where the header was not sent.
    body : bytes
        As received.
    secret : str
        Not empty: an unset secret must never mean that everything is let in.
    now : int
        Unix time, seconds.
    window_s : int
        Seconds, >= 0, to both sides. Exactly at the edge is inside.

    Raises
    ------
    ValueError
        If the secret is empty or the window negative.

    Examples
    --------
    >>> header = sign(b"{}", secret="s", t=100)
    >>> check(header, b"{}", secret="s", now=130, window_s=30).verdict.value
    'good'
    >>> check(header, b"{}", secret="s", now=131, window_s=30)
    Checked(verdict=<Verdict.TOO_OLD: 'too_old'>, ahead_s=-31)
    """
    if not secret or window_s < 0:
        raise ValueError(f"a check needs a secret and a window >= 0, got {window_s}")
    if not header:
        return Checked(verdict=Verdict.MISSING)
    times, macs = _parts(header)
    if len(times) != 1 or not macs:
        return Checked(verdict=Verdict.UNREADABLE)
    expected = _mac(body, secret=secret, t=times[0])
    if not any(hmac.compare_digest(expected, mac) for mac in macs):
        return Checked(verdict=Verdict.WRONG)
    ahead_s = int(times[0]) - now
    if ahead_s < -window_s:
        return Checked(verdict=Verdict.TOO_OLD, ahead_s=ahead_s)
    if ahead_s > window_s:
        return Checked(verdict=Verdict.TOO_NEW, ahead_s=ahead_s)
    return Checked(verdict=Verdict.GOOD, ahead_s=ahead_s)


def _parts(header: str) -> tuple[list[str], list[str]]:
    """The times and the signatures in a header; what is neither is left out."""
    parts = [part.strip() for part in header.split(",")]
    times = [found[1] for part in parts if (found := _TIME.match(part))]
    macs = [found[1] for part in parts if (found := _HEX.match(part))]
    return times, macs


def _mac(body: bytes, *, secret: str, t: str) -> str:
    return hmac.new(
        secret.encode(), t.encode("ascii") + b"." + body, "sha256"
    ).hexdigest()
