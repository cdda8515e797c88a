"""Every number of a scenario that a planner may change: where it stands, its unit, limits.

A number is known by its path, as `steps/samtale/minutes/mean`. Things with a name are
found by it, roads by their two ends, and the ways on from a step by their place in the
list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from varde.apps.planning.messages import scenario_words as words
from varde.apps.planning.scenarios.trees import Tree


MOST_MINUTES = 100_000.0
LEAST = 0.001  # of what must be above 0
PER_CENT = 100.0
NOT_MINUTES = {"kind", "values"}
type Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number: its value in the unit that is shown."""

    path: Path
    section: str
    label: str
    unit: str
    value: float
    low: float
    high: float
    scale: float = 1.0  # shown = stored × scale

    @property
    def field(self) -> str:
        """The name of its field in the form."""
        return "n:" + "/".join(self.path)


def numbers(tree: Tree) -> list[Number]:
    """All of them, in the order of the form."""
    return [
        *_of_places(tree),
        *_of_streams(tree),
        *_of_steps(tree),
        *_of_roads(tree),
        *_of_the_run(tree),
    ]


def _of_places(tree: Tree) -> Iterator[Number]:
    for place in tree["places"]:
        yield Number(
            path=("places", place["name"], "inhabitants"),
            section="demand",
            label=_("Innbyggere, %(place)s") % {"place": place["name"]},
            unit=_("personer"),
            value=place.get("inhabitants", 0),
            low=0,
            high=2_000_000,
        )


def _of_streams(tree: Tree) -> Iterator[Number]:
    labels = {
        "per_1000_a_year": (_("%(stream)s, per 1000 innbyggere"), _("i året"), 0.0),
        "per_hour": (_("%(stream)s, kontakter"), _("i timen"), 0.0),
        "half_km": (_("%(stream)s halveres ved avstanden"), "km", LEAST),
    }
    for stream in tree["streams"]:
        name = words.first_up(words.name_of(stream["name"]))
        for key, (label, unit, low) in labels.items():
            if key in stream:
                yield Number(
                    path=("streams", stream["name"], key), section="demand",
                    label=label % {"stream": name}, unit=unit, value=stream[key],
                    low=low, high=100_000,
                )  # fmt: skip
        for one in stream["shares"]:
            label = _("%(stream)s: %(kind)s") % {
                "stream": name,
                "kind": words.name_of(one),
            }
            path = ("streams", stream["name"], "shares", one)
            yield _share(path, "shares", label, stream["shares"][one])


def _share(path: Path, section: str, label: str, value: float) -> Number:
    return Number(
        path=path, section=section, label=label, unit="%", value=value * PER_CENT,
        low=0, high=PER_CENT, scale=PER_CENT,
    )  # fmt: skip


def _minutes(path: Path, section: str, label: str, value: float, low: float = 0.0):
    return Number(
        path=path, section=section, label=label, unit=_("min"), value=value, low=low,
        high=MOST_MINUTES,
    )  # fmt: skip


def _of_steps(tree: Tree) -> Iterator[Number]:
    for step in tree["steps"]:
        name, title = step["name"], words.first_up(words.name_of(step["name"]))
        yield from _spread(("steps", name, "minutes"), title, step["minutes"])
        if "patience" in step:
            label = _("%(step)s: tålmodigheten i køen") % {"step": title}
            yield from _spread(("steps", name, "patience"), label, step["patience"])
        for key, label in (
            ("target_min", _("%(step)s: mål for ventetiden")),
            ("limit_min", _("%(step)s: ny vurdering etter")),
        ):
            if key in step:
                yield from _by_class(("steps", name, key), label % {"step": title}, step[key])  # fmt: skip
        if "raised" in step:
            label = _("%(step)s: hevet ved ny vurdering") % {"step": title}
            yield _share(("steps", name, "raised"), "shares", label, step["raised"])
        for fork in words.FORK:
            for number, route in enumerate(step.get(fork, [])):
                path = ("steps", name, fork, str(number), "share")
                yield _share(path, "shares", _way(title, fork, route), route.get("share", 1.0))  # fmt: skip


def _spread(path: Path, title: str, value: Any) -> Iterator[Number]:
    if not isinstance(value, Mapping):
        yield _minutes(path, "minutes", title, value)
        return
    parts = {
        "mean": _("i snitt"), "sd": _("spredning"), "low": _("minst"),
        "mode": _("vanligst"), "high": _("mest"),
    }  # fmt: skip
    for key in value:
        if key not in NOT_MINUTES:
            low = LEAST if value["kind"] != "fixed" and key in ("mean", "sd") else 0.0
            yield _minutes((*path, key), "minutes", f"{title}, {parts[key]}", value[key], low)  # fmt: skip


