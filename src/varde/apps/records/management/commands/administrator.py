"""`varde administrator USERNAME --sentral CODE`: the first person of an installation."""

from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, Role, RoleGrant, Sentral, User


class Command(BaseCommand):
    help = (
        "Make a person administrator of a sentral, and the person too if need be. The"
        " password is asked for on the terminal. All others are made in Varde itself,"
        " under Folk. Ends with 2, and nothing changed, when something is wrong."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--sentral", required=True, metavar="CODE")

    def handle(self, *, username, sentral, **_options):
        place = Sentral.objects.filter(code=sentral).first()
        if place is None:
            known = ", ".join(Sentral.objects.values_list("code", flat=True)) or "none"
            self._refuse(f"No sentral has the code {sentral!r}. Known: {known}.")
        user = User.objects.filter(username=username).first()
        if user is None:
            user = User(username=username)
            self._check(user.full_clean, exclude=["password"])
            user.set_password(self._password(user))
        self._grant(user, place)
        self.stdout.write(f"{username} is administrator of {place.name} ({sentral}).")

    @transaction.atomic
    def _grant(self, user, place):
        now = timezone.now()
        user.save()
        today = timezone.localdate(now)
        held = RoleGrant.objects.filter(
            user=user, role=Role.ADMINISTRATOR, sentral=place, valid_to=None
        )
        if held.exists():
            self._refuse(f"{user.username} is administrator there already.")
        RoleGrant.objects.create(
            user=user, role=Role.ADMINISTRATOR, sentral=place, valid_from=today
        )
        audit.log(
            kind=AuditEntry.Kind.ACT,
            what="role_given",
            by=None,
            at=now,
            purpose="",
            data={"user": user.pk, "role": Role.ADMINISTRATOR, "by": "command line"},
        )

    def _password(self, user):
        first = getpass("Password: ")
        self._check(validate_password, first, user)
        if getpass("Once more: ") != first:
            self._refuse("The two passwords differ.")
        return first

    def _check(self, check, *values, **named):
        try:
            check(*values, **named)
        except ValidationError as fault:
            self._refuse(" ".join(fault.messages))

    def _refuse(self, text):
        self.stderr.write(f"{text} Nothing was changed.")
        raise SystemExit(2)
