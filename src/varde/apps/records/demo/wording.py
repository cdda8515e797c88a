"""What the made-up records say in words, from the index that they were judged by."""

from collections.abc import Mapping
from dataclasses import dataclass

from varde.apps.records.demo.copying import text
from varde.engines.demo.codes import (
    OUTCOMES,
    PHONE_LEVELS,
    RELATIONS,
    Ints,
    Outcome,
    Relation,
)
from varde.engines.triage.index import Index


SAID = {
    Outcome.ADVICE: "Fikk råd og vet når det må ringes igjen.",
    Outcome.ATTENDANCE: "Må ses av lege. Har fått tid på legevakta.",
    Outcome.HOME_VISIT: "Kan ikke komme selv. Legen drar hjem.",
    Outcome.CALL_OUT: "Lege rykker ut.",
    Outcome.AMK: "Satt over til 113.",
    Outcome.FASTLEGE: "Kan vente. Ringer fastlegen neste virkedag.",
    Outcome.KAD: "Vurdert for kommunal døgnplass.",
    Outcome.ADMISSION: "Lagt inn på sykehus.",
    Outcome.OTHER_SERVICE: "Vist videre til annen kommunal tjeneste.",
}
RELATION = {
    Relation.SELF: "self",
    Relation.PARENT: "mother",
    Relation.NEXT_OF_KIN: "relative",
    Relation.PROFESSIONAL: "home_care",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """Texts by place in the complaints and levels, ready for COPY."""

    complaints: tuple[str, ...]
    titles: Mapping[str, str]
    advice: Mapping[tuple[str, str], str]
    criteria: Mapping[tuple[str, str], str]

    def narratives(self, complaint: Ints, outcome: Ints) -> list[str]:
        """A line on what it was about and one on what came of it."""
        table = [
            [text(f"{self.titles[c]}. {SAID[o]}") for o in OUTCOMES]
            for c in self.complaints
        ]
        pairs = zip(complaint.tolist(), outcome.tolist(), strict=True)
        return [table[c][o] for c, o in pairs]

    def advised(self, complaint: Ints, level: Ints) -> list[str]:
        """The index's advice for the complaint at the hastegrad; "" where it has none."""
        return self._by_level(self.advice, complaint, level, missing="")

    def met(self, complaint: Ints, level: Ints) -> list[str]:
        """The criteria, as JSON, that give the hastegrad."""
        return self._by_level(self.criteria, complaint, level, missing="[]")

    def _by_level(
        self,
        known: Mapping[tuple[str, str], str],
        complaint: Ints,
        level: Ints,
        *,
        missing: str,
    ) -> list[str]:
        table = [
            [*(known.get((c, code), missing) for code in PHONE_LEVELS), missing]
            for c in self.complaints
        ]
        pairs = zip(complaint.tolist(), level.tolist(), strict=True)
        return [table[c][code] for c, code in pairs]


def wording(index: Index, complaints: tuple[str, ...]) -> Wording:
    """What an index says of the complaints. One that it lacks goes by its id."""
    known = {c.id: c for c in index.complaints}
    return Wording(
        complaints=complaints,
        titles={c: known[c].title if c in known else c for c in complaints},
        advice={
            (c.id, advice.hastegrad): text(" ".join(advice.do))
            for c in index.complaints
            for advice in c.advice
        },
        criteria={
            (c.id, criterion.hastegrad): f'["{criterion.id}"]'
            for c in index.complaints
            for criterion in reversed(c.all_criteria)
        },
    )


def relations() -> list[str]:
    """Who rings, as the desk's list has it, by place in RELATIONS."""
    return [RELATION[relation] for relation in RELATIONS]
