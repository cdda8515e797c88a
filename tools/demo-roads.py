"""Renew the demo's places on the roads of N1000: to its stations, and to each other.

    .venv/bin/python tools/demo-roads.py FOLDER

Writes road_minutes.csv, road_minutes_between.csv and road_km_between.csv in content/demo.
FOLDER holds the official files (varde import geography says which). The files stay where
they are; what is kept is figures that our own program has reckoned.
"""

import csv
import sys
from datetime import date
from pathlib import Path

import numpy as np
import yaml

from varde.apps.planning.geography_folder import assumptions_on, read_folder
from varde.engines.access.projection import utm33


YEAR = 2026
DEMO = Path(__file__).parents[1] / "src/varde/content/demo"
SOURCE = (
    "# Kilde: regnet av oss (tools/demo-roads.py) på N1000 Veglenke, januar 2025, "
    "Kartverket, CC BY 4.0, med farten i travel.yaml. Innbyggere: SSB tabell 07459, "
    "1. januar 2026, ganget med andelen i places.csv.\n"
    "# Uten tall i minutes og km: dit går det ingen veg eller bilferje i kartet. "
    "Grove tall til demoen, aldri til vedtak.\n"
)


BETWEEN = (
    "# Kilde: regnet av oss (tools/demo-roads.py) på N1000 Veglenke, januar 2025, "
    "Kartverket, CC BY 4.0, med farten i travel.yaml. {what} fra stedet i linja til "
    "stedet i kolonnen; stedene er de i places.csv.\n"
    "# Tomt: dit går det ingen veg eller bilferje i kartet{more}. Grove tall til demoen, "
    "aldri til vedtak.\n"
)


def rows_of(file):
    """The rows of a content file, whose first lines are its source."""
    lines = (DEMO / file).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def xy_of(rows):
    """Where the rows are, on the map."""
    degrees = np.array([(row["longitude"], row["latitude"]) for row in rows], float)
    return utm33(degrees[:, 0], degrees[:, 1])


def main(folder):
    """Write the files."""
    assumptions = assumptions_on(date(YEAR, 1, 1))
    roads = read_folder(folder, assumptions=assumptions, year=YEAR).roads
    limit = assumptions.limit_min
    organisation = yaml.safe_load(
        (DEMO / "organisation.yaml").read_text(encoding="utf-8")
    )
    places, stations = rows_of("places.csv"), organisation["stations"]
    homes, goals = xy_of(places), xy_of(stations)
    to_stations(
        places,
        stations,
        minutes=roads.matrix(homes, goals, limit),
        km=roads.kilometres(homes, goals, limit),
    )
    between(
        "road_minutes_between.csv",
        places,
        BETWEEN.format(what="Minutter", more=""),
        roads.matrix(homes, homes, limit),
    )
    between(
        "road_km_between.csv",
        places,
        BETWEEN.format(
            what="Kilometer", more=f", eller vegen er lengre enn {limit:.0f} minutter"
        ),
        roads.kilometres(homes, homes, limit),
    )


def to_stations(places, stations, *, minutes, km):
    """From each place to each station, a line for each pair."""
    people = {
        row["municipality"]: int(row[str(YEAR)]) for row in rows_of("population.csv")
    }
    with (DEMO / "road_minutes.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(SOURCE)
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("municipality", "place", "people", "station", "minutes", "km"))
        for number, place in enumerate(places):
            living = round(people[place["municipality"]] * int(place["share"]) / 100)
            for column, station in enumerate(stations):
                out.writerow(
                    (
                        place["municipality"],
                        place["place"],
                        living,
                        station["code"],
                        told(minutes[number, column]),
                        told(km[number, column]),
                    )
                )


def between(name, places, source, found):
    """From each place to each place, a line for each."""
    with (DEMO / name).open("w", encoding="utf-8", newline="") as file:
        file.write(source)
        out = csv.writer(file, lineterminator="\n")
        names = [f"{place['municipality']} {place['place']}" for place in places]
        out.writerow(("municipality", "place", *names))
        for place, row in zip(places, found, strict=True):
            out.writerow((place["municipality"], place["place"], *map(told, row)))


def told(number):
    """A whole number, or nothing where there is no road."""
    return f"{number:.0f}" if np.isfinite(number) else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
