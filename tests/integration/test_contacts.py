"""A contact from its beginning: opening, saving, whose it is, and where it belongs."""

import pytest

from tests import make
from varde.apps.sentral.services import contacts


@pytest.mark.django_db
def test_smoke():
    make.settings()
    kari = make.operator()
    c = contacts.open_contact(sentral=make.sentral(), channel="phone", by=kari, at=make.NOW)
    contacts.save_fields(contact_id=c.pk, fields={"narrative": "x"}, by=kari, at=make.NOW)
