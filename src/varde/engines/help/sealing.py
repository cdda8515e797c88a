"""What one sentral keeps for another is sealed: nobody reads it before it is needed.

AES-256-GCM with a key that is made of the shared secret (HKDF-SHA256, RFC 5869). The
secret is in a file of the server and not in the database, so that a copy of the database
tells nothing of the other sentral's callers. Who sent it and what it is are bound to the
seal: a queue cannot be passed off as a record, nor one sentral's as another's.
"""

import base64
import hashlib
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


NONCE_BYTES = 12  # the size that AES-GCM is made for


class SealBroken(ValueError):
    """The bytes were not sealed with this secret for this purpose."""


def seal(what: Any, *, secret: str, about: str) -> str:
    """The value as sealed text.

    Parameters
    ----------
    what : anything that JSON can hold
    secret : str
        Shared, not empty.
    about : str
        What it is and from whom; the same must be said when it is opened.

    Examples
    --------
    >>> unseal(seal([1], secret="s", about="queue HEL"), secret="s", about="queue HEL")
    [1]
    """
    nonce = os.urandom(NONCE_BYTES)
    body = json.dumps(what, separators=(",", ":")).encode()
    closed = AESGCM(_key(secret)).encrypt(nonce, body, about.encode())
    return base64.b64encode(nonce + closed).decode("ascii")


def unseal(text: str, *, secret: str, about: str) -> Any:
    """What was sealed.

    Raises
    ------
    SealBroken
        If it was sealed with another secret, for another purpose, or was changed.
    """
    try:
        raw = base64.b64decode(text, validate=True)
        nonce, closed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        return json.loads(AESGCM(_key(secret)).decrypt(nonce, closed, about.encode()))
    except (InvalidTag, ValueError) as fault:
        raise SealBroken("not sealed with this secret for this purpose") from fault


def terms_hash(terms: dict[str, Any]) -> str:
    """The fingerprint of an agreement: the same words give the same, in any order of keys.

    >>> terms_hash({"a": 1, "b": 2}) == terms_hash({"b": 2, "a": 1})
    True
    """
    text = json.dumps(terms, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _key(secret: str) -> bytes:
    if not secret:
        raise ValueError("a seal needs a secret")
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"varde help v1")
    return kdf.derive(secret.encode())
