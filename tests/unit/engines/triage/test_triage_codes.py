"""Finding an ICPC-2 code by what people say, with our lay words beside its title."""

import json
from pathlib import Path

import pytest

from varde.content import ICPC2_LAY_WORDS_FILE, icpc2_lay_words_text
from varde.domain.errors import BadInput
from varde.engines.triage.code_search import LayWords, code_search, load_lay_words
from varde.engines.triage.problems import BadIndex, IndexRule


ICPC2_FILE = (
    Path(__file__)
    .parents[4]
    .joinpath("node_modules", "@navikt", "diagnosekoder", "lib", "ICPC2.json")
)
LAY_WORDS = load_lay_words(icpc2_lay_words_text(), filename=ICPC2_LAY_WORDS_FILE)
needs_icpc2 = pytest.mark.skipif(
    not ICPC2_FILE.exists(),
    reason="ICPC-2 is not installed: run make setup, which fetches @navikt/diagnosekoder",
)

# What callers and operators say and type, and the code that it is about.
PHRASES = [
    ("influensa", "R80"),
    ("halsvondt", "R21"),
    ("vondt i halsen", "R21"),
    ("omgangssyke", "D73"),
    ("omgangssjuke", "D73"),
    ("UVI", "U71"),
    ("urinveisinfeksjon", "U71"),
    ("urinvegsinfeksjon", "U71"),
    ("svir når jeg tisser", "U01"),
    ("brystsmerter", "K01"),
    ("vondt i brystet", "K01"),
    ("vondt i bringa", "K01"),
    ("forkjølet", "R74"),
    ("forkjølelse", "R74"),
    ("øreverk", "H01"),
    ("oreverk", "H01"),
    ("øyrebetennelse", "H71"),
    ("lungebetenelse", "R81"),
    ("tungpust", "R02"),
    ("hjernerystelse", "N79"),
    ("slått hodet", "N80"),
    ("kutt i fingeren", "S18"),
    ("brent seg", "S14"),
    ("hundebitt", "S13"),
    ("bitt av hund", "S13"),
    ("flåttbitt", "S12"),
    ("vepsestikk", "S12"),
    ("vondt i magen", "D01"),
    ("kaster opp", "D10"),
    ("diare", "D11"),
    ("svimmel", "N17"),
    ("selvmordstanker", "P77"),
    ("sjølvmordstankar", "P77"),
    ("angst", "P74"),
    ("nyrestein", "U95"),
    ("falsk krupp", "R77"),
    ("vondt i ryggen", "L02"),
    ("overtråkk", "L77"),
    ("lårhals", "L75"),
    ("hodepine", "N01"),
    ("hovudverk", "N01"),
    ("migrene", "N89"),
    ("hjerteinfarkt", "K75"),
    ("hjarteinfarkt", "K75"),
    ("blodpropp", "K94"),
    ("elveblest", "S98"),
    ("feber", "A03"),
    ("sykmelding", "A97"),
    ("vannkopper", "A72"),
    ("vasskoppar", "A72"),
    ("øyekatarr", "F70"),
    ("rusk i øyet", "F76"),
    ("gravid og blør", "W03"),
    ("angrepille", "W10"),
    ("hes", "R23"),
    ("neseblod", "R06"),
    ("astma", "R96"),
    ("kols", "R95"),
    ("beruset", "P16"),
    ("voldtekt", "Z25"),
    ("tannverk", "D19"),
    ("besvimt", "A06"),
    ("krampeanfall", "N07"),
    ("slag", "K90"),
    ("atrieflimer", "K78"),
    ("blindtarm", "D88"),
    ("gallestein", "D98"),
    ("høyt blodtrykk", "K85"),
    ("vondt i kneet", "L15"),
    ("bronkitt", "R78"),
    ("R74", "R74"),
    ("r 74", "R74"),
    ("A99", "A99"),
    ("u7", "U70"),
]


@pytest.fixture(scope="module")
def icpc2():
    """The codes and titles, as set-up fetched them."""
    rows = json.loads(ICPC2_FILE.read_text("utf-8"))
    return {row["code"]: row["text"] for row in rows}


