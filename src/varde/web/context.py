"""What every page of the program needs: who is logged in, and where they may go."""

from django.utils import timezone


def shell(request):
    """The values of the page's frame. A page without a user gets an empty frame."""
    scope = getattr(request, "scope_of_user", None)
    return {
        "scope": scope,
        "roles": scope.roles() if scope is not None else frozenset(),
        "server_now": timezone.now(),
    }
