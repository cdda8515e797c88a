"""Find a code, such as ICPC-2, by plain words, also those that are not in its title."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from varde.domain.errors import BadInput
from varde.engines.triage.reading import read_tree
from varde.engines.triage.text_search import Entry, TextSearch


@dataclass(frozen=True, slots=True, kw_only=True)
class LayWords:
    """What people say, and the codes that it may mean."""

    codes: Mapping[str, tuple[str, ...]]  # phrase -> codes, the likeliest first
    synonyms: tuple[tuple[str, ...], ...]

    def words_of(self, code: str) -> tuple[str, ...]:
        """The phrases that may mean this code."""
        return tuple(phrase for phrase, codes in self.codes.items() if code in codes)


def load_lay_words(text: str, *, filename: str) -> LayWords:
    """Read a list of lay words: `words`, phrase to codes, and `synonyms`, groups.

    Raises
    ------
    BadIndex
        If the file is not well-formed YAML or TOML.
    BadInput
        If a part of it has another shape.
    """
    tree = read_tree(text, filename=filename)
    value = tree.value if isinstance(tree.value, dict) else {}
    words, synonyms = value.get("words"), value.get("synonyms", [])
    if not isinstance(words, dict) or not isinstance(synonyms, list):
        raise BadInput(
            file=filename,
            problem="the file must hold 'words' (phrase: [codes]) and may hold "
            "'synonyms' (a list of lists)",
            cure="Write them so, and load the file again.",
        )
    for part, lists in (("words", words.items()), ("synonyms", enumerate(synonyms))):
        for step, texts in lists:
            if not _is_texts(texts):
                raise BadInput(
                    file=filename,
                    line=tree.line_of((part, step)),
                    column=f"{part} > {step}",
                    values=[repr(texts)],
                    problem="is not a list of texts with at least one in it",
                    cure="Write it as [one, two], and load the file again.",
                )
    return LayWords(
        codes={phrase: tuple(codes) for phrase, codes in words.items()},
        synonyms=tuple(tuple(group) for group in synonyms),
    )


def _is_texts(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(text, str) for text in value)
    )


def code_search(codes: Iterable[tuple[str, str]], *, lay_words: LayWords) -> TextSearch:
    """A search over a code list of (code, title), with lay words beside the titles.

    A code is found by its title, by a lay word, and by the beginning of itself ("R7").
    Lay words for codes that are not in the list are left out.
    """
    words: dict[str, list[str]] = {}
    for phrase, meant in lay_words.codes.items():
        for code in meant:
            words.setdefault(code, []).append(phrase)
    entries = [
        Entry(key=code, title=title, words=tuple(words.get(code, ())))
        for code, title in codes
    ]
    return TextSearch(entries, synonyms=lay_words.synonyms)
