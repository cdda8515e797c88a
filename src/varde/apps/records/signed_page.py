"""A page that carries its own signature, so that it can be trusted without a server.

The page is signed with Ed25519. The signature stands in a comment after the page's last
tag, with the public key that made it; it covers every byte before the comment. Who holds
no secret can check it: the fingerprint of the key is known to those responsible.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum, auto

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)


# Written and read in one spelling only, so that no byte of it can be another.
SEAL = "<!-- varde-signature ed25519 key={key} signature={signature} -->\n"
SEALED = re.compile(
    rb"<!-- varde-signature ed25519 key=([0-9a-f]{64}) signature=([0-9a-f]{128}) -->\n\Z"
)
FINGERPRINT_BYTES = 16


class Wholeness(StrEnum):
    """What the signature of a page says."""

    WHOLE = auto()  # every byte is as it was signed, by the expected key
    CHANGED = auto()  # not as it was signed, or not signed at all
    STRANGER = auto()  # every byte is as it was signed, by another key


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a page is, and the fingerprint of the key it names; "" where it names none."""

    wholeness: Wholeness
    fingerprint: str


def signing_key(seed: bytes) -> Ed25519PrivateKey:
    """The key of an installation from its secret of 32 bytes.

    Raises `ValueError` where it is not 32 bytes.
    """
    return Ed25519PrivateKey.from_private_bytes(seed)


def fingerprint(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """What people compare: 32 signs of the public key's SHA-256, four by four."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return _fingerprint(public.public_bytes_raw())


def sign(page: str, *, key: Ed25519PrivateKey) -> bytes:
    """The page as UTF-8 with its signature behind it."""
    text = (page if page.endswith("\n") else f"{page}\n").encode()
    seal = SEAL.format(
        key=key.public_key().public_bytes_raw().hex(), signature=key.sign(text).hex()
    )
    return text + seal.encode()


def verify(page: bytes, *, expected: str) -> Verdict:
    """Whether a page is whole, and signed by the key with the expected fingerprint.

    A changed page is CHANGED whoever signed it: what it says of its key counts only where
    the signature is right.
    """
    seal = SEALED.search(page)
    if seal is None:
        return Verdict(Wholeness.CHANGED, "")
    public, signature = (bytes.fromhex(part.decode()) for part in seal.groups())
    named = _fingerprint(public)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(
            signature, page[: seal.start()]
        )
    except InvalidSignature:
        return Verdict(Wholeness.CHANGED, named)
    is_ours = named == expected
    return Verdict(Wholeness.WHOLE if is_ours else Wholeness.STRANGER, named)


def _fingerprint(public: bytes) -> str:
    text = hashlib.sha256(public).digest()[:FINGERPRINT_BYTES].hex()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
