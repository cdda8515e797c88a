"""The language of the screens: the one chosen by the person, else bokmål."""

from django.conf import settings
from django.utils import translation


def chosen(request) -> str:
    """The language that the person chose, else bokmål."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Follow the choice in the cookie, and not the browser's own language.

    Many workstations have an English browser and a Norwegian user.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer in the language chosen."""
        request.LANGUAGE_CODE = code = chosen(request)
        with translation.override(code):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response
