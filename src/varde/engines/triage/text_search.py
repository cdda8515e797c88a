"""Search by plain words in a short list of titled entries: complaints, codes.

Typing errors are forgiven, words may be half typed, bokmål and nynorsk are the same,
and a compound finds its parts: "brystsmerter", "smerter i brystet", "vondt i bryst".
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from varde.engines.triage.words import fold, stem, tokens


# How good a match is, 1 at best. The order matters, the exact figures little; they were
# set by the phrase tables in tests/unit/engines/triage.
_SAME = 1.0
_SAME_STEM = 0.97
_PREFIX_MOST = 0.95  # as the typed part nears the whole word
_PREFIX_LEAST = 0.6
_SYNONYM = 0.9
_IN_COMPOUND = 0.75  # the word is one part of a compound
_PART_OF_QUERY = 0.8  # one part of the typed compound is the word
_LOOSE_PART = 0.5  # a known word begins or ends the typed one
_ONE_ERROR = 0.85
_NEXT_ERROR = 0.15  # taken off for each further error
_FIRST_LETTER = 0.07  # taken off if it is the first letter that differs
_SHORT_WORD = 0.1  # taken off where an error easily makes another word
_KEY_PREFIX = 0.98
_KEY_LETTER = 0.55  # a single letter may begin a code, or a word

_GOOD = 0.8  # with a match this good, no typing error is looked for
_MIN_PART = 3  # letters in a part of a compound
_MIN_LOOSE = 4
_MIN_TO_FORGIVE = 4  # letters: in shorter words an error makes another word
_NEAREST = 12  # misspelt candidates looked at
_CANDIDATES = 20  # entries that are compared phrase by phrase
_PHRASE_SHARE = 0.45  # of the score; the rest is how many of the words are in the entry
_TITLE_BONUS = 0.03
_LEAST = 0.22  # a score below this is no hit
_MAX_QUERY_WORDS = 12
_MAX_WORD = 40  # letters
_CODE_WITH_SPACE = re.compile(r"\b([A-Za-z]) (\d{1,3})\b")  # "R 74"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something to be found."""

    key: str  # the id or code; a code (with a digit in it) is found by its beginning
    title: str
    words: tuple[str, ...] = ()  # other words and phrases for the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something found."""

    key: str
    title: str
    score: float  # 0 to 1; for ordering only
    matched: str  # the title, word or phrase that fits best


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str
    words: tuple[int, ...]
    is_title: bool


@dataclass(frozen=True, slots=True)
class _Term:
    """One word of what was typed: what it matches, and how much it tells."""

    words: dict[int, float]  # number of a known word -> how good the match is
    entries: dict[int, float]  # number of an entry -> the best of its words
    weight: float


