"""A page that was signed is whole, changed, or a stranger's. Nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.apps.records.signed_page import (
    SEALED,
    Verdict,
    Wholeness,
    fingerprint,
    sign,
    signing_key,
    verify,
)


OURS = signing_key(bytes(range(32)))
THEIRS = signing_key(bytes(range(1, 33)))
PAGE = "<!doctype html><title>Tavla</title><p>Åpne kontakter: 2</p>\n"
SIGNED = sign(PAGE, key=OURS)
EXPECTED = fingerprint(OURS)


def said(page, *, expected=EXPECTED):
    return verify(page, expected=expected).wholeness


def test_a_page_as_it_was_signed_is_whole_and_names_its_key():
    assert verify(SIGNED, expected=EXPECTED) == Verdict(Wholeness.WHOLE, EXPECTED)


def test_the_page_stands_unchanged_before_its_signature():
    assert SIGNED.startswith(PAGE.encode())
    assert sign(PAGE.rstrip("\n"), key=OURS) == SIGNED


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_signed(text):
    assert said(sign(text, key=OURS)) is Wholeness.WHOLE


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_with_any_byte_another_it_is_changed(place, other):
    page = bytearray(SIGNED)
    page[place] ^= other
    assert said(bytes(page)) is Wholeness.CHANGED


def test_with_one_bit_another_anywhere_it_is_changed():
    seal = SEALED.search(SIGNED).start()
    for place in range(seal, len(SIGNED)):  # the signature itself, spelling and all
        page = bytearray(SIGNED)
        page[place] ^= 0x20
        assert said(bytes(page)) is Wholeness.CHANGED, place


@given(st.integers(0, len(SIGNED) - 1))
def test_cut_short_it_is_changed(length):
    assert said(SIGNED[:length]) is Wholeness.CHANGED


@given(st.binary(min_size=1, max_size=40), st.integers(0, len(SIGNED)))
def test_with_anything_put_in_it_is_changed(more, place):
    assert said(SIGNED[:place] + more + SIGNED[place:]) is Wholeness.CHANGED


def test_signed_by_another_key_it_is_a_strangers():
    verdict = verify(sign(PAGE, key=THEIRS), expected=EXPECTED)
    assert verdict == Verdict(Wholeness.STRANGER, fingerprint(THEIRS))
    assert said(sign(PAGE, key=THEIRS), expected=fingerprint(THEIRS)) is Wholeness.WHOLE


def test_a_changed_page_with_anothers_signature_put_on_top_is_never_whole():
    forged = sign(SIGNED.decode().replace("2</p>", "0</p>"), key=THEIRS)
    assert said(forged) is Wholeness.STRANGER


def test_a_strangers_page_that_names_our_key_is_changed():
    ours, theirs = SEALED.search(SIGNED)[1], SEALED.search(sign(PAGE, key=THEIRS))[1]
    assert said(sign(PAGE, key=THEIRS).replace(theirs, ours)) is Wholeness.CHANGED


@pytest.mark.parametrize("page", [b"", PAGE.encode(), b"\xff\x00"])
def test_without_a_signature_it_is_changed_and_names_nobody(page):
    assert verify(page, expected=EXPECTED) == Verdict(Wholeness.CHANGED, "")


def test_a_fingerprint_is_eight_groups_of_four_and_the_keys_own():
    assert [len(part) for part in EXPECTED.split()] == [4] * 8
    assert fingerprint(OURS.public_key()) == EXPECTED != fingerprint(THEIRS)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_secret_of_another_length_is_refused(length):
    with pytest.raises(ValueError, match="32"):
        signing_key(bytes(length))
