import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("patients", "0001_initial")]

    dependencies = []

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Change",
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
                        ("patient_id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                        ("of_table", models.TextField()),
                        ("was", models.JSONField(null=True)),
                        ("became", models.JSONField(null=True)),
                        ("transaction", models.BigIntegerField()),
                    ],
                    options={
                        "db_table": "patients_change",
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReachedAddress",
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
                        ("lines", models.TextField()),
                    ],
                    options={
                        "db_table": "patients_reachedaddress",
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReachedEmail",
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
                        ("address", models.TextField()),
                    ],
                    options={
                        "db_table": "patients_reachedemail",
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReachedPhone",
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
                        ("number", models.CharField(max_length=16)),
                        ("may_text", models.BooleanField()),
                    ],
                    options={
                        "db_table": "patients_reachedphone",
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="Household",
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
                        ("name", models.TextField()),
                    ],
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
                        ("mrn", models.CharField(max_length=12, unique=True)),
                        ("family", models.TextField(blank=True)),
                        ("given", models.TextField(blank=True)),
                        ("middle", models.TextField(blank=True, default="")),
                        ("suffix", models.TextField(blank=True, default="")),
                        ("name_used", models.TextField(blank=True, default="")),
                        ("pronouns", models.TextField(blank=True, default="")),
                        ("birth_date", models.DateField(blank=True, null=True)),
                        (
                            "sex",
                            models.TextField(
                                choices=[
                                    ("female", "Female"),
                                    ("male", "Male"),
                                    ("other", "Other"),
                                    ("unknown", "Unknown"),
                                ],
                                default="unknown",
                            ),
                        ),
                        ("gender_identity", models.TextField(blank=True, default="")),
                        ("language", models.CharField(default="en", max_length=12)),
                        ("interpreter_needed", models.BooleanField(default=False)),
                        ("deceased", models.BooleanField(default=False)),
                        ("deceased_date", models.DateField(blank=True, null=True)),
                        ("registered_at", models.DateTimeField()),
                        ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "keys",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("likeness", models.TextField(default="")),
                        ("sort_name", models.TextField(db_collation="C", default="")),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "guarantor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="patients.patient",
                            ),
                        ),
                        (
                            "household",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="members",
                                to="patients.household",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fastupdate=False, fields=["keys"], name="patient_keys"
                            ),
                            models.Index(fields=["sort_name", "id"], name="patient_by_name"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("family", ""), _negated=True),
                                    models.Q(("given", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="patient_has_a_name",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sex__in", ["female", "male", "other", "unknown"])
                                ),
                                name="patient_sex_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("deceased", True),
                                    ("deceased_date__isnull", True),
                                    _connector="OR",
                                ),
                                name="patient_deceased_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("guarantor", models.F("id")), _negated=True),
                                name="patient_guarantor_is_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Photo",
                    fields=[
                        (
                            "patient",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                serialize=False,
                                to="patients.patient",
                            ),
                        ),
                        ("jpeg", models.BinaryField()),
                        ("taken_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Pair",
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
                        ("likely", models.BooleanField()),
                        ("bits", models.FloatField()),
                        (
                            "higher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "lower",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["-likely", "-bits", "id"], name="pair_surest_first"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("lower", "higher"), name="pair_once"),
                            models.CheckConstraint(
                                condition=models.Q(("lower__lt", models.F("higher"))),
                                name="pair_ordered",
                            ),
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
                        ("officer_id", models.BigIntegerField()),
                        (
                            "said",
                            models.TextField(
                                choices=[
                                    ("phone", "Phone"),
                                    ("desk", "Desk"),
                                    ("returned", "Returned"),
                                    ("other", "Other"),
                                ]
                            ),
                        ),
                        ("note", models.TextField(blank=True, default="")),
                        (
                            "confirmed_by",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["officer_id", "patient", "-at"], name="look_of_officer"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Identifier",
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
                        ("system", models.TextField()),
                        ("value", models.TextField()),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="identifiers",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("system", "value"), name="identifier_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FormerName",
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
                            models.TextField(
                                choices=[
                                    ("maiden", "Maiden"),
                                    ("former", "Former"),
                                    ("alias", "Alias"),
                                ],
                                default="former",
                            ),
                        ),
                        ("family", models.TextField(blank=True, default="")),
                        ("given", models.TextField(blank=True, default="")),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="former_names",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("family", ""), _negated=True),
                                    models.Q(("given", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="former_name_not_empty",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExtraKey",
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
                        ("source", models.TextField()),
                        ("value", models.TextField()),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="extra_keys",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("patient", "source", "value"), name="extra_key_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Email",
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
                        ("rank", models.PositiveSmallIntegerField(default=1)),
                        ("address", models.EmailField(max_length=254)),
                        ("whose", models.TextField(blank=True, default="")),
                        ("whose_name", models.TextField(blank=True, default="")),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="emails",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                django.db.models.functions.text.Upper("address"),
                                name="email_by_address",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("whose", ""), ("whose_name", "")),
                                    models.Q(
                                        (
                                            "whose__in",
                                            (
                                                "parent",
                                                "guardian",
                                                "spouse",
                                                "child",
                                                "carer",
                                                "other",
                                            ),
                                        ),
                                        ("whose_name__regex", "[^[:space:]]"),
                                    ),
                                    _connector="OR",
                                ),
                                name="email_own_or_named",
                            ),
                            models.UniqueConstraint(
                                fields=("patient", "rank"), name="email_rank_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
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
                        ("same", models.BooleanField(default=False)),
                        ("decided_by_id", models.BigIntegerField()),
                        ("decided_at", models.DateTimeField()),
                        (
                            "higher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "lower",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("lower", "higher"), name="decision_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("lower__lt", models.F("higher"))),
                                name="decision_ordered",
                            ),
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
                            "kind",
                            models.TextField(
                                choices=[
                                    ("emergency", "Emergency"),
                                    ("guardian", "Guardian"),
                                    ("guarantor", "Guarantor"),
                                ],
                                default="emergency",
                            ),
                        ),
                        ("name", models.TextField()),
                        ("relation", models.TextField(blank=True, default="")),
                        ("phone", models.CharField(blank=True, default="", max_length=16)),
                        ("address", models.TextField(blank=True, default="")),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contacts",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("phone", ""), _negated=True),
                                fields=["phone"],
                                name="contact_by_phone",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "guarantor")),
                                fields=("patient",),
                                name="contact_one_guarantor",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConfidentialContact",
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
                        ("phone", models.CharField(blank=True, default="", max_length=16)),
                        ("may_text", models.BooleanField(default=False)),
                        ("email", models.TextField(blank=True, default="")),
                        ("address", models.TextField(blank=True, default="")),
                        ("since", models.DateTimeField()),
                        ("taken_by_id", models.BigIntegerField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("ended_by_id", models.BigIntegerField(null=True)),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="confidential_contacts",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=["phone"],
                                name="confidential_by_phone",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("patient",),
                                name="confidential_contact_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_at__isnull", True),
                                    ("ended_at__gte", models.F("since")),
                                    _connector="OR",
                                ),
                                name="confidential_contact_ends_after_it_began",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("may_text", False), ("phone", "")),
                                    ("phone__regex", "^\\+[1-9][0-9]{6,14}$"),
                                    _connector="OR",
                                ),
                                name="confidential_contact_phone_is_e164",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("email", ""),
                                    ("email__regex", "^[^@[:space:]]+@[^@[:space:]]+$"),
                                    _connector="OR",
                                ),
                                name="confidential_contact_email_is_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Address",
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
                        ("rank", models.PositiveSmallIntegerField(default=1)),
                        (
                            "use",
                            models.TextField(
                                choices=[
                                    ("home", "Home"),
                                    ("mail", "Mail"),
                                    ("work", "Work"),
                                    ("temporary", "Temporary"),
                                    ("old", "Old"),
                                ],
                                default="home",
                            ),
                        ),
                        ("line", models.TextField(blank=True, default="")),
                        ("line_2", models.TextField(blank=True, default="")),
                        ("city", models.TextField(blank=True, default="")),
                        ("state", models.TextField(blank=True, default="")),
                        ("zip_code", models.CharField(blank=True, default="", max_length=12)),
                        ("country", models.CharField(default="US", max_length=2)),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="addresses",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "addresses",
                        "indexes": [models.Index(fields=["zip_code"], name="address_by_zip")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("patient", "rank"), name="address_rank_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Phone",
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
                        ("rank", models.PositiveSmallIntegerField(default=1)),
                        (
                            "use",
                            models.TextField(
                                choices=[
                                    ("mobile", "Mobile"),
                                    ("home", "Home"),
                                    ("work", "Work"),
                                    ("old", "Old"),
                                ],
                                default="mobile",
                            ),
                        ),
                        ("number", models.CharField(max_length=16)),
                        ("may_text", models.BooleanField(default=True)),
                        ("whose", models.TextField(blank=True, default="")),
                        ("whose_name", models.TextField(blank=True, default="")),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="phones",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["number"], name="phone_by_number")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("patient", "rank"), name="phone_rank_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("whose", ""), ("whose_name", "")),
                                    models.Q(
                                        (
                                            "whose__in",
                                            (
                                                "parent",
                                                "guardian",
                                                "spouse",
                                                "child",
                                                "carer",
                                                "other",
                                            ),
                                        ),
                                        ("whose_name__regex", "[^[:space:]]"),
                                    ),
                                    _connector="OR",
                                ),
                                name="phone_own_or_named",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("number__regex", "^\\+[1-9][0-9]{6,14}$")),
                                name="phone_is_e164",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProvenAddress",
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
                        ("channel", models.TextField()),
                        ("address", models.TextField()),
                        ("how", models.TextField()),
                        ("at", models.DateTimeField()),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="proven_addresses",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("patient", "channel", "address"), name="proven_address_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("channel__in", ["sms", "email"])),
                                name="proven_address_channel_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("how__in", ["read back", "page"])),
                                name="proven_address_somehow",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
