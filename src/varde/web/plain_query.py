"""An address that no page of ours makes is refused before anything reads it."""

from django.core.exceptions import SuspiciousOperation


class PlainQueryMiddleware:
    """Answer 400 to a NUL in the address: the database cannot store or compare it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer, or refuse. A NUL stands in an address only as %00, or as itself."""
        address = request.path_info + request.META.get("QUERY_STRING", "")
        if "\0" in address or "%00" in address:
            raise SuspiciousOperation("NUL in the address")
        return self.get_response(request)
