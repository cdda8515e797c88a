"""How fast the search by plain words answers, beside plain rapidfuzz over the titles.

Run alone: python -m benchmarks.search
"""

import dataclasses
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from rapidfuzz import process

from tests.unit.engines.triage import test_triage_codes, test_triage_search
from varde.content import STARTER_INDEX_FILE, starter_index_text
from varde.engines.triage.code_search import code_search
from varde.engines.triage.complaint_search import SearchIndex
from varde.engines.triage.index import Complaint, Index
from varde.engines.triage.loading import load


ROUNDS = 21  # each phrase this many times; its median counts
LIMIT = 8
COMPLAINTS_IN_A_LARGE_INDEX = 200
TARGET_P95_MS = 30.0  # issue 2; our own aim is 2
ICPC2_FILE = Path("node_modules/@navikt/diagnosekoder/lib/ICPC2.json")

type Phrases = Sequence[tuple[str, str]]  # what is typed, the key that is meant
type Find = Callable[[str], Sequence[str]]  # what is typed -> keys, the best first


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What one way of searching did with one list of phrases."""

    name: str
    entries: int
    phrases: int
    p50_ms: float  # over the phrases
    p95_ms: float
    among_first_three: float  # share of the phrases


def measure() -> list[Timing]:
    """Search by each phrase of the test tables, ours and the yardstick by turns."""
    index = load(starter_index_text(), filename=STARTER_INDEX_FILE)
    large = _enlarged(index)
    phrases = test_triage_search.PHRASES
    timings = []
    for name, this in (("starter index", index), ("large index", large)):
        titles = {complaint.id: complaint.title for complaint in this.complaints}
        search = SearchIndex(this)
        timings += _both(name, titles, phrases, _keys_of(search.find))
    if ICPC2_FILE.exists():
        rows = json.loads(ICPC2_FILE.read_text("utf-8"))
        titles = {row["code"]: row["text"] for row in rows}
        codes = code_search(titles.items(), lay_words=test_triage_codes.LAY_WORDS)
        timings += _both(
            "ICPC-2",
            titles,
            test_triage_codes.PHRASES,
            _keys_of(lambda said: codes.find(said, limit=LIMIT)),
        )
    return timings


def load_ms() -> float:
    """The best of five loads of the starter index, in milliseconds."""
    text = starter_index_text()
    times = []
    for _ in range(5):
        began = perf_counter()
        load(text, filename=STARTER_INDEX_FILE)
        times.append(perf_counter() - began)
    return 1000 * min(times)


def _both(
    name: str, titles: dict[str, str], phrases: Phrases, ours: Find
) -> list[Timing]:
    def plain(said: str) -> list[str]:
        return [key for _, _, key in process.extract(said, titles, limit=LIMIT)]

    return [
        _timed(f"{name}: Varde", len(titles), phrases, ours),
        _timed(f"{name}: rapidfuzz over titles", len(titles), phrases, plain),
    ]


def _keys_of(find: Callable) -> Find:
    return lambda said: [hit.key for hit in find(said)]


def _timed(name: str, entries: int, phrases: Phrases, find: Find) -> Timing:
    hits = sum(key in find(said)[:3] for said, key in phrases)
    times = sorted(_median_s(find, said) for said, _ in phrases)
    return Timing(
        name=name,
        entries=entries,
        phrases=len(phrases),
        p50_ms=1000 * times[len(times) // 2],
        p95_ms=1000 * times[int(0.95 * len(times))],
        among_first_three=hits / len(phrases),
    )


def _median_s(find: Find, said: str) -> float:
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        find(said)
        times.append(perf_counter() - began)
    return sorted(times)[ROUNDS // 2]


def _enlarged(index: Index) -> Index:
    """The index with made-up complaints beside its own, spelt backwards, up to 200."""
    more: list[Complaint] = []
    while len(index.complaints) + len(more) < COMPLAINTS_IN_A_LARGE_INDEX:
        number = len(more)
        model = index.complaints[number % len(index.complaints)]
        turn = number // len(index.complaints)
        more.append(
            dataclasses.replace(
                model,
                id=f"{model.id}_{turn}",
                title=_turned(model.title, turn),
                title_nn=_turned(model.title_nn, turn),
                words=tuple(_turned(word, turn) for word in model.words),
                words_nn=tuple(_turned(word, turn) for word in model.words_nn),
            )
        )
    return dataclasses.replace(index, complaints=index.complaints + tuple(more))


def _turned(text: str, turn: int) -> str:
    """Other words of the same lengths and letters."""
    return " ".join(word[::-1][turn:] + word[::-1][:turn] for word in text.split())


def main() -> None:
    """Print the figures, ours and the yardstick's side by side."""
    print(f"starter index loaded in {load_ms():.0f} ms (best of 5)")
    print(
        f"{'search':<40}{'entries':>8}{'phrases':>8}{'p50 ms':>9}{'p95 ms':>9}  top 3"
    )
    for row in measure():
        print(
            f"{row.name:<40}{row.entries:>8}{row.phrases:>8}{row.p50_ms:>9.3f}"
            f"{row.p95_ms:>9.3f}{row.among_first_three:>7.0%}"
        )
    print(f"target: p95 under {TARGET_P95_MS:.0f} ms")


if __name__ == "__main__":
    main()
