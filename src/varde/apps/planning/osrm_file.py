"""A road network that OSRM has prepared, opened to be asked for travel times."""

from importlib import import_module
from pathlib import Path

import numpy as np

from varde.domain.errors import BadInput
from varde.engines.access.arrays import Floats
from varde.engines.access.geography import Geography
from varde.engines.access.osrm_times import AskTable, OsrmTimes, Table


PREPARE = (
    "Prepare the map with osrm-extract and osrm-contract, as the handbook page Reisetid "
    "shows, and name the file that ends with .osrm"
)
PREPARED = ".hsgr"  # what osrm-contract writes beside the .osrm file
NO_MOST = -1  # places in one question: we bound them ourselves


def osrm_times(file: Path, geography: Geography) -> OsrmTimes:
    """The times of an OSRM network, with the same way to the road as the built-in one.

    Raises `BadInput` where OSRM is not installed or cannot read the file.
    """
    return OsrmTimes(
        name=f"OSRM {file.name}",
        ask=opened(file),
        off_road=geography.assumptions.off_road,
        shore=geography.roads.shore,
    )


def opened(file: Path) -> AskTable:
    """What asks the table service of a prepared network (`AskTable`).

    Raises `BadInput` as `osrm_times` does, and so does what it gives, where OSRM refuses.
    """
    try:
        osrm = import_module("osrm")  # an extra: only those who want it have it
    except ImportError:
        raise BadInput(
            file=str(file),
            problem="needs OSRM, which is not installed",
            cure="Install varde[osrm], or leave out --router",
        ) from None
    if file.suffix != ".osrm" or not Path(f"{file}{PREPARED}").exists():
        raise BadInput(
            file=str(file),
            problem=f"is not a prepared road network: {file.name}{PREPARED} is not there",
            cure=PREPARE,
        )
    try:
        engine = osrm.OSRM(
            storage_config=str(file),
            algorithm="CH",
            use_shared_memory=False,
            max_locations_distance_table=NO_MOST,
        )
    except RuntimeError as fault:
        raise _refused(file, fault) from None

    def ask(origins: Floats, stations: Floats) -> Table:
        size = len(origins)
        asked = osrm.TableParameters(
            coordinates=[tuple(one) for one in np.vstack((origins, stations)).tolist()],
            sources=list(range(size)),
            destinations=list(range(size, size + len(stations))),
            annotations=["duration"],
            generate_hints=False,
        )
        try:
            found = engine.Table(asked)
        except RuntimeError as fault:
            raise _refused(file, fault) from None
        return Table(
            seconds=_inf_for_none([list(row) for row in found["durations"]]),
            origins_met=_met(found["sources"]),
            stations_met=_met(found["destinations"]),
        )

    return ask


def _inf_for_none(rows: list[list[float | None]]) -> Floats:
    """OSRM says None where no road leads; numpy makes that nan."""
    seconds = np.array(rows, dtype=np.float64)
    seconds[np.isnan(seconds)] = np.inf
    return seconds


def _met(places) -> Floats:
    return np.array([list(one["location"]) for one in places], dtype=np.float64)


def _refused(file: Path, fault: RuntimeError) -> BadInput:
    return BadInput(
        file=str(file), problem=f"cannot be used by OSRM ({fault})", cure=PREPARE
    )
