"""What is kept of an import beside the survey: for new stations, other years and a map."""

import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any

import numpy as np
import shapely

from varde.domain.errors import BadInput
from varde.engines.access.arrays import Floats, Minutes
from varde.engines.access.geography import Geography
from varde.engines.access.network import Network, Ways
from varde.engines.access.outlines import Outlines, outlines_of
from varde.engines.access.roads import OffRoad, RoadTimes
from varde.engines.access.shore import Shore


FORM = 1  # of the kept file
DETAIL_M = 700.0  # of the map: a pixel where a country fills a screen is more


@dataclass(frozen=True, kw_only=True)
class KeptGround:
    """The roads, the kilometres, the inhabitants of other years, and the outlines.

    `mark` is that of the survey it belongs to (`mark_of`). `km` is float32[n_places,
    n_stations], as `RoadTimes.kilometres` has them, to a tenth of a per cent. `years` is
    inhabitants by municipality and age group, as in the survey.
    """

    mark: str
    roads: RoadTimes
    km: Minutes
    years: Mapping[int, Floats]
    outlines: Outlines


def mark_of(survey_file: bytes) -> str:
    """What tells one kept survey from another."""
    return sha256(survey_file).hexdigest()[:12]


def ground_of(geography: Geography, *, mark: str) -> KeptGround:
    """Measure the kilometres too, and simplify the outlines."""
    return KeptGround(
        mark=mark,
        roads=geography.roads,
        km=geography.roads.kilometres(
            geography.origins.xy,
            geography.stations.xy,
            geography.assumptions.limit_min,
        ),
        years=geography.years,
        outlines=outlines_of(
            geography.municipalities, geography.roads.shore.lines, within_m=DETAIL_M
        ),
    )


def to_file(ground: KeptGround) -> bytes:
    """The ground as one file, to be read with `from_file`."""
    network, shore = ground.roads.network, ground.roads.shore
    lines = shapely.get_parts(shore.lines)
    lengths = shapely.get_num_coordinates(lines)
    arrays: dict[str, Any] = {
        "form": FORM,
        "mark": ground.mark,
        "name": ground.roads.name,
        "off_road": list(asdict(ground.roads.off_road).values()),
        "narrow_m": shore.narrow_m,
        "shore_xy": shapely.get_coordinates(lines),
        "shore_ends": np.cumsum([0, *lengths.tolist()]),
        "xy": network.xy,
        "on_road": network.on_road,
        "km": ground.km.astype(np.float16),
        "years": np.array(sorted(ground.years), dtype=np.int64),
        "ages": np.array([ground.years[one] for one in sorted(ground.years)]),
    }
    arrays |= {f"way_{name}": value for name, value in asdict(network.ways).items()}
    arrays |= {f"line_{name}": value for name, value in asdict(ground.outlines).items()}
    kept = io.BytesIO()
    np.savez_compressed(kept, **arrays)
    return kept.getvalue()


def from_file(content: bytes, *, file: str) -> KeptGround:
    """A ground that was kept.

    Raises `BadInput` for a file that is cut short or spoiled, or of another form than ours.
    """
    # zip, zlib, NumPy and Shapely each have faults of their own for spoiled bytes.
    with (
        suppress(Exception),
        np.load(io.BytesIO(content), allow_pickle=False) as opened,
    ):
        held = {name: opened[name] for name in opened.files}
        if int(held["form"]) == FORM:
            return _ground(held)
    raise BadInput(
        file=file,
        problem="is not a ground that this version can read",
        cure="Run varde import geography again",
    )


def _ground(held: Mapping[str, Any]) -> KeptGround:
    narrow_m = float(held["narrow_m"])
    lines = shapely.from_ragged_array(
        shapely.GeometryType.LINESTRING, held["shore_xy"], (held["shore_ends"],)
    )
    speeds = [float(one) for one in held["off_road"]]
    names = [one.name for one in fields(OffRoad)]
    return KeptGround(
        mark=str(held["mark"]),
        roads=RoadTimes(
            name=str(held["name"]),
            network=Network(
                xy=held["xy"],
                ways=Ways(
                    **{one.name: held[f"way_{one.name}"] for one in fields(Ways)}
                ),
                on_road=held["on_road"],
            ),
            off_road=OffRoad(**dict(zip(names, speeds, strict=True))),
            shore=Shore(lines=lines, narrow_m=narrow_m),
        ),
        km=held["km"].astype(np.float32),
        years=dict(zip(held["years"].tolist(), held["ages"], strict=True)),
        outlines=Outlines(
            xy=held["line_xy"],
            first=held["line_first"],
            area=held["line_area"],
            is_drawn=bool(held["line_is_drawn"]),
        ),
    )
