"""The public keys of the authorization server: from a file, or fetched and kept a while.

An unknown key is looked for again at most twice a minute, so that a stranger who makes up
names of keys does not make us ask the server each time. Keys once fetched are used on when
the server cannot be reached.
"""

import json
import logging
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWTError


log = logging.getLogger("varde.api")

KEPT_S = 300.0
AGAIN_S = 30.0
TIMEOUT_S = 4.0
LARGEST = 256 * 1024  # bytes


class NoKeys(Exception):
    """There are no keys to check a token with: the file or the server is not there."""


@dataclass
class Keys:
    """The keys of one place. `find` may be called by many threads."""

    place: str
    _keys: Mapping[str, PyJWK] = field(default_factory=dict)
    _fetched_at: float | None = None
    _tried_at: float | None = None
    _lock: Lock = field(default_factory=Lock)

    def find(self, name: str) -> PyJWK | None:
        """The key with this name; None where there is none. Raises `NoKeys`."""
        now = time.monotonic()
        with self._lock:
            is_old = self._fetched_at is None or now - self._fetched_at > KEPT_S
            if (is_old or name not in self._keys) and self._may_try(now):
                self._fetch(now)
            if self._fetched_at is None:
                raise NoKeys
            return self._keys.get(name)

    def _may_try(self, now: float) -> bool:
        return self._tried_at is None or now - self._tried_at > AGAIN_S

    def _fetch(self, now: float) -> None:
        self._tried_at = now
        try:
            known = PyJWKSet.from_dict(json.loads(_read(self.place)))
        except (OSError, ValueError, PyJWTError, AttributeError) as fault:
            log.error(
                "the keys of the authorization server: %s. VARDE_FHIR_JWKS says where"
                " they are looked for.",
                type(fault).__name__,
            )
            return
        self._keys = {
            str(key.key_id): key
            for key in known.keys
            if key.key_id and key.public_key_use in {None, "sig"}
        }
        self._fetched_at = now


def _read(place: str) -> bytes:
    if "://" not in place:
        return Path(place).expanduser().read_bytes()
    with urllib.request.urlopen(place, timeout=TIMEOUT_S) as answer:  # noqa: S310
        return bytes(answer.read(LARGEST))


_known: dict[str, Keys] = {}


def keys_at(place: str) -> Keys:
    """The keys of a place, the same for all threads of this process."""
    return _known.setdefault(place, Keys(place))


def forget() -> None:
    """Fetch all anew. For tests."""
    _known.clear()
