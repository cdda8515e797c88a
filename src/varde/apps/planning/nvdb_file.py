"""NVDB Ruteplan nettverksdatasett in a folder: the file geodatabase found and read."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path

import pyarrow as pa

from varde.domain.errors import BadInput
from varde.engines.access.geography import Geography
from varde.engines.access.nvdb import NAME, on_nvdb
from varde.engines.access.nvdb_links import (
    ANEW,
    GEOMETRY,
    columns_of,
    links_of,
)


LAYER = "ruttger_link_geom"
OLD_LAYER = "ERFKPS"
SUFFIX = ".gdb"
# UTM zone 33 by its number, with and without heights, and as ArcGIS may write it.
MAP = ("EPSG:25833", "EPSG:5973")
MAP_NAMES = ("ETRS89 / UTM zone 33N", "ETRS_1989_UTM_Zone_33N")
DAY = re.compile(r"(?<!\d)(20\d{6})(?!\d)")
YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Geodatabase:
    """A file geodatabase: where GDAL finds it, and what its folder is called."""

    path: str
    name: str

    @property
    def edition(self) -> str:
        """The date in its name, else the year, else nothing."""
        for digits in DAY.findall(self.name):
            try:
                return date.fromisoformat(digits).isoformat()
            except ValueError:
                continue
        year = YEAR.search(self.name)
        return year.group() if year else ""

    @property
    def told(self) -> str:
        """What the minutes are from, as the report and the pages say it."""
        return " ".join(filter(None, (NAME, self.edition, f"({self.name})")))


def nvdb_geography(folder: Path, geography: Geography) -> Geography:
    """The geography of a folder, measured on its NVDB Ruteplan in place of N1000.

    Raises `BadInput` where that is not there, not of the form from 2022, or cannot be
    read, and where what reads it is not installed.
    """
    source = geodatabase_in(folder)
    links = [
        links_of(
            table,
            file=source.name,
            cut_m=geography.assumptions.mending.cut_m,
            ferry_km_h=geography.assumptions.ferry_km_h,
        )
        for table in _tables(source)
    ]
    return on_nvdb(geography, links, file=source.name, name=source.told)


def geodatabase_in(folder: Path) -> Geodatabase:
    """The file geodatabase of a folder, unpacked or zipped; the last by name of several."""
    found = [one for path in sorted(folder.iterdir()) for one in _of(path)]
    if not found:
        raise BadInput(
            file=f"{folder}/*{SUFFIX}",
            problem=f"is not there ({NAME} nettverksdatasett, file geodatabase)",
            cure="Put it into the folder as Geonorge publishes it (FGDB), the zip file or "
            "the .gdb folder, or leave out --router",
        )
    return max(found, key=lambda one: one.name)


def _of(path: Path) -> list[Geodatabase]:
    if path.is_dir() and path.suffix.lower() == SUFFIX:
        return [Geodatabase(path=str(path), name=path.name)]
    if not path.is_file() or path.suffix.lower() != ".zip":
        return []
    try:
        with zipfile.ZipFile(path) as opened:
            held = opened.namelist()
    except zipfile.BadZipFile:
        raise BadInput(
            file=path.name,
            problem="is no zip file, or is cut short",
            cure="Take it anew, or take it out of the folder",
        ) from None
    is_flat = any("/" not in one and one.endswith(".gdbtable") for one in held)
    if is_flat and path.stem.lower().endswith(SUFFIX):
        return [Geodatabase(path=str(path.resolve()), name=path.stem)]
    inner = {
        name[: end.end() - 1]
        for name in held
        if (end := re.search(rf"{re.escape(SUFFIX)}/", name, re.IGNORECASE))
    }
    return [
        Geodatabase(path=f"/vsizip/{path.resolve()}/{one}", name=one.split("/")[-1])
        for one in sorted(inner)
    ]


def _tables(source: Geodatabase) -> Iterator[pa.Table]:
    """The links, some at a time, by our names for the columns."""
    try:
        raw = import_module("pyogrio.raw")  # an extra: only those who want it have it
        pyogrio = import_module("pyogrio")
    except ImportError:
        raise BadInput(
            file=source.name,
            problem="needs pyogrio, which is not installed",
            cure="Install varde[nvdb], or leave out --router",
        ) from None
    try:
        layer = _layer(
            source, [str(one[0]) for one in pyogrio.list_layers(source.path)]
        )
        about = pyogrio.read_info(source.path, layer=layer)
        _check_map(source, about["crs"])
        columns = columns_of([str(one) for one in about["fields"]], file=source.name)
        with raw.open_arrow(
            source.path, layer=layer, columns=list(columns.values()), use_pyarrow=True
        ) as (told, batches):
            names = {of_file: ours for ours, of_file in columns.items()}
            names[told["geometry_name"] or "wkb_geometry"] = GEOMETRY
            read = 0
            for batch in batches:
                table = pa.Table.from_batches([batch])
                read += len(table)
                yield table.select(list(names)).rename_columns(list(names.values()))
        if read != about["features"]:  # GDAL ends where the file does
            raise RuntimeError(f"{read} of {about['features']} links are there")
    except (RuntimeError, OSError, pa.ArrowException) as fault:
        raise BadInput(
            file=source.name,
            problem=f"cannot be read as a file geodatabase ({fault})",
            cure=ANEW,
        ) from None


def _layer(source: Geodatabase, layers: list[str]) -> str:
    for name in layers:
        if name.lower() == LAYER:
            return name
    if OLD_LAYER in layers:
        raise BadInput(
            file=source.name,
            problem=f"is of the form until 2021 (layer {OLD_LAYER}), with other columns; "
            f"this version reads the one from 2022 (layer {LAYER})",
            cure="Take the newest edition from Geonorge (NVDB Ruteplan "
            "nettverksdatasett, FGDB), or leave out --router",
        )
    raise BadInput(
        file=source.name,
        values=layers,
        problem=f"lacks the layer {LAYER}",
        cure=ANEW,
    )


def _check_map(source: Geodatabase, crs: str | None) -> None:
    if crs in MAP or any(name in (crs or "") for name in MAP_NAMES):
        return
    raise BadInput(
        file=source.name,
        values=[crs or "none"],
        problem=f"is on another map than UTM zone 33 ({MAP[0]})",
        cure="Take it from Geonorge in EPSG:25833, or leave out --router",
    )
