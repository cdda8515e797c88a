"""Renew content/demo/road_minutes.csv: the demo's places on the roads of N1000.

    .venv/bin/python tools/demo-roads.py FOLDER > src/varde/content/demo/road_minutes.csv

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


def rows_of(file):
    """The rows of a content file, whose first lines are its source."""
    lines = (DEMO / file).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def xy_of(rows):
    """Where the rows are, on the map."""
    degrees = np.array([(row["longitude"], row["latitude"]) for row in rows], float)
    return utm33(degrees[:, 0], degrees[:, 1])


def main(folder):
    """Print the file."""
    assumptions = assumptions_on(date(YEAR, 1, 1))
    roads = read_folder(folder, assumptions=assumptions, year=YEAR).roads
    organisation = yaml.safe_load(
        (DEMO / "organisation.yaml").read_text(encoding="utf-8")
    )
    places, stations = rows_of("places.csv"), organisation["stations"]
    people = {
        row["municipality"]: int(row[str(YEAR)]) for row in rows_of("population.csv")
    }
    homes, goals = xy_of(places), xy_of(stations)
    minutes = roads.matrix(homes, goals, assumptions.limit_min)
    km = roads.kilometres(homes, goals, assumptions.limit_min)
    sys.stdout.write(SOURCE)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("municipality", "place", "people", "station", "minutes", "km"))
    for number, place in enumerate(places):
        living = round(people[place["municipality"]] * int(place["share"]) / 100)
        for column, station in enumerate(stations):
            found = minutes[number, column], km[number, column]
            told = [f"{one:.0f}" if np.isfinite(one) else "" for one in found]
            out.writerow(
                (place["municipality"], place["place"], living, station["code"], *told)
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