@pytest.fixture(scope="module")
def search(icpc2):
    return code_search(icpc2.items(), lay_words=LAY_WORDS)


def keys(hits):
    return [hit.key for hit in hits]


@needs_icpc2
@pytest.mark.parametrize(("said", "code"), PHRASES, ids=[said for said, _ in PHRASES])
def test_what_people_say_finds_the_code_among_the_first_three(search, said, code):
    assert code in keys(search.find(said))[:3]


@needs_icpc2
def test_all_codes_are_found_by_their_own_title(search, icpc2):
    twins = {}
    for code, title in icpc2.items():
        twins.setdefault(title.split(" (")[0], set()).add(code)
    missed = [
        code
        for code, title in icpc2.items()
        if len(twins[title.split(" (")[0]]) == 1
        and code not in keys(search.find(title))[:3]
    ]
    assert not missed


@needs_icpc2
def test_every_lay_word_means_codes_that_are_there(icpc2):
    codes = {code for meant in LAY_WORDS.codes.values() for code in meant}
    assert codes - set(icpc2) == set()


@needs_icpc2
def test_no_text_of_icpc2_is_in_our_file(icpc2):
    titles = {title.casefold() for title in icpc2.values()}
    assert not [phrase for phrase in LAY_WORDS.codes if phrase.casefold() in titles]


@needs_icpc2
def test_every_lay_word_finds_one_of_its_codes(search):
    missed = [
        phrase
        for phrase, meant in LAY_WORDS.codes.items()
        if not set(meant) & set(keys(search.find(phrase))[:4])
    ]
    assert not missed


def test_there_are_lay_words_enough():
    assert len(LAY_WORDS.codes) >= 150


def test_the_words_of_a_code_are_told():
    words = LayWords(codes={"a b": ("R74", "R75"), "c": ("R75",)}, synonyms=())
    assert words.words_of("R75") == ("a b", "c")
    assert words.words_of("R74") == ("a b",)
    assert words.words_of("A01") == ()


def test_lay_words_and_synonyms_are_used_in_the_search():
    words = load_lay_words(
        "words:\n  spysyke: [D73, X99]\nsynonyms:\n  - [buk, mage]\n", filename="o.yaml"
    )
    search = code_search([("D73", "Rar mage"), ("A01", "Annet")], lay_words=words)
    assert search.find("spysyke")[0].matched == "spysyke"
    assert keys(search.find("buk")) == ["D73"]
    assert keys(search.find("X99")) == []


def test_lay_words_may_stand_in_toml_and_without_synonyms():
    words = load_lay_words('[words]\n"vondt i magen" = ["D01"]\n', filename="o.toml")
    assert words == LayWords(codes={"vondt i magen": ("D01",)}, synonyms=())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("words:\n  a: [D01]\n  b: D02\n", "o.yaml, line 3, column 'words > b': "),
        ("words:\n  a: []\n", "o.yaml, line 2, column 'words > a': "),
        ("words:\n  a: [1]\n", "o.yaml, line 2, column 'words > a': "),
        ("words: {}\nsynonyms:\n- [a, b]\n- c\n", "line 4, column 'synonyms > 1': "),
        ("synonyms: []", "o.yaml: the file must hold 'words'"),
        ("- a", "o.yaml: the file must hold 'words'"),
        ("words: {}\nsynonyms: a", "o.yaml: the file must hold 'words'"),
    ],
)
def test_a_file_of_another_shape_is_refused_by_line(text, told):
    with pytest.raises(BadInput) as caught:
        load_lay_words(text, filename="o.yaml")
    assert told in str(caught.value)
    assert "Nothing was changed." in str(caught.value)


def test_a_file_that_is_not_well_formed_is_refused():
    with pytest.raises(BadIndex) as caught:
        load_lay_words("words: [", filename="o.yaml")
    assert caught.value.problems[0].rule is IndexRule.NOT_READABLE
