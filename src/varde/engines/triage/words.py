"""Norwegian words made comparable: spelling folded, endings and filler removed.

Bokmål and nynorsk alike, roughly on purpose. The same folding is done to what is
searched for and to what is searched in, so that a fold that is linguistically wrong
costs at most a hit too many.
"""

import re
import unicodedata


# A keyboard without æøå, or a hurried hand, writes a, o, aa, ae, oe. All become one.
_FOLDED = str.maketrans(
    {"æ": "a", "ø": "o", "å": "a", "ä": "a", "ö": "o", "c": "k", "w": "v", "z": "s"}
    | {"q": "k"}
)
_PAIRS = (("ae", "a"), ("oe", "o"), ("th", "t"))
_REPEATED = re.compile(r"([^\W\d_])\1+")  # letters: the code A99 is not A9
_WORD = re.compile(r"[^\W_]+")
_MIN_STEM = 3
_ENDINGS = ("ane", "ene", "ar", "er", "en", "et", "a", "e")
_FILLER_TEXT = """
i på av og å at med til fra frå for som er har hadde jeg eg meg min mi mitt mine din
ditt han hun ho hen den det dei de en ei et eit om men så veldig litt mye mykje bare
berre nå no ikke ikkje kan vil ved noe noko noen nokon blir blei ble blitt vart
vorte var være vere etter siden sidan får fekk fikk fått seg sin sitt sine vi oss
skal må også du deg dere dykk når da kva hva der her over under opp ned ut inn
pasient pasienten
"""
_FILLER = frozenset(_FILLER_TEXT.split())


def tokens(text: str) -> list[str]:
    """The words of a text that carry meaning, small letters, in order.

    Filler words are left out, unless there is nothing else.

    >>> tokens("Jeg har VONDT i brystet!")
    ['vondt', 'brystet']
    >>> tokens("på")
    ['på']
    >>> tokens(" … ")
    []
    """
    every = _WORD.findall(unicodedata.normalize("NFKC", text).lower())
    return [word for word in every if word not in _FILLER] or every


def fold(word: str) -> str:
    """One spelling for words that are often misspelt as each other.

    >>> fold("oppkast") == fold("opkast")
    True
    >>> fold("øre") == fold("ore") == fold("oere")
    True
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).lower())
    text = "".join(char for char in plain if not unicodedata.combining(char))
    text = _REPEATED.sub(r"\1", text.translate(_FOLDED))
    for pair, single in _PAIRS:
        text = text.replace(pair, single)
    return _REPEATED.sub(r"\1", text)


def stem(folded: str) -> str:
    """A folded word without its ending; at least three letters are left.

    >>> stem("smerter") == stem("smerte") == stem("smertene")
    True
    >>> stem("brystet") == stem("bryst")
    True
    >>> stem("kne")
    'kne'
    """
    # A final t goes last and always: it may be an ending (vondt) or not (bryst), and
    # the forms of both must meet.
    return _without(_without(folded, _ENDINGS), ("t",))


def _without(word: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM:
            return word[: -len(ending)]
    return word
