import almoner.scheduling.models
import almoner.scheduling.rules.waitlist
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("scheduling", "0001_initial")]

    dependencies = [
        ("facility", "0001_tables"),
        ("patients", "0001_tables"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Appointment",
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
                        ("ends_at", models.DateTimeField()),
                        ("local_day", models.DateField()),
                        ("local_time", models.TimeField()),
                        ("time_zone", models.TextField()),
                        (
                            "status",
                            models.TextField(
                                choices=[
                                    ("booked", "Booked"),
                                    ("arrived", "Arrived"),
                                    ("completed", "Completed"),
                                    ("cancelled", "Cancelled"),
                                    ("no_show", "No Show"),
                                ],
                                default="booked",
                            ),
                        ),
                        ("lane", models.PositiveSmallIntegerField(default=0)),
                        ("overbook_reason", models.TextField(blank=True, default="")),
                        ("note", models.TextField(blank=True, default="")),
                        ("booked_by_id", models.BigIntegerField(null=True)),
                        ("booked_at", models.DateTimeField()),
                        ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                        ("cancel_reason", models.TextField(blank=True, default="")),
                        ("cancel_note", models.TextField(blank=True, default="")),
                        ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                        ("request_key", models.TextField(blank=True, null=True)),
                        (
                            "clinician",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointments",
                                to="facility.clinician",
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.device",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.location"
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointments",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "room",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.room",
                            ),
                        ),
                        (
                            "visit_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.visittype"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["location", "local_day", "starts_at"],
                                name="appointment_of_day",
                            ),
                            models.Index(
                                fields=["clinician", "local_day"], name="appointment_of_clinician"
                            ),
                            models.Index(
                                fields=["patient", "-starts_at"], name="appointment_of_patient"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("request_key",), name="appointment_request_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                                name="appointment_end_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        ["booked", "arrived", "completed", "cancelled", "no_show"],
                                    )
                                ),
                                name="appointment_status_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("lane", 0),
                                    models.Q(("overbook_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="appointment_overbooked_for_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("cancelled_at__isnull", False), ("status", "cancelled")
                                    ),
                                    models.Q(
                                        models.Q(("status", "cancelled"), _negated=True),
                                        ("cancelled_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="appointment_cancelled_has_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FreedPlace",
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
                        ("local_day", models.DateField()),
                        ("since", models.DateTimeField()),
                        ("until", models.DateTimeField()),
                        ("freed_at", models.DateTimeField()),
                        ("event_id", models.BigIntegerField()),
                        ("barred", models.TextField(blank=True, default="")),
                        ("settled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "clinician",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.clinician"
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.location"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("settled_at", None)),
                                fields=["since"],
                                name="freed_place_open",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until__gt", models.F("since"))),
                                name="freed_place_end_after_start",
                            ),
                            models.UniqueConstraint(
                                fields=("event_id", "clinician", "location", "since"),
                                name="freed_place_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlaceOffer",
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
                        ("ends_at", models.DateTimeField()),
                        ("local_day", models.DateField()),
                        ("local_time", models.TimeField()),
                        ("time_zone", models.TextField()),
                        ("made_at", models.DateTimeField()),
                        ("made_by_id", models.BigIntegerField(null=True)),
                        ("expires_at", models.DateTimeField()),
                        (
                            "state",
                            models.TextField(
                                default=almoner.scheduling.rules.waitlist.OfferState["OPEN"]
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("answered_by_id", models.BigIntegerField(null=True)),
                        (
                            "appointment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="offers",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "clinician",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.clinician"
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.device",
                            ),
                        ),
                        (
                            "freed",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="offers",
                                to="scheduling.freedplace",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.location"
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="place_offers",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "room",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.room",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="offers",
                                to="scheduling.waitentry",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["expires_at"],
                                name="place_offer_open",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        ["open", "accepted", "declined", "expired", "withdrawn"],
                                    )
                                ),
                                name="place_offer_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("appointment__isnull", False),
                                        (
                                            "state",
                                            almoner.scheduling.rules.waitlist.OfferState[
                                                "ACCEPTED"
                                            ],
                                        ),
                                    ),
                                    models.Q(
                                        models.Q(
                                            (
                                                "state",
                                                almoner.scheduling.rules.waitlist.OfferState[
                                                    "ACCEPTED"
                                                ],
                                            ),
                                            _negated=True,
                                        ),
                                        ("appointment", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="place_offer_accepted_is_a_visit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("expires_at__gt", models.F("made_at")),
                                    ("expires_at__lte", models.F("starts_at")),
                                ),
                                name="place_offer_ends_before_its_visit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answered_at", None),
                                        (
                                            "state",
                                            almoner.scheduling.rules.waitlist.OfferState["OPEN"],
                                        ),
                                    ),
                                    models.Q(
                                        models.Q(
                                            (
                                                "state",
                                                almoner.scheduling.rules.waitlist.OfferState[
                                                    "OPEN"
                                                ],
                                            ),
                                            _negated=True,
                                        ),
                                        ("answered_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="place_offer_answered_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("entry",),
                                name="place_offer_one_at_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hold",
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
                            models.SmallIntegerField(
                                choices=[
                                    (1, "Clinician"),
                                    (2, "Room"),
                                    (3, "Device"),
                                    (4, "Patient"),
                                ]
                            ),
                        ),
                        ("resource_id", models.BigIntegerField()),
                        ("lane", models.PositiveSmallIntegerField(default=0)),
                        ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                        ("live", models.BooleanField(default=True)),
                        (
                            "appointment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="holds",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "offer",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="holds",
                                to="scheduling.placeoffer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("offer__isnull", False)),
                                fields=["offer"],
                                name="hold_of_offer",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("appointment__isnull", False), ("offer", None)),
                                    models.Q(("appointment", None), ("offer__isnull", False)),
                                    _connector="OR",
                                ),
                                name="hold_of_a_visit_or_an_offer",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                condition=models.Q(("live", True)),
                                expressions=[
                                    ("kind", "="),
                                    ("resource_id", "="),
                                    ("lane", "="),
                                    ("during", "&&"),
                                ],
                                name="hold_resource_free",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResourceDay",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "kind",
                                "local_day",
                                "resource_id",
                                "location_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "kind",
                            models.SmallIntegerField(
                                choices=[
                                    (1, "Clinician"),
                                    (2, "Room"),
                                    (3, "Device"),
                                    (4, "Patient"),
                                ]
                            ),
                        ),
                        ("local_day", models.DateField()),
                        ("resource_id", models.BigIntegerField()),
                        ("midnight", models.DateTimeField()),
                        ("free", almoner.scheduling.models.Ticks()),
                        ("template", almoner.scheduling.models.Ticks()),
                        (
                            "location",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.location",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "scheduling_resource_day",
                    },
                ),
                migrations.CreateModel(
                    name="WaitEntry",
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
                            "clinician_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "location_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "weekdays",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("since", models.TimeField(blank=True, null=True)),
                        ("until", models.TimeField(blank=True, null=True)),
                        ("last_day", models.DateField()),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(
                                default=almoner.scheduling.rules.waitlist.Priority["ROUTINE"]
                            ),
                        ),
                        ("reason", models.TextField(blank=True, default="")),
                        ("note", models.TextField(blank=True, default="")),
                        ("added_at", models.DateTimeField()),
                        ("added_by_id", models.BigIntegerField(null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_by_id", models.BigIntegerField(null=True)),
                        ("ended", models.TextField(blank=True, default="")),
                        ("ended_why", models.TextField(blank=True, default="")),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="waits",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="waits",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "visit_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.visittype"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["priority", "added_at", "id"],
                                name="wait_entry_in_order",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "priority",
                                        almoner.scheduling.rules.waitlist.Priority["ROUTINE"],
                                    ),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="wait_entry_hurries_for_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("priority__in", [1, 2, 3])),
                                name="wait_entry_priority_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended", ""), ("ended_at", None)),
                                    models.Q(
                                        ("ended__in", ["booked", "removed", "left", "visit_gone"]),
                                        ("ended_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="wait_entry_ended_somehow",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "ended",
                                            almoner.scheduling.rules.waitlist.Ended["REMOVED"],
                                        ),
                                        _negated=True,
                                    ),
                                    models.Q(("ended_why", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="wait_entry_removed_for_a_reason",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None), ("visit", None)),
                                fields=("patient", "visit_type"),
                                name="wait_entry_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("visit",),
                                name="wait_entry_of_visit_once",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
