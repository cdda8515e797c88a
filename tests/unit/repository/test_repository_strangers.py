"""Nothing from elsewhere: no registry, no path of a machine, no foreign script."""

import json
import re

import pytest

from tests.unit.repository.our_files import ROOT, SOURCE, all_files, faults, files, name


# Written in two halves, so that this file does not find itself.
REGISTRIES = [
    half + rest
    for half, rest in [
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("registry.npmjs", ".org"),
        ("registry.yarnpkg", ".com"),
        ("npm.pkg", ".github.com"),
        ("jsdelivr", ".net"),
        ("unpkg", ".com"),
        ("cdnjs", ".cloudflare.com"),
        ("fonts.goog", "leapis.com"),
    ]
]
MACHINE_PATHS = re.compile(r"(?<![\w.])/(" + "root|home/[a-z]|Users/[A-Z]|work/" + ")")
# Names of projects' own home pages in other people's lock files are no addresses of ours.
TEXT = [
    f for f in all_files() if f.suffix not in {".png", ".jpg", ".ico", ".mo", ".gz"}
]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
TEMPLATES = files(".html", ".svg", under=SOURCE)
STYLES = files(".css", ".svg", under=SOURCE)

LOADED_FROM_ELSEWHERE = re.compile(
    r"<(?!a\b)(?P<tag>[a-z][\w-]*)\b[^>]*?\s(?P<name>src|href|srcset|action|data|hx-\w+)"
    r"\s*=\s*[\"']?\s*(?:https?:)?//",
    re.IGNORECASE,
)
STYLE_FROM_ELSEWHERE = re.compile(
    r"@import\b|url\(\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE
)
INLINE = re.compile(
    r"<script(?![^>]*\ssrc\s*=)(?![^>]*type=[\"']?application/json)[^>]*>|<style\b"
    r"|<[^>]*\sstyle\s*=|<[^>]*\s(?:on[a-z]+|hx-on[\w:.-]*)\s*=|javascript:",
    re.IGNORECASE,
)


def read(file):
    """The text of a file; a file that is no text is empty here."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_package_registry_or_a_cdn():
    found = {
        name(file): registry
        for file in TEXT
        for registry in REGISTRIES
        if registry in read(file)
    }
    assert not found


def test_no_file_names_a_folder_of_a_machine():
    found = {name(f): m[0] for f in TEXT if (m := MACHINE_PATHS.search(read(f)))}
    assert not found


def test_there_are_locks():
    assert {file.name for file in LOCKS} >= {"run.txt", "dev.txt", "setup.txt"}


@pytest.mark.parametrize("file", LOCKS, ids=name)
def test_a_lock_holds_names_versions_and_hashes_only(file):
    text = read(file)
    assert "://" not in text
    assert "#" not in text
    for package in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[a-z0-9._-]+==\S+", package), package
        assert "--hash=sha256:" in package, package


def test_the_front_end_lock_holds_checksums_and_no_addresses():
    lock = json.loads(read(ROOT / "package-lock.json"))
    packages = {path: p for path, p in lock["packages"].items() if path}
    assert packages
    assert not [path for path, p in packages.items() if "resolved" in p]
    # What a package carries in its own archive is covered by that archive's checksum.
    alone = {path: p for path, p in packages.items() if not p.get("inBundle")}
    assert not [path for path, p in alone.items() if not p.get("integrity")]


def test_the_lock_with_addresses_is_not_tracked():
    assert "uv.lock" not in {file.name for file in all_files()}


def test_no_template_loads_anything_from_elsewhere():
    assert not faults(lambda f: LOADED_FROM_ELSEWHERE.search(read(f)), TEMPLATES)


def test_no_template_holds_script_or_style():
    found = faults(lambda f: INLINE.search(read(f)), files(".html", under=SOURCE))
    assert not found, "the content security policy would stop it"


def test_no_style_sheet_loads_anything_from_elsewhere():
    assert not faults(lambda f: STYLE_FROM_ELSEWHERE.search(read(f)), STYLES)


def test_no_script_names_another_server():
    def named(file):
        without_comments = re.sub(r"^\s*//.*$", "", read(file), flags=re.MULTILINE)
        return re.search(r"[\"'`](?:https?:)?//", without_comments)

    assert not faults(named, files(".js", under=SOURCE))


@pytest.mark.parametrize(
    ("pattern", "code", "is_refused"),
    [
        (LOADED_FROM_ELSEWHERE, '<script src="https://a.no/b.js">', True),
        (LOADED_FROM_ELSEWHERE, "<img alt='' src='//a.no/b.png'>", True),
        (LOADED_FROM_ELSEWHERE, '<link rel="x" href="https://a.no/b.css">', True),
        (LOADED_FROM_ELSEWHERE, '<form action="https://a.no/">', True),
        (LOADED_FROM_ELSEWHERE, '<a href="https://lovdata.no/">', False),
        (LOADED_FROM_ELSEWHERE, "<img src=\"{% static 'a.png' %}\">", False),
        (LOADED_FROM_ELSEWHERE, '<svg xmlns="http://www.w3.org/2000/svg">', False),
        (STYLE_FROM_ELSEWHERE, '@import "b.css";', True),
        (STYLE_FROM_ELSEWHERE, "a { background: url(https://a.no/b.png) }", True),
        (STYLE_FROM_ELSEWHERE, 'a { background: url("b.png") }', False),
        (INLINE, "<script>x()</script>", True),
        (INLINE, '<script type="application/json">{}</script>', False),
        (INLINE, "<script src=\"{% static 'a.js' %}\" defer></script>", False),
        (INLINE, '<td style="width: 3px">', True),
        (INLINE, '<button onclick="x()">', True),
        (INLINE, '<button hx-on:click="x()">', True),
        (INLINE, '<td class="style onward">', False),
    ],
)
def test_what_is_refused_is_seen_and_nothing_else(pattern, code, is_refused):
    assert bool(pattern.search(code)) is is_refused
