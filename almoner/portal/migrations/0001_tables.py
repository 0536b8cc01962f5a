import almoner.portal.rules.accounts
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("portal", "0001_initial")]

    dependencies = [
        ("facility", "0001_tables"),
        ("patients", "0001_tables"),
        ("records", "0001_tables"),
        ("relations", "0001_tables"),
        ("scheduling", "0001_tables"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Account",
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
                        ("login", models.TextField(blank=True, null=True)),
                        ("password", models.TextField(blank=True, default="")),
                        ("totp", models.BinaryField(blank=True, null=True)),
                        ("totp_step", models.BigIntegerField(default=0)),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("closed_until", models.DateTimeField(blank=True, null=True)),
                        ("language", models.TextField()),
                        ("made_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("login",), name="portal_account_login_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("login__isnull", True),
                                        ("password", ""),
                                        ("totp__isnull", True),
                                    ),
                                    models.Q(
                                        ("login__isnull", False),
                                        ("totp__isnull", False),
                                        models.Q(("password", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="portal_account_password_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("tries__gte", 0), ("tries__lt", 5)),
                                name="portal_account_tries_counted",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "es"])),
                                name="portal_account_language_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Acting",
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
                                    ("self", "self"),
                                    ("parent", "parent"),
                                    ("guardian", "guardian"),
                                    ("representative", "representative"),
                                    ("helper", "helper"),
                                ]
                            ),
                        ),
                        (
                            "parts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(
                                    choices=[
                                        ("visits", "visits"),
                                        ("forms", "forms"),
                                        ("documents", "documents"),
                                        ("bills", "bills"),
                                        ("messages", "messages"),
                                        ("results", "results"),
                                        ("looks", "looks"),
                                    ]
                                ),
                                size=None,
                            ),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        ("proof", models.TextField(blank=True, default="")),
                        ("made_by_id", models.BigIntegerField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_by_id", models.BigIntegerField(blank=True, null=True)),
                        ("ended_because", models.TextField(blank=True, default="")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="acting",
                                to="portal.account",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="acted_for_by",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("account", "patient"),
                                name="portal_acting_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("ended_at__isnull", True),
                                    ("kind", almoner.portal.rules.accounts.Kind["SELF"]),
                                ),
                                fields=("patient",),
                                name="portal_acting_own_account_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until__isnull", True),
                                    ("until__gte", models.F("since")),
                                    _connector="OR",
                                ),
                                name="portal_acting_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", almoner.portal.rules.accounts.Kind["SELF"]),
                                    models.Q(("proof", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="portal_acting_for_another_is_proved",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ActingTold",
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
                            "change",
                            models.TextField(
                                choices=[
                                    ("began", "began"),
                                    ("ended", "ended"),
                                    ("narrows", "narrows"),
                                ]
                            ),
                        ),
                        ("day", models.DateField()),
                        ("made_at", models.DateTimeField()),
                        (
                            "acting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="told",
                                to="portal.acting",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("acting", "change", "day"), name="portal_acting_told_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Draft",
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
                        ("thread_id", models.BigIntegerField(null=True)),
                        ("topic", models.TextField(blank=True, default="")),
                        ("subject", models.TextField(blank=True, default="")),
                        ("about", models.TextField(blank=True, default="")),
                        ("words", models.TextField(blank=True, default="")),
                        ("key", models.TextField()),
                        ("saved_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to="portal.account",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("account", "patient", "thread_id"),
                                name="portal_draft_once",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Errand",
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
                        ("digest", models.BinaryField(null=True, unique=True)),
                        ("language", models.TextField()),
                        ("made_at", models.DateTimeField()),
                        ("made_by_id", models.BigIntegerField(null=True)),
                        ("expires_at", models.DateTimeField()),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("closed_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "entry",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="errand",
                                to="scheduling.waitentry",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="errands",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "visit_type",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.visittype",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("entry__isnull", False), ("visit_type", None)),
                                    models.Q(("entry", None), ("visit_type__isnull", False)),
                                    _connector="OR",
                                ),
                                name="errand_of_one_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("tries__gte", 0), ("tries__lt", 5)),
                                name="errand_tries_counted",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "es"])),
                                name="errand_language_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("expires_at__gt", models.F("made_at"))),
                                name="errand_ends_later",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
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
                        ("digest", models.BinaryField(unique=True)),
                        (
                            "kind",
                            models.TextField(
                                choices=[
                                    ("self", "self"),
                                    ("parent", "parent"),
                                    ("guardian", "guardian"),
                                    ("representative", "representative"),
                                    ("helper", "helper"),
                                ]
                            ),
                        ),
                        (
                            "parts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(
                                    choices=[
                                        ("visits", "visits"),
                                        ("forms", "forms"),
                                        ("documents", "documents"),
                                        ("bills", "bills"),
                                        ("messages", "messages"),
                                        ("results", "results"),
                                        ("looks", "looks"),
                                    ]
                                ),
                                size=None,
                            ),
                        ),
                        ("until", models.DateField(blank=True, null=True)),
                        ("proof", models.TextField(blank=True, default="")),
                        ("made_at", models.DateTimeField()),
                        ("made_by_id", models.BigIntegerField()),
                        ("expires_at", models.DateTimeField()),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="portal_invitations",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["patient", "-id"], name="portal_invitation_of_patient"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("used_at__isnull", True),
                                    ("withdrawn_at__isnull", True),
                                    _connector="OR",
                                ),
                                name="portal_invitation_used_or_withdrawn",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", almoner.portal.rules.accounts.Kind["SELF"]),
                                    models.Q(("proof", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="portal_invitation_for_another_is_proved",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Entrance",
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
                        ("digest", models.BinaryField(unique=True)),
                        ("challenge", models.JSONField(null=True)),
                        ("secret", models.BinaryField(null=True)),
                        ("made_at", models.DateTimeField()),
                        ("seen_at", models.DateTimeField()),
                        ("in_at", models.DateTimeField(null=True)),
                        ("proved_at", models.DateTimeField(null=True)),
                        (
                            "account",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="entrances",
                                to="portal.account",
                            ),
                        ),
                        (
                            "acting",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="portal.acting",
                            ),
                        ),
                        (
                            "invitation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="portal.invitation",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["seen_at"], name="portal_entrance_seen")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("in_at__isnull", True),
                                    ("account__isnull", False),
                                    _connector="OR",
                                ),
                                name="portal_entrance_in_as_somebody",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JoinAsked",
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
                        ("given", models.TextField(blank=True)),
                        ("family", models.TextField(blank=True)),
                        ("born", models.DateField(null=True)),
                        ("channel", models.TextField()),
                        ("address", models.TextField(blank=True)),
                        ("language", models.TextField()),
                        ("person", models.BinaryField()),
                        ("network", models.BinaryField()),
                        ("asked_at", models.DateTimeField()),
                        ("outcome", models.TextField(blank=True, default="")),
                        ("patient_id", models.BigIntegerField(null=True)),
                        ("code", models.BinaryField(null=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        (
                            "invitation",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="asked",
                                to="portal.invitation",
                            ),
                        ),
                        (
                            "way",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="asked",
                                to="portal.entrance",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["person", "asked_at"], name="join_asked_of_person"
                            ),
                            models.Index(
                                fields=["network", "asked_at"], name="join_asked_of_network"
                            ),
                            models.Index(
                                condition=models.Q(("outcome", "")),
                                fields=["asked_at"],
                                name="join_undecided",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "outcome__in",
                                        [
                                            "",
                                            "sent",
                                            "unknown",
                                            "shared",
                                            "several",
                                            "minor",
                                            "deceased",
                                            "new",
                                            "no_way",
                                            "night",
                                            "account",
                                            "often",
                                        ],
                                    )
                                ),
                                name="join_asked_outcome_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("code__isnull", False),
                                        ("outcome", "sent"),
                                        ("sent_at__isnull", False),
                                        ("patient_id__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(("outcome", "sent"), _negated=True),
                                        ("code", None),
                                        ("patient_id", None),
                                        ("sent_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="join_asked_code_only_when_sent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("outcome", ""),
                                    models.Q(
                                        ("address", ""),
                                        ("born", None),
                                        ("family", ""),
                                        ("given", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="join_asked_forgets_what_was_typed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("tries__gte", 0), ("tries__lte", 5)),
                                name="join_asked_tries_counted",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "es"])),
                                name="join_asked_language_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Kiosk",
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
                        ("wait_en", models.TextField(blank=True, default="")),
                        ("wait_es", models.TextField(blank=True, default="")),
                        ("code_digest", models.BinaryField(null=True, unique=True)),
                        ("code_until", models.DateTimeField(null=True)),
                        ("digest", models.BinaryField(null=True, unique=True)),
                        ("made_at", models.DateTimeField()),
                        ("made_by_id", models.BigIntegerField(null=True)),
                        ("enrolled_at", models.DateTimeField(null=True)),
                        ("seen_at", models.DateTimeField(null=True)),
                        ("unsent", models.PositiveIntegerField(default=0)),
                        ("wrong", models.PositiveSmallIntegerField(default=0)),
                        ("wrong_since", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("ended_by_id", models.BigIntegerField(null=True)),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facility.location",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("location", "name"),
                                name="kiosk_named_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("code_digest__isnull", True), ("code_until__isnull", True)
                                    ),
                                    models.Q(
                                        ("code_digest__isnull", False),
                                        ("code_until__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="kiosk_code_ends",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("digest__isnull", True),
                                    ("enrolled_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="kiosk_has_a_device_since",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_at__isnull", True),
                                    models.Q(
                                        ("code_digest__isnull", True), ("digest__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="kiosk_ended_opens_nothing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("wrong__gte", 0), ("wrong__lte", 10)),
                                name="kiosk_tries_limited",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KioskEntry",
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
                        ("key", models.UUIDField()),
                        ("what", models.TextField()),
                        ("entered_at", models.DateTimeField()),
                        ("taken_at", models.DateTimeField()),
                        ("late", models.BooleanField()),
                        (
                            "appointment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="relations.case",
                            ),
                        ),
                        (
                            "kiosk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="portal.kiosk",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["kiosk", "-taken_at"], name="kiosk_entries")
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("key",), name="kiosk_entry_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MinorTerms",
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
                                blank=True, default="", max_length=2, verbose_name="state"
                            ),
                        ),
                        ("age", models.PositiveSmallIntegerField(verbose_name="from the age of")),
                        (
                            "parts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(
                                    choices=[
                                        ("visits", "visits"),
                                        ("forms", "forms"),
                                        ("documents", "documents"),
                                        ("bills", "bills"),
                                        ("messages", "messages"),
                                        ("results", "results"),
                                        ("looks", "looks"),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                help_text="visits, forms, documents, bills, messages, results, looks; separated by commas; nothing when empty",
                                size=None,
                                verbose_name="what they may see",
                            ),
                        ),
                        ("starts", models.DateField(verbose_name="in force from")),
                    ],
                    options={
                        "verbose_name": "what parents may see",
                        "verbose_name_plural": "what parents may see",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("state", "age", "starts"), name="minor_terms_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Passkey",
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
                        ("credential_id", models.BinaryField(unique=True)),
                        ("credential", models.BinaryField()),
                        ("counter", models.BigIntegerField(default=0)),
                        ("made_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="passkeys",
                                to="portal.account",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RecoveryCode",
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
                        ("digest", models.BinaryField()),
                        ("made_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recovery_codes",
                                to="portal.account",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("account", "digest"),
                                name="portal_recovery_code_of_an_account_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reminder",
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
                        ("hours", models.PositiveSmallIntegerField()),
                        ("made_at", models.DateTimeField()),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reminders",
                                to="scheduling.appointment",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("appointment", "starts_at", "hours"),
                                name="reminder_step_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResultOpened",
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
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="portal.account",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.resultversion",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("account", "version"), name="portal_result_opened_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResultWish",
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
                            "wish",
                            models.TextField(
                                choices=[("at_once", "at_once"), ("reviewed", "reviewed")]
                            ),
                        ),
                        ("said_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="portal.account",
                            ),
                        ),
                        (
                            "patient",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="SelfBooking",
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
                            "authors",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                default=list,
                                editable=False,
                                size=None,
                                verbose_name="who wrote them",
                            ),
                        ),
                        (
                            "signed",
                            models.JSONField(
                                editable=False, null=True, verbose_name="words that count"
                            ),
                        ),
                        (
                            "signed_at",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="signed at"
                            ),
                        ),
                        (
                            "signed_by_id",
                            models.BigIntegerField(
                                editable=False, null=True, verbose_name="signed by"
                            ),
                        ),
                        (
                            "name_en",
                            models.TextField(verbose_name="what patients read, in English"),
                        ),
                        (
                            "name_es",
                            models.TextField(verbose_name="what patients read, in Spanish"),
                        ),
                        (
                            "whom",
                            models.TextField(
                                choices=[
                                    ("anybody", "anybody"),
                                    ("established", "who was seen here in the last three years"),
                                    ("new", "who was not"),
                                ],
                                default="established",
                                verbose_name="for whom",
                            ),
                        ),
                        (
                            "age_from",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="from this age"
                            ),
                        ),
                        (
                            "age_until",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="until this age"
                            ),
                        ),
                        (
                            "notice_hours",
                            models.PositiveSmallIntegerField(
                                default=4, verbose_name="hours before, at least"
                            ),
                        ),
                        (
                            "ahead_days",
                            models.PositiveSmallIntegerField(
                                default=90, verbose_name="days ahead, at most"
                            ),
                        ),
                        (
                            "most_open",
                            models.PositiveSmallIntegerField(
                                default=1, verbose_name="such visits booked at once"
                            ),
                        ),
                        (
                            "prepare_en",
                            models.TextField(
                                blank=True, default="", verbose_name="how to prepare, in English"
                            ),
                        ),
                        (
                            "prepare_es",
                            models.TextField(
                                blank=True, default="", verbose_name="how to prepare, in Spanish"
                            ),
                        ),
                        (
                            "clinicians",
                            models.ManyToManyField(
                                blank=True, to="facility.clinician", verbose_name="clinicians"
                            ),
                        ),
                        (
                            "visit_type",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="self_booking",
                                to="facility.visittype",
                                verbose_name="visit type",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "visit that patients book",
                        "verbose_name_plural": "visits that patients book",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("age_until", None),
                                    ("age_until__gte", models.F("age_from")),
                                    _connector="OR",
                                ),
                                name="self_booking_ages_in_order",
                                violation_error_message="Until this age: not below From this age.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ahead_days__gt", 0), ("most_open__gt", 0)),
                                name="self_booking_some",
                                violation_error_message="At least one visit at once, and one day ahead.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("prepare_en", ""), ("prepare_es", "")),
                                    models.Q(
                                        models.Q(("prepare_en", ""), _negated=True),
                                        models.Q(("prepare_es", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="self_booking_prepared_in_each_language",
                                violation_error_message="How to prepare: in both languages, or in none.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Share",
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
                        ("made_by", models.TextField()),
                        ("digest", models.BinaryField(unique=True)),
                        (
                            "kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(
                                    choices=[
                                        ("visits", "visits"),
                                        ("documents", "documents"),
                                        ("papers", "papers"),
                                        ("coverage", "coverage"),
                                        ("results", "results"),
                                    ]
                                ),
                                size=None,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shares",
                                to="portal.account",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shares",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["patient", "-id"], name="portal_share_of_patient")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("expires_at__gt", models.F("made_at"))),
                                name="portal_share_ends",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kinds", []), _negated=True),
                                name="portal_share_of_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("tries__gte", 0), ("tries__lte", 5)),
                                name="portal_share_tries_counted",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Guest",
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
                        ("who", models.TextField()),
                        ("digest", models.BinaryField(unique=True)),
                        ("in_at", models.DateTimeField()),
                        ("seen_at", models.DateTimeField()),
                        ("left_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "share",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="guests",
                                to="portal.share",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("who__regex", "[^[:space:]]")),
                                name="portal_guest_says_who",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Sitting",
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
                        ("officer_id", models.BigIntegerField(null=True)),
                        ("language", models.TextField()),
                        ("began_at", models.DateTimeField()),
                        ("seen_at", models.DateTimeField()),
                        ("over_at", models.DateTimeField(null=True)),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "kiosk",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sittings",
                                to="portal.kiosk",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("over_at__isnull", True)),
                                fields=("kiosk",),
                                name="kiosk_sitting_of_one",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("over_at__isnull", True)),
                                fields=("officer_id",),
                                name="desk_sitting_of_one",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kiosk__isnull", True), ("officer_id__isnull", False)
                                    ),
                                    models.Q(
                                        ("kiosk__isnull", False), ("officer_id__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="sitting_at_a_kiosk_or_the_desk",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "es"])),
                                name="kiosk_sitting_language_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VisitLink",
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
                        ("digest", models.BinaryField(unique=True)),
                        ("language", models.TextField()),
                        ("made_at", models.DateTimeField()),
                        ("turn", models.PositiveSmallIntegerField(db_default=0, default=0)),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("closed_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "appointment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="link",
                                to="scheduling.appointment",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("tries__gte", 0), ("tries__lt", 5)),
                                name="visit_link_tries_counted",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "es"])),
                                name="visit_link_language_known",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
