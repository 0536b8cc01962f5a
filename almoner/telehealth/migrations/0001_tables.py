import django.db.models.deletion
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("telehealth", "0001_initial")]

    dependencies = [
        ("facility", "0001_tables"),
        ("scheduling", "0001_tables"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Participant",
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
                        ("role", models.TextField()),
                        ("name", models.TextField(default="")),
                        ("language", models.TextField(default="en")),
                        ("officer_id", models.BigIntegerField(null=True)),
                        ("link", models.BinaryField(null=True, unique=True)),
                        ("invited_at", models.DateTimeField(null=True)),
                        ("invited_by_id", models.BigIntegerField(null=True)),
                        ("device", models.BinaryField(null=True)),
                        ("seated_at", models.DateTimeField(null=True)),
                        ("session", models.TextField(default="")),
                        ("seen_at", models.DateTimeField(null=True)),
                        ("away_at", models.DateTimeField(null=True)),
                        ("removed_at", models.DateTimeField(null=True)),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="participants",
                                to="telehealth.videovisit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("role__in", ["patient", "clinician", "interpreter", "family"])
                                ),
                                name="participant_role_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("device__isnull", True), ("seated_at__isnull", True)),
                                    models.Q(
                                        ("device__isnull", False), ("seated_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="participant_seated_on_a_device",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("role", "patient")),
                                fields=("visit",),
                                name="participant_one_patient",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("officer_id__isnull", False)),
                                fields=("visit", "officer_id"),
                                name="participant_officer_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("link__isnull", True),
                                        ("officer_id__isnull", True),
                                        ("role", "patient"),
                                    ),
                                    models.Q(
                                        ("link__isnull", True),
                                        ("officer_id__isnull", False),
                                        ("role", "clinician"),
                                    ),
                                    models.Q(
                                        ("link__isnull", False),
                                        ("role__in", ["interpreter", "family"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="participant_came_as_what_they_are",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConsentText",
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
                        ("version", models.CharField(max_length=20, verbose_name="version")),
                        ("valid_from", models.DateField(verbose_name="in force from")),
                        ("english", models.TextField(verbose_name="in English")),
                        ("spanish", models.TextField(verbose_name="in Spanish")),
                    ],
                    options={
                        "verbose_name": "consent to visits by video",
                        "verbose_name_plural": "consents to visits by video",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("state", "valid_from"),
                                name="consent_text_once",
                                violation_error_code="consent_text_once",
                                violation_error_message="State: it has a text from that day already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__regex", "^([A-Z]{2})?$")),
                                name="consent_text_state",
                                violation_error_message="State: two capital letters, or nothing.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VideoVisit",
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
                        ("state", models.TextField(default="not_open")),
                        ("state_since", models.DateTimeField()),
                        ("locked", models.BooleanField(default=False)),
                        ("identified_at", models.DateTimeField(null=True)),
                        ("identified_by_id", models.BigIntegerField(null=True)),
                        ("located_state", models.CharField(default="", max_length=2)),
                        ("emergency_address", models.TextField(default="")),
                        ("callback", models.TextField(default="")),
                        ("located_at", models.DateTimeField(null=True)),
                        ("note", models.TextField(default="")),
                        ("word", models.TextField(default="")),
                        ("test", models.JSONField(default=dict)),
                        ("tested_at", models.DateTimeField(null=True)),
                        ("by_phone_at", models.DateTimeField(null=True)),
                        ("by_phone_reason", models.TextField(default="")),
                        ("by_phone_role", models.TextField(default="")),
                        ("gathered_at", models.DateTimeField(null=True)),
                        (
                            "appointment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="video",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "clinician",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.clinician",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "admitted"])),
                                fields=["state"],
                                name="video_visit_open",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["not_open", "waiting", "admitted", "ended"])
                                ),
                                name="video_visit_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("by_phone_at__isnull", True), ("by_phone_reason", "")
                                    ),
                                    models.Q(
                                        ("by_phone_at__isnull", False),
                                        (
                                            "by_phone_reason__in",
                                            ["camera", "sound", "connection", "other"],
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="video_visit_by_phone_for_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "admitted"), _negated=True),
                                    ("clinician__isnull", False),
                                    _connector="OR",
                                ),
                                name="video_visit_admitted_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Signal",
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
                        ("sender_session", models.TextField()),
                        ("to_session", models.TextField()),
                        ("kind", models.TextField()),
                        ("body", models.TextField()),
                        ("at", models.DateTimeField(db_index=True)),
                        (
                            "sender",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="said",
                                to="telehealth.participant",
                            ),
                        ),
                        (
                            "to",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="told",
                                to="telehealth.participant",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                to="telehealth.videovisit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["to", "to_session", "id"], name="signal_to_page")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["description", "candidate"])),
                                name="signal_kind_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("sender_id", models.F("to_id")), _negated=True),
                                name="signal_to_somebody_else",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PictureAsked",
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
                        ("text", models.TextField()),
                        ("language", models.TextField()),
                        ("given", models.BooleanField(null=True)),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("document_id", models.BigIntegerField(null=True, unique=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="telehealth.participant",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pictures",
                                to="telehealth.videovisit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["visit", "-id"], name="pictures_of_visit")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("given", None)),
                                    models.Q(
                                        ("answered_at__isnull", False), ("given__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="picture_asked_answered_at",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("document_id", None), ("given", True), _connector="OR"
                                ),
                                name="picture_kept_with_consent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Passage",
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
                        ("near_session", models.TextField()),
                        ("feed", models.BigIntegerField()),
                        ("session", models.BigIntegerField()),
                        ("handle", models.BigIntegerField()),
                        ("up", models.BooleanField(default=False)),
                        ("at", models.DateTimeField()),
                        (
                            "far",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="telehealth.participant",
                            ),
                        ),
                        (
                            "near",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="passages",
                                to="telehealth.participant",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="passages",
                                to="telehealth.videovisit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("far__isnull", True)),
                                fields=("near",),
                                name="passage_sends_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("far", None),
                                    models.Q(("near_id", models.F("far_id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="passage_gets_from_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Leg",
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
                        ("near_session", models.TextField()),
                        ("far_session", models.TextField()),
                        ("by_gateway", models.BooleanField(default=False)),
                        ("candidate", models.TextField(default="")),
                        ("first_frame_ms", models.PositiveIntegerField(null=True)),
                        ("loss", models.PositiveSmallIntegerField(null=True)),
                        ("cause", models.TextField(default="")),
                        ("began_at", models.DateTimeField()),
                        ("at", models.DateTimeField()),
                        (
                            "far",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="telehealth.participant",
                            ),
                        ),
                        (
                            "near",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="legs",
                                to="telehealth.participant",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="legs",
                                to="telehealth.videovisit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("near", "far", "near_session", "far_session", "by_gateway"),
                                name="leg_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("candidate__in", ["", "host", "srflx", "prflx", "relay"])
                                ),
                                name="leg_candidate_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "cause__in",
                                        [
                                            "",
                                            "left",
                                            "lost",
                                            "failed",
                                            "removed",
                                            "phone",
                                            "gathered",
                                        ],
                                    )
                                ),
                                name="leg_cause_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GateItem",
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
                        ("item", models.TextField()),
                        ("overridden", models.BooleanField(default=False)),
                        ("reason", models.TextField(default="")),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField()),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="gate",
                                to="telehealth.videovisit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("visit", "item"), name="gate_item_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "item__in",
                                        [
                                            "identity",
                                            "location",
                                            "emergency",
                                            "callback",
                                            "consent",
                                            "licence",
                                        ],
                                    )
                                ),
                                name="gate_item_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("overridden", False),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="gate_item_overridden_for_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
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
                        ("language", models.TextField()),
                        ("digest", models.BinaryField()),
                        ("at", models.DateTimeField()),
                        ("taken_by_id", models.BigIntegerField(null=True)),
                        (
                            "text",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="telehealth.consenttext",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to="telehealth.videovisit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "text"), name="consent_once"),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "es"])),
                                name="consent_language_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChatLine",
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
                        ("words", models.TextField()),
                        ("at", models.DateTimeField()),
                        (
                            "sender",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="telehealth.participant",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="chat",
                                to="telehealth.videovisit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("words", ""), _negated=True),
                                name="chat_line_says",
                            )
                        ],
                    },
                ),
            ]
        )
    ]
