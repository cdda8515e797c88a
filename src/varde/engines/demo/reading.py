"""Reading the typed-in content of the demo district.

Every file names its source. A file that does not is refused, as is one with a figure too
many or too few: a demo that is wrong teaches wrong numbers.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from varde.domain.errors import VardeError
from varde.engines.demo.figures import (
    Assumptions,
    ByYear,
    Published,
    Shift,
    UrgencyByGroup,
)
from varde.engines.demo.places import (
    AgeBand,
    Catchment,
    Complaint,
    Demo,
    District,
    Line,
    Municipality,
    NameGroup,
    Names,
    Office,
    Place,
    Sentral,
    StaffMember,
    Station,
    VisitorHome,
)


type Row = Mapping[str, str]

_SEXES = ("female", "male")


class BadDemoContent(VardeError):
    """A content file of the demo cannot be used. Nothing was made."""

    def __init__(self, *, filename: str, what: str, cure: str) -> None:
        super().__init__(f"{filename}: {what}\nNothing was made. {cure}")
        self.filename = filename


def read_demo(folder: Traversable) -> Demo:
    """The demo district, read from its folder of content and checked.

    Raises
    ------
    BadDemoContent
        If a file names no source, lacks a column or a figure, or names a municipality or
        station that is not there.
    """
    tree = {
        name: _yaml(folder, f"{name}.yaml")
        for name in ("organisation", "names", "published", "assumptions")
    }
    tables = {
        name: _table(folder, f"{name}.csv")
        for name in (
            "population", "population_65", "population_age_sex", "population_norway",
            "places", "travel_minutes", "staff", "complaints",
        )
    }  # fmt: skip
    organisation = tree["organisation"]
    bands = _age_bands(tables["population_norway"].columns[1:])
    demo = Demo(
        municipalities=_municipalities(
            organisation, tables["population"].rows, tables["population_65"].rows
        ),
        age_bands=bands,
        ages={
            (row["municipality"], row["sex"]): _counts(row, bands)
            for row in tables["population_age_sex"].rows
        },
        ages_of_norway={
            row["sex"]: _counts(row, bands) for row in tables["population_norway"].rows
        },
        places=_places(tables["places"].rows, tables["travel_minutes"].rows),
        sentraler=tuple(
            Sentral(**{**s, "districts": tuple(s["districts"])})
            for s in organisation["sentraler"]
        ),
        districts=tuple(District(**d) for d in organisation["districts"]),
        stations=tuple(Station(**s) for s in organisation["stations"]),
        catchments=tuple(_catchment(c) for c in organisation["catchments"]),
        lines=tuple(Line(**line) for line in organisation["lines"]),
        offices=tuple(
            Office(municipality=number, name=name, doctors=doctors, lets_us_book=books)
            for number, name, doctors, books in organisation["fastlege_offices"]
        ),
        staff=_staff(tables["staff"].rows),
        visitor_homes=tuple(
            VisitorHome(number=number, name=name, county=county)
            for number, name, county in organisation["visitor_homes"]
        ),
        complaints=tuple(_complaint(row) for row in tables["complaints"].rows),
        names=_names(tree["names"]),
        published=_published(tree["published"]),
        assumptions=_assumptions(tree["assumptions"]),
        sources={
            **{f"{name}.yaml": str(value.get("source", "se hvert tall"))
               for name, value in tree.items()},
            **{f"{name}.csv": table.source for name, table in tables.items()},
        },
    )  # fmt: skip
    _check_links(demo)
    return demo


class _Table:
    """A CSV file whose first lines are comments, the first of them its source."""

    def __init__(self, *, filename: str, text: str) -> None:
        lines = text.splitlines()
        comments = [line for line in lines if line.startswith("#")]
        start = "# Kilde:"
        if not comments or not comments[0].startswith(start):
            raise BadDemoContent(
                filename=filename,
                what=f"the first line does not start with {start!r}.",
                cure="Say on it where the figures come from.",
            )
        self.source = comments[0].removeprefix(start).strip()
        reader = csv.DictReader(line for line in lines if not line.startswith("#"))
        self.columns = list(reader.fieldnames or [])
        self.rows: list[Row] = []
        for row in reader:
            if None in row or None in row.values():
                raise BadDemoContent(
                    filename=filename,
                    what=f"line {reader.line_num + len(comments)} has more or fewer "
                    f"cells than the {len(self.columns)} columns.",
                    cure="Give each column one cell.",
                )
            self.rows.append(row)


def _table(folder: Traversable, filename: str) -> _Table:
    text = folder.joinpath(filename).read_text(encoding="utf-8")
    return _Table(filename=filename, text=text)


def _yaml(folder: Traversable, filename: str) -> dict[str, Any]:
    value = yaml.safe_load(folder.joinpath(filename).read_text(encoding="utf-8"))
    entries = value.values() if filename == "published.yaml" else [value]
    for entry in entries:
        if not str(entry.get("source", "")).strip():
            raise BadDemoContent(
                filename=filename,
                what=f"no source is named for {_keys(entry)}.",
                cure="Add a line 'source:' that says where the figures come from.",
            )
    tree: dict[str, Any] = value
    return tree


def _keys(entry: Mapping[str, object]) -> str:
    return ", ".join(list(entry)[:3]) or "the file"


def _municipalities(
    organisation: Mapping[str, Any],
    population: Iterable[Row],
    population_65: Iterable[Row],
) -> tuple[Municipality, ...]:
    people, old = _by_year(population), _by_year(population_65)
    listed = {number for number, *_ in organisation["municipalities"]}
    for filename, held in (("population.csv", people), ("population_65.csv", old)):
        if listed != set(held):
            raise BadDemoContent(
                filename=filename,
                what=f"it and organisation.yaml do not hold the same municipalities: "
                f"{', '.join(sorted(listed ^ set(held)))} in only one of them.",
                cure="Add the missing ones.",
            )
    return tuple(
        Municipality(
            number=number,
            name=name,
            sami_name=sami_name,
            county=organisation["county"],
            population=people[number],
            population_65=old[number],
        )
        for number, name, sami_name in organisation["municipalities"]
    )


def _by_year(rows: Iterable[Row]) -> dict[str, dict[int, int]]:
    """The counts of each municipality by year."""
    return {
        row["municipality"]: {
            int(year): int(count) for year, count in row.items() if year.isdigit()
        }
        for row in rows
    }


def _age_bands(columns: Iterable[str]) -> tuple[AgeBand, ...]:
    return tuple(_band(column) for column in columns)


def _band(text: str) -> AgeBand:
    first, _, last = text.partition("-")
    return AgeBand(first=int(first), last=int(last))


def _counts(row: Row, bands: Iterable[AgeBand]) -> tuple[int, ...]:
    return tuple(int(row[f"{band.first}-{band.last}"]) for band in bands)


def _places(places: Iterable[Row], travel: Iterable[Row]) -> tuple[Place, ...]:
    minutes = {
        (row["municipality"], row["place"]): {
            station: int(cell)
            for station, cell in row.items()
            if station not in ("municipality", "place") and cell
        }
        for row in travel
    }
    return tuple(
        Place(
            municipality=row["municipality"],
            name=row["place"],
            sami_name=row["sami_name"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            share=float(row["share"]) / 100,
            travel_min=minutes[row["municipality"], row["place"]],
        )
        for row in places
    )


def _catchment(value: Mapping[str, Any]) -> Catchment:
    first: date = value["from"]
    return Catchment(
        municipality=value["municipality"],
        station=value["station"],
        valid_from=first,
        valid_to=value.get("to"),
    )


def _staff(rows: Iterable[Row]) -> tuple[StaffMember, ...]:
    made: list[StaffMember] = []
    for row in rows:
        place, is_operator = row["place"], row["role"] == "operator"
        number = 1 + sum(1 for m in made if m.place == place and m.operator_code)
        made.append(
            StaffMember(
                username=row["username"],
                given_name=row["given_name"],
                family_name=row["family_name"],
                role=row["role"],
                place=place,
                position_percent=int(row["position"]) if row["position"] else None,
                operator_code=f"{place}-{number:02}" if is_operator else "",
            )
        )
    return tuple(made)


def _complaint(row: Row) -> Complaint:
    reasons = [pair.split(":") for pair in row["reasons"].split()]
    return Complaint(
        id=row["id"],
        weight=float(row["weight"]),
        child=float(row["child"]),
        adult=float(row["adult"]),
        old=float(row["old"]),
        man=float(row["man"]),
        woman=float(row["woman"]),
        from_age=int(row["from_age"] or 0),
        below_age=int(row["below_age"]) if row["below_age"] else None,
        urgency=float(row["urgency"]),
        consult=float(row["consult"]),
        visit=float(row["visit"]),
        reasons=tuple((code, float(weight)) for code, weight in reasons),
    )


def _names(value: Mapping[str, Any]) -> Names:
    elsewhere = tuple(
        NameGroup(**{**g, **{k: tuple(g[k]) for k in (*_SEXES, "family")}})
        for g in value["elsewhere"]
    )
    older, younger = (
        NameGroup(
            language="nb",
            share=1.0 - sum(group.share for group in elsewhere),
            needs_interpreter=0.0,
            female=tuple(value[born]["female"]),
            male=tuple(value[born]["male"]),
            family=tuple(value["family"]),
        )
        for born in ("born_before_1970", "born_from_1970")
    )
    return Names(
        older=older, younger=younger, elsewhere=elsewhere, roads=tuple(value["roads"])
    )


def _published(value: Mapping[str, Any]) -> Published:
    def by_year(key: str) -> ByYear[Any]:
        return ByYear(known=value[key]["by_year"])

    def without_source(key: str) -> dict[str, Any]:
        return {k: v for k, v in value[key].items() if k != "source"}

    groups = without_source("urgency_by_group")
    use = value["use_by_age"]
    return Published(
        contacts_per_1000=by_year("contacts_per_1000"),
        calls_per_inhabitant=by_year("calls_per_inhabitant"),
        channel=by_year("channel"),
        other_channels=without_source("other_channels"),
        urgency=by_year("urgency"),
        first_action=by_year("first_action"),
        weekend_share=value["weekend_share"]["share"],
        use_by_age=use["ages"],
        use_by_sex={sex: use[sex] for sex in _SEXES},
        mean_age_years=value["mean_age_years"]["value"],
        urgency_by_group=UrgencyByGroup(
            total=tuple(groups.pop("total")),
            **{
                name: {key: tuple(shares) for key, shares in rows.items()}
                for name, rows in groups.items()
            },
        ),
        period_share=without_source("period_share"),
        general_codes_all=value["general_codes"]["all"],
        general_codes_phone=value["general_codes"]["phone"],
        hospital_over_64=value["hospital_over_64"]["share"],
        again_after_advice=value["again_after_advice"]["share"],
        kad_per_1000=value["kad_per_1000"]["value"],
        half_at_km=without_source("half_at_km"),
        answered_within_2_min=without_source("answered_within_2_min"),
        frequent=without_source("frequent"),
        sources={key: entry["source"] for key, entry in value.items()},
    )


def _assumptions(value: Mapping[str, Any]) -> Assumptions:
    given = {key: _frozen(v) for key, v in value.items() if key != "source"}
    wanted = {field.name for field in fields(Assumptions)}
    if set(given) != wanted:
        raise BadDemoContent(
            filename="assumptions.yaml",
            what=f"missing: {', '.join(sorted(wanted - set(given))) or 'none'}; "
            f"unknown: {', '.join(sorted(set(given) - wanted)) or 'none'}.",
            cure="The names are those of the fields of Assumptions.",
        )
    given["shifts"] = tuple(Shift(**shift) for shift in value["shifts"])
    return Assumptions(**given)


def _frozen(value: Any) -> Any:
    """Lists as tuples, all the way down."""
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return value


def _check_links(demo: Demo) -> None:
    """Everything that names a municipality or a station names one that is there."""
    numbers = {m.number for m in demo.municipalities}
    stations = {s.code for s in demo.stations}
    named = (
        ("places.csv", {p.municipality for p in demo.places}, numbers),
        ("population_age_sex.csv", {number for number, _ in demo.ages}, numbers),
        ("organisation.yaml", {c.municipality for c in demo.catchments}, numbers),
        ("organisation.yaml", {c.station for c in demo.catchments}, stations),
        ("organisation.yaml", {o.municipality for o in demo.offices}, numbers),
    )
    for filename, used, known in named:
        if wrong := used ^ known:
            raise BadDemoContent(
                filename=filename,
                what=f"{', '.join(sorted(wrong))} is named without being there, or is "
                "there and not named.",
                cure="Every municipality has places, ages, a surgery and a station.",
            )
