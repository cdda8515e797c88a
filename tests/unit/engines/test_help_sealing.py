"""What is kept for another sentral cannot be read, changed or passed off as another thing."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.engines.help.sealing import SealBroken, seal, terms_hash, unseal


@given(st.lists(st.text()))
def test_what_is_sealed_is_opened_as_it_was(what):
    sealed = seal(what, secret="s", about="queue HEL")
    assert unseal(sealed, secret="s", about="queue HEL") == what


def test_the_number_is_not_in_the_sealed_text():
    sealed = seal(["90000001"], secret="s", about="queue HEL")
    assert b"90000001" not in base64.b64decode(sealed)


@pytest.mark.parametrize(
    ("secret", "about"), [("t", "queue HEL"), ("s", "queue BOD"), ("s", "records HEL")]
)
def test_another_secret_or_purpose_opens_nothing(secret, about):
    sealed = seal([1], secret="s", about="queue HEL")
    with pytest.raises(SealBroken):
        unseal(sealed, secret=secret, about=about)


@pytest.mark.parametrize("text", ["", "x", "AAAA", "æ", "A" * 60])
def test_what_is_no_seal_is_refused(text):
    with pytest.raises(SealBroken):
        unseal(text, secret="s", about="queue HEL")


def test_an_empty_secret_seals_nothing():
    with pytest.raises(ValueError, match="secret"):
        seal([1], secret="", about="x")


def test_another_word_is_another_agreement():
    assert terms_hash({"a": "b"}) != terms_hash({"a": "c"})
