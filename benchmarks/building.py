"""Build an installation to be measured, in the folder that VARDE_HOME names.

Run by `installation.make` in a process of its own, as the owner of the database. Prints
one JSON object: what was built, and the sessions of those who will work there.
"""

import argparse
import json
import os
from datetime import timedelta

from varde.config.cli import prepare_database


OPERATOR = "maaling"  # the name of everybody who works here, with a number
PATIENTS = 20_000


def main() -> None:
    """Build, put people to work, let the database count its rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--years", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--scale", type=float, required=True)
    parser.add_argument("--operators", type=int, required=True)
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "varde.config.settings"
    prepare_database(["varde", "bench"])

    import django

    django.setup()

    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from varde.apps.records.demo import building
    from varde.config import demo_index, starting

    call_command("migrate", verbosity=0, interactive=False)
    starting.collect_static()
    built = building.known() or building.build(
        years=asked.years,
        seed=asked.seed,
        until=timezone.now() - timedelta(minutes=1),
        password=make_password(None),
        use_index=demo_index.take_into_use,
        scale=asked.scale,
    )
    told = _people(building.SENTRAL, asked.operators)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(json.dumps({"contacts": built.contacts, "calls": built.calls, **told}))


def _people(code: str, operators: int) -> dict[str, object]:
    """Operators with a session each, and synthetic people who may ring."""
    from django.test import Client
    from django.utils import timezone

    from varde.apps.records.models import Patient, Role, RoleGrant, Sentral, User

    sentral = Sentral.objects.get(code=code)
    today = timezone.localdate()
    sessions = []
    for number in range(operators):
        user, is_new = User.objects.get_or_create(
            username=f"{OPERATOR}{number}",
            defaults={"first_name": "Operatør", "last_name": str(number)},
        )
        if is_new:
            RoleGrant.objects.create(
                user=user,
                sentral=sentral,
                role=Role.SHIFT_LEADER if number == 0 else Role.OPERATOR,
                valid_from=today,
            )
        client = Client()
        client.force_login(user)
        sessions.append(client.cookies["sessionid"].value)
    recent = timezone.now() - timedelta(days=30)
    people = (
        Patient.objects.filter(district=sentral.host_district)
        .exclude(national_id="")
        .exclude(contacts__opened_at__gte=recent)
        .order_by("pk")
    )
    return {
        "sentral_id": sentral.pk,
        "sentral": code,
        "sessions": sessions,
        "patients": list(people.values_list("national_id", flat=True)[:PATIENTS]),
    }


if __name__ == "__main__":
    main()
