"""All tables up to 0021 at once, for a new installation: it takes a third of the time.

An installation that has some of the replaced migrations goes on with them, one by one.
"""

import uuid

import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.functions
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from varde.apps.records.migrations._together import together


# A bed holds one patient at a time. The identifier is a range of one, since equality in
# such a constraint needs an extension that is not everywhere.
ONE_PATIENT_A_BED = """
ALTER TABLE records_bedplacement ADD CONSTRAINT one_patient_a_bed EXCLUDE USING gist (
  int8range(bed_id, bed_id, '[]') WITH &&,
  tstzrange(begins_at, ends_at, '[)') WITH &&);
"""


class Migration(migrations.Migration):
    replaces = [
        ("records", "0001_initial"),
        ("records", "0002_patient_country_description"),
        ("records", "0003_log_in_and_lock"),
        ("records", "0004_longer_id_kind"),
        ("records", "0005_district_without_index"),
        ("records", "0006_safety_alarms"),
        ("records", "0007_patients_at_the_station"),
        ("records", "0008_beds"),
        ("records", "0009_clinical_notes"),
        ("records", "0010_safety_and_equipment"),
        ("records", "0011_doctor_orders_and_conflicts"),
        ("records", "0012_call_out_and_home_visit"),
        ("records", "0013_api_clients"),
        ("records", "0014_nursing_homes_and_imported_attendances"),
        ("records", "0015_paper_forms"),
        ("records", "0016_people_of_the_rota"),
        ("records", "0017_help_between_sentraler"),
        ("records", "0018_population_65"),
        ("records", "0019_people_and_competence"),
        ("records", "0020_rota_storage"),
        ("records", "0021_years_ahead"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Allowance",
            fields=[
                (
                    "key",
                    models.CharField(
                        help_text="SHA-256",
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("full_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuditChain",
            fields=[
                ("chain", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(default=0)),
                ("hash", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="District",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("code", models.SlugField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Municipality",
            fields=[
                (
                    "number",
                    models.CharField(max_length=4, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=80)),
                ("county", models.CharField(max_length=60)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="last login"
                    ),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={
                            "unique": "A user with that username already exists."
                        },
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[
                            django.contrib.auth.validators.UnicodeUsernameValidator()
                        ],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(
                        blank=True, max_length=150, verbose_name="first name"
                    ),
                ),
                (
                    "last_name",
                    models.CharField(
                        blank=True, max_length=150, verbose_name="last name"
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="email address"
                    ),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                ("hpr_number", models.CharField(blank=True, max_length=9)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("born_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "operator_code",
                    models.CharField(
                        blank=True,
                        help_text="What the telephone system calls this person",
                        max_length=40,
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("operator_code", ""), _negated=True),
                        fields=("operator_code",),
                        name="one_person_an_operator_code",
                    )
                ],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("holiday", "Holiday"),
                            ("leave", "Leave"),
                            ("sick", "Sick"),
                            ("course", "Course"),
                            ("exempt_age", "Exempt Age"),
                            ("exempt_pregnant", "Exempt Pregnant"),
                            ("exempt_breastfeeding", "Exempt Breastfeeding"),
                            ("exempt_health", "Exempt Health"),
                            ("exempt_social", "Exempt Social"),
                        ],
                        max_length=20,
                    ),
                ),
                ("starts_on", models.DateField()),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="The last day away", null=True
                    ),
                ),
                (
                    "only_nights",
                    models.BooleanField(
                        default=False, help_text="Exempt from night duty only"
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["person", "starts_on"],
                        name="records_abs_person__377388_idx",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="an_absence_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CompetenceDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        help_text="As content/competence.yaml", max_length=40
                    ),
                ),
                ("first_on", models.DateField()),
                (
                    "last_on",
                    models.DateField(
                        blank=True, help_text="Its own last day", null=True
                    ),
                ),
                ("issuer", models.CharField(blank=True, max_length=120)),
                ("recorded_at", models.DateTimeField()),
                ("struck_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "struck_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["person", "kind"], name="records_com_person__6635bf_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_on", None),
                            ("last_on__gte", models.F("first_on")),
                            _connector="OR",
                        ),
                        name="a_document_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "content_type",
                    models.CharField(
                        choices=[
                            ("application/pdf", "Pdf"),
                            ("image/png", "Png"),
                            ("image/jpeg", "Jpeg"),
                        ],
                        max_length=20,
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("uploaded_at", models.DateTimeField()),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="records.competencedocument",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Dispensation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "demand",
                    models.CharField(
                        help_text="As content/competence.yaml", max_length=40
                    ),
                ),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispensations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="a_dispensation_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="a_dispensation_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("read", "Read"),
                            ("act", "Act"),
                            ("change", "Change"),
                            ("refused", "Refused"),
                            ("session", "Session"),
                        ],
                        max_length=8,
                    ),
                ),
                ("what", models.CharField(max_length=60)),
                ("table", models.CharField(blank=True, max_length=60)),
                ("row_id", models.BigIntegerField(null=True)),
                ("patient_id", models.BigIntegerField(null=True)),
                ("contact_id", models.BigIntegerField(null=True)),
                ("data", models.JSONField(default=dict)),
                ("role", models.CharField(blank=True, max_length=20)),
                ("place", models.CharField(blank=True, max_length=60)),
                (
                    "purpose",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("TREAT", "Treat"),
                            ("ETREAT", "Etreat"),
                            ("COC", "Coc"),
                            ("BTG", "Btg"),
                        ],
                        max_length=6,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("chain", models.SmallIntegerField(null=True)),
                ("seq", models.BigIntegerField(null=True)),
                ("prev_hash", models.BinaryField(null=True)),
                ("hash", models.BinaryField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["patient_id", "recorded_at"],
                        name="records_aud_patient_b739db_idx",
                    ),
                    models.Index(
                        fields=["contact_id", "recorded_at"],
                        name="records_aud_contact_5e8023_idx",
                    ),
                    models.Index(
                        fields=["recorded_at"], name="records_aud_recorde_5341ab_idx"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("chain", "seq"), name="one_link_a_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiClient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("client_id", models.CharField(blank=True, max_length=120)),
                (
                    "certificate",
                    models.CharField(
                        blank=True,
                        help_text="SHA-256 of the certificate, in hex",
                        max_length=64,
                    ),
                ),
                ("scopes", models.JSONField(default=list)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("TREAT", "Treat"),
                            ("ETREAT", "Etreat"),
                            ("COC", "Coc"),
                        ],
                        max_length=6,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "districts",
                    models.ManyToManyField(related_name="+", to="records.district"),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("client_id", ""), _negated=True),
                            ("valid_to", None),
                        ),
                        fields=("client_id",),
                        name="one_api_client_a_client_id",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("certificate", ""), _negated=True),
                            ("valid_to", None),
                        ),
                        fields=("certificate",),
                        name="one_api_client_a_certificate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("certificate", ""), ("client_id", ""), _negated=True
                        ),
                        name="an_api_client_is_known_by_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DoctorEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("event_id", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("began", "began"),
                            ("ended", "ended"),
                            ("freed", "freed"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "activity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unknown", "unknown"),
                            ("free", "free"),
                            ("with_patient", "with_patient"),
                            ("on_phone", "on_phone"),
                            ("driving", "driving"),
                            ("out", "out"),
                            ("resting", "resting"),
                        ],
                        max_length=12,
                    ),
                ),
                ("ref", models.CharField(blank=True, max_length=60)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "doctor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="doctor_events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["doctor", "occurred_at"],
                        name="records_doc_doctor__2edb49_idx",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("doctor", "event_id"),
                        name="one_doctor_event_an_event_id",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Experience",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        help_text="As content/competence.yaml", max_length=40
                    ),
                ),
                (
                    "first_on",
                    models.DateField(
                        help_text="Of duties: the day up to which they count"
                    ),
                ),
                ("last_on", models.DateField(blank=True, null=True)),
                (
                    "share",
                    models.DecimalField(decimal_places=3, max_digits=4, null=True),
                ),
                ("count", models.PositiveIntegerField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("struck_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="experience",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "struck_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["person", "kind"], name="records_exp_person__95ae14_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("count", None), ("share__gt", 0), ("share__lte", 1)
                            ),
                            models.Q(
                                ("count__isnull", False),
                                ("last_on", None),
                                ("share", None),
                            ),
                            _connector="OR",
                        ),
                        name="experience_is_a_period_or_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_on", None),
                            ("last_on__gte", models.F("first_on")),
                            _connector="OR",
                        ),
                        name="experience_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("index_id", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("filename", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("installed", "Installed"),
                            ("approved", "Approved"),
                            ("in_use", "In Use"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="installed",
                        max_length=10,
                    ),
                ),
                ("installed_at", models.DateTimeField()),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="indices",
                        to="records.district",
                    ),
                ),
                (
                    "installed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("district", "index_id", "version"),
                        name="one_index_version",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_use")),
                        fields=("district",),
                        name="one_index_in_use_in_a_district",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("comment", models.CharField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "index_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="history",
                        to="records.indexversion",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="NursingHome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("doctor_name", models.CharField(blank=True, max_length=120)),
                ("doctor_phone", models.CharField(blank=True, max_length=20)),
                ("is_in_use", models.BooleanField(default=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nursing_homes",
                        to="records.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "name"), name="one_home_a_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NursingHomeHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField()),
                ("opens", models.TimeField()),
                ("closes", models.TimeField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="records.nursinghome",
                    ),
                ),
            ],
            options={
                "ordering": ["weekday", "opens", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes__gt", models.F("opens"))),
                        name="phone_hours_end_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)),
                        name="phone_hours_on_a_weekday",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NursingHomeNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="numbers",
                        to="records.nursinghome",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("latitude", models.FloatField()),
                ("longitude", models.FloatField()),
                ("source", models.CharField(max_length=200)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="records.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Population",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("inhabitants", models.PositiveIntegerField()),
                ("inhabitants_65_plus", models.PositiveIntegerField(null=True)),
                ("source", models.CharField(max_length=200)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="population",
                        to="records.municipality",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "year"), name="one_population_a_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("inhabitants_65_plus", None),
                            ("inhabitants_65_plus__lte", models.F("inhabitants")),
                            _connector="OR",
                        ),
                        name="the_old_are_some_of_all",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PracticeTime",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "work",
                    models.CharField(
                        choices=[("practice", "Practice"), ("municipal", "Municipal")],
                        max_length=10,
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(help_text="0 is Monday")),
                ("starts", models.TimeField()),
                ("ends", models.TimeField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="practice_times",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)),
                        name="practice_is_on_a_weekday",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("starts"))),
                        name="practice_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Qualification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("kind", models.CharField(choices=[("lis1", "Lis1")], max_length=12)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="qualifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="a_qualification_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sentral",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("phone", models.CharField(blank=True, max_length=20)),
                (
                    "host_district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hosts",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="SentralDistrict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="served_by",
                        to="records.district",
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="serves",
                        to="records.sentral",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Station",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("code", models.SlugField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stations",
                        to="records.district",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("operator", "Operator"),
                            ("nurse", "Nurse"),
                            ("doctor", "Doctor"),
                            ("shift_leader", "Shift Leader"),
                            ("legevaktoverlege", "Legevaktoverlege"),
                            ("kommuneoverlege", "Kommuneoverlege"),
                            ("administrator", "Administrator"),
                            ("auditor", "Auditor"),
                        ],
                        max_length=20,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="records.district",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="records.sentral",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="records.station",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("district", None),
                                ("sentral__isnull", False),
                                ("station", None),
                            ),
                            models.Q(
                                ("district__isnull", False),
                                ("sentral", None),
                                ("station", None),
                            ),
                            models.Q(
                                ("district", None),
                                ("sentral", None),
                                ("station__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_role_is_held_at_one_place",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("fastlege", "Fastlege"),
                            ("lis1", "Lis1"),
                            ("lis3", "Lis3"),
                            ("vikar", "Vikar"),
                            ("legevaktlege", "Legevaktlege"),
                            ("sykehjemslege", "Sykehjemslege"),
                            ("kommuneoverlege", "Kommuneoverlege"),
                            ("nurse", "Nurse"),
                            ("operator", "Operator"),
                            ("paramedic", "Paramedic"),
                            ("secretary", "Secretary"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "law",
                    models.CharField(
                        choices=[("aml", "Aml"), ("sfs2305", "Sfs2305")], max_length=8
                    ),
                ),
                (
                    "share",
                    models.DecimalField(
                        decimal_places=3,
                        help_text="Of a whole position, 0 to 1",
                        max_digits=4,
                    ),
                ),
                ("employer", models.CharField(max_length=120)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.municipality",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.sentral",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.station",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sentral", None), ("station__isnull", False)),
                            models.Q(("sentral__isnull", False), ("station", None)),
                            _connector="OR",
                        ),
                        name="a_position_is_at_one_workplace",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share__gte", 0), ("share__lte", 1)),
                        name="a_position_is_a_share_of_a_whole_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="a_position_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Phrase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("key", models.CharField(max_length=12)),
                ("text", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phrases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phrases",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("station", None), ("user__isnull", False)),
                            models.Q(("station__isnull", False), ("user", None)),
                            _connector="OR",
                        ),
                        name="a_phrase_is_a_persons_or_a_stations",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("station", None)),
                        fields=("user", "key"),
                        name="one_own_phrase_a_key",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("user", None)),
                        fields=("station", "key"),
                        name="one_station_phrase_a_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedLegs",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("incident", models.CharField(max_length=40)),
                ("unit", models.CharField(max_length=20)),
                ("row", models.PositiveSmallIntegerField()),
                ("day", models.DateField()),
                ("alarmed_at", models.DateTimeField(null=True)),
                ("left_s", models.PositiveIntegerField(null=True)),
                ("at_scene_s", models.PositiveIntegerField(null=True)),
                ("with_patient_s", models.PositiveIntegerField(null=True)),
                ("left_scene_s", models.PositiveIntegerField(null=True)),
                ("at_hospital_s", models.PositiveIntegerField(null=True)),
                ("free_s", models.PositiveIntegerField(null=True)),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imported_legs",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("station", "incident", "unit", "row"),
                        name="one_row_a_unit_of_an_incident",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DesignForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("version", models.CharField(max_length=20)),
                ("answers", models.JSONField()),
                ("comment", models.TextField(blank=True)),
                ("filled_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["station", "-filled_on"],
                        name="records_des_station_97606b_idx",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DatedSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("key", models.CharField(db_index=True, max_length=80)),
                ("value", models.JSONField()),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("source", models.TextField()),
                ("is_verified", models.BooleanField(default=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("changed_at", models.DateTimeField(null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="records.district",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="records.station",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="a_setting_names_its_source",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Catchment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "hours",
                    models.CharField(
                        choices=[("all", "All"), ("day", "Day"), ("night", "Night")],
                        default="all",
                        max_length=5,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="records.municipality",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="catchment",
                        to="records.station",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BakvaktDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("phone", "Phone"), ("can_attend", "Can Attend")],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("valid_from", models.DateField()),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bakvakt_decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.sentral",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sentral", None), ("station__isnull", False)),
                            models.Q(("sentral__isnull", False), ("station", None)),
                            _connector="OR",
                        ),
                        name="a_bakvakt_decision_is_at_one_workplace",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="a_bakvakt_decision_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TravelTime",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=200)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="travel",
                        to="records.place",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="travel",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("place", "station"), name="one_travel_time_a_way"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnlockPin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("code", models.CharField(help_text="Argon2", max_length=128)),
                ("set_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unlock_pin",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Vehicle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("call_sign", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("legevaktbil", "Legevaktbil"),
                            ("car", "Car"),
                            ("boat", "Boat"),
                            ("other", "Other"),
                        ],
                        default="legevaktbil",
                        max_length=12,
                    ),
                ),
                ("is_in_use", models.BooleanField(default=True)),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vehicles",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "ordering": ["call_sign"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("station", "call_sign"), name="one_vehicle_a_call_sign"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VikarApproval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(help_text="The last day", null=True)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.municipality",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vikar_approvals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="an_approval_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_oneself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None),
                                ("decided_by", None),
                                ("state", "asked"),
                            ),
                            models.Q(
                                models.Q(("state", "asked"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_decided_approval_has_who",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("person", "municipality"),
                        name="one_question_at_a_time_about_a_vikar",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VikarPool",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PoolConsent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("given_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.municipality",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="records.vikarpool",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("pool", "municipality"),
                        name="one_consent_a_municipality_in_a_pool",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VikarTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("valid_from", models.DateField()),
                (
                    "rate_nok",
                    models.DecimalField(decimal_places=2, max_digits=8, null=True),
                ),
                ("terms", models.CharField(blank=True, max_length=500)),
                ("agency", models.CharField(blank=True, max_length=120)),
                ("recorded_at", models.DateTimeField()),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.municipality",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vikar_terms",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "municipality", "valid_from"),
                        name="one_agreement_a_day_with_a_vikar",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rate_nok", None), ("rate_nok__gt", 0), _connector="OR"
                        ),
                        name="a_rate_is_above_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "wants",
                    models.CharField(
                        choices=[("free", "Free"), ("duty", "Duty")], max_length=6
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        help_text="1 nice, 2 important, 3 must"
                    ),
                ),
                ("said_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wishes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["person", "starts_at"],
                        name="records_wis_person__a26192_idx",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="a_wish_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gte", 1), ("weight__lte", 3)),
                        name="a_wish_has_a_weight",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, primary_key=True, serialize=False
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("used_at", models.DateTimeField()),
                ("locked_at", models.DateTimeField(null=True)),
                ("wrong_tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="work_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["began_at"], name="records_wor_began_a_4e2d0a_idx"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FastlegeOffice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("her_id", models.CharField(blank=True, max_length=20)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("lets_us_book", models.BooleanField(default=False)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.municipality",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ImportedAttendanceSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("file", models.CharField(max_length=200)),
                ("content_sha256", models.CharField(max_length=64)),
                ("imported_at", models.DateTimeField()),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imported_attendance_sets",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("station", "file"), name="one_attendance_set_a_file"
                    ),
                    models.UniqueConstraint(
                        fields=("station", "content_sha256"),
                        name="one_attendance_set_a_content",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Bed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("code", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[("observation", "Observation"), ("kad", "Kad")],
                        max_length=12,
                    ),
                ),
                ("first_on", models.DateField()),
                ("last_on", models.DateField(null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="beds",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("last_on", None)),
                        fields=("station", "code"),
                        name="one_bed_a_code_at_a_station",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_on", None),
                            ("last_on__gte", models.F("first_on")),
                            _connector="OR",
                        ),
                        name="a_bed_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Checklist",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("room", "Room"),
                            ("car", "Car"),
                            ("bag", "Bag"),
                            ("medicine", "Medicine"),
                            ("defibrillator", "Defibrillator"),
                        ],
                        max_length=14,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("source", models.CharField(max_length=300)),
                ("placed_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("station", "name"),
                        name="one_checklist_a_name_at_a_station",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="a_checklist_names_its_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        help_text="The document that it gives", max_length=40
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("where", models.CharField(blank=True, max_length=120)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("seats", models.PositiveSmallIntegerField()),
                ("lasts_months", models.PositiveSmallIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("called_off_at", models.DateTimeField(null=True)),
                (
                    "called_off_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.sentral",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["starts_at"], name="records_cou_starts__a9e45e_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sentral", None), ("station__isnull", False)),
                            models.Q(("sentral__isnull", False), ("station", None)),
                            _connector="OR",
                        ),
                        name="a_course_is_at_one_workplace",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="a_course_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seats__gte", 1)), name="a_course_has_seats"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseSeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("signed_at", models.DateTimeField()),
                ("given_up_at", models.DateTimeField(null=True)),
                ("was_there", models.BooleanField(null=True)),
                ("marked_at", models.DateTimeField(null=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken",
                        to="records.course",
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seat",
                        to="records.competencedocument",
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="course_seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("given_up_at", None)),
                        fields=("course", "person"),
                        name="one_seat_a_person_at_a_course",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChecklistItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("quantity", models.PositiveSmallIntegerField(default=1)),
                ("position", models.PositiveSmallIntegerField()),
                ("has_expiry", models.BooleanField(default=False)),
                ("expires_on", models.DateField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="records.checklist",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1)),
                        name="an_item_has_a_quantity",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChecklistInterval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("every_days", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="intervals",
                        to="records.checklist",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("checklist", "valid_from"), name="one_interval_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every_days__gte", 1)),
                        name="an_interval_has_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "post",
                    models.CharField(
                        choices=[
                            ("operator", "Operator"),
                            ("shift_leader", "Shift Leader"),
                            ("forvakt", "Forvakt"),
                            ("bakvakt", "Bakvakt"),
                            ("konsultasjonsvakt", "Konsultasjonsvakt"),
                            ("beredskapsvakt", "Beredskapsvakt"),
                            ("nurse", "Nurse"),
                        ],
                        max_length=20,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("is_reachable", models.BooleanField(default=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="records.sentral",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="records.station",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["ends_at", "starts_at"],
                        name="records_dut_ends_at_1a138b_idx",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="a_duty_ends_after_it_starts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EquipmentCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("items", models.PositiveSmallIntegerField()),
                ("lacking", models.PositiveSmallIntegerField()),
                ("found", models.JSONField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="records.checklist",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["checklist", "-occurred_at"],
                        name="records_equ_checkli_d88fa3_idx",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EquipmentLack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("missing", models.PositiveSmallIntegerField()),
                ("noted_at", models.DateTimeField()),
                ("ordered_at", models.DateTimeField(null=True)),
                ("ordered_from", models.CharField(blank=True, max_length=80)),
                ("arrived_at", models.DateTimeField(null=True)),
                (
                    "arrived_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lacks",
                        to="records.checklistitem",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("arrived_at", None)),
                        fields=("item",),
                        name="an_item_lacks_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("missing__gte", 1)),
                        name="a_lack_has_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ordered_at", None),
                                ("ordered_by", None),
                                ("ordered_from", ""),
                            ),
                            models.Q(
                                ("ordered_at__isnull", False),
                                ("ordered_by__isnull", False),
                                models.Q(("ordered_from", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_order_has_who_and_where",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedAttendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("line_no", models.PositiveIntegerField()),
                ("age_years", models.PositiveSmallIntegerField(null=True)),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("1", "Man"), ("2", "Woman"), ("9", "Unspecified")],
                        max_length=1,
                    ),
                ),
                ("vital_signs", models.JSONField()),
                ("hastegrad_arrival", models.CharField(max_length=10)),
                ("hastegrad_nurse", models.CharField(blank=True, max_length=10)),
                (
                    "of_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendances",
                        to="records.importedattendanceset",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("of_set", "line_no"),
                        name="one_attendance_a_line_of_a_set",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperPrint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("count", models.PositiveSmallIntegerField()),
                ("issued_at", models.DateTimeField()),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.sentral",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=120)),
                ("address", models.URLField()),
                ("our_routes", models.TextField(blank=True)),
                ("their_routes", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                ("sent_seq", models.BigIntegerField(default=0)),
                ("seen_seq", models.BigIntegerField(default=0)),
                ("heard_at", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("refused_at", models.DateTimeField(null=True)),
                ("they_ask_at", models.DateTimeField(null=True)),
                ("we_ask_at", models.DateTimeField(null=True)),
                ("copy", models.TextField(blank=True)),
                ("copy_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partners",
                        to="records.sentral",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sentral", "code"), name="one_partner_a_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpAgreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("terms", models.JSONField()),
                ("terms_hash", models.CharField(max_length=64)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("we_accepted_at", models.DateTimeField(null=True)),
                ("they_accepted_at", models.DateTimeField(null=True)),
                ("they_accepted_by", models.CharField(blank=True, max_length=150)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "we_accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="records.partner",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("partner", "terms_hash"), name="one_agreement_a_text"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Rota",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(help_text="The last day")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("dropped", "Dropped"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=0, help_text="0 until published"
                    ),
                ),
                (
                    "row_version",
                    models.PositiveIntegerField(default=1, help_text="At every change"),
                ),
                ("made_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.sentral",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.station",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["starts_on", "ends_on"],
                        name="records_rot_starts__163890_idx",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sentral", None), ("station__isnull", False)),
                            models.Q(("sentral__isnull", False), ("station", None)),
                            _connector="OR",
                        ),
                        name="a_rota_is_at_one_workplace",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="a_rota_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at", None),
                                ("state__in", ["draft", "dropped"]),
                                ("version", 0),
                            ),
                            models.Q(
                                ("published_at__isnull", False),
                                ("state", "published"),
                                ("version__gte", 1),
                            ),
                            _connector="OR",
                        ),
                        name="a_published_rota_has_a_version",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RotaRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                            ("impossible", "Impossible"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("seed", models.PositiveIntegerField()),
                ("seconds", models.PositiveIntegerField(help_text="At most")),
                (
                    "row_version",
                    models.PositiveIntegerField(help_text="Of the rota it began from"),
                ),
                ("asked_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("beat_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("is_stop_asked", models.BooleanField(default=False)),
                (
                    "found",
                    models.JSONField(
                        default=dict, help_text="Place id to person id: the best"
                    ),
                ),
                (
                    "cost",
                    models.JSONField(
                        help_text="Of the best so far, part by part", null=True
                    ),
                ),
                (
                    "bound",
                    models.JSONField(
                        help_text="No rota costs less than this", null=True
                    ),
                ),
                ("vacant", models.PositiveIntegerField(null=True)),
                (
                    "worst_deviation",
                    models.FloatField(help_text="Duties, of one person", null=True),
                ),
                (
                    "broken_wishes",
                    models.JSONField(default=list, help_text="Ids of wishes"),
                ),
                (
                    "collision",
                    models.JSONField(
                        help_text="Demands that collide, as codes", null=True
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="records.rota",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=("rota",),
                        name="one_run_at_a_time_of_a_rota",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShiftPattern",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "post",
                    models.CharField(
                        choices=[
                            ("operator", "Operator"),
                            ("shift_leader", "Shift Leader"),
                            ("forvakt", "Forvakt"),
                            ("bakvakt", "Bakvakt"),
                            ("konsultasjonsvakt", "Konsultasjonsvakt"),
                            ("beredskapsvakt", "Beredskapsvakt"),
                            ("nurse", "Nurse"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("days", models.CharField(max_length=80)),
                ("starts", models.TimeField()),
                (
                    "ends",
                    models.TimeField(help_text="The day after where it is not later"),
                ),
                ("needed", models.PositiveSmallIntegerField(default=1)),
                (
                    "active_share",
                    models.DecimalField(
                        decimal_places=3,
                        default=1,
                        help_text="Of its hours, as work",
                        max_digits=4,
                    ),
                ),
                ("group", models.CharField(blank=True, max_length=20)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.sentral",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.station",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sentral", None), ("station__isnull", False)),
                            models.Q(("sentral__isnull", False), ("station", None)),
                            _connector="OR",
                        ),
                        name="a_pattern_is_at_one_workplace",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("needed__gte", 1)),
                        name="a_pattern_needs_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("active_share__gte", 0), ("active_share__lte", 1)
                        ),
                        name="a_pattern_is_active_for_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="a_pattern_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VikarDuty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("vacancy", "Vacancy"),
                            ("sickness", "Sickness"),
                            ("holiday", "Holiday"),
                            ("leave", "Leave"),
                            ("exemption", "Exemption"),
                            ("agreed", "Agreed"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("said_at", models.DateTimeField()),
                (
                    "duty",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vikar_use",
                        to="records.duty",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Fastlege",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("hpr_number", models.CharField(blank=True, max_length=9)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="doctors",
                        to="records.fastlegeoffice",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HelpTakeover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.UUIDField()),
                (
                    "side",
                    models.CharField(
                        choices=[("helper", "Helper"), ("owner", "Owner")], max_length=6
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("asking", "Asking"),
                            ("active", "Active"),
                            ("returning", "Returning"),
                            ("ended", "Ended"),
                        ],
                        max_length=9,
                    ),
                ),
                ("is_drill", models.BooleanField(default=False)),
                ("is_automatic", models.BooleanField(default=False)),
                ("is_copy_closed", models.BooleanField(default=False)),
                ("lost_at", models.DateTimeField(null=True)),
                ("began_at", models.DateTimeField()),
                ("active_at", models.DateTimeField(null=True)),
                ("returning_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("we_want_back_at", models.DateTimeField(null=True)),
                ("report", models.JSONField(default=dict)),
                (
                    "began_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="takeovers",
                        to="records.partner",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("partner", "name"), name="one_takeover_a_name"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("stage", "ended"), _negated=True),
                        fields=("partner", "side"),
                        name="one_takeover_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Patient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("national_id", models.CharField(blank=True, max_length=12)),
                ("id_kind", models.CharField(blank=True, max_length=16)),
                ("other_id", models.CharField(blank=True, max_length=60)),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        help_text="Of a visitor: two letters (ISO 3166)",
                        max_length=2,
                    ),
                ),
                (
                    "description",
                    models.CharField(
                        blank=True,
                        help_text="How to know a patient who is not identified",
                        max_length=200,
                    ),
                ),
                ("given_name", models.CharField(blank=True, max_length=80)),
                ("family_name", models.CharField(blank=True, max_length=80)),
                ("birth_date", models.DateField(blank=True, null=True)),
                (
                    "estimated_age",
                    models.PositiveSmallIntegerField(blank=True, null=True),
                ),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("1", "Man"), ("2", "Woman"), ("9", "Unspecified")],
                        max_length=1,
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200)),
                (
                    "protection",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("client", "Client"),
                            ("confidential", "Confidential"),
                            ("strictly", "Strictly"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("language", models.CharField(blank=True, max_length=40)),
                ("critical_note", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField()),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "fastlege",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="records.fastlege",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="records.patient",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.municipality",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="records.place",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["national_id"], name="records_pat_nationa_2ea361_idx"
                    ),
                    models.Index(fields=["phone"], name="records_pat_phone_f0f3cf_idx"),
                    models.Index(
                        fields=["birth_date"], name="records_pat_birth_d_ee6036_idx"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("national_id", ""), _negated=True),
                            ("merged_into", None),
                        ),
                        fields=("district", "national_id"),
                        name="one_patient_a_number_in_a_district",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RotaDuty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "post",
                    models.CharField(
                        choices=[
                            ("operator", "Operator"),
                            ("shift_leader", "Shift Leader"),
                            ("forvakt", "Forvakt"),
                            ("bakvakt", "Bakvakt"),
                            ("konsultasjonsvakt", "Konsultasjonsvakt"),
                            ("beredskapsvakt", "Beredskapsvakt"),
                            ("nurse", "Nurse"),
                        ],
                        max_length=20,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "active_share",
                    models.DecimalField(decimal_places=3, default=1, max_digits=4),
                ),
                (
                    "is_fixed",
                    models.BooleanField(
                        default=False, help_text="Set by hand: it stays"
                    ),
                ),
                ("group", models.CharField(blank=True, max_length=40)),
                ("row_version", models.PositiveIntegerField(default=1)),
                (
                    "duty",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="rota_duty",
                        to="records.duty",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rota_duties",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to="records.rota",
                    ),
                ),
                (
                    "pattern",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.shiftpattern",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["rota", "starts_at"],
                        name="records_rot_rota_id_a01be8_idx",
                    ),
                    models.Index(
                        fields=["person", "starts_at"],
                        name="records_rot_person__28bf7a_idx",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="a_place_in_a_rota_ends_after_it_starts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RotaChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("made", "Made"),
                            ("set", "Set"),
                            ("undone", "Undone"),
                            ("taken", "Taken"),
                            ("published", "Published"),
                            ("sick", "Sick"),
                            ("filled", "Filled"),
                            ("swapped", "Swapped"),
                            ("imported", "Imported"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "after",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="records.rota",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="undone_by",
                        to="records.rotachange",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="records.rotaduty",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["rota", "-at"], name="records_rot_rota_id_91e543_idx"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DutySwap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("done", "Done"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.rotaduty",
                    ),
                ),
                (
                    "theirs",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.rotaduty",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("mine", "theirs"),
                        name="a_swap_is_asked_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RotaOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("rule", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overrides",
                        to="records.rotaduty",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Vacancy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[("sick", "Sick"), ("vacant", "Vacant")], max_length=8
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("none", "None"), ("order", "Order"), ("all", "All")],
                        default="none",
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("filled", "Filled")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("filled_at", models.DateTimeField(null=True)),
                (
                    "compensation_nok",
                    models.PositiveIntegerField(
                        help_text="An hour, by the setting of that day; unknown where none",
                        null=True,
                    ),
                ),
                (
                    "filled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vacancies",
                        to="records.rotaduty",
                    ),
                ),
                (
                    "was",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("place",),
                        name="one_open_vacancy_a_place",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("asked", "Asked"),
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("expired", "Expired"),
                            ("too_late", "Too Late"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duty_offers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vacancy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="records.vacancy",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vacancy", "person"), name="one_offer_a_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("door", "Door"),
                            ("health", "Health"),
                            ("amk", "Amk"),
                            ("police", "Police"),
                            ("nursing_home", "Nursing Home"),
                            ("alarm", "Alarm"),
                        ],
                        default="phone",
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("in_care", "In Care"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("heartbeat_at", models.DateTimeField(null=True)),
                ("caller_relation", models.CharField(blank=True, max_length=30)),
                ("caller_name", models.CharField(blank=True, max_length=120)),
                ("callback_number", models.CharField(blank=True, max_length=20)),
                ("language", models.CharField(blank=True, max_length=40)),
                ("interpreter_needed", models.BooleanField(null=True)),
                ("patient_unknown", models.BooleanField(default=False)),
                ("is_elsewhere", models.BooleanField(default=False)),
                ("whereabouts", models.CharField(blank=True, max_length=200)),
                ("consent_fastlege", models.BooleanField(null=True)),
                ("is_pregnant", models.BooleanField(null=True)),
                ("narrative", models.TextField(blank=True)),
                ("complaint", models.CharField(blank=True, max_length=60)),
                ("hastegrad_phone_first", models.CharField(blank=True, max_length=10)),
                ("hastegrad_phone", models.CharField(blank=True, max_length=10)),
                (
                    "hastegrad_arrival_first",
                    models.CharField(blank=True, max_length=10),
                ),
                ("hastegrad_arrival", models.CharField(blank=True, max_length=10)),
                ("advice_given", models.TextField(blank=True)),
                ("advice_understood", models.BooleanField(null=True)),
                ("reason_code", models.CharField(blank=True, max_length=4)),
                ("reason_is_deliberate", models.BooleanField(default=False)),
                ("repeat_no", models.PositiveSmallIntegerField(default=1)),
                ("second_look_at", models.DateTimeField(null=True)),
                ("ended_in_advice", models.BooleanField(null=True)),
                ("source", models.CharField(default="desk", max_length=12)),
                (
                    "origin",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=12
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second_look_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "fastlege",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.fastlege",
                    ),
                ),
                (
                    "index_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.indexversion",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.municipality",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="records.patient",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="records.place",
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="records.sentral",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.station",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["sentral", "opened_at"],
                        name="records_con_sentral_15c012_idx",
                    ),
                    models.Index(
                        fields=["sentral", "closed_at"],
                        name="records_con_sentral_c3f0ed_idx",
                    ),
                    models.Index(
                        fields=["patient", "opened_at"],
                        name="records_con_patient_069dd8_idx",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["sentral", "owner"],
                        name="contacts_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("alarm_id", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("standing", "Standing"),
                            ("cancelled", "Cancelled"),
                            ("restored", "Restored"),
                        ],
                        default="standing",
                        max_length=10,
                    ),
                ),
                (
                    "device",
                    models.CharField(
                        choices=[
                            ("pendant", "Pendant"),
                            ("fall", "Fall"),
                            ("bed", "Bed"),
                            ("door", "Door"),
                            ("smoke", "Smoke"),
                            ("gps", "Gps"),
                            ("camera", "Camera"),
                            ("inactivity", "Inactivity"),
                            ("medicine", "Medicine"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=12,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200)),
                ("callback_number", models.CharField(blank=True, max_length=20)),
                ("first_at", models.DateTimeField()),
                ("calls", models.PositiveIntegerField(default=0)),
                ("called_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("restored_at", models.DateTimeField(null=True)),
                ("has_wrong_number", models.BooleanField(default=False)),
                ("backup_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="records.sentral",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sentral", "alarm_id"), name="one_alarm_an_alarm_id"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("data", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["contact", "occurred_at"],
                        name="records_con_contact_cc3aec_idx",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClinicalNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("waiting", "Waiting"),
                            ("returned", "Returned"),
                            ("signed", "Signed"),
                        ],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(null=True)),
                ("why", models.TextField(blank=True)),
                ("found", models.TextField(blank=True)),
                ("judged", models.TextField(blank=True)),
                ("done", models.TextField(blank=True)),
                ("plan", models.TextField(blank=True)),
                ("diagnoses", models.JSONField(default=list)),
                ("correction", models.CharField(blank=True, max_length=300)),
                ("started_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(null=True)),
                ("author_is_lis1", models.BooleanField(default=False)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_note", models.CharField(blank=True, max_length=300)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clinical_notes",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["station", "signed_at"],
                        name="notes_to_sign",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["draft", "returned"])),
                        fields=["author"],
                        name="notes_not_done",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contact", "version"),
                        name="one_clinical_note_a_version",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("contact", "author"),
                        name="one_draft_a_person_and_contact",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("signed_at", None),
                                ("state", "draft"),
                                ("version", None),
                            ),
                            models.Q(
                                models.Q(("state", "draft"), _negated=True),
                                ("signed_at__isnull", False),
                                ("version__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_signed_note_has_number_and_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("tariff", models.CharField(max_length=8)),
                ("quantity", models.PositiveSmallIntegerField(default=1)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claim_lines",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contact", "tariff"), name="one_line_a_tariff"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("approved", "Approved"),
                            ("returned", "Returned"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("comment", models.CharField(blank=True, max_length=500)),
                (
                    "doctor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approval",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AlarmSignal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("event_id", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("raised", "Raised"),
                            ("repeated", "Repeated"),
                            ("cancelled", "Cancelled"),
                            ("restored", "Restored"),
                        ],
                        max_length=10,
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("device", models.CharField(blank=True, max_length=12)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("callback_number", models.CharField(blank=True, max_length=20)),
                ("told", models.TextField(blank=True)),
                (
                    "alarm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signals",
                        to="records.alarm",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alarm", "event_id"), name="one_signal_an_event_id"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DoctorQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("question", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FastlegeNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("contact", "Contact"), ("epikrise", "Epikrise")],
                        default="contact",
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "message_id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        unique=True,
                    ),
                ),
                ("text", models.TextField()),
                (
                    "document",
                    models.TextField(blank=True, help_text="FHIR R4 document, as JSON"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sent", "Sent"),
                            ("received", "Received"),
                            ("failed", "Failed"),
                            ("stopped", "Stopped"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("fault", models.CharField(blank=True, max_length=200)),
                (
                    "clinical_note",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="epikrise",
                        to="records.clinicalnote",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fastlege_notes",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "fastlege",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.fastlege",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contact", "kind", "version"),
                        name="one_note_a_contact_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("clinical_note", None), ("kind", "contact")),
                            models.Q(
                                ("clinical_note__isnull", False), ("kind", "epikrise")
                            ),
                            _connector="OR",
                        ),
                        name="an_epikrise_is_of_a_clinical_note",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FastlegeSlot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField(default=20)),
                ("booked_at", models.DateTimeField(null=True)),
                (
                    "contact",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fastlege_slot",
                        to="records.contact",
                    ),
                ),
                (
                    "fastlege",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slots",
                        to="records.fastlege",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fastlege", "starts_at"), name="one_slot_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "axis",
                    models.CharField(
                        choices=[("phone", "Phone"), ("arrival", "Arrival")],
                        max_length=8,
                    ),
                ),
                ("hastegrad", models.CharField(max_length=10)),
                ("by_criteria", models.CharField(blank=True, max_length=10)),
                ("complaint", models.CharField(blank=True, max_length=60)),
                ("criteria", models.JSONField(default=list)),
                ("red_flags_ruled_out", models.BooleanField(null=True)),
                ("reason_lowered", models.CharField(blank=True, max_length=300)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessments",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "index_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="records.indexversion",
                    ),
                ),
            ],
            options={
                "ordering": ["occurred_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="InterpreterRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("language", models.CharField(max_length=40)),
                ("requested_at", models.DateTimeField()),
                ("connected_at", models.DateTimeField(null=True)),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("connected", "Connected"),
                            ("unavailable", "Unavailable"),
                            ("family", "Family"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interpreters",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NursingHomeRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("is_by_number", models.BooleanField()),
                ("doctor_rung", models.BooleanField(null=True)),
                (
                    "care",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full", "Full"),
                            ("no_cpr", "No Cpr"),
                            ("no_hospital", "No Hospital"),
                            ("comfort", "Comfort"),
                            ("not_agreed", "Not Agreed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("care_note", models.CharField(blank=True, max_length=200)),
                ("medicines_given", models.BooleanField(null=True)),
                ("medicines", models.CharField(blank=True, max_length=200)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="from_home",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="records.nursinghome",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("advice", "Advice"),
                            ("attendance", "Attendance"),
                            ("home_visit", "Home Visit"),
                            ("call_out", "Call Out"),
                            ("amk", "Amk"),
                            ("ambulance", "Ambulance"),
                            ("kad", "Kad"),
                            ("admission", "Admission"),
                            ("fastlege", "Fastlege"),
                            ("nursing_home_doctor", "Nursing Home Doctor"),
                            ("other_service", "Other Service"),
                            ("police_fire", "Police Fire"),
                            ("call_back", "Call Back"),
                            ("interpreter", "Interpreter"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("owner_role", models.CharField(blank=True, max_length=20)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("promised_at", models.DateTimeField(null=True)),
                ("travel_min", models.PositiveSmallIntegerField(null=True)),
                ("arrived_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcomes",
                        to="records.contact",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.station",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["due_at"],
                        name="outcomes_open",
                    ),
                    models.Index(
                        condition=models.Q(("kind", "attendance")),
                        fields=["station", "promised_at"],
                        name="attendances_promised",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("serial", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("out", "Out"),
                            ("entered", "Entered"),
                            ("void", "Void"),
                        ],
                        default="out",
                        max_length=8,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_forms",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "print",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forms",
                        to="records.paperprint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "out")),
                        fields=["print"],
                        name="paper_forms_out",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("contact", None),
                                ("settled_at", None),
                                ("state", "out"),
                            ),
                            models.Q(
                                ("contact__isnull", False),
                                ("settled_at__isnull", False),
                                ("state", "entered"),
                            ),
                            models.Q(
                                ("contact", None),
                                ("settled_at__isnull", False),
                                ("state", "void"),
                                models.Q(("void_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_paper_form_is_accounted_for",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordOpening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("controlled_at", models.DateTimeField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.contact",
                    ),
                ),
                (
                    "controlled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.patient",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("random", "Random"),
                            ("repeat", "Repeat"),
                            ("upgraded", "Upgraded"),
                        ],
                        max_length=10,
                    ),
                ),
                ("drawn_at", models.DateTimeField()),
                ("feedback", models.TextField(blank=True)),
                ("feedback_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "feedback_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.sentral",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReviewScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("answers", models.JSONField()),
                ("comment", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="records.review",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("review", "by"), name="one_score_a_reviewer"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SafetyIncident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("threat", "Threat"), ("violence", "Violence")],
                        max_length=10,
                    ),
                ),
                (
                    "where",
                    models.CharField(
                        choices=[
                            ("counter", "Counter"),
                            ("waiting_room", "Waiting Room"),
                            ("treatment_room", "Treatment Room"),
                            ("corridor", "Corridor"),
                            ("outside", "Outside"),
                            ("car", "Car"),
                            ("home", "Home"),
                            ("telephone", "Telephone"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_alarm", models.BooleanField()),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[("safe", "Safe"), ("mistake", "Mistake")],
                        max_length=8,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tied_contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.contact",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["station"],
                        name="safety_alarms_standing",
                    ),
                    models.Index(
                        fields=["station", "occurred_at"],
                        name="records_saf_station_94ae97_idx",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("end", ""),
                                ("ended_at", None),
                                ("ended_by", None),
                                ("is_alarm", True),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                models.Q(("end", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_safety_alarm_stands_or_is_ended",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SafetyCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "called",
                    models.CharField(
                        choices=[
                            ("police", "Police"),
                            ("fire", "Fire"),
                            ("colleague", "Colleague"),
                            ("amk", "Amk"),
                            ("guard", "Guard"),
                            ("leader", "Leader"),
                        ],
                        max_length=10,
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="records.safetyincident",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SafetyAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("text", models.TextField()),
                (
                    "injured",
                    models.CharField(
                        choices=[
                            ("nobody", "Nobody"),
                            ("somebody", "Somebody"),
                            ("unknown", "Unknown"),
                        ],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accounts",
                        to="records.safetyincident",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SafetySeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seen",
                        to="records.safetyincident",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "by"), name="an_alarm_is_seen_once_by_each"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AmkHandover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("started_at", models.DateTimeField()),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("conference", "Conference"),
                            ("transfer", "Transfer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("called_at", models.DateTimeField(null=True)),
                ("said", models.TextField(blank=True)),
                ("mission_number", models.CharField(blank=True, max_length=40)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("alarmed_at", models.DateTimeField(null=True)),
                ("not_needed_at", models.DateTimeField(null=True)),
                ("not_needed_reason", models.CharField(blank=True, max_length=300)),
                (
                    "called_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "not_needed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="amk",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.sentral",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("acknowledged_at", None), ("not_needed_at", None)
                        ),
                        fields=["sentral", "started_at"],
                        name="amk_unacknowledged",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "need",
                    models.CharField(
                        choices=[
                            ("red_patient", "red_patient"),
                            ("call_out", "call_out"),
                        ],
                        max_length=12,
                    ),
                ),
                ("need_key", models.CharField(max_length=40)),
                ("needed_at", models.DateTimeField()),
                ("found_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("doctors", models.JSONField(default=list)),
                ("solved_at", models.DateTimeField(null=True)),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("doctor_took", "Doctor Took"),
                            ("need_is_over", "Need Is Over"),
                            ("second_tier", "Second Tier"),
                            ("bakvakt", "Bakvakt"),
                            ("neighbour", "Neighbour"),
                            ("ambulance", "Ambulance"),
                            ("amk", "Amk"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("how_note", models.CharField(blank=True, max_length=300)),
                (
                    "solved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.sentral",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["station", "found_at"],
                        name="records_con_station_d3a301_idx",
                    ),
                    models.Index(
                        condition=models.Q(("solved_at", None)),
                        fields=["sentral"],
                        name="conflicts_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("need_key",), name="a_need_is_one_conflict"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("how", ""), ("solved_at", None)),
                            models.Q(
                                ("solved_at__isnull", False),
                                models.Q(("how", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_conflict_is_solved_in_some_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VitalSigns",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("values", models.JSONField()),
                ("scale", models.PositiveSmallIntegerField(default=1)),
                ("news2", models.PositiveSmallIntegerField(null=True)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vital_signs",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "scale2_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("external_id", models.CharField(max_length=80)),
                ("line", models.CharField(blank=True, max_length=20)),
                ("priority", models.SmallIntegerField(default=0)),
                ("caller_number", models.CharField(blank=True, max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ringing", "Ringing"),
                            ("answered", "Answered"),
                            ("abandoned", "Abandoned"),
                            ("transferred", "Transferred"),
                            ("ended", "Ended"),
                            ("fault", "Fault"),
                            ("unknown", "Unknown"),
                        ],
                        default="unknown",
                        max_length=12,
                    ),
                ),
                ("ringing_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("abandoned_at", models.DateTimeField(null=True)),
                ("transferred_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("operator_code", models.CharField(blank=True, max_length=40)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("source", models.CharField(default="webhook", max_length=12)),
                (
                    "origin",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=12
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="records.sentral",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["sentral", "ringing_at"],
                        name="records_cal_sentral_60eb6e_idx",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                ["ringing", "answered", "transferred", "unknown"],
                            )
                        ),
                        fields=["sentral", "ringing_at"],
                        name="calls_on_the_line",
                    ),
                    models.Index(
                        fields=["caller_number"], name="records_cal_caller__aee173_idx"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sentral", "external_id"),
                        name="one_call_an_external_id",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CallBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("missed", "Missed"), ("promised", "Promised")],
                        max_length=10,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=20)),
                ("hastegrad", models.CharField(blank=True, max_length=10)),
                ("about", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("reached", "Reached"),
                            ("unreachable", "Unreachable"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("escalated_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_note", models.CharField(blank=True, max_length=200)),
                (
                    "origin",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=12
                    ),
                ),
                (
                    "helped_by",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=12
                    ),
                ),
                (
                    "call",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="callback",
                        to="records.call",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="callbacks",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="callbacks",
                        to="records.sentral",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["sentral", "due_at"],
                        name="callbacks_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("expected", "Expected"),
                            ("walk_in", "Walk In"),
                            ("ambulance", "Ambulance"),
                            ("police", "Police"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ticket", models.CharField(max_length=4)),
                ("arrived_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("room", models.CharField(blank=True, max_length=20)),
                ("last_seen_at", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                ("first_doctor_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("treated", "Treated"),
                            ("left", "Left"),
                            ("sent_on", "Sent On"),
                            ("bed", "Bed"),
                            ("advice", "Advice"),
                        ],
                        max_length=10,
                    ),
                ),
                ("end_note", models.CharField(blank=True, max_length=300)),
                (
                    "doctor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "last_seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.outcome",
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.sentral",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["station"],
                        name="attendances_present",
                    ),
                    models.Index(
                        fields=["station", "arrived_at"],
                        name="records_att_station_be72c7_idx",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("contact",),
                        name="a_contact_is_at_one_station",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end", ""), ("ended_at", None)),
                            models.Q(
                                ("ended_at__isnull", False),
                                models.Q(("end", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_attendance_ends_in_some_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallBackAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("was_reached", models.BooleanField()),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "callback",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="records.callback",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BedStay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("observation", "Observation"), ("kad", "Kad")],
                        max_length=12,
                    ),
                ),
                ("admitted_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("criteria", models.JSONField(default=dict)),
                ("criteria_reason", models.CharField(blank=True, max_length=300)),
                ("left_at", models.DateTimeField(null=True)),
                ("left_recorded_at", models.DateTimeField(null=True)),
                (
                    "left_to",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("home", "Home"),
                            ("home_care", "Home Care"),
                            ("nursing_home", "Nursing Home"),
                            ("hospital", "Hospital"),
                            ("other_bed", "Other Bed"),
                            ("left", "Left"),
                            ("dead", "Dead"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("left_note", models.CharField(blank=True, max_length=300)),
                (
                    "admitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "attendance",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bed_stays",
                        to="records.attendance",
                    ),
                ),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bed_stays",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "left_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bed_stays",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.sentral",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bed_stays",
                        to="records.station",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["station", "admitted_at"],
                        name="records_bed_station_13079c_idx",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None)),
                        fields=("contact",),
                        name="a_contact_has_one_bed_stay",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_at", None), ("left_to", "")),
                            models.Q(
                                ("left_at__gt", models.F("admitted_at")),
                                models.Q(("left_to", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_bed_stay_ends_somewhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BedPlacement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "bed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="records.bed",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="records.bedstay",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "ordering": ["begins_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ends_at", None)),
                        fields=["bed"],
                        name="beds_taken",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_at", None)),
                        fields=("stay",),
                        name="a_stay_is_in_one_bed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None),
                            ("ends_at__gt", models.F("begins_at")),
                            _connector="OR",
                        ),
                        name="a_placement_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BedLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("planned_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("recorded_at", models.DateTimeField()),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="looks",
                        to="records.bedstay",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None)),
                        fields=("stay",),
                        name="one_look_awaited_a_stay",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_at__isnull", False),
                            ("done_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_look_is_planned_or_done",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("key", models.CharField(max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("back", "Back"), ("done", "Done")],
                        default="open",
                        max_length=4,
                    ),
                ),
                ("seen_at", models.DateTimeField()),
                ("since", models.DateTimeField()),
                ("result", models.CharField(blank=True, max_length=12)),
                ("taken_in", models.CharField(blank=True, max_length=8)),
                ("handled_at", models.DateTimeField(null=True)),
                ("text", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.call",
                    ),
                ),
                (
                    "callback",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.callback",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "takeover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="records.helptakeover",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["callback"],
                        name="help_callbacks_open",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["call"],
                        name="help_calls_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("takeover", "key"), name="one_item_a_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("same", "Same"),
                            ("better", "Better"),
                            ("worse", "Worse"),
                            ("triaged", "Triaged"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("was_in_time", models.BooleanField(null=True)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "attendance",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="looks",
                        to="records.attendance",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["attendance", "occurred_at"],
                        name="records_loo_attenda_d88035_idx",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("home_visit", "Home Visit"),
                            ("call_out", "Call Out"),
                        ],
                        max_length=12,
                    ),
                ),
                ("companion", models.CharField(blank=True, max_length=120)),
                ("alone_reason", models.CharField(blank=True, max_length=300)),
                ("opened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("alarmed_at", models.DateTimeField(null=True)),
                ("left_at", models.DateTimeField(null=True)),
                ("at_scene_at", models.DateTimeField(null=True)),
                ("with_patient_at", models.DateTimeField(null=True)),
                ("left_scene_at", models.DateTimeField(null=True)),
                ("free_at", models.DateTimeField(null=True)),
                ("sign_min", models.PositiveSmallIntegerField(null=True)),
                ("last_sign_at", models.DateTimeField(null=True)),
                ("sign_due_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("treated", "Treated"),
                            ("to_station", "To Station"),
                            ("to_hospital", "To Hospital"),
                            ("ambulance", "Ambulance"),
                            ("nobody_there", "Nobody There"),
                            ("dead", "Dead"),
                            ("called_off", "Called Off"),
                        ],
                        max_length=12,
                    ),
                ),
                ("done", models.TextField(blank=True)),
                (
                    "avoided",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("admission", "Admission"),
                            ("ambulance", "Ambulance"),
                            ("both", "Both"),
                            ("neither", "Neither"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missions",
                        to="records.contact",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missions",
                        to="records.outcome",
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.sentral",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missions",
                        to="records.station",
                    ),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missions",
                        to="records.vehicle",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["station"],
                        name="missions_open",
                    ),
                    models.Index(
                        condition=models.Q(("sign_due_at__isnull", False)),
                        fields=["sign_due_at"],
                        name="missions_watched",
                    ),
                    models.Index(
                        fields=["station", "opened_at"],
                        name="records_mis_station_a6d69a_idx",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("outcome",),
                        name="one_mission_an_outcome",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("free_at", None)),
                        fields=("vehicle",),
                        name="a_vehicle_is_on_one_mission",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("result", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                models.Q(("result", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_mission_ends_in_some_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MissionCrew",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="crew",
                        to="records.mission",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("person",),
                        name="a_person_is_on_one_mission",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MissionPress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("alarmed", "Alarmed"),
                            ("left", "Left"),
                            ("at_scene", "At Scene"),
                            ("with_patient", "With Patient"),
                            ("left_scene", "Left Scene"),
                            ("free", "Free"),
                            ("sign", "Sign"),
                        ],
                        max_length=12,
                    ),
                ),
                ("occurred_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("device_at", models.DateTimeField(null=True)),
                ("doubt", models.CharField(blank=True, max_length=16)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="records.missionpress",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presses",
                        to="records.mission",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["mission", "occurred_at"],
                        name="records_mis_mission_151dfb_idx",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MissionSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("written_at", models.DateTimeField()),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "mission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secret",
                        to="records.mission",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("test", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ordered", "Ordered"),
                            ("taken", "Taken"),
                            ("answered", "Answered"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="ordered",
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("ordered_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("cancelled_why", models.CharField(blank=True, max_length=200)),
                (
                    "attendance",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="orders",
                        to="records.attendance",
                    ),
                ),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["attendance", "ordered_at"],
                        name="records_ord_attenda_cc158f_idx",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["ordered", "taken"])),
                        fields=("attendance", "test"),
                        name="a_test_is_ordered_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("values", models.JSONField()),
                ("why", models.CharField(blank=True, max_length=200)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="records.order",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("recorded_on", models.DateField()),
                ("legal_hold", models.BooleanField(default=False)),
                ("hold_reason", models.CharField(blank=True, max_length=200)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recordings",
                        to="records.call",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Listening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "recording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listenings",
                        to="records.recording",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TelephonyEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("event_id", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=12)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("operator_code", models.CharField(blank=True, max_length=40)),
                ("target", models.CharField(blank=True, max_length=40)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="records.call",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "event_id"), name="one_event_an_event_id"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitTold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("hastegrad", models.CharField(max_length=10)),
                ("low_min", models.FloatField()),
                ("median_min", models.FloatField()),
                ("high_min", models.FloatField()),
                (
                    "attendance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wait_told",
                        to="records.attendance",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LoneAlarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("last_sign_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("raised_at", models.DateTimeField()),
                ("sign_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "found",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("safe", "Safe"),
                            ("help_sent", "Help Sent"),
                            ("police", "Police"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lone_alarms",
                        to="records.mission",
                    ),
                ),
                (
                    "sentral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.sentral",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)),
                        fields=("mission",),
                        name="one_lone_alarm_a_mission",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LoneStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("ring_crew", "Ring Crew"),
                            ("ring_leader", "Ring Leader"),
                            ("send_colleague", "Send Colleague"),
                            ("ring_police", "Ring Police"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reached_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "alarm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="records.lonealarm",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.district",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alarm", "step"), name="one_step_an_alarm"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            ONE_PATIENT_A_BED,
            "ALTER TABLE records_bedplacement DROP CONSTRAINT one_patient_a_bed",
        ),
    ]


Migration.operations = together(Migration.operations)
