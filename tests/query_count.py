"""How many queries something takes, with the dated settings read anew."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from varde.apps.records import settings as dated


def queries_of(act):
    dated.forget()
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)
