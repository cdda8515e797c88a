"""The application that the server runs: pages by Django, streams beside it."""

import os

from django.core.asgi import get_asgi_application


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "varde.config.settings")
application = get_asgi_application()
