"""Why a sentral takes over; and a return that nobody hears, which people end."""

from datetime import timedelta

import pytest
from django.test import Client

from tests import make
from tests.integration.test_help import Pair, _shared_secret, _undone, refused
from varde.apps.records.models import (
    AuditEntry,
    CallBack,
    HelpAgreement,
    HelpItem,
    HelpTakeover,
    Partner,
)
from varde.apps.sentral.services.help import agreements, asking, by_hand, takeovers
from varde.domain.errors import Rule


pytestmark = pytest.mark.django_db
__all__ = ["_shared_secret"]  # the fixture of those tests holds here too


@pytest.fixture
def agreed():
    return Pair().agree()


@pytest.fixture
def unheard(agreed):
    """HEL was gone and BOD helped; the agreement ended before HEL heard of it.

    One of HEL's was rung, one nobody got to.
    """
    for number in (1, 2):
        agreed.missed(f"c{number}", f"9000000{number}")
    agreed.say("HEL")
    agreed.takeover = agreed.lose_hel()
    agreed.reach(agreed.at_bod("90000001"))
    row = HelpAgreement.objects.get(partner=agreed.of["BOD"])
    agreements.end(agreement_id=row.pk, by=agreed.people["BOD"], at=agreed.now)
    agreed.talk(4)
    agreed.takeover.refresh_from_db()
    assert agreed.takeover.stage == "returning"
    return agreed


def items(pair):
    rows = pair.takeover.items.order_by("since", "pk")
    return {one.result: one for one in rows}


def close(pair, *, reason="Avtalen er slutt", code="BOD"):
    by_hand.close(
        takeover_id=pair.takeover.pk, reason=reason, by=pair.people[code], at=pair.now
    )
    pair.takeover.refresh_from_db()


def told(pair, item):
    by_hand.told(item_id=item.pk, by=pair.people["BOD"], at=pair.now)
    pair.takeover.refresh_from_db()


def agree_anew(pair):
    pair.propose(text="Vi hjelper hverandre igjen.")
    pair.say("HEL")
    theirs = pair.of["BOD"].agreements.order_by("-pk").first()
    agreements.accept(
        agreement_id=theirs.pk,
        terms_hash=theirs.terms_hash,
        by=pair.people["BOD"],
        at=pair.now,
    )
    pair.talk(1)
    assert agreements.in_force(pair.of["HEL"], on=pair.now.date()) is not None


def still_open_at_hel(pair):
    rows = CallBack.objects.filter(sentral=pair.hel, state="open")
    return sorted(rows.values_list("number", flat=True))


def page(pair, path, *, who="BOD"):
    client = Client()
    client.force_login(pair.people[who])
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


# ------------------------------------------------------------------------ the reason


@pytest.mark.parametrize(
    ("reason", "note", "field"),
    [
        ("", "", "help_reason"),
        ("boredom", "", "help_reason"),
        ("other", " ", "help_note"),
        ("load", "x" * 201, "help_note"),
    ],
)
def test_who_takes_over_says_why(agreed, reason, note, field):
    with refused(Rule.FIELD_NOT_VALID) as error:
        takeovers.begin(
            partner_id=agreed.of["BOD"].pk, by=agreed.people["BOD"], at=agreed.now,
            reason=reason, note=note,
        )  # fmt: skip
    assert error.value.values["field"] == field
    assert not HelpTakeover.objects.exists()


def test_both_keep_why_as_their_own_people_said_it(agreed):
    agreed.missed("c1", "90000001")
    asking.ask(
        partner_id=agreed.of["HEL"].pk, by=agreed.people["HEL"], at=agreed.now,
        reason="moving", note="Vann i kjelleren",
    )  # fmt: skip
    agreed.say("HEL")
    takeover = takeovers.begin(
        partner_id=agreed.of["BOD"].pk, by=agreed.people["BOD"], at=agreed.now,
        reason="asked", note="En time",
    )  # fmt: skip
    agreed.talk(1)
    owner = HelpTakeover.objects.get(side="owner")
    assert (owner.reason, owner.reason_note) == ("moving", "Vann i kjelleren")
    partner = Partner.objects.get(pk=agreed.of["HEL"].pk)
    assert (partner.we_ask_at, partner.we_ask_reason) == (None, "")
    takeovers.give_back(takeover_id=takeover.pk, by=None, at=agreed.now)
    agreed.talk(4)
    text = page(agreed, "/sentral/hjelp/")
    assert "De ba om hjelp: En time" in text
    assert "Flytting eller evakuering: Vann i kjelleren" in page(
        agreed, f"/sentral/hjelp/overtak/{owner.pk}/", who="HEL"
    )
    begun = AuditEntry.objects.get(what="help_began")
    assert begun.data["reason"] == "asked"
    assert "En time" not in str(AuditEntry.objects.values_list("data", flat=True))


def test_of_itself_it_is_because_the_other_is_gone_and_a_drill_has_no_reason(agreed):
    by = agreed.people["BOD"]
    drill = takeovers.begin(
        partner_id=agreed.of["BOD"].pk, by=by, at=agreed.now, is_drill=True
    )
    assert drill.reason == ""
    assert agreed.lose_hel().reason == "gone"


# ------------------------------------------------------------- a return nobody hears


