"""The district and its history, made once for all tests that only look at them."""

from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

import numpy as np

from varde.engines.demo.history import generate
from varde.engines.demo.people import ages, make_people
from varde.engines.demo.reading import read_demo


SEED = 20260101
UNTIL = datetime(2024, 1, 1, 0, 0, tzinfo=UTC)
YEARS = 2  # 2022 and 2023: the years of the published figures
FOLDER = files("varde.content").joinpath("demo")


@cache
def demo():
    """The typed-in content."""
    return read_demo(FOLDER)


@cache
def people():
    """Everybody of the two years."""
    return make_people(demo(), seed=SEED, years=YEARS, until=UNTIL)


@cache
def months():
    """The history of the two years, month by month."""
    return tuple(generate(demo(), people(), years=YEARS, seed=SEED, until=UNTIL))


@cache
def few_people():
    """A hundredth of the district: quick to make, with all its kinds of people."""
    return make_people(demo(), seed=3, years=1, until=UNTIL, scale=0.02)


@cache
def few_months():
    """A year of that small district."""
    return tuple(
        generate(demo(), few_people(), years=1, seed=3, until=UNTIL, scale=0.02)
    )


@cache
def column(of, name, year=None):
    """A column of the whole history, or of one year of it."""
    return np.concatenate(
        [
            getattr(getattr(month, of), name)
            for month in months()
            if year in (None, month.first_day.year)
        ]
    )


def calls(name, year=None):
    """A column of the calls."""
    return column("calls", name, year)


def contacts(name, year=None):
    """A column of the contacts."""
    return column("contacts", name, year)


@cache
def age_at_contact(year=None):
    """The age of each contact's patient, also of those the service does not know."""
    person = contacts("person", year)
    days = contacts("opened_at", year).astype("datetime64[D]")
    known = ages(people().birth_date[np.maximum(person, 0)], days)
    return np.where(person < 0, contacts("estimated_age", year), known)


@cache
def national_level(year=None):
    """0 akutt, 1 haster, 2 vanlig: by phone, and for those at the door by arrival."""
    phone, arrival = (
        contacts("hastegrad_phone", year),
        contacts("hastegrad_arrival", year),
    )
    of_phone, of_arrival = np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2, 2])
    return np.where(phone >= 0, of_phone[phone], of_arrival[arrival])


def wait_s(year=None):
    """Seconds from ring to answer; NaN for those nobody answered."""
    rang, answered = calls("ringing_at", year), calls("answered_at", year)
    return (answered - rang) / np.timedelta64(1, "s")
