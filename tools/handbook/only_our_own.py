"""Refuse a handbook page that would load or run anything from elsewhere.

The program's content security policy allows own files only: no inline script, no inline
style, no other server. A page that breaks this would be half empty in the reader's
browser, so the build stops instead and names the page and the tag.
"""

from html.parser import HTMLParser

from mkdocs.exceptions import PluginError


LOADS = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "object": ("data",),
    "form": ("action",),
}


class Loads(HTMLParser):
    """Collects what a page would load from elsewhere or run from within itself."""

    def __init__(self):
        super().__init__()
        self.faults = []

    def handle_starttag(self, tag, attrs):
        """Look at one tag."""
        given = dict(attrs)
        for name in LOADS.get(tag, ()):
            value = given.get(name) or ""
            if "//" in value or value.startswith("data:"):
                self.faults.append(f"<{tag} {name}={value!r}> loads from elsewhere")
        if tag == "script" and not given.get("src"):
            self.faults.append("<script> holds its script in the page")
        if tag == "style" or "style" in given:
            self.faults.append(f"<{tag}> holds its style in the page")
        for name in given:
            if name.startswith("on"):
                self.faults.append(f"<{tag} {name}=…> holds its script in the page")


def on_post_page(output, *, page, config):
    """Check one finished page. MkDocs calls this; the page is left as it is."""
    del config
    reader = Loads()
    reader.feed(output)
    if reader.faults:
        raise PluginError(
            f"{page.file.src_uri}: {'; '.join(reader.faults)}.\n"
            "The handbook shows own files only. Put the file under docs/, or write it\n"
            "as a link. Nothing was built."
        )
    return output
