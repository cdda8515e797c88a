"""What the tests of the services have, beside what every test has."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch):
    """A fifth of a second of the processor for each password and PIN is for those who guess.

    Not in the browser's tests: the server there would write the password anew.
    """
    for name, cost in {"time_cost": 1, "memory_cost": 64, "parallelism": 1}.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, cost)
