"""Index versions: installed, approved, in use, withdrawn."""

import pytest
from django.test import Client

from tests import make
from varde.apps.records.models import AuditEntry, IndexVersion
from varde.apps.sentral.queries import indices as queries
from varde.apps.sentral.services import indices
from varde.content import STARTER_INDEX_FILE, starter_index_text
from varde.domain.errors import Rule, RuleBroken
from varde.engines.triage.problems import BadIndex


pytestmark = pytest.mark.django_db
TEXT = starter_index_text()


@pytest.fixture
def leader():
    make.settings()
    return make.user("overlege", roles=["legevaktoverlege"])


def install(by, text=TEXT):
    return indices.install(
        district=make.district(),
        text=text,
        filename=STARTER_INDEX_FILE,
        by=by,
        at=make.NOW,
    )


def newer(version="9.9.9"):
    """The starter index with another version number."""
    known = next(line for line in TEXT.splitlines() if line.startswith("version:"))
    return TEXT.replace(known, f'version: "{version}"', 1)


def test_a_version_is_installed_approved_and_taken_into_use(leader):
    version = install(leader)
    assert version.state == "installed"
    indices.approve(version_id=version.pk, comment="lest", by=leader, at=make.NOW)
    indices.take_into_use(version_id=version.pk, by=leader, at=make.NOW)
    (shown,) = queries.versions(make.district())
    assert shown.state == "in_use"
    assert [kind for _, kind, *_ in shown.history] == [
        "installed",
        "approved",
        "in_use",
    ]


def test_a_version_that_is_not_approved_cannot_be_used(leader):
    version = install(leader)
    with pytest.raises(RuleBroken) as refused:
        indices.take_into_use(version_id=version.pk, by=leader, at=make.NOW)
    assert refused.value.rule is Rule.INDEX_NOT_APPROVED
    version.refresh_from_db()
    assert version.state == "installed"


def test_the_next_in_use_takes_the_place_of_the_one_before(leader):
    first, second = install(leader), install(leader, newer())
    for version in (first, second):
        indices.approve(version_id=version.pk, comment="", by=leader, at=make.NOW)
        indices.take_into_use(version_id=version.pk, by=leader, at=make.NOW)
    states = dict(IndexVersion.objects.values_list("version", "state"))
    assert states == {first.version: "withdrawn", second.version: "in_use"}


def test_the_same_file_again_changes_nothing(leader):
    first = install(leader)
    assert install(leader).pk == first.pk
    assert IndexVersion.objects.count() == 1


def test_the_same_version_with_another_text_is_refused(leader):
    install(leader)
    with pytest.raises(RuleBroken) as refused:
        install(leader, TEXT + "\n# another line\n")
    assert refused.value.rule is Rule.INDEX_VERSION_EXISTS
    assert IndexVersion.objects.count() == 1


def test_a_file_with_a_fault_changes_nothing_and_says_every_fault(leader):
    with pytest.raises(BadIndex) as refused:
        install(leader, "id: x\ncomplaints: []\n")
    assert len(refused.value.problems) > 1
    assert IndexVersion.objects.count() == 0
    assert not AuditEntry.objects.filter(what="index_installed").exists()


def test_if_the_log_cannot_be_written_nothing_is_installed(leader, monkeypatch):
    def broken(**_):
        raise OSError("disk full")

    monkeypatch.setattr(indices.audit, "log", broken)
    with pytest.raises(OSError, match="disk full"):
        install(leader)
    assert IndexVersion.objects.count() == 0


def test_the_screen_lists_the_faults_of_a_file_by_line(leader):
    client = Client()
    client.force_login(leader)
    answer = client.post(
        "/sentral/indeks/installer/", {"file": named("feil.yaml", "id: x\n")}
    )
    assert answer.status_code == 200
    assert "feil.yaml har" in answer.content.decode()
    assert IndexVersion.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "status"), [("operator", 404), ("administrator", 404)]
)
def test_only_the_legevaktoverlege_decides(leader, role, status):
    version = install(leader)
    other = make.user("annen", roles=[role])
    client = Client()
    client.force_login(other)
    url = f"/sentral/indeks/{version.pk}/avgjor/"
    assert client.post(url, {"act": "approve"}).status_code == status
    client.force_login(leader)
    assert client.post(url, {"act": "approve"}).status_code == 302
    version.refresh_from_db()
    assert version.state == "approved"


def test_two_versions_are_compared_with_the_hastegrader_first(leader):
    old, new = install(leader), install(leader, newer())
    changes = queries.changes(new, against=old)
    assert changes.hastegrad == ()
    assert [field.field for field in changes.fields] == ["version"]
    client = Client()
    client.force_login(leader)
    page = client.get(f"/sentral/indeks/{new.pk}/?mot={old.pk}").content.decode()
    assert "Endret siden" in page


def named(name, text):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, text.encode())
