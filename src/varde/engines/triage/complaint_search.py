"""Find the complaint that a caller's own words are about."""

from varde.engines.triage.index import Index
from varde.engines.triage.text_search import Entry, Hit, TextSearch


_OTHER_AGE = 0.5  # what is meant for another age is shown, but after the rest


class SearchIndex:
    """The complaints of one version of an index, made searchable. It never changes."""

    def __init__(self, index: Index) -> None:
        self._ages = {each.id: each.ages for each in index.complaints}
        self._search = TextSearch(
            (
                Entry(
                    key=each.id,
                    title=each.title,
                    words=(each.title_nn, *each.words, *each.words_nn),
                )
                for each in index.complaints
            ),
            synonyms=index.synonyms,
        )

    def find(
        self, words: str, limit: int = 8, *, age_years: float | None = None
    ) -> tuple[Hit, ...]:
        """The complaints that fit the words best, the best first; `key` is the id.

        Where the age is known, complaints meant for another age come after the others.
        They are not hidden: the age may be wrong.
        """
        hits = self._search.find(words, limit=2 * limit)
        if age_years is None:
            return hits[:limit]
        aged = sorted(hits, key=lambda hit: -self._fitness(hit, age_years))
        return tuple(aged[:limit])

    def _fitness(self, hit: Hit, age_years: float) -> float:
        suits = self._ages[hit.key].suits(age_years)
        return hit.score if suits else hit.score * _OTHER_AGE
