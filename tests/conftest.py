"""What every test has. The database itself comes from varde.config.pytest_plugin."""

import pytest
from hypothesis import settings


# How long one example takes says more about a busy machine than about the code.
settings.register_profile("varde", deadline=None)
settings.load_profile("varde")


@pytest.fixture(autouse=True)
def _fresh_settings():
    """Dated settings are cached for seconds; a test begins without a memory."""
    from varde.apps.records import settings as dated

    dated.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """The connections beside the requests' own are closed before the database is dropped."""
    yield
    from varde.apps.records import ratelimit

    ratelimit.close()
