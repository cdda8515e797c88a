"""Content that ships with Varde: the starter index, its schema, lay words, checklists.

The files are data, and as fixed as the code beside them; nothing here is a setting.
This package imports the standard library only and may be imported from any layer.
"""

import json
from functools import cache
from importlib import resources
from typing import Any


STARTER_INDEX_FILE = "startindeks.yaml"
INDEX_SCHEMA_FILE = "index.schema.json"
ICPC2_LAY_WORDS_FILE = "icpc2_lay_words.yaml"
TARIFFS_FILE = "tariffs.yaml"
REVIEW_QUESTIONS_FILE = "review_questions.yaml"
BED_CRITERIA_FILE = "bed_criteria.yaml"
EQUIPMENT_FILE = "equipment.yaml"
UNIVERSAL_DESIGN_FILE = "universal_design.yaml"
POINT_OF_CARE_FILE = "point_of_care.yaml"
COMPETENCE_FILE = "competence.yaml"
STAFFING_MODELS_FILE = "staffing_models.yaml"
DEMAND_CALENDAR_FILE = "demand_calendar.yaml"
TRAVEL_FILE = "travel.yaml"
COMPENSATING_MEASURES_FILE = "compensating_measures.yaml"
SCENARIO_SCHEMA_FILE = "scenario.schema.json"
SCENARIO_FOLDER = "scenarios"


def starter_index_text() -> str:
    """The text of the starter index, which no doctor has approved."""
    return _text(STARTER_INDEX_FILE)


def icpc2_lay_words_text() -> str:
    """The text of our list from lay words to ICPC-2 codes."""
    return _text(ICPC2_LAY_WORDS_FILE)


def tariffs_text() -> str:
    """The text of the tariffs of the refund claim, each with its source."""
    return _text(TARIFFS_FILE)


def staffing_models_text() -> str:
    """The text of the staffing models of a legevakt, as templates."""
    return _text(STAFFING_MODELS_FILE)


def demand_calendar_text() -> str:
    """The text of the days that stand out in the demand, each with its source."""
    return _text(DEMAND_CALENDAR_FILE)


def review_questions_text() -> str:
    """The text of the fixed questions by which two reviewers score a contact."""
    return _text(REVIEW_QUESTIONS_FILE)


def bed_criteria_text() -> str:
    """The text of the criteria for a bed, which no doctor has approved."""
    return _text(BED_CRITERIA_FILE)


def equipment_text() -> str:
    """The text of the checklists to begin from, which nobody has approved."""
    return _text(EQUIPMENT_FILE)


def universal_design_text() -> str:
    """The text of the seven questions on universal design."""
    return _text(UNIVERSAL_DESIGN_FILE)


def competence_text() -> str:
    """The text of the rules of competence, each with its source."""
    return _text(COMPETENCE_FILE)


def point_of_care_text() -> str:
    """The text of the tests taken beside the patient, which no doctor has approved."""
    return _text(POINT_OF_CARE_FILE)


def travel_text() -> str:
    """The text of what travel times are counted with, dated, each with its source."""
    return _text(TRAVEL_FILE)


def compensating_measures_text() -> str:
    """The text of the kinds of measures where people have far, each with its source."""
    return _text(COMPENSATING_MEASURES_FILE)


def demo_text(filename: str) -> str:
    """The text of a file of the demo district."""
    return _text(f"demo/{filename}")


@cache
def index_schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) of an index file. Do not change it."""
    schema: dict[str, Any] = json.loads(_text(INDEX_SCHEMA_FILE))
    return schema


@cache
def scenario_schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) of a scenario file."""
    schema: dict[str, Any] = json.loads(_text(SCENARIO_SCHEMA_FILE))
    return schema


def scenario_names() -> tuple[str, ...]:
    """The names of the ready scenarios, without `.toml`."""
    folder = resources.files(__name__).joinpath(SCENARIO_FOLDER)
    return tuple(
        sorted(
            file.name.removesuffix(".toml")
            for file in folder.iterdir()
            if file.name.endswith(".toml")
        )
    )


def scenario_text(name: str) -> str:
    """The text of a ready scenario. The name must be one of `scenario_names`."""
    return _text(f"{SCENARIO_FOLDER}/{name}.toml")


def _text(filename: str) -> str:
    return resources.files(__name__).joinpath(filename).read_text(encoding="utf-8")