def _by_class(path: Path, label: str, value: Any) -> Iterator[Number]:
    if not isinstance(value, Mapping):
        yield _minutes(path, "limits", label, value)
        return
    for one in value:
        text = f"{label}, {words.name_of(one)}"
        yield _minutes((*path, one), "limits", text, value[one])


def _way(title: str, fork: str, route: Mapping[str, Any]) -> str:
    """A way on in words: from where, to where, and for whom."""
    only = [words.name_of(one) for one in route.get("classes", [])]
    only += route.get("stations", [])
    only += [words.name_of(route["hours"])] if "hours" in route else []
    text = f"{title} {words.FORK[fork]} {words.name_of(route['to'])}"
    return f"{text} ({', '.join(only)})" if only else text


def _of_roads(tree: Tree) -> Iterator[Number]:
    for road in tree.get("roads", []):
        ends = "–".join(road["between"])
        for key, unit in (("minutes", _("min")), ("km", "km"), ("bad_minutes", _("min"))):  # fmt: skip
            if key in road:
                label = (
                    _("%(ends)s i dårlig vær") if key == "bad_minutes" else "%(ends)s"
                )
                yield Number(
                    path=("roads", ends, key), section="roads",
                    label=label % {"ends": ends}, unit=unit, value=road[key],
                    low=0, high=MOST_MINUTES,
                )  # fmt: skip
    weather = tree.get("weather", {})
    if "bad_day_share" in weather:
        yield _share(("weather", "bad_day_share"), "roads", _("Dager med dårlig vær"), weather["bad_day_share"])  # fmt: skip
    if "factor" in weather:
        yield Number(
            path=("weather", "factor"), section="roads",
            label=_("Veiene blir så mye lengre i dårlig vær"), unit=_("ganger"),
            value=weather["factor"], low=0.1, high=20,
        )  # fmt: skip


def _of_the_run(tree: Tree) -> Iterator[Number]:
    for factor in tree.get("factors", []):
        yield Number(
            path=("factors", str(factor["hours"]), "variance"), section="demand",
            label=_("Hvor ujevne døgnene er (varians)"), unit="", low=LEAST, high=4,
            value=factor["variance"],
        )  # fmt: skip
    if "hand_over_min" in tree:
        yield _minutes(("hand_over_min",), "minutes", _("Overlevering ved vaktskifte"), tree["hand_over_min"])  # fmt: skip
    for key, label, low in (
        ("days", _("Døgn i hver kjøring"), 1),
        ("warm_up_days", _("Døgn før det telles"), 0),
    ):
        if key in tree:
            yield Number(
                path=(key,), section="run", label=label, unit=_("døgn"), low=low,
                high=364, value=tree[key],
            )  # fmt: skip


# Where a path leads in a tree


def put(tree: Tree, path: Path, value: float) -> None:
    """Set the number at a path, as it is stored: whole ones as whole numbers."""
    table, key = _at(tree, path)
    table[key] = int(value) if float(value).is_integer() else value


def value_at(tree: Tree, path: Path) -> float | None:
    """The number at a path; None where there is none."""
    try:
        table, key = _at(tree, path)
    except (KeyError, IndexError, StopIteration, TypeError):
        return None
    found = table.get(key)
    if path[-1] == "share" and found is None:
        return 1.0  # a way that names no share takes all
    return found if isinstance(found, int | float) else None


def _at(tree: Any, path: Path) -> tuple[Any, str]:
    here = tree
    for part in path[:-1]:
        here = here[part] if isinstance(here, Mapping) else _named(here, part)
    return here, path[-1]


def _named(items: list[Any], part: str) -> Any:
    for one in items:
        if "between" in one:
            found = "–".join(one["between"]) == part
        elif "variance" in one:
            found = str(one["hours"]) == part
        elif "to" in one:
            return items[int(part)]
        else:
            found = one["name"] == part
        if found:
            return one
    raise KeyError(part)


# Sources


def source_of(tree: Tree, path: Path) -> Mapping[str, Any] | None:
    """The assumption that a part rests on: the most particular, and of those the newest."""
    known = [".".join(path)]
    if len(path) > 2 and path[0] in ("streams", "people"):
        known.append(".".join((path[0], *path[2:])))
    best: Mapping[str, Any] | None = None
    for one in tree.get("assumptions", []):
        about = one["about"]
        fits = any(name == about or name.startswith((f"{about}.", f"{about} ")) for name in known)  # fmt: skip
        if fits and (best is None or len(about) >= len(best["about"])):
            best = one
    return best