def test_what_cannot_be_told_is_told_by_people_and_then_it_is_over(unheard):
    assert still_open_at_hel(unheard) == ["90000001", "90000002"]
    shown = page(unheard, f"/sentral/hjelp/overtak/{unheard.takeover.pk}/")
    assert "Ikke fortalt til den andre sentralen" in shown
    assert shown.count("Fortalt på telefon<") == 2
    assert "ingen har snakket med den" in shown
    found = items(unheard)
    told(unheard, found["reached"])
    assert unheard.takeover.stage == "returning"
    told(unheard, found["open"])
    assert unheard.takeover.stage == "ended"
    report = unheard.takeover.report
    assert (report["items"], report["by_hand"], report["lost"]) == (2, 2, 0)
    assert not HelpItem.objects.exists()
    assert AuditEntry.objects.filter(what="help_told_by_hand").count() == 2
    # The machine settled nothing at HEL: their own people did, or ring.
    unheard.talk(2)
    assert still_open_at_hel(unheard) == ["90000001", "90000002"]


def test_ended_by_hand_what_is_not_told_stays_until_somebody_tells_it(unheard):
    with refused(Rule.FIELD_NOT_VALID):
        close(unheard, reason="  ")
    told(unheard, items(unheard)["reached"])
    close(unheard)
    takeover = unheard.takeover
    assert (takeover.stage, takeover.report["lost"]) == ("ended", 1)
    assert "1 er ikke fortalt" in page(unheard, "/sentral/hjelp/")
    shown = page(unheard, f"/sentral/hjelp/overtak/{takeover.pk}/")
    assert "90000002" in shown
    assert "Avtalen er slutt" in shown
    with refused(Rule.HELP_IS_NOT_ON):
        close(unheard)
    # A new agreement: the machine does not say it after all.
    agree_anew(unheard)
    unheard.talk(3)
    assert not HelpItem.objects.filter(takeover__side="owner").exists()
    assert still_open_at_hel(unheard) == ["90000001", "90000002"]
    (left,) = takeover.items.all()
    told(unheard, left)
    assert (takeover.report["lost"], takeover.report["by_hand"]) == (0, 2)
    assert not HelpItem.objects.exists()


def test_while_the_machine_tells_it_nobody_ends_it(agreed):
    agreed.missed("c1", "90000001")
    agreed.say("HEL")
    agreed.takeover = agreed.take_over()
    agreed.talk(2)
    with refused(Rule.HELP_IS_NOT_ON):
        close(agreed)
    takeovers.give_back(takeover_id=agreed.takeover.pk, by=None, at=agreed.now)
    takeovers.advance(takeover_id=agreed.takeover.pk, at=agreed.now)
    (item,) = agreed.takeover.items.all()
    with refused(Rule.HELP_IS_TOLD):
        close(agreed)
    with refused(Rule.HELP_IS_TOLD):
        told(agreed, item)
    owner = HelpTakeover.objects.get(side="owner")
    with refused(Rule.HELP_IS_NOT_ON):
        by_hand.close(
            takeover_id=owner.pk, reason="x", by=agreed.people["HEL"], at=agreed.now
        )
    agreed.talk()
    agreed.takeover.refresh_from_db()
    assert (agreed.takeover.stage, agreed.takeover.report["by_hand"]) == ("ended", 0)


def test_what_somebody_works_with_is_finished_first(unheard):
    callback = CallBack.objects.get(sentral=unheard.bod, number="90000001")
    item = items(unheard)["reached"]
    HelpItem.objects.filter(pk=item.pk).update(state="open", result="", text="")
    callback.contact.state, callback.contact.closed_at = "open", None
    callback.contact.save()
    with refused(Rule.HELP_IN_HAND):
        close(unheard)


@pytest.mark.parametrize("act", ["told", "close", "told after"])
def test_what_people_end_is_undone_when_it_cannot_be_logged(unheard, act, monkeypatch):
    item = items(unheard)["open"]
    if act == "told after":
        close(unheard)
    acts = {
        "told": lambda _: told(unheard, item),
        "told after": lambda _: told(unheard, item),
        "close": lambda _: close(unheard),
    }
    _undone(acts[act], unheard, monkeypatch)


def test_the_page_says_what_was_wrong_and_keeps_what_was_typed(unheard):
    client = Client()
    client.force_login(unheard.people["BOD"])
    path = f"/sentral/hjelp/overtak/{unheard.takeover.pk}/avslutt/"
    answer = client.post(path, {"reason": "x" * 201})
    assert 'role="alert"' in answer.text
    assert "x" * 201 in answer.text
    answer = client.post(path, {"reason": "De har ny tjener"})
    assert answer.status_code == 302
    assert HelpTakeover.objects.get(pk=unheard.takeover.pk).closed_by is not None
    stranger = make.user("ukjent", roles=["operator"], at=unheard.bod)
    client.force_login(stranger)
    assert client.post(path, {"reason": "x"}).status_code == 404


def test_one_that_was_silent_hears_only_that_it_is_over(agreed):
    """HEL let go of its caller, and was gone while BOD ended it by hand."""
    ours = agreed.missed("c1", "90000001")
    agreed.say("HEL")
    agreed.takeover = agreed.take_over()
    agreed.talk(2)
    callback = agreed.at_bod("90000001")
    agreed.reach(callback)
    takeovers.give_back(takeover_id=agreed.takeover.pk, by=None, at=agreed.now)
    takeovers.advance(takeover_id=agreed.takeover.pk, at=agreed.now)
    agreed.now += timedelta(minutes=5)
    close(agreed)
    agreed.say("BOD")
    owner = HelpTakeover.objects.get(side="owner")
    ours.refresh_from_db()
    assert (owner.stage, ours.state) == ("ended", "open"), "people told it, or will"
    (left,) = agreed.takeover.items.all()
    told(agreed, left)
    assert agreed.takeover.report["by_hand"] == 1