class TextSearch:
    """A list made searchable once, then searched many times. It never changes."""

    def __init__(
        self, entries: Iterable[Entry], *, synonyms: Iterable[Sequence[str]] = ()
    ) -> None:
        self._entries = tuple(entries)
        spelled = [
            [(text, [fold(word) for word in tokens(text)]) for text in _texts(entry)]
            for entry in self._entries
        ]
        self._words = sorted({w for each in spelled for _, ws in each for w in ws})
        number = {word: position for position, word in enumerate(self._words)}
        self._phrases = [
            [
                _Phrase(text, tuple(number[word] for word in words), position == 0)
                for position, (text, words) in enumerate(each)
            ]
            for each in spelled
        ]
        self._in_entries = self._postings()
        self._by_stem = _grouped((stem(w), i) for i, w in enumerate(self._words))
        self._synonyms = _synonym_stems(synonyms)
        self._by_part = _grouped(
            (part, i) for i, w in enumerate(self._words) for part in self._parts(w)
        )
        self._keys = [(e.key.casefold(), i) for i, e in enumerate(self._entries)]

    def find(self, words: str, *, limit: int = 8) -> tuple[Hit, ...]:
        """The entries that fit best, the best first. The last word may be half typed.

        Nothing typed, or nothing that resembles a known word, gives nothing. Entries
        that fit equally well keep the order of the list.

        >>> search = TextSearch(
        ...     [
        ...         Entry(key="N01", title="Hodepine", words=("vondt i hodet",)),
        ...         Entry(key="D01", title="Magesmerter", words=("vondt i magen",)),
        ...     ]
        ... )
        >>> [hit.key for hit in search.find("vont i hode")]
        ['N01', 'D01']
        >>> [hit.key for hit in search.find("hodepinne")]
        ['N01']
        >>> search.find("")
        ()
        """
        joined = _CODE_WITH_SPACE.sub(r"\1\2", words)
        typed = [fold(word[:_MAX_WORD]) for word in tokens(joined)][:_MAX_QUERY_WORDS]
        terms = [term for word in dict.fromkeys(typed) for term in self._terms(word)]
        total = sum(term.weight for term in terms)
        if not total or limit < 1:
            return ()
        bag: dict[int, float] = {}
        for term in terms:
            for entry, quality in term.entries.items():
                bag[entry] = bag.get(entry, 0.0) + term.weight * quality
        likely = sorted(bag, key=lambda entry: (-bag[entry], entry))
        likely = likely[: max(_CANDIDATES, limit)]
        hits = [self._hit(entry, bag[entry], terms, total) for entry in likely]
        ranked = sorted(
            zip(hits, likely, strict=True), key=lambda pair: (-pair[0].score, pair[1])
        )
        return tuple(hit for hit, _ in ranked if hit.score >= _LEAST)[:limit]

    def _postings(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self._words]
        for entry, phrases in enumerate(self._phrases):
            for word in {word for phrase in phrases for word in phrase.words}:
                found[word].append(entry)
        return found

    def _terms(self, word: str) -> list[_Term]:
        """What a typed word may mean. An unknown compound becomes two terms."""
        keys = self._matching_keys(word)
        found = self._matching_words(word)
        if max(found.values(), default=0.0) >= _GOOD or word.isdigit():
            return [self._term(found, keys)]
        nearest = self._add_misspelt(found, word)
        parts = self._parts(word) if nearest < _ONE_ERROR - _FIRST_LETTER else ()
        if parts:
            return [self._term(self._with_part(found, part), keys) for part in parts]
        if not found:
            self._add_loose_parts(found, word)
        return [self._term(found, keys)]

    def _term(self, words: dict[int, float], keys: dict[int, float]) -> _Term:
        entries = dict(keys)
        for known, quality in words.items():
            for entry in self._in_entries[known]:
                if quality > entries.get(entry, 0.0):
                    entries[entry] = quality
        return _Term(words, entries, self._weight(entries))

    def _weight(self, entries: dict[int, float]) -> float:
        """What is found in few entries tells much; a word found nowhere, a little."""
        if not entries:
            return 1.0
        good = 0.8 * max(entries.values())
        count = sum(quality >= good for quality in entries.values())
        return log(1.0 + len(self._entries) / count)

    def _matching_keys(self, word: str) -> dict[int, float]:
        if word.isalpha() and len(word) > 1:
            return {}
        quality = _KEY_LETTER if word.isalpha() else _KEY_PREFIX
        return {
            entry: _SAME if key == word else quality
            for key, entry in self._keys
            if key.startswith(word) and any(char.isdigit() for char in key)
        }

    def _matching_words(self, word: str) -> dict[int, float]:
        """Known words that the typed one may mean, and how well each fits."""
        found: dict[int, float] = {}
        typed_stem = stem(word)
        self._add_prefixed(found, word)
        _add(found, self._by_part.get(typed_stem, ()), _IN_COMPOUND)
        for synonym in self._synonyms.get(typed_stem, ()):
            _add(found, self._by_stem.get(synonym, ()), _SYNONYM)
            _add(found, self._by_part.get(synonym, ()), _SYNONYM * _IN_COMPOUND)
        _add(found, self._by_stem.get(typed_stem, ()), _SAME_STEM)
        return found

    def _add_prefixed(self, found: dict[int, float], word: str) -> None:
        first = bisect_left(self._words, word)
        for known in range(first, len(self._words)):
            text = self._words[known]
            if not text.startswith(word):
                break
            span = _PREFIX_MOST - _PREFIX_LEAST
            quality = _PREFIX_LEAST + span * len(word) / len(text)
            found[known] = _SAME if text == word else quality

    def _with_part(self, found: dict[int, float], part: str) -> dict[int, float]:
        """What was found, and what one part of the typed compound means."""
        both = dict(found)
        for near in (part, *self._synonyms.get(part, ())):
            _add(both, self._by_stem.get(near, ()), _PART_OF_QUERY)
            _add(both, self._by_part.get(near, ()), _PART_OF_QUERY * _IN_COMPOUND)
        return both

    def _add_misspelt(self, found: dict[int, float], word: str) -> float:
        """Add known words that differ by typing errors. How good the nearest is."""
        if len(word) < _MIN_TO_FORGIVE:
            return 0.0
        near = _nearest(word, self._words)
        if not near:  # half typed, and with an error in it
            near = _nearest(word, [known[: len(word)] for known in self._words])
        for known, quality in near.items():
            _add(found, (known,), quality)
        return max(near.values(), default=0.0)

    def _add_loose_parts(self, found: dict[int, float], word: str) -> None:
        for length in range(len(word) - 1, _MIN_LOOSE - 1, -1):
            for part in (word[:length], word[-length:]):
                _add(found, self._by_stem.get(stem(part), ()), _LOOSE_PART)
            if found:
                return

    def _parts(self, word: str) -> tuple[str, ...]:
        """The stems of a compound's two parts, where both are known words."""
        for cut in range(len(word) - _MIN_PART, _MIN_PART - 1, -1):
            right = stem(word[cut:])
            if not self._is_known(right):
                continue
            for joint in ("", "s", "e"):
                left = word[:cut].removesuffix(joint)
                if len(left) >= _MIN_PART and self._is_known(stem(left)):
                    return (stem(left), right)
        return ()

    def _is_known(self, word_stem: str) -> bool:
        return word_stem in self._by_stem or word_stem in self._synonyms

    def _hit(self, entry: int, bag: float, terms: Sequence[_Term], total: float) -> Hit:
        best, matched = 0.0, self._entries[entry].title
        for phrase in self._phrases[entry]:
            fit = _phrase_fit(phrase, terms, total)
            if fit > best:
                best, matched = fit, phrase.text
        score = (1 - _PHRASE_SHARE) * bag / total + _PHRASE_SHARE * best
        this = self._entries[entry]
        return Hit(
            key=this.key,
            title=this.title,
            score=round(min(score, 1.0), 4),
            matched=matched,
        )


