"""Wishes are one's own, are seen by the planners, and get an answer with the rota."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests import rota as build
from tests.integration.test_rota import refused
from tests.integration.test_undone import CannotWrite, fail
from tests.query_count import queries_of
from varde.apps.records import audit
from varde.apps.records.models import Rota, Wish
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.queries.rota import calendar, lists
from varde.apps.staffing.services import wishes
from varde.apps.staffing.services.rota import changing, making
from varde.domain.errors import Rule
from varde.domain.rota.explain import Why
from varde.domain.rota.impossible import Obstacle
from varde.domain.rota.known_patterns import PATTERNS
from varde.domain.rota.patterns import DayType
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.values import Account


NOW = make.NOW
DAY = timedelta(days=1)


@pytest.fixture
def house(db):
    return build.house()


def wish(house, first, last=None, *, by=None, wants="free", weight=2):
    return wishes.give_wish(
        wants=wants,
        first=first,
        last=last or first,
        weight=weight,
        workplace=house.workplace,
        by=by or house.doctors[0],
        at=NOW,
    )


def take_back(house, row, by):
    wishes.take_back_wish(wish_id=row.pk, workplace=house.workplace, by=by, at=NOW)


def test_a_wish_covers_its_last_day_and_no_two_overlap(house):
    row = wish(house, build.FIRST, build.FIRST + DAY)
    assert timezone.localtime(row.ends_at).date() == build.FIRST + 2 * DAY
    error = refused(wish, house, build.FIRST + DAY, build.FIRST + 3 * DAY)
    assert error.rule is Rule.WISH_OVERLAPS
    wish(house, build.FIRST + 2 * DAY)
    wish(house, build.FIRST, by=house.doctors[1])


@pytest.mark.parametrize(
    ("days", "length", "rule"),
    [
        (0, 0, Rule.WISH_IN_THE_PAST),
        (-3, 10, Rule.WISH_IN_THE_PAST),
        (5, -1, Rule.WISH_DATES_WRONG),
    ],
)
def test_what_cannot_be_wished(house, days, length, rule):
    first = timezone.localdate(NOW) + days * DAY
    assert refused(wish, house, first, first + length * DAY).rule is rule
    assert not Wish.objects.exists()


def test_a_wish_is_taken_back_by_its_owner_only(house):
    row = wish(house, build.FIRST)
    with pytest.raises(Wish.DoesNotExist):
        take_back(house, row, house.planner)
    take_back(house, row, house.doctors[0])
    assert not Wish.objects.exists()


@pytest.mark.parametrize("act", ["give", "take back"])
def test_what_is_not_in_the_log_was_not_done(house, monkeypatch, act):
    row = wish(house, build.FIRST)
    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(CannotWrite):
        if act == "give":
            wish(house, build.FIRST + 5 * DAY)
        else:
            take_back(house, row, house.doctors[0])
    assert Wish.objects.count() == 1


def test_after_publication_one_sees_what_was_placed_and_why_not(house):
    ane = house.doctors[0]  # has the first duty, and the seventh
    lost = wish(house, build.FIRST)
    met = wish(house, build.FIRST + 3 * DAY)
    before = calendar.own_calendar(ane, house.workplace, now=NOW)
    assert [one.answer for one in before["wishes"]] == [None, None]
    build.filled(house, published=True)
    after = calendar.own_calendar(ane, house.workplace, now=NOW)
    answers = {one.id: one.answer for one in after["wishes"]}
    assert answers[met.pk].is_placed
    assert not answers[lost.pk].is_placed
    assert answers[lost.pk].sentences


def published_after(house, number):
    """Published rotas without people, one month after the other, after the first."""
    for place in range(number):
        first = build.LAST + DAY + place * 28 * DAY
        made = making.make_rota(
            workplace=house.workplace,
            starts_on=first,
            ends_on=first + 27 * DAY,
            by=house.planner,
            at=NOW,
        )
        Rota.objects.filter(pk=made.pk).update(
            state="published", version=1, published_at=NOW
        )


def test_only_a_rota_that_holds_a_wish_is_judged(house):
    build.filled(house, published=True)
    wish(house, build.FIRST)
    wish(house, build.LAST + 300 * DAY)

    def look():
        calendar.own_calendar(house.doctors[0], house.workplace, now=NOW)

    look()
    one = queries_of(look)
    published_after(house, 3)
    assert queries_of(look) == one


def test_a_wish_over_two_rotas_is_met_where_it_is_met_in_both(house):
    ane = house.doctors[0]
    build.filled(house, published=True)
    published_after(house, 1)
    weeks = 6 * DAY
    free = wish(house, build.LAST - weeks, build.LAST + weeks)
    duty = wish(
        house, build.LAST - weeks, build.LAST + weeks, by=house.doctors[1], wants="duty"
    )
    for person, row, is_placed in ((ane, free, False), (house.doctors[1], duty, True)):
        shown = calendar.own_calendar(person, house.workplace, now=NOW)["wishes"]
        (answer,) = [one.answer for one in shown if one.id == row.pk]
        assert answer.is_placed is is_placed


def test_the_news_of_many_rotas_are_read_as_fast_as_of_one(house):
    def news():
        return lists.newest_changes(house.workplace, states=["draft", "published"])

    one = queries_of(news)
    published_after(house, 3)
    changing.set_person(
        rota_id=house.rota.pk,
        place_id=house.place().pk,
        person_id=house.doctors[0].pk,
        seen=house.place().row_version,
        workplace=house.workplace,
        by=house.planner,
        at=NOW + DAY,
    )
    assert queries_of(news) == one
    first, *others = news()
    assert (first["by"], first["at"]) == (house.planner.name, NOW + DAY)
    assert "orvakt" in first["duty"]
    assert [row["duty"] for row in others] == ["", "", ""]


def test_others_do_not_see_the_wishes_and_planners_do(house):
    build.filled(house, published=True)
    wish(house, build.FIRST + DAY, weight=3)
    address = f"/vaktplan/{house.rota.pk}/?fra={build.FIRST}"
    seen = {}
    for person in (house.planner, house.doctors[1]):
        client = Client()
        client.force_login(person)
        seen[person] = "fri, må" in client.get(address).content.decode()
    assert seen == {house.planner: True, house.doctors[1]: False}


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (words.RULE, RotaRule),
        (words.RULE_NAME, RotaRule),
        (words.WHY, Why),
        (words.OBSTACLE, Obstacle),
        (words.ACCOUNT, Account),
        (words.DAY_TYPE, DayType),
        (words.KNOWN_PATTERN, PATTERNS),
    ],
    ids=["rule", "rule name", "why", "obstacle", "account", "day type", "pattern"],
)
def test_every_code_has_its_words(table, codes):
    assert set(table) == set(codes)
    values = dict.fromkeys(
        [
            "who",
            "measured",
            "limit",
            "slots",
            "needed",
            "there",
            "held",
            "fair",
            "credit",
            "slot",
            "count",
            "rule",
            "worker",
            "account",
        ],
        "x",
    )
    for sentence in table.values():
        assert str(sentence).format(**values)
