"""Nynorsk and English hold every text of the program, whole and with the same parts."""

import re
from datetime import datetime
from functools import cache

import polib
import pytest
from django.template import Context, Template
from django.utils import translation

from tests.unit.repository.our_files import SOURCE
from tests.unit.web import our_texts


LOCALE = SOURCE / "web" / "locale"
LANGUAGES = ("nn", "en")
RENEW = "Run tools/messages.sh, translate what is empty or fuzzy, and run make setup."
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")
ENDING = re.compile(r"(?<! kl)(?<! nr)(?<!ontact no)[.:?…]$")
# Bokmål where nynorsk has another word.
BOKMAAL = re.compile(
    r"\b(ikke|jeg|hva|hvem|hvor|hvorfor|hvordan|fra|noe|noen|nå|mer|være|uke|hjemme"
    r"|mangler|gjelder|endret|lukket|åpne|åpen|velg|bare|også|hun|dere"
    r"|navn|språket|sykehus|sykehjem|alene|måned|dager|minutter|timer)\b",
    re.IGNORECASE,
)


@cache
def book(language):
    """The translations of one language."""
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))


@pytest.fixture(scope="module")
def program():
    """Every text that the program asks for, and a file that has it."""
    return our_texts.in_program()


def of(entry):
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural


def translations(entry):
    """Pairs of source and translation; a plural has two."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    singular, plural = entry.msgstr_plural[0], entry.msgstr_plural[1]
    return [(entry.msgid, singular), (entry.msgid_plural, plural)]


def pairs(language):
    return [pair for entry in book(language) for pair in translations(entry)]


def parts(text):
    return sorted(PLACEHOLDER.findall(text))


def ending(text):
    """The mark that ends a text. The point of «kl.» and «nr.» is part of the word."""
    return ENDING.findall(text)


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('_("Lagre")', [("", "Lagre", "")]),
        ('gettext_lazy("to " "deler")', [("", "to deler", "")]),
        ('ngettext("%(n)s dag", "%(n)s dager", n)', [("", "%(n)s dag", "%(n)s dager")]),
        ('pgettext("eier", "ingen")', [("eier", "ingen", "")]),
        ('translation.gettext("Lagre")', [("", "Lagre", "")]),
        ('print("Lagre")', []),
    ],
)
def test_texts_are_found_in_python(source, texts):
    assert list(our_texts.in_python(source)) == texts


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('<p>{% translate "Lagre" %}</p>', [("", "Lagre", "")]),
        ("{% translate 'Si «(nei)»' as no %}", [("", "Si «(nei)»", "")]),
        ('{% translate "ingen" context "eier" %}', [("eier", "ingen", "")]),
        ('{{ name|default:_("Uten navn") }}', [("", "Uten navn", "")]),
        (
            "{% blocktranslate %}Hei, {{ name }}{% endblocktranslate %}",
            [("", "Hei, %(name)s", "")],
        ),
        (
            "{% blocktranslate count n=n %}{{ n }} dag{% plural %}dager{% endblocktranslate %}",
            [("", "%(n)s dag", "dager")],
        ),
        ("{# _('nei') #}<p>Lagre</p>", []),
    ],
)
def test_texts_are_found_in_templates(source, texts):
    assert list(our_texts.in_template(source)) == texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_program_has_a_translation(language, program):
    known = {of(entry) for entry in book(language) if entry.translated()}
    missing = {text[1]: file for text, file in program.items() if text not in known}
    lines = "\n".join(f"  {file}: {text}" for text, file in sorted(missing.items()))
    assert not missing, f"{language} lacks {len(missing)} texts. {RENEW}\n{lines}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_empty_guessed_or_left_over(language):
    texts = book(language)
    lacking = [*texts.untranslated_entries(), *texts.fuzzy_entries()]
    assert not [entry.msgid for entry in lacking], RENEW
    assert not [entry.msgid for entry in texts.obsolete_entries()], RENEW


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_book_says_which_language_it_is_and_counts_as_django_does(language):
    assert book(language).metadata["Language"] == language
    assert book(language).metadata["Content-Type"] == "text/plain; charset=UTF-8"
    # Another rule than Django's own for the language would part the two books.
    assert book(language).metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_source(language):
    assert len(pairs(language)) > 1000
    assert not [pair for pair in pairs(language) if parts(pair[0]) != parts(pair[1])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_ends_as_its_source_does(language):
    assert not [pair for pair in pairs(language) if ending(pair[0]) != ending(pair[1])]


def test_nynorsk_holds_no_words_of_bokmaal_only():
    assert not [new for _, new in pairs("nn") if BOKMAAL.search(new)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_program_reads_is_made_from_these_translations(language):
    file = LOCALE / language / "LC_MESSAGES" / "django.mo"
    assert file.is_file(), f"{file} is not made. Run make setup."
    compiled = {of(e): translations(e) for e in polib.mofile(str(file))}
    written = {of(e): translations(e) for e in book(language) if e.translated()}
    assert compiled == written, f"{file} is older than its source. Run make setup."


@pytest.mark.parametrize(
    ("language", "day", "moment", "number"),
    [
        ("nb", "4. mars 2026", "4. mars 2026 13:05", "0,67"),
        ("nn", "4. mars 2026", "4. mars 2026 13:05", "0,67"),
        ("en", "4 March 2026", "4 March 2026 13:05", "0.67"),
    ],
)
def test_dates_and_numbers_follow_the_language(language, day, moment, number):
    shown = Template(
        '{{ at|date:"DATE_FORMAT" }}|{{ at|date:"DATETIME_FORMAT" }}|'
        '{{ share|floatformat:2 }}|{{ at|date:"SHORT_DATE_FORMAT" }}'
    )
    values = Context({"at": datetime(2026, 3, 4, 13, 5), "share": 0.67})
    with translation.override(language):
        assert shown.render(values) == f"{day}|{moment}|{number}|04.03.2026"


def test_a_text_is_shown_in_the_language_chosen():
    with translation.override("nb"):
        assert translation.gettext("Finnes ikke") == "Finnes ikke"
    with translation.override("nn"):
        assert translation.gettext("Finnes ikke") == "Finst ikkje"
    with translation.override("en"):
        assert translation.gettext("Finnes ikke") == "Not found"
