"""The language of the screens: the one chosen by the person, else bokmål."""

from django.conf import settings
from django.utils import translation


class LanguageMiddleware:
    """Follow the choice in the cookie, and not the browser's own language.

    Many workstations have an English browser and a Norwegian user.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer in the language chosen."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = code
        with translation.override(code):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response
