import almoner.access.rules.roles
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("access", "0001_initial")]

    dependencies = [
        ("facility", "0001_tables"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Leaf",
                    fields=[
                        ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("event_at", models.DateTimeField()),
                        ("event_id", models.BigIntegerField()),
                        ("hash", models.BinaryField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Seal",
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
                        ("size", models.BigIntegerField(unique=True)),
                        ("root", models.BinaryField()),
                        (
                            "subtrees",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BinaryField(), size=None
                            ),
                        ),
                        ("horizon", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                        ("signature", models.BinaryField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Officer",
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
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        ("username", models.SlugField(unique=True)),
                        ("name", models.TextField()),
                        ("email", models.EmailField(blank=True, default="", max_length=254)),
                        (
                            "roles",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(
                                    choices=[
                                        (
                                            almoner.access.rules.roles.Role["OFFICER"],
                                            almoner.access.rules.roles.Role["OFFICER"],
                                        ),
                                        (
                                            almoner.access.rules.roles.Role["BILLER"],
                                            almoner.access.rules.roles.Role["BILLER"],
                                        ),
                                        (
                                            almoner.access.rules.roles.Role["CLINICIAN"],
                                            almoner.access.rules.roles.Role["CLINICIAN"],
                                        ),
                                        (
                                            almoner.access.rules.roles.Role["MANAGER"],
                                            almoner.access.rules.roles.Role["MANAGER"],
                                        ),
                                        (
                                            almoner.access.rules.roles.Role["PRIVACY"],
                                            almoner.access.rules.roles.Role["PRIVACY"],
                                        ),
                                        (
                                            almoner.access.rules.roles.Role["ADMINISTRATOR"],
                                            almoner.access.rules.roles.Role["ADMINISTRATOR"],
                                        ),
                                    ]
                                ),
                                size=None,
                            ),
                        ),
                        ("patient_id", models.BigIntegerField(blank=True, null=True)),
                        ("joined_at", models.DateTimeField()),
                        ("left_at", models.DateTimeField(blank=True, null=True)),
                        ("password_given_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "clinician",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.clinician",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.location",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("roles__len__gt", 0)), name="officer_has_a_role"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccessEvent",
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
                        ("screen", models.TextField()),
                        (
                            "purpose",
                            models.TextField(
                                choices=[
                                    (
                                        almoner.access.rules.roles.Purpose["TREATMENT"],
                                        almoner.access.rules.roles.Purpose["TREATMENT"],
                                    ),
                                    (
                                        almoner.access.rules.roles.Purpose["PAYMENT"],
                                        almoner.access.rules.roles.Purpose["PAYMENT"],
                                    ),
                                    (
                                        almoner.access.rules.roles.Purpose["OPERATIONS"],
                                        almoner.access.rules.roles.Purpose["OPERATIONS"],
                                    ),
                                    (
                                        almoner.access.rules.roles.Purpose["NO_PATIENT"],
                                        almoner.access.rules.roles.Purpose["NO_PATIENT"],
                                    ),
                                ]
                            ),
                        ),
                        (
                            "patient_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                        ),
                        ("reason_kind", models.TextField()),
                        ("reason_id", models.BigIntegerField(null=True)),
                        ("reason_by_id", models.BigIntegerField(null=True)),
                        (
                            "grade",
                            models.CharField(
                                choices=[
                                    (
                                        almoner.access.rules.roles.Grade["A"],
                                        almoner.access.rules.roles.Grade["A"],
                                    ),
                                    (
                                        almoner.access.rules.roles.Grade["B"],
                                        almoner.access.rules.roles.Grade["B"],
                                    ),
                                    (
                                        almoner.access.rules.roles.Grade["C"],
                                        almoner.access.rules.roles.Grade["C"],
                                    ),
                                    (
                                        almoner.access.rules.roles.Grade["D"],
                                        almoner.access.rules.roles.Grade["D"],
                                    ),
                                ],
                                max_length=1,
                            ),
                        ),
                        (
                            "confirmed_by",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("note", models.TextField(blank=True, default="")),
                        ("address", models.GenericIPAddressField(null=True)),
                        (
                            "officer",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "access_event",
                    },
                ),
                migrations.CreateModel(
                    name="Session",
                    fields=[
                        (
                            "session_key",
                            models.CharField(
                                max_length=40,
                                primary_key=True,
                                serialize=False,
                                verbose_name="session key",
                            ),
                        ),
                        ("session_data", models.TextField(verbose_name="session data")),
                        (
                            "expire_date",
                            models.DateTimeField(db_index=True, verbose_name="expire date"),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "session",
                        "verbose_name_plural": "sessions",
                        "abstract": False,
                    },
                ),
            ]
        )
    ]
