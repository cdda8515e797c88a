"""Reading single values from a request."""

from django.http import Http404


LONGEST_QUERY = 80  # characters; more than anybody types to find a patient or a code


def typed(request):
    """What is typed in a search field, without surrounding space.

    Posted, never in the address: addresses end in the logs of proxies, and what is typed is
    a national number or what ails somebody.
    """
    return request.POST.get("q", "").strip()[:LONGEST_QUERY]


def number(request, name):
    """A row's number that our own page sent; anything else is not there."""
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Http404
    return int(text)
