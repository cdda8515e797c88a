"""Scenarios of every shape, small and full of things that happen at the same minute."""

from hypothesis import strategies as st

from varde.engines.simulation.scenario import (
    At,
    Factor,
    Fork,
    Hours,
    Kind,
    Period,
    Person,
    Place,
    Road,
    Route,
    Scenario,
    Spread,
    Step,
    Stream,
    Weather,
)


ROLES = ("nurse", "doctor", "bed")
CLASSES = ("red", "yellow", "green")
NIGHT = Period(name="night", hours=Hours(since=3, until=7))

fixed = st.sampled_from([5.0, 10.0, 30.0]).map(
    lambda m: Spread(kind=Kind.FIXED, mean=m)
)
drawn = st.sampled_from(
    [
        Spread(kind=Kind.EXPONENTIAL, mean=12),
        Spread(kind=Kind.LOGNORMAL, mean=20, sd=10),
        Spread(kind=Kind.GAMMA, mean=9, sd=5),
        Spread(kind=Kind.NORMAL, mean=10, sd=8),
        Spread(kind=Kind.UNIFORM, low=2, high=9),
        Spread(kind=Kind.TRIANGULAR, low=1, mode=2, high=9),
        Spread(kind=Kind.OBSERVED, values=(1.0, 5.0, 5.0)),
    ]
)
spreads = fixed | drawn


@st.composite
def people(draw, number, bases):
    duty = st.sampled_from([(), (Hours(since=0, until=4),), (Hours(since=4, until=9),)])
    return Person(
        name=f"p{number}",
        roles=tuple(draw(st.sets(st.sampled_from(ROLES), min_size=1))),
        base=draw(st.sampled_from(bases)),
        has_car=draw(st.booleans()),
        tier=draw(st.integers(1, 2)),
        duty=draw(duty),
        hands_over=draw(st.booleans()),
    )


@st.composite
def routes(draw, later):
    """To what comes later; perhaps split, perhaps otherwise at night or for some."""
    goal = st.sampled_from([*later, "out", "lost"])
    share = draw(st.sampled_from([0.25, 0.5]))
    found = [Route(to=draw(goal), share=share), Route(to=draw(goal), share=1 - share)]
    if draw(st.booleans()):
        found.append(Route(to=draw(goal), hours="night"))
    if draw(st.booleans()):
        found.append(Route(to=draw(goal), classes=("red",)))
    if draw(st.booleans()):
        found.append(Route(to=draw(goal), stations=("a",), classes=("red",)))
    return tuple(found)


@st.composite
def manned(draw, name, later):
    at = draw(st.sampled_from(list(At)))
    many = st.lists(st.sampled_from(ROLES), max_size=1)
    patience = draw(st.none() | spreads)
    waits = patience is not None or draw(st.booleans())
    limit = draw(st.sampled_from([(), (5.0, 10.0, 30.0), (float("inf"), 10.0, 5.0)]))
    ahead = ["call", *later] if patience is not None else later
    return Step(
        name=name,
        minutes=draw(spreads),
        at=at,
        needs=tuple(draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=2))),
        remote=() if at is At.PATIENT else tuple(draw(many)),
        joins=tuple(draw(many)),
        waits=waits,
        is_doctor=draw(st.booleans()),
        priority=draw(st.sampled_from([(), (1, 1, 1), (0, 2, 1)])),
        target_min=draw(st.sampled_from([(), (5.0, 10.0, 20.0)])),
        patience=patience,
        limit_min=limit if waits else (),
        look="look" if limit and waits else None,
        raised=draw(st.sampled_from([0.0, 0.7])),
        routes={
            Fork.NEXT: draw(routes(later)),
            Fork.GIVES_UP: draw(routes(["pause"])) if name == "call" else draw(routes(ahead[1:])),
            Fork.FULL: draw(routes(later)),
        },
    )  # fmt: skip


@st.composite
def scenarios(draw):
    """A day of some hours, at one to three places."""
    count = draw(st.integers(1, 3))
    names = ("a", "b", "c")[:count]
    places = [Place(name="a", inhabitants=50)]
    places += [
        Place(name=n, inhabitants=30, station="a", station_in=draw(st.sampled_from([{}, {"night": n}])))
        for n in names[1:]
    ]  # fmt: skip
    roads = [
        Road(between=(names[i], names[i + 1]), minutes=20, km=15, bad_minutes=bad)
        for i, bad in zip(range(count - 1), (None, 60.0), strict=False)
    ]
    steps = [
        draw(manned("call", ["way", "seen", "bed"])),
        Step(name="pause", minutes=Spread(kind=Kind.FIXED, mean=5), routes={Fork.NEXT: (Route(to="call"),)}),
        Step(name="way", minutes=draw(spreads), patient_travels=True, routes={Fork.NEXT: draw(routes(["seen", "bed"]))}),
        draw(manned("seen", ["bed"])),
        draw(manned("bed", [])),
        Step(name="look", minutes=draw(spreads), needs=("nurse",), priority=(1, 1, 1), routes={Fork.NEXT: (Route(to="out"),)}),
    ]  # fmt: skip
    shares = {"red": 0.25, "yellow": 0.25, "green": 0.5}
    return Scenario(
        name="random",
        title="A random scenario",
        days=draw(st.sampled_from([0.2, 0.5])),
        warm_up_days=draw(st.sampled_from([0.0, 0.05])),
        start_hour=draw(st.sampled_from([0.0, 2.0, 166.0])),
        hand_over_min=draw(st.sampled_from([0.0, 5.0])),
        classes=CLASSES,
        outcomes=("out", "lost"),
        places=tuple(places),
        roads=tuple(roads),
        periods=(NIGHT,),
        weather=Weather(bad_day_share=draw(st.sampled_from([0.0, 1.0])), factor=2.0),
        factors=(Factor(hours=4, variance=0.5),) if draw(st.booleans()) else (),
        streams=(
            Stream(name="phone", first="call", shares=shares, per_hour=draw(st.sampled_from([1.0, 6.0]))),
            Stream(name="door", first="seen", shares=shares, per_1000_a_year=2e5, half_km=20, by_hour=(1.0, 2.0) * 12),
        ),
        people=tuple(draw(people(i, names)) for i in range(draw(st.integers(1, 6)))),
        steps=tuple(steps),
    )  # fmt: skip
