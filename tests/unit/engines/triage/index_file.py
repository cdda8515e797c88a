"""A small, sound index as plain values, for tests to spoil; and as the text of a file."""

import copy
from typing import Any

import yaml


# The C writer, where it is there: the tests write some thousand files.
DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

SOUND: dict[str, Any] = {
    "format": 1,
    "id": "prove",
    "title": "Prøveindeks",
    "version": "1",
    "language": "nb",
    "publisher": "Prøve legevakt",
    "licence": "Fri",
    "approval": {"status": "not_approved", "note": "Ikke klinisk godkjent"},
    "scale": [
        {"code": "akutt", "title": "Akutt"},
        {"code": "haster", "title": "Haster", "title_nn": "Hastar"},
        {"code": "rad", "title": "Råd", "needs_call_again": True},
    ],
    "ask_at_end": ["Kan du følge dette rådet?"],
    "synonyms": [["vondt", "smerte"]],
    "complaints": [
        {
            "id": "hode",
            "title": "Hodepine",
            "title_nn": "Hovudverk",
            "words": ["vondt i hodet"],
            "words_nn": ["vondt i hovudet"],
            "ages": {"from_years": 12},
            "icpc2": ["N01"],
            "hastegrader": ["rad", "akutt", "haster"],
            "red_flags": [
                {"id": "nakke", "text": "Stiv nakke og feber", "question": "feber"},
                {"id": "lam", "text": "Lammelse", "hastegrad": "akutt"},
            ],
            "questions": [
                {"id": "feber", "text": "Har du feber?"},
                {"id": "for", "text": "Hatt det før?", "ages": {"below_years": 70}},
            ],
            "criteria": [
                {"id": "oppkast", "text": "Kaster opp", "hastegrad": "haster"},
                {
                    "id": "kjent",
                    "text": "Som før",
                    "hastegrad": "rad",
                    "question": "for",
                },
            ],
            "advice": {
                "rad": {"do": ["Hvil."], "call_again_if": ["Det blir verre."]},
                "haster": {"do": ["Ikke vær alene."]},
            },
            "ask_at_end": ["Er noen hos deg?"],
            "source": "Skrevet for prøven",
        },
        {
            "id": "tann",
            "title": "Tannverk",
            "title_nn": "Tannverk",
            "hastegrader": ["akutt", "rad"],
            "red_flags": [{"id": "svelge", "text": "Vondt å svelge"}],
            "questions": [],
            "criteria": [{"id": "verk", "text": "Bare verk", "hastegrad": "rad"}],
            "advice": {"rad": {"do": ["Ring tannlege."], "call_again_if": ["Feber."]}},
            "source": "Skrevet for prøven",
        },
    ],
}


def sound() -> dict[str, Any]:
    """The values of the index, free to change."""
    return copy.deepcopy(SOUND)


def as_yaml(value: Any) -> str:
    """The text of a YAML file with these values, in their order."""
    return yaml.dump(
        value, Dumper=DUMPER, allow_unicode=True, sort_keys=False, width=1000
    )