def _texts(entry: Entry) -> tuple[str, ...]:
    return (entry.title, *entry.words)


def _phrase_fit(phrase: _Phrase, terms: Sequence[_Term], total: float) -> float:
    """How much of what was typed is in one phrase, less for words of it not typed."""
    fit, used = 0.0, set()
    for term in terms:
        best, at = 0.0, -1
        for word in phrase.words:
            quality = term.words.get(word, 0.0)
            if quality > best:
                best, at = quality, word
        if at >= 0:
            fit += term.weight * best
            used.add(at)
    if not used:
        return 0.0
    extra = len(set(phrase.words) - used) / len(phrase.words)
    bonus = _TITLE_BONUS if phrase.is_title else 0.0
    return fit / total * (1.0 - 0.4 * extra) + bonus


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    groups: dict[str, list[int]] = {}
    for key, number in pairs:
        groups.setdefault(key, []).append(number)
    return {key: tuple(numbers) for key, numbers in groups.items()}


def _synonym_stems(groups: Iterable[Sequence[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in groups:
        stems = frozenset(stem(fold(word)) for word in group)
        for each in stems:
            found[each] = (found.get(each, frozenset()) | stems) - {each}
    return found


def _add(found: dict[int, float], words: Iterable[int], quality: float) -> None:
    for word in words:
        if quality > found.get(word, 0.0):
            found[word] = quality


def _nearest(word: str, known: Sequence[str]) -> dict[int, float]:
    """The numbers of the known words that differ least, if little, and how good."""
    allowed = _errors_allowed(word)
    near = process.extract(
        word, known, scorer=OSA.distance, score_cutoff=allowed, limit=_NEAREST
    )
    one_error = _ONE_ERROR - (_SHORT_WORD if allowed == 1 else 0.0)
    return {
        number: one_error
        - _NEXT_ERROR * (errors - 1)
        - (0.0 if text[0] == word[0] else _FIRST_LETTER)
        for text, errors, number in near
    }


def _errors_allowed(word: str) -> int:
    """One typing error in a short word, two in a middling, three in a long one."""
    if len(word) <= 5:
        return 1
    return 2 if len(word) <= 9 else 3
