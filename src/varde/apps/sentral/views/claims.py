"""The refund claim: `/sentral/refusjon/`."""

from datetime import timedelta

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import Role
from varde.apps.sentral import messages
from varde.apps.sentral.queries import claims as queries
from varde.apps.sentral.queries.answer_time import midnight
from varde.apps.sentral.queries.claims import LeftOut
from varde.apps.sentral.services import claims as services
from varde.apps.sentral.views.side_page import page_of, show
from varde.apps.sentral.views.working_at import at_sentral


READERS = (Role.LEGEVAKTOVERLEGE, Role.ADMINISTRATOR, Role.DOCTOR)
