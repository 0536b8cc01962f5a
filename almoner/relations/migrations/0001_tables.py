import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("relations", "0001_initial")]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("ground", "0001_tables"),
        ("patients", "0001_tables"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Article",
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
                                blank=True,
                                choices=[
                                    ("question", "Question"),
                                    ("request", "Request"),
                                    ("complaint", "Complaint"),
                                    ("grievance", "Grievance"),
                                    ("billing_dispute", "Billing dispute"),
                                    ("records_request", "Records request"),
                                    ("call_back", "Call back"),
                                    ("task", "Task"),
                                ],
                                default="",
                                verbose_name="kind of case",
                            ),
                        ),
                        (
                            "desk",
                            models.TextField(
                                blank=True,
                                choices=[
                                    ("front", "Front desk"),
                                    ("billing", "Billing desk"),
                                    ("records", "Records desk"),
                                    ("relations", "Patient relations"),
                                    ("privacy", "Privacy"),
                                ],
                                default="",
                                verbose_name="desk",
                            ),
                        ),
                        (
                            "roles",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(
                                    choices=[
                                        ("officer", "officer"),
                                        ("biller", "biller"),
                                        ("clinician", "clinician"),
                                        ("manager", "manager"),
                                        ("privacy", "privacy"),
                                        ("administrator", "administrator"),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("begun_at", models.DateTimeField()),
                        ("begun_by_id", models.BigIntegerField()),
                        ("retired_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="ArticleVersion",
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
                        ("language", models.CharField(max_length=2)),
                        ("number", models.PositiveIntegerField()),
                        ("title", models.TextField()),
                        ("body", models.TextField()),
                        ("passage", models.TextField(blank=True, default="")),
                        ("written_at", models.DateTimeField()),
                        (
                            "written_by",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                        ),
                        ("published_at", models.DateTimeField(null=True)),
                        ("review_on", models.DateField(null=True)),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="relations.article",
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
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("published_at__isnull", False)),
                                fields=["review_on"],
                                name="article_to_look_over",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "es"])),
                                name="article_language_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("body__regex", "[^[:space:]]"),
                                    ("title__regex", "[^[:space:]]"),
                                    ("written_by__len__gt", 0),
                                ),
                                name="article_has_words",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("published_at", None),
                                        ("published_by", None),
                                        ("review_on", None),
                                    ),
                                    models.Q(
                                        ("published_at__isnull", False),
                                        ("published_by__isnull", False),
                                        ("review_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="article_published_whole",
                            ),
                            models.UniqueConstraint(
                                fields=("article", "language", "number"),
                                name="article_version_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("published_at", None)),
                                fields=("article", "language"),
                                name="article_one_draft",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ArticleVote",
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
                        ("useful", models.BooleanField()),
                        ("at", models.DateTimeField()),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="votes",
                                to="relations.articleversion",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("version", "officer"), name="article_vote_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Case",
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
                        ("kind", models.TextField()),
                        ("desk", models.TextField()),
                        ("skill", models.TextField(blank=True, default="")),
                        ("subject", models.TextField()),
                        ("taken_at", models.DateTimeField(null=True)),
                        ("answer_by", models.DateTimeField()),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("warn_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("warned_at", models.DateTimeField(null=True)),
                        ("unanswered_at", models.DateTimeField(null=True)),
                        ("escalated_at", models.DateTimeField(null=True)),
                        ("stranded_at", models.DateTimeField(null=True)),
                        ("state", models.TextField(default="open")),
                        ("waiting_for", models.TextField(blank=True, default="")),
                        ("waiting_since", models.DateTimeField(null=True)),
                        ("snoozed_until", models.DateTimeField(null=True)),
                        ("opened_at", models.DateTimeField()),
                        ("opened_by_id", models.BigIntegerField(null=True)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("closed_by_id", models.BigIntegerField(null=True)),
                        ("result", models.TextField(blank=True, default="")),
                        (
                            "escalated_to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="relations.case",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "split_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="split",
                                to="relations.case",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("merged_into", None),
                                    models.Q(("state", "closed"), _negated=True),
                                ),
                                fields=["owner", "due_at", "id"],
                                name="case_of_owner",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("merged_into", None),
                                    models.Q(("state", "closed"), _negated=True),
                                ),
                                fields=["desk", "due_at", "id"],
                                name="case_of_desk",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("merged_into", None),
                                    models.Q(("state", "closed"), _negated=True),
                                ),
                                fields=["due_at", "id"],
                                name="case_by_due",
                            ),
                            models.Index(fields=["patient", "-opened_at"], name="case_of_patient"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "question",
                                            "request",
                                            "complaint",
                                            "grievance",
                                            "billing_dispute",
                                            "records_request",
                                            "call_back",
                                            "task",
                                        ],
                                    )
                                ),
                                name="case_kind_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "desk__in",
                                        ["front", "billing", "records", "relations", "privacy"],
                                    )
                                ),
                                name="case_desk_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("subject__regex", "[^[:space:]]")),
                                name="case_has_a_subject",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "waiting"),
                                        (
                                            "waiting_for__in",
                                            ["patient", "payer", "clinician", "outside"],
                                        ),
                                        ("waiting_since__isnull", False),
                                    ),
                                    models.Q(
                                        ("state__in", ["open", "closed"]),
                                        ("waiting_for", ""),
                                        ("waiting_since", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_waits_for_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        ("merged_into", None),
                                        ("result__regex", "[^[:space:]]"),
                                        ("state", "closed"),
                                    ),
                                    models.Q(
                                        ("closed_at", None),
                                        ("closed_by_id", None),
                                        ("result", ""),
                                        ("state__in", ["open", "waiting"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_closed_with_a_result",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("merged_into", None),
                                    models.Q(("merged_into", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="case_part_of_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseLine",
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
                        ("by_id", models.BigIntegerField(null=True)),
                        ("verb", models.TextField()),
                        ("words", models.TextField(blank=True, default="")),
                        ("about_id", models.BigIntegerField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="relations.case",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["case", "at", "id"], name="line_of_case")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "verb__in",
                                        [
                                            "opened",
                                            "decided",
                                            "attached",
                                            "noted",
                                            "asked",
                                            "taken",
                                            "assigned",
                                            "moved",
                                            "due",
                                            "snoozed",
                                            "waits",
                                            "resumed",
                                            "answered",
                                            "classified",
                                            "completed",
                                            "drafted",
                                            "sent",
                                            "no_notice",
                                            "delivered",
                                            "warned",
                                            "overdue",
                                            "unanswered",
                                            "stranded",
                                            "closed",
                                            "reopened",
                                            "merged",
                                            "took_in",
                                            "taken_out",
                                            "split",
                                        ],
                                    )
                                ),
                                name="case_line_verb_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseThing",
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
                        ("kind", models.TextField()),
                        ("item_id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="things",
                                to="relations.case",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["kind", "item_id"], name="case_about_thing")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "received",
                                            "call",
                                            "message",
                                            "conversation",
                                            "appointment",
                                            "claim",
                                            "statement",
                                            "payment",
                                            "survey",
                                        ],
                                    )
                                ),
                                name="case_thing_kind_known",
                            ),
                            models.UniqueConstraint(
                                fields=("case", "kind", "item_id"), name="case_thing_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClosedAddress",
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
                        ("address", models.TextField()),
                        ("why", models.TextField()),
                        ("status", models.TextField(blank=True, default="")),
                        ("at", models.DateTimeField()),
                        ("opened_at", models.DateTimeField(null=True)),
                        ("opened_by_id", models.BigIntegerField(null=True)),
                        ("opened_why", models.TextField(blank=True, default="")),
                        (
                            "outgoing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="closed",
                                to="ground.outgoing",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("why__in", ["bounced", "complained"])),
                                name="closed_for_a_reason",
                            ),
                            models.UniqueConstraint(
                                fields=("outgoing", "why"), name="closed_once_by_each"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("opened_at", None)),
                                fields=("address",),
                                name="closed_address_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("opened_at", None),
                                        ("opened_by_id", None),
                                        ("opened_why", ""),
                                    ),
                                    models.Q(
                                        ("opened_at__isnull", False),
                                        ("opened_by_id__isnull", False),
                                        models.Q(("opened_why", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="closed_opened_for_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Conversation",
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
                        ("channel", models.TextField(blank=True, default="")),
                        ("address", models.TextField(blank=True, default="")),
                        ("last_at", models.DateTimeField()),
                        (
                            "patient",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="conversation",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["-last_at", "-id"], name="conversation_newest")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("address", ""), ("channel", ""), ("patient__isnull", False)
                                    ),
                                    models.Q(
                                        ("channel__in", ["sms", "email"]),
                                        ("patient", None),
                                        models.Q(("address", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="conversation_of_a_person_or_an_address",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("patient", None)),
                                fields=("channel", "address"),
                                name="conversation_address_once",
                            ),
                        ],
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
                        ("incoming", models.BooleanField()),
                        ("number", models.TextField(blank=True, default="")),
                        ("said", models.TextField(blank=True, default="")),
                        ("disposition", models.TextField()),
                        ("caller", models.TextField(blank=True, default="")),
                        (
                            "asked",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        (
                            "matched",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("visit_id", models.BigIntegerField(null=True)),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField()),
                        (
                            "patient",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calls",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calls",
                                to="relations.conversation",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["conversation", "-at", "-id"], name="call_of_conversation"
                            ),
                            models.Index(
                                condition=models.Q(("visit_id__isnull", False)),
                                fields=["visit_id"],
                                name="call_of_visit",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "disposition__in",
                                        [
                                            "settled",
                                            "passed_on",
                                            "left_message",
                                            "no_answer",
                                            "wrong_number",
                                        ],
                                    )
                                ),
                                name="call_disposition_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "caller__in",
                                        ["", "patient", "acts_for", "provider", "payer", "unknown"],
                                    )
                                ),
                                name="call_caller_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("asked", []),
                                    models.Q(
                                        models.Q(("caller", ""), _negated=True),
                                        (
                                            "asked__contained_by",
                                            [
                                                "caller_name",
                                                "patient_name",
                                                "birth_date",
                                                "one_more",
                                                "relation",
                                                "authority",
                                                "office",
                                                "reference",
                                                "purpose",
                                                "call_back",
                                            ],
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="call_asked_by_the_script",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("matched", []),
                                    models.Q(
                                        models.Q(("caller", ""), _negated=True),
                                        (
                                            "matched__contained_by",
                                            [
                                                "name",
                                                "birth_date",
                                                "phone",
                                                "address",
                                                "member_id",
                                                "mrn",
                                                "photo_id",
                                            ],
                                        ),
                                        ("patient__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="call_matched_identifiers",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Counted",
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
                        ("address", models.TextField()),
                        ("purpose", models.TextField()),
                        ("at", models.DateTimeField()),
                        (
                            "zones",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), size=None
                            ),
                        ),
                        (
                            "outgoing",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="counted",
                                to="ground.outgoing",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["address", "purpose", "-at"], name="counted_of_number"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("purpose__in", ["care", "billing", "marketing", "survey"])
                                ),
                                name="counted_purpose_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("zones", []), _negated=True),
                                name="counted_in_a_zone",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
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
                        ("carrier_id", models.TextField()),
                        ("state", models.TextField()),
                        ("code", models.IntegerField(null=True)),
                        ("status", models.TextField(blank=True, default="")),
                        ("at", models.DateTimeField()),
                        (
                            "outgoing",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="delivery",
                                to="ground.outgoing",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["undelivered", "failed"])),
                                fields=["outgoing"],
                                name="delivery_not_arrived",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        ["queued", "sent", "delivered", "undelivered", "failed"],
                                    )
                                ),
                                name="delivery_state_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeskHours",
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
                        ("weekday", models.PositiveSmallIntegerField(verbose_name="weekday")),
                        ("starts", models.TimeField(verbose_name="from")),
                        ("ends", models.TimeField(verbose_name="until")),
                    ],
                    options={
                        "verbose_name": "hours of the desks",
                        "verbose_name_plural": "hours of the desks",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends__gt", models.F("starts"))),
                                name="desk_hours_end_after_start",
                                violation_error_message="Until: it must be later than From.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("weekday__gte", 1), ("weekday__lte", 7)),
                                name="desk_hours_weekday",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeskLead",
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
                            "desk",
                            models.TextField(
                                choices=[
                                    ("front", "Front desk"),
                                    ("billing", "Billing desk"),
                                    ("records", "Records desk"),
                                    ("relations", "Patient relations"),
                                    ("privacy", "Privacy"),
                                ],
                                unique=True,
                                verbose_name="desk",
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="officer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "lead of a desk",
                        "verbose_name_plural": "leads of desks",
                    },
                ),
                migrations.CreateModel(
                    name="Grievance",
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
                        ("received_at", models.DateTimeField()),
                        ("answers", models.JSONField()),
                        ("because", models.TextField()),
                        ("source", models.TextField()),
                        ("classified_at", models.DateTimeField()),
                        ("classified_by_id", models.BigIntegerField()),
                        ("language", models.CharField(max_length=2)),
                        ("warn_on", models.DateField()),
                        ("tell_on", models.DateField()),
                        ("contact", models.TextField(blank=True, default="")),
                        ("contact_phone", models.TextField(blank=True, default="")),
                        ("steps", models.TextField(blank=True, default="")),
                        ("result", models.TextField(blank=True, default="")),
                        ("completed_on", models.DateField(null=True)),
                        ("no_notice", models.TextField(blank=True, default="")),
                        ("no_notice_at", models.DateTimeField(null=True)),
                        ("no_notice_by_id", models.BigIntegerField(null=True)),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="grievance",
                                to="relations.case",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("no_notice", ""),
                                        ("no_notice_at", None),
                                        ("no_notice_by_id", None),
                                    ),
                                    models.Q(
                                        ("no_notice__regex", "[^[:space:]]"),
                                        ("no_notice_at__isnull", False),
                                        ("no_notice_by_id__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="grievance_without_notice_for_a_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GrievanceTerm",
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
                        ("warn_day", models.PositiveSmallIntegerField(verbose_name="warn on day")),
                        (
                            "tell_day",
                            models.PositiveSmallIntegerField(
                                verbose_name="tell the patient on day"
                            ),
                        ),
                        ("source", models.TextField(verbose_name="source")),
                        ("valid_from", models.DateField(verbose_name="in force from")),
                    ],
                    options={
                        "verbose_name": "term of grievances",
                        "verbose_name_plural": "terms of grievances",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("state", "valid_from"), name="grievance_term_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("tell_day__gt", models.F("warn_day"))),
                                name="grievance_term_warns_first",
                                violation_error_message="Tell the patient: it must be later than the warning.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Landline",
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
                        ("number", models.TextField(unique=True)),
                        ("code", models.IntegerField()),
                        ("at", models.DateTimeField()),
                        (
                            "outgoing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ground.outgoing",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("code__gt", 0)), name="landline_said_by_carrier"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Macro",
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
                        ("name", models.TextField(verbose_name="name")),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("es", "Spanish")],
                                max_length=2,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "kind",
                            models.TextField(
                                blank=True,
                                choices=[
                                    ("question", "Question"),
                                    ("request", "Request"),
                                    ("complaint", "Complaint"),
                                    ("grievance", "Grievance"),
                                    ("billing_dispute", "Billing dispute"),
                                    ("records_request", "Records request"),
                                    ("call_back", "Call back"),
                                    ("task", "Task"),
                                ],
                                default="",
                                verbose_name="kind of case",
                            ),
                        ),
                        (
                            "roles",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(
                                    choices=[
                                        ("officer", "officer"),
                                        ("biller", "biller"),
                                        ("clinician", "clinician"),
                                        ("manager", "manager"),
                                        ("privacy", "privacy"),
                                        ("administrator", "administrator"),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="roles",
                            ),
                        ),
                        ("body", models.TextField(verbose_name="words")),
                    ],
                    options={
                        "verbose_name": "canned answer",
                        "verbose_name_plural": "canned answers",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("name", "language"), name="macro_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
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
                        ("visit_id", models.BigIntegerField(null=True)),
                        ("statement_id", models.BigIntegerField(null=True)),
                        ("channel", models.TextField()),
                        ("address", models.TextField()),
                        ("language", models.CharField(max_length=12)),
                        ("template", models.TextField(blank=True, default="")),
                        (
                            "parts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                        ("step", models.TextField(blank=True, default="")),
                        ("subject", models.TextField(blank=True, default="")),
                        ("body", models.TextField()),
                        ("written_at", models.DateTimeField()),
                        ("written_by_id", models.BigIntegerField(null=True)),
                        ("held_until", models.DateTimeField(null=True)),
                        ("held_why", models.TextField(blank=True, default="")),
                        ("handled_at", models.DateTimeField(null=True)),
                        ("handled_by_id", models.BigIntegerField(null=True)),
                        ("handled_why", models.TextField(blank=True, default="")),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="messages",
                                to="relations.conversation",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ground.event",
                            ),
                        ),
                        (
                            "outgoing",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="ground.outgoing",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="messages",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "answers",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answered_by",
                                to="relations.received",
                            ),
                        ),
                        (
                            "wording",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="messages",
                                to="relations.textversion",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["patient", "-written_at"], name="message_of_patient"
                            ),
                            models.Index(
                                fields=["conversation", "-written_at", "-id"],
                                name="message_of_conversation",
                            ),
                            models.Index(
                                condition=models.Q(("channel", "portal")),
                                fields=["patient", "written_at"],
                                name="message_in_account",
                            ),
                            models.Index(
                                condition=models.Q(("visit_id__isnull", False)),
                                fields=["visit_id"],
                                name="message_of_visit",
                            ),
                            models.Index(
                                condition=models.Q(("statement_id__isnull", False)),
                                fields=["statement_id"],
                                name="message_of_statement",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("channel__in", ["sms", "email", "portal", "voice", "letter"])
                                ),
                                name="message_channel_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("channel", "letter"), _negated=True),
                                    models.Q(
                                        ("outgoing", None),
                                        ("patient__isnull", False),
                                        models.Q(("address", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="message_by_post_to_somebody",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("step", ""), _negated=True),
                                fields=("channel", "step"),
                                name="message_step_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("handled_at", None),
                                        ("handled_by_id", None),
                                        ("handled_why", ""),
                                    ),
                                    models.Q(
                                        ("handled_at__isnull", False),
                                        ("handled_by_id__isnull", False),
                                        models.Q(("handled_why", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="message_handled_for_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("held_until", None), ("held_why", "")),
                                    models.Q(
                                        ("held_until__isnull", False),
                                        models.Q(("held_why", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="message_held_for_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Note",
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
                        ("by_id", models.BigIntegerField()),
                        ("words", models.TextField()),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="relations.conversation",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["conversation", "-id"], name="note_of_conversation"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("words__regex", "[^[:space:]]")),
                                name="note_has_words",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Mention",
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
                        ("ended_at", models.DateTimeField(null=True)),
                        ("ended_how", models.TextField(blank=True, default="")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mentions",
                                to="relations.caseline",
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mentions",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "note",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mentions",
                                to="relations.note",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["officer", "at", "id"],
                                name="mention_open",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("line", None), ("note__isnull", False)),
                                    models.Q(("line__isnull", False), ("note", None)),
                                    _connector="OR",
                                ),
                                name="mention_in_one_note",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("ended_how", "")),
                                    models.Q(
                                        ("ended_at__isnull", False),
                                        ("ended_how__in", ["answered", "put_away"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="mention_ended_somehow",
                            ),
                            models.UniqueConstraint(
                                fields=("line", "officer"), name="mention_once_in_a_line"
                            ),
                            models.UniqueConstraint(
                                fields=("note", "officer"), name="mention_once_in_a_note"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OfficerSkills",
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
                            "skills",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(
                                    choices=[
                                        ("spanish", "Spanish"),
                                        ("coding", "Coding"),
                                        ("clinical", "Clinical"),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="skills",
                            ),
                        ),
                        (
                            "desks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(
                                    choices=[
                                        ("front", "Front desk"),
                                        ("billing", "Billing desk"),
                                        ("records", "Records desk"),
                                        ("relations", "Patient relations"),
                                        ("privacy", "Privacy"),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="desks",
                            ),
                        ),
                        (
                            "kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(
                                    choices=[
                                        ("question", "Question"),
                                        ("request", "Request"),
                                        ("complaint", "Complaint"),
                                        ("grievance", "Grievance"),
                                        ("billing_dispute", "Billing dispute"),
                                        ("records_request", "Records request"),
                                        ("call_back", "Call back"),
                                        ("task", "Task"),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="kinds of case",
                            ),
                        ),
                        (
                            "officer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="officer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "skills of an officer",
                        "verbose_name_plural": "skills of officers",
                    },
                ),
                migrations.CreateModel(
                    name="Opened",
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
                        ("account_id", models.BigIntegerField()),
                        ("name", models.TextField()),
                        ("at", models.DateTimeField()),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opened",
                                to="relations.message",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("message", "account_id"), name="opened_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Paper",
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
                        ("pdf", models.BinaryField()),
                        ("state", models.TextField(default="queued")),
                        ("posted_on", models.DateField(null=True)),
                        ("posted_by_id", models.BigIntegerField(null=True)),
                        ("ended_on", models.DateField(null=True)),
                        ("ended_by_id", models.BigIntegerField(null=True)),
                        ("why", models.TextField(blank=True, default="")),
                        ("desk", models.TextField(blank=True, default="")),
                        ("due_at", models.DateTimeField(null=True)),
                        ("late_at", models.DateTimeField(null=True)),
                        (
                            "message",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="paper",
                                to="relations.message",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="letters",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["queued", "returned"])),
                                fields=["message"],
                                name="paper_is_work",
                            ),
                            models.Index(
                                condition=models.Q(("due_at__isnull", False), ("late_at", None)),
                                fields=["due_at"],
                                name="paper_due",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "queued"),
                                        ("why", ""),
                                        ("posted_by_id", None),
                                        ("posted_on", None),
                                        ("ended_by_id", None),
                                        ("ended_on", None),
                                        (
                                            "desk__in",
                                            ["front", "billing", "records", "relations", "privacy"],
                                        ),
                                        ("due_at__isnull", False),
                                    ),
                                    models.Q(
                                        ("due_at", None),
                                        ("state", "posted"),
                                        ("why", ""),
                                        ("posted_by_id__isnull", False),
                                        ("posted_on__isnull", False),
                                        ("ended_by_id", None),
                                        ("ended_on", None),
                                    ),
                                    models.Q(
                                        ("due_at", None),
                                        ("state", "delivered"),
                                        ("why", ""),
                                        ("posted_by_id__isnull", False),
                                        ("posted_on__isnull", False),
                                        ("ended_by_id__isnull", False),
                                        ("ended_on__isnull", False),
                                    ),
                                    models.Q(
                                        ("state", "returned"),
                                        ("why__regex", "[^[:space:]]"),
                                        ("posted_by_id__isnull", False),
                                        ("posted_on__isnull", False),
                                        ("ended_by_id__isnull", False),
                                        ("ended_on__isnull", False),
                                        (
                                            "desk__in",
                                            ["front", "billing", "records", "relations", "privacy"],
                                        ),
                                        ("due_at__isnull", False),
                                    ),
                                    models.Q(
                                        ("due_at", None),
                                        ("state", "withdrawn"),
                                        ("why", ""),
                                        ("posted_by_id", None),
                                        ("posted_on", None),
                                        ("ended_by_id__isnull", False),
                                        ("ended_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="paper_stands_as_it_is",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("posted_on", None),
                                    ("ended_on", None),
                                    ("ended_on__gte", models.F("posted_on")),
                                    _connector="OR",
                                ),
                                name="paper_ends_after_it_was_posted",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PhoneConsent",
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
                        ("number", models.TextField()),
                        ("given", models.BooleanField()),
                        ("how", models.TextField()),
                        ("evidence", models.TextField()),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="phone_consents",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["patient", "number", "-id"], name="phone_consent_newest"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("evidence__regex", "[^[:space:]]")),
                                name="phone_consent_has_evidence",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("by_id__isnull", False),
                                        ("how__in", ["desk", "form", "check-in"]),
                                    ),
                                    models.Q(
                                        ("by_id", None),
                                        ("how__in", ["account", "before", "record"]),
                                    ),
                                    ("how", "import"),
                                    _connector="OR",
                                ),
                                name="phone_consent_said_somehow",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Received",
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
                        ("channel", models.TextField(default="sms")),
                        ("carrier_id", models.TextField(unique=True)),
                        ("sender", models.TextField()),
                        ("subject", models.TextField(blank=True, default="")),
                        (
                            "attached",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("body", models.TextField(blank=True)),
                        ("at", models.DateTimeField()),
                        ("meaning", models.TextField()),
                        ("work", models.BooleanField()),
                        ("wrote", models.TextField(blank=True, default="")),
                        ("account_id", models.BigIntegerField(null=True)),
                        ("answer_by", models.DateTimeField(null=True)),
                        ("about_kind", models.TextField(blank=True, default="")),
                        ("about_id", models.BigIntegerField(null=True)),
                        ("about_at", models.DateTimeField(null=True)),
                        ("about_by_id", models.BigIntegerField(null=True)),
                        ("desk", models.TextField(blank=True, default="")),
                        ("late_at", models.DateTimeField(null=True)),
                        ("handled_at", models.DateTimeField(null=True)),
                        ("handled_by_id", models.BigIntegerField(null=True)),
                        ("handled_why", models.TextField(blank=True, default="")),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="received",
                                to="relations.conversation",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="received",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="texts_received",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("handled_at", None), ("work", True)),
                                fields=["at", "id"],
                                name="received_open",
                            ),
                            models.Index(fields=["sender", "-id"], name="received_from"),
                            models.Index(
                                condition=models.Q(("about_id__isnull", False)),
                                fields=["about_kind", "about_id"],
                                name="received_about",
                            ),
                            models.Index(
                                fields=["conversation", "-at", "-id"],
                                name="received_in_conversation",
                            ),
                            models.Index(
                                condition=models.Q(("handled_at", None), ("work", True)),
                                fields=["answer_by", "id"],
                                name="received_due",
                            ),
                            models.Index(
                                condition=models.Q(("handled_at", None), ("work", True)),
                                fields=["conversation", "at"],
                                name="received_waiting",
                            ),
                            models.Index(
                                condition=models.Q(("channel", "portal"), ("handled_at", None)),
                                fields=["answer_by"],
                                name="received_to_answer",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("meaning__in", ["stop", "start", "help", "other", "machine"])
                                ),
                                name="received_meaning_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("meaning", "other"), _negated=True),
                                    ("work", True),
                                    _connector="OR",
                                ),
                                name="received_other_is_work",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("channel", "sms"),
                                        ("sender__regex", "^\\+[1-9][0-9]{6,14}$"),
                                    ),
                                    models.Q(("channel", "email"), ("sender__contains", "@")),
                                    models.Q(
                                        ("channel", "portal"), ("sender__regex", "^thread:[0-9]+$")
                                    ),
                                    models.Q(
                                        ("channel", "letter"),
                                        ("patient__isnull", False),
                                        ("sender__regex", "[^[:space:]]"),
                                    ),
                                    _connector="OR",
                                ),
                                name="received_from_an_address",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("account_id__isnull", False),
                                        ("answer_by__isnull", False),
                                        ("channel", "portal"),
                                        ("patient__isnull", False),
                                        models.Q(("wrote", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("channel", "portal"), _negated=True),
                                        ("account_id", None),
                                        ("wrote", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="received_in_an_account_from_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("about_id", None), ("about_kind", "")),
                                    models.Q(
                                        ("about_at__isnull", False),
                                        ("about_id__isnull", False),
                                        ("about_kind__in", ("appointment", "statement")),
                                        ("patient__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="received_about_a_kind_and_a_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("work", False),
                                    ("handled_at__isnull", False),
                                    models.Q(
                                        ("answer_by__isnull", False),
                                        (
                                            "desk__in",
                                            ["front", "billing", "records", "relations", "privacy"],
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="received_waits_with_a_desk_and_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("handled_at", None),
                                        ("handled_by_id", None),
                                        ("handled_why", ""),
                                    ),
                                    models.Q(
                                        ("handled_at__isnull", False),
                                        ("handled_by_id__isnull", False),
                                        models.Q(("handled_why", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="received_handled_for_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="File",
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
                        ("state", models.TextField(default="waiting")),
                        ("raw", models.BinaryField(null=True)),
                        ("place", models.TextField(blank=True, default="")),
                        ("media", models.TextField(blank=True, default="")),
                        ("content", models.BinaryField(null=True)),
                        ("why", models.TextField(blank=True, default="")),
                        ("document_id", models.BigIntegerField(null=True, unique=True)),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("due_at", models.DateTimeField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("decided_by_id", models.BigIntegerField(null=True)),
                        (
                            "received",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="relations.received",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["received", "id"], name="files_of_message"),
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["due_at"],
                                name="files_waiting",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="file_named"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("due_at__isnull", False),
                                        ("settled_at", None),
                                        ("state", "waiting"),
                                        ("content", None),
                                        ("decided_by_id", None),
                                        ("document_id", None),
                                        ("media", ""),
                                        ("why", ""),
                                        models.Q(
                                            models.Q(("place", ""), ("raw__isnull", False)),
                                            models.Q(
                                                ("raw", None),
                                                models.Q(("place", ""), _negated=True),
                                            ),
                                            _connector="OR",
                                        ),
                                    ),
                                    models.Q(
                                        ("due_at", None),
                                        ("place", ""),
                                        ("raw", None),
                                        ("settled_at__isnull", False),
                                        models.Q(
                                            models.Q(
                                                ("content__isnull", False),
                                                ("document_id", None),
                                                ("state", "kept"),
                                                ("why", ""),
                                                ("decided_by_id", None),
                                                ("media__in", ["image/jpeg", "application/pdf"]),
                                            ),
                                            models.Q(
                                                ("content", None),
                                                ("document_id__isnull", False),
                                                ("state", "handed_on"),
                                                ("why", ""),
                                            ),
                                            models.Q(
                                                ("content", None),
                                                ("decided_by_id", None),
                                                ("document_id", None),
                                                ("state", "refused"),
                                                (
                                                    "why__in",
                                                    [
                                                        "empty",
                                                        "no_file",
                                                        "too_large",
                                                        "too_many_pages",
                                                        "locked",
                                                        "acts",
                                                        "unreadable",
                                                        "busy",
                                                        "not_fetched",
                                                        "elsewhere",
                                                        "too_many",
                                                    ],
                                                ),
                                            ),
                                            models.Q(
                                                ("content", None),
                                                ("document_id", None),
                                                ("state", "thrown_away"),
                                                ("why", ""),
                                                ("decided_by_id__isnull", False),
                                            ),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="file_stands_as_it_is",
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
                        ("channel", models.TextField()),
                        ("address", models.TextField()),
                        ("purpose", models.TextField()),
                        ("given", models.BooleanField()),
                        ("how", models.TextField()),
                        ("evidence", models.TextField()),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        (
                            "patient",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "received",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to="relations.received",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["channel", "address", "purpose", "-id"],
                                name="consent_newest",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("channel__in", ["sms", "email", "voice"])),
                                name="consent_channel_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("purpose__in", ["care", "billing", "marketing", "survey"])
                                ),
                                name="consent_purpose_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("evidence__regex", "[^[:space:]]")),
                                name="consent_has_evidence",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("by_id", None),
                                        ("how", "text"),
                                        ("received__isnull", False),
                                    ),
                                    models.Q(("by_id__isnull", False), ("how", "told")),
                                    models.Q(("by_id", None), ("given", False), ("how", "carrier")),
                                    models.Q(
                                        ("by_id", None), ("how", "page"), ("patient__isnull", False)
                                    ),
                                    models.Q(
                                        ("by_id", None),
                                        ("channel", "email"),
                                        ("given", False),
                                        ("how__in", ["link", "complaint"]),
                                    ),
                                    models.Q(
                                        ("by_id", None),
                                        ("channel", "voice"),
                                        ("given", False),
                                        ("how", "key"),
                                    ),
                                    _connector="OR",
                                ),
                                name="consent_said_somehow",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("given", False),
                                    ("how", "text"),
                                    ("purpose__in", ["marketing", "survey"]),
                                    ("channel__in", ["email", "voice"]),
                                    _connector="OR",
                                ),
                                name="consent_given_back_by_the_patient",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("channel", "voice"),
                                    ("given", True),
                                    ("purpose", "marketing"),
                                    _negated=True,
                                ),
                                name="consent_to_advertise_aloud_in_writing",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Routine",
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
                        ("name", models.TextField(unique=True, verbose_name="name")),
                        (
                            "kind",
                            models.TextField(
                                blank=True,
                                choices=[
                                    ("question", "Question"),
                                    ("request", "Request"),
                                    ("complaint", "Complaint"),
                                    ("grievance", "Grievance"),
                                    ("billing_dispute", "Billing dispute"),
                                    ("records_request", "Records request"),
                                    ("call_back", "Call back"),
                                    ("task", "Task"),
                                ],
                                default="",
                                verbose_name="kind of case",
                            ),
                        ),
                        (
                            "roles",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(
                                    choices=[
                                        ("officer", "officer"),
                                        ("biller", "biller"),
                                        ("clinician", "clinician"),
                                        ("manager", "manager"),
                                        ("privacy", "privacy"),
                                        ("administrator", "administrator"),
                                    ]
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="roles",
                            ),
                        ),
                        ("note", models.TextField(blank=True, default="", verbose_name="note")),
                        ("take", models.BooleanField(default=False, verbose_name="take it")),
                        (
                            "desk",
                            models.TextField(
                                blank=True,
                                choices=[
                                    ("front", "Front desk"),
                                    ("billing", "Billing desk"),
                                    ("records", "Records desk"),
                                    ("relations", "Patient relations"),
                                    ("privacy", "Privacy"),
                                ],
                                default="",
                                verbose_name="send it to the desk",
                            ),
                        ),
                        (
                            "waits_for",
                            models.TextField(
                                blank=True,
                                choices=[
                                    ("patient", "the patient"),
                                    ("payer", "the payer"),
                                    ("clinician", "a clinician"),
                                    ("outside", "somebody outside"),
                                ],
                                default="",
                                verbose_name="let it wait for",
                            ),
                        ),
                        (
                            "snooze_days",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="set it aside (days)"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "several acts at once",
                        "verbose_name_plural": "several acts at once",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("note__regex", "[^[:space:]]"),
                                    ("take", True),
                                    models.Q(("desk", ""), _negated=True),
                                    models.Q(("waits_for", ""), _negated=True),
                                    ("snooze_days__isnull", False),
                                    _connector="OR",
                                ),
                                name="routine_does_something",
                                violation_error_message="It does nothing yet: choose an act, or write a note.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("take", False), ("desk", ""), _connector="OR"),
                                name="routine_takes_or_sends",
                                violation_error_message="Take it, or send it to a desk: not both.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("snooze_days", None),
                                    models.Q(("snooze_days__gte", 1), ("snooze_days__lte", 30)),
                                    _connector="OR",
                                ),
                                name="routine_snoozes_some_days",
                                violation_error_message="Set it aside: 1 to 30 days.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
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
                        ("filters", models.JSONField()),
                        ("desk", models.TextField(blank=True, default="")),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_views",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "desk__in",
                                        ["", "front", "billing", "records", "relations", "privacy"],
                                    )
                                ),
                                name="saved_view_desk_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name__regex", "[^[:space:]]")),
                                name="saved_view_has_a_name",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("desk", ""), _negated=True),
                                fields=("desk", "name"),
                                name="saved_view_of_desk_once",
                            ),
                            models.UniqueConstraint(
                                fields=("officer", "name"), name="saved_view_name_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScriptLine",
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
                            "caller",
                            models.TextField(
                                choices=[
                                    ("patient", "The patient"),
                                    ("acts_for", "Acts for the patient"),
                                    ("provider", "Provider's office"),
                                    ("payer", "Payer"),
                                    ("unknown", "Somebody else, or unclear"),
                                ],
                                verbose_name="who calls",
                            ),
                        ),
                        (
                            "asks",
                            models.TextField(
                                choices=[
                                    ("caller_name", "who is calling"),
                                    ("patient_name", "the patient's name"),
                                    ("birth_date", "the birth date"),
                                    ("one_more", "one more identifier"),
                                    ("relation", "how they are related"),
                                    ("authority", "whether they may act"),
                                    ("office", "which office"),
                                    ("reference", "the claim or reference number"),
                                    ("purpose", "what it is about"),
                                    ("call_back", "where to call back"),
                                    ("told", "what may be said afterwards"),
                                ],
                                verbose_name="asks for",
                            ),
                        ),
                        (
                            "place",
                            models.PositiveSmallIntegerField(verbose_name="place in the order"),
                        ),
                        ("ask_en", models.TextField(verbose_name="what the officer does")),
                        ("say_en", models.TextField(verbose_name="read out in English")),
                        ("say_es", models.TextField(verbose_name="read out in Spanish")),
                    ],
                    options={
                        "verbose_name": "line of the script of a call",
                        "verbose_name_plural": "script of a call",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("caller", "asks"), name="script_asks_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "caller__in",
                                        ["patient", "acts_for", "provider", "payer", "unknown"],
                                    )
                                ),
                                name="script_caller_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "asks__in",
                                        [
                                            "told",
                                            "caller_name",
                                            "patient_name",
                                            "birth_date",
                                            "one_more",
                                            "relation",
                                            "authority",
                                            "office",
                                            "reference",
                                            "purpose",
                                            "call_back",
                                        ],
                                    )
                                ),
                                name="script_asks_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceLevel",
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
                                blank=True,
                                choices=[
                                    ("question", "Question"),
                                    ("request", "Request"),
                                    ("complaint", "Complaint"),
                                    ("grievance", "Grievance"),
                                    ("billing_dispute", "Billing dispute"),
                                    ("records_request", "Records request"),
                                    ("call_back", "Call back"),
                                    ("task", "Task"),
                                ],
                                default="",
                                verbose_name="kind of case",
                            ),
                        ),
                        (
                            "desk",
                            models.TextField(
                                blank=True,
                                choices=[
                                    ("front", "Front desk"),
                                    ("billing", "Billing desk"),
                                    ("records", "Records desk"),
                                    ("relations", "Patient relations"),
                                    ("privacy", "Privacy"),
                                ],
                                default="",
                                verbose_name="desk",
                            ),
                        ),
                        (
                            "first_answer",
                            models.PositiveIntegerField(verbose_name="first answer (minutes)"),
                        ),
                        (
                            "resolution",
                            models.PositiveIntegerField(verbose_name="settled (minutes)"),
                        ),
                        ("valid_from", models.DateField(verbose_name="in force from")),
                    ],
                    options={
                        "verbose_name": "service level",
                        "verbose_name_plural": "service levels",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "desk", "valid_from"),
                                name="service_level_once_a_day",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Spoken",
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
                        ("tries", models.PositiveSmallIntegerField(default=1)),
                        ("carrier_id", models.TextField()),
                        ("stage", models.TextField(blank=True, default="")),
                        ("turn", models.PositiveSmallIntegerField(default=0)),
                        ("misses", models.PositiveSmallIntegerField(default=0)),
                        ("readings", models.PositiveSmallIntegerField(default=0)),
                        (
                            "says",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        (
                            "course",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("came", models.TextField(blank=True, default="")),
                        ("status", models.TextField(blank=True, default="")),
                        ("at", models.DateTimeField()),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="spoken",
                                to="relations.message",
                            ),
                        ),
                        (
                            "outgoing",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="spoken",
                                to="ground.outgoing",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["message", "id"], name="spoken_of_message")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("stage__in", ["", "greeted", "asked", "read", "ended"])
                                ),
                                name="spoken_stage_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "came__in",
                                        [
                                            "",
                                            "confirmed",
                                            "call_back",
                                            "no_more",
                                            "heard",
                                            "voicemail",
                                            "not_said",
                                            "not_them",
                                            "not_true",
                                            "not_heard",
                                        ],
                                    )
                                ),
                                name="spoken_came_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TextVersion",
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
                        ("language", models.TextField()),
                        ("number", models.PositiveIntegerField()),
                        ("subject", models.TextField(blank=True, default="")),
                        ("body", models.TextField(blank=True, default="")),
                        ("state", models.TextField(default="draft")),
                        ("shipped", models.BooleanField(default=False)),
                        ("renews", models.BooleanField(default=False)),
                        ("edition", models.PositiveIntegerField(default=1)),
                        ("made_at", models.DateTimeField()),
                        (
                            "authors",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("reviewed_at", models.DateTimeField(null=True)),
                        ("reviewed_by_id", models.BigIntegerField(null=True)),
                        ("note", models.TextField(blank=True, default="")),
                        (
                            "translates",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="translations",
                                to="relations.textversion",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("text", "language", "number"),
                                name="text_version_number_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["draft", "review"])),
                                fields=("text", "language"),
                                name="text_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["draft", "review", "approved"])),
                                name="text_version_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "es"])),
                                name="text_language_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("language", "en"), ("translates", None)),
                                    models.Q(
                                        models.Q(("language", "en"), _negated=True),
                                        ("renews", False),
                                        ("translates__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="text_translates_english",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "approved"), _negated=True),
                                    models.Q(
                                        ("body__regex", "[^[:space:]]"),
                                        ("reviewed_at__isnull", False),
                                        models.Q(
                                            models.Q(
                                                ("authors", []),
                                                ("reviewed_by_id", None),
                                                ("shipped", True),
                                            ),
                                            models.Q(
                                                ("authors__len__gt", 0),
                                                ("reviewed_by_id__isnull", False),
                                                ("shipped", False),
                                            ),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="text_approved_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Letter",
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
                        ("kind", models.TextField()),
                        ("language", models.CharField(max_length=2)),
                        ("subject", models.TextField()),
                        ("body", models.TextField()),
                        ("grade", models.DecimalField(decimal_places=1, max_digits=5)),
                        ("measure", models.TextField()),
                        ("drafted_at", models.DateTimeField()),
                        ("drafted_by_id", models.BigIntegerField(null=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("sent_by_id", models.BigIntegerField(null=True)),
                        ("way", models.TextField(blank=True, default="")),
                        ("certified", models.TextField(blank=True, default="")),
                        ("delivered_at", models.DateTimeField(null=True)),
                        ("delivered_how", models.TextField(blank=True, default="")),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="letters",
                                to="relations.case",
                            ),
                        ),
                        (
                            "message",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="letter",
                                to="relations.message",
                            ),
                        ),
                        (
                            "wording",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="letters",
                                to="relations.textversion",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["case", "-id"], name="letter_of_case")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["answer", "still_open"])),
                                name="letter_kind_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("measure__in", ["flesch_kincaid", "fernandez_huerta"])
                                ),
                                name="letter_measured",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("certified", ""),
                                        ("message", None),
                                        ("sent_at", None),
                                        ("way", ""),
                                    ),
                                    models.Q(
                                        ("certified", ""),
                                        ("message__isnull", False),
                                        ("sent_at__isnull", False),
                                        ("way", "email"),
                                    ),
                                    models.Q(
                                        ("certified__regex", "[^[:space:]]"),
                                        ("message", None),
                                        ("sent_at__isnull", False),
                                        ("way", "post"),
                                    ),
                                    _connector="OR",
                                ),
                                name="letter_left_somehow",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("delivered_at", None), ("delivered_how", "")),
                                    models.Q(
                                        ("delivered_at__isnull", False),
                                        ("delivered_how", "reply"),
                                        ("way", "email"),
                                    ),
                                    models.Q(
                                        ("delivered_at__isnull", False),
                                        ("delivered_how", "certified"),
                                        ("way", "post"),
                                    ),
                                    _connector="OR",
                                ),
                                name="letter_arrival_is_proven",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Thread",
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
                        ("topic", models.TextField()),
                        ("subject", models.TextField()),
                        ("about_kind", models.TextField(blank=True, default="")),
                        ("about_id", models.BigIntegerField(null=True)),
                        ("opened_at", models.DateTimeField()),
                        ("last_at", models.DateTimeField()),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="threads",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["patient", "-last_at", "-id"], name="thread_of_patient"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "topic__in",
                                        ["visit", "bill", "records", "complaint", "other"],
                                    )
                                ),
                                name="thread_topic_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("subject__regex", "[^[:space:]]")),
                                name="thread_has_a_subject",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("about_id", None), ("about_kind", "")),
                                    models.Q(
                                        ("about_id__isnull", False),
                                        ("about_kind__in", ("appointment", "statement")),
                                    ),
                                    _connector="OR",
                                ),
                                name="thread_about_a_kind_and_a_number",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AddressCode",
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
                        ("salt", models.BinaryField()),
                        ("digest", models.BinaryField()),
                        ("sent_at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField()),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("used_at", models.DateTimeField(null=True)),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="address_codes",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["patient", "-sent_at"], name="address_code_of_patient"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("channel__in", ["sms", "email"])),
                                name="address_code_channel_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("tries__gte", 0), ("tries__lte", 5)),
                                name="address_code_tries_counted",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("used_at", None)),
                                fields=("patient", "channel", "address"),
                                name="address_code_one_open",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
