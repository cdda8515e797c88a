"""The chances come to the published shares before anything is drawn."""

import numpy as np
import pytest

from tests.unit.engines.demo.demo_district import demo
from varde.engines.demo.chances import (
    AGE_GROUPS,
    action_age,
    action_shares,
    age_group,
    chances_of,
    ends,
    table_channel,
)
from varde.engines.demo.codes import ACTIONS, CHANNELS, OUTCOMES, Channel, choose
from varde.engines.demo.figures import ByYear
from varde.engines.demo.places import Complaint


CALLERS = np.linspace(3, 1, 2 * AGE_GROUPS).reshape(AGE_GROUPS, 2)
CALLERS /= CALLERS.sum()
PERIODS = np.array([0.39, 0.48, 0.13])
DOOR = CHANNELS.index(Channel.DOOR)
FIRST_AGES = np.array([0, 1, 10, 12, 16, 20, 40, 50, 60, 65, 67, 75])


def chances(year, complaints=None):
    """The chances of a year with callers that are mostly young."""
    what_for = demo().complaints if complaints is None else complaints
    return chances_of(demo(), what_for, year=year, callers=CALLERS, periods=PERIODS)


def cells(made):
    """Every kind of contact: its weight, and its chances of akutt, haster, vanlig."""
    by_row = np.bincount(table_channel(np.arange(len(CHANNELS))), weights=made.channel)
    weights = (
        CALLERS[:, :, None, None, None]
        * made.complaint[..., None, None]
        * PERIODS[:, None]
        * by_row
    )
    odds = np.stack(
        (np.exp(made.akutt), np.exp(made.haster), np.ones_like(made.akutt)), -1
    )
    return weights, odds / odds.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("year", [2022, 2023, 2026])
def test_the_expected_hastegrad_is_the_published_one(year):
    weights, shares = cells(chances(year))
    wanted = demo().published.urgency.at(year)
    akutt, _, vanlig = (shares * weights[..., None]).sum(axis=(0, 1, 2, 3, 4))
    assert weights.sum() == pytest.approx(1.0)
    assert akutt == pytest.approx(wanted["akutt"], abs=1e-6)
    assert vanlig == pytest.approx(wanted["vanlig"], abs=1e-6)


@pytest.mark.parametrize("year", [2022, 2023])
def test_the_expected_first_action_is_the_published_one(year):
    made = chances(year)
    weights, shares = cells(made)
    by_row = weights[..., None] * shares
    is_door = table_channel(np.array([DOOR]))[0]
    phone = np.delete(by_row, is_door, axis=4).sum(axis=(1, 2, 3, 4))
    groups = action_age(FIRST_AGES)
    expected = sum(
        phone[age, level] * made.action[level, groups[age]]
        for age in range(AGE_GROUPS)
        for level in range(3)
    )
    expected[ACTIONS.index("consultation")] += made.channel[DOOR]
    assert expected == pytest.approx(action_shares(demo(), year=year), abs=1e-4)
    known = demo().published.first_action.at(year)
    for action, share in known.items():
        assert expected[ACTIONS.index(action)] == pytest.approx(share, abs=1e-4)


def test_channels_share_out_all_contacts():
    made = chances(2023)
    assert made.channel.sum() == pytest.approx(1.0)
    assert made.channel[CHANNELS.index(Channel.PHONE)] == 0.758
    assert made.channel[CHANNELS.index(Channel.HEALTH)] == pytest.approx(
        3 * made.channel[CHANNELS.index(Channel.AMK)]
    )


def test_graver_complaints_and_graver_channels_are_graver():
    made = chances(2023)
    names = [c.id for c in demo().complaints]
    grave, mild = names.index("hjerneslag"), names.index("legemidler")
    assert (made.akutt[:, :, grave] > made.akutt[:, :, mild]).all()
    amk = table_channel(np.array([CHANNELS.index(Channel.AMK)]))[0]
    assert (made.akutt[..., amk] > made.akutt[..., 0]).all()


def test_a_complaint_is_met_at_its_ages_and_sex_alone():
    made = chances(2023)
    names = [c.id for c in demo().complaints]
    man, woman = 0, 1
    of_child = made.complaint[:, :, names.index("feber_barn")]
    assert (of_child[FIRST_AGES >= 12] == 0).all()
    assert (of_child[FIRST_AGES < 12] > 0).all()
    assert (made.complaint[:, man, names.index("gravid")] == 0).all()
    assert (made.complaint[:, woman, names.index("pungsmerter")] == 0).all()
    assert made.complaint.sum(axis=2) == pytest.approx(np.ones((AGE_GROUPS, 2)))


def test_general_codes_come_to_the_published_share():
    for year in (2022, 2023):
        made = chances(year)
        shares = dict(zip(ACTIONS, action_shares(demo(), year=year), strict=True))
        phone = shares["nurse_phone"] + shares["doctor_phone"] + shares["referral"]
        whole = made.general_when_phone * phone + made.general_when_seen * (1 - phone)
        assert whole == pytest.approx(demo().published.general_codes_all)


def test_without_complaints_nobody_can_ring():
    with pytest.raises(ValueError, match="there are no complaints"):
        chances(2023, complaints=())


def test_complaints_that_leave_out_some_people_are_refused():
    for_some = Complaint(id="x", weight=1.0, man=0.0)
    with pytest.raises(ValueError, match="has no complaint"):
        chances(2023, complaints=(for_some,))


def test_one_complaint_for_everybody_is_enough():
    made = chances(2023, complaints=(Complaint(id="x", weight=2.0),))
    assert (made.complaint == 1.0).all()


def test_every_action_ends_in_something():
    for action in ACTIONS:
        weights = ends(demo(), action)
        assert len(weights) == len(OUTCOMES)
        assert weights.sum() == pytest.approx(1.0)


def test_age_groups_begin_where_they_say():
    assert age_group(FIRST_AGES).tolist() == list(range(AGE_GROUPS))
    assert age_group(FIRST_AGES[1:] - 1).tolist() == list(range(AGE_GROUPS - 1))


def test_an_uncommon_year_takes_the_latest_figure_before_it():
    known = ByYear(known={2015: 1.0, 2019: 2.0})
    assert [known.at(y) for y in (2010, 2015, 2018, 2019, 2030)] == [1, 1, 1, 2, 2]


def test_a_choice_of_no_weight_is_never_made():
    draws = np.linspace(0, 1, 50, endpoint=False)
    chosen = choose(np.tile([0.0, 2.0, 0.0, 1.0, 0.0], (50, 1)), draws=draws)
    assert set(chosen.tolist()) == {1, 3}
    assert (chosen == 1).mean() == pytest.approx(2 / 3, abs=0.03)
