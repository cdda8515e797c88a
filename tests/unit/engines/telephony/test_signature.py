"""The signature of a telephone message."""

import doctest
import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.engines.telephony import signature
from varde.engines.telephony.signature import Verdict, check, sign


SECRET = "hemmelig"
NOW = 1_795_000_000


def verdict(header, body=b"{}", *, secret=SECRET, now=NOW, window_s=300):
    return check(header, body, secret=secret, now=now, window_s=window_s).verdict


def test_the_examples_of_the_docstrings_are_true():
    result = doctest.testmod(signature)
    assert result.attempted > 0
    assert result.failed == 0


def test_it_is_the_hmac_that_the_handbook_describes():
    by_the_book = hmac.new(
        SECRET.encode(), b'1795000000.{"a":1}', hashlib.sha256
    ).hexdigest()
    assert sign(b'{"a":1}', secret=SECRET, t=NOW) == f"t={NOW},v1={by_the_book}"


@given(body=st.binary(max_size=200), secret=st.text(min_size=1, max_size=20))
@settings(max_examples=40)
def test_what_was_signed_is_good(body, secret):
    header = sign(body, secret=secret, t=NOW)
    assert verdict(header, body, secret=secret) is Verdict.GOOD


@given(
    body=st.binary(min_size=1, max_size=50),
    at=st.integers(0, 49),
    bit=st.integers(0, 7),
)
@settings(max_examples=40)
def test_one_changed_bit_is_found(body, at, bit):
    header = sign(body, secret=SECRET, t=NOW)
    changed = bytearray(body)
    changed[at % len(body)] ^= 1 << bit
    assert verdict(header, bytes(changed)) is Verdict.WRONG


@pytest.mark.parametrize(
    ("ahead_s", "expected"),
    [
        (0, Verdict.GOOD),
        (-300, Verdict.GOOD),
        (-301, Verdict.TOO_OLD),
        (300, Verdict.GOOD),
        (301, Verdict.TOO_NEW),
    ],
)
def test_the_edge_of_the_window_is_inside(ahead_s, expected):
    header = sign(b"{}", secret=SECRET, t=NOW + ahead_s)
    result = check(header, b"{}", secret=SECRET, now=NOW, window_s=300)
    assert (result.verdict, result.ahead_s) == (expected, ahead_s)


def test_the_time_is_signed_too():
    header = sign(b"{}", secret=SECRET, t=NOW - 9000)
    fresh = header.replace(f"t={NOW - 9000}", f"t={NOW}")
    assert verdict(fresh) is Verdict.WRONG


def test_a_stranger_with_an_old_time_learns_nothing_of_our_clock():
    header = sign(b"{}", secret="en annen", t=NOW - 9000)
    result = check(header, b"{}", secret=SECRET, now=NOW, window_s=300)
    assert (result.verdict, result.ahead_s) == (Verdict.WRONG, None)


def test_while_a_secret_is_changed_one_good_signature_is_enough():
    old = sign(b"{}", secret="gammel", t=NOW)
    new = sign(b"{}", secret=SECRET, t=NOW).split(",")[1]
    assert verdict(f"{old},{new}") is Verdict.GOOD


@pytest.mark.parametrize("header", [None, ""])
def test_a_missing_header_is_missing(header):
    assert verdict(header) is Verdict.MISSING


@pytest.mark.parametrize(
    "header",
    [
        "v1=" + "a" * 64,
        "t=1795000000",
        "t=1795000000,v1=" + "A" * 64,
        "t=1795000000,v1=" + "a" * 63,
        "t=-1,v1=" + "a" * 64,
        "t=1795000000,t=1795000001,v1=" + "a" * 64,
        "t=٣,v1=" + "a" * 64,
        "æøå",
        "t=" + "9" * 5000 + ",v1=" + "a" * 64,
    ],
)
def test_a_header_that_cannot_be_read_is_refused_without_a_fault(header):
    assert verdict(header) is Verdict.UNREADABLE


def test_an_unset_secret_never_lets_everything_in():
    with pytest.raises(ValueError, match="needs a secret"):
        check("t=1,v1=" + "a" * 64, b"", secret="", now=1, window_s=300)
    with pytest.raises(ValueError, match="needs a secret"):
        sign(b"", secret="", t=1)
    with pytest.raises(ValueError, match="window"):
        check("t=1,v1=" + "a" * 64, b"", secret="s", now=1, window_s=-1)
