"""What the database enforces by itself."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from tests import make
from varde.apps.records.models import AuditEntry, Contact, Patient
from varde.apps.records.protection import scoped_models, scoped_tables
from varde.apps.records.scope import scoped, tell_database


@pytest.mark.django_db
def test_without_a_scope_no_patient_row_is_seen():
    make.patient()
    make.contact()
    with scoped(districts=[]):
        for model in scoped_models():
            assert list(model.objects.all()[:1]) == [], model


@pytest.mark.django_db
def test_with_its_scope_a_district_sees_its_own_rows_and_no_others():
    own = make.patient()
    other = make.patient(of=make.district("ytre", "Ytre distrikt"))
    with scoped(districts=[own.district_id]):
        seen = set(Patient.objects.values_list("pk", flat=True))
    assert seen == {own.pk}
    with scoped(districts=[other.district_id]):
        assert set(Patient.objects.values_list("pk", flat=True)) == {other.pk}


@pytest.mark.django_db
def test_a_row_cannot_be_written_into_another_district():
    own = make.district()
    other = make.district("ytre", "Ytre distrikt")
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        tell_database(districts=[own.pk])
        make.patient(of=other)


@pytest.mark.django_db
def test_every_table_with_patients_is_under_row_security():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE relrowsecurity"
        )
        protected = {name for (name,) in cursor.fetchall()}
    assert set(scoped_tables()) <= protected
    assert len(scoped_tables()) > 20


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize(
    "table", ["records_auditentry", "records_contactevent", "records_telephonyevent"]
)
def test_the_web_process_cannot_change_what_is_written_once(statement, table):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        scoped(districts=[make.district().pk]),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


@pytest.mark.django_db
def test_a_change_of_a_contact_is_logged_by_the_database():
    contact = make.contact()
    AuditEntry.objects.all().delete()
    Contact.objects.filter(pk=contact.pk).update(narrative="Vondt i magen")
    (entry,) = AuditEntry.objects.all()
    assert (entry.kind, entry.table, entry.contact_id) == (
        "change",
        "records_contact",
        contact.pk,
    )
    assert entry.data == {"narrative": ["", "Vondt i magen"]}


@pytest.mark.django_db
def test_a_sign_of_life_is_not_a_change():
    contact = make.contact()
    AuditEntry.objects.all().delete()
    Contact.objects.filter(pk=contact.pk).update(heartbeat_at=make.NOW)
    assert AuditEntry.objects.count() == 0
