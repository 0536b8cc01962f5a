import almoner.facility.models
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("facility", "0005_a_zone_that_is_known")]

    dependencies = []

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Holiday",
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
                        ("day", models.DateField(unique=True, verbose_name="day")),
                        ("name", models.TextField(verbose_name="name")),
                    ],
                    options={
                        "verbose_name": "holiday",
                        "verbose_name_plural": "holidays",
                    },
                ),
                migrations.CreateModel(
                    name="Location",
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
                        ("name", models.TextField(verbose_name="name")),
                        (
                            "short_name",
                            models.CharField(max_length=12, unique=True, verbose_name="short name"),
                        ),
                        (
                            "npi",
                            models.CharField(
                                blank=True, default="", max_length=10, verbose_name="NPI"
                            ),
                        ),
                        (
                            "place_of_service",
                            models.CharField(
                                default="11", max_length=2, verbose_name="place of service"
                            ),
                        ),
                        ("address_line", models.TextField(verbose_name="street and number")),
                        ("city", models.TextField(verbose_name="city")),
                        ("state", models.CharField(max_length=2, verbose_name="state")),
                        ("zip_code", models.CharField(max_length=9, verbose_name="ZIP code")),
                        ("phone", models.TextField(verbose_name="phone")),
                        (
                            "time_zone",
                            models.TextField(default="America/Chicago", verbose_name="time zone"),
                        ),
                    ],
                    options={
                        "verbose_name": "location",
                        "verbose_name_plural": "locations",
                        "constraints": [
                            models.CheckConstraint(
                                condition=almoner.facility.models.KnownZone("time_zone"),
                                name="location_zone",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Device",
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
                        ("name", models.TextField(verbose_name="name")),
                        ("kind", models.TextField(verbose_name="kind")),
                        ("active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="devices",
                                to="facility.location",
                                verbose_name="location",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "device",
                        "verbose_name_plural": "devices",
                    },
                ),
                migrations.CreateModel(
                    name="Organisation",
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
                        ("name", models.TextField(verbose_name="name")),
                        ("npi", models.CharField(max_length=10, verbose_name="NPI")),
                        ("tax_id", models.CharField(max_length=9, verbose_name="tax id")),
                        ("taxonomy", models.CharField(max_length=10, verbose_name="taxonomy code")),
                        ("address_line", models.TextField(verbose_name="street and number")),
                        ("city", models.TextField(verbose_name="city")),
                        ("state", models.CharField(max_length=2, verbose_name="state")),
                        ("zip_code", models.CharField(max_length=9, verbose_name="ZIP code")),
                        ("phone", models.TextField(verbose_name="phone")),
                        (
                            "time_zone",
                            models.TextField(default="America/Chicago", verbose_name="time zone"),
                        ),
                    ],
                    options={
                        "verbose_name": "organisation",
                        "verbose_name_plural": "organisations",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("id", 1)), name="organisation_only_one"
                            ),
                            models.CheckConstraint(
                                condition=almoner.facility.models.KnownZone("time_zone"),
                                name="organisation_zone",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VisitType",
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
                        ("code", models.SlugField(unique=True, verbose_name="short code")),
                        ("name", models.TextField(verbose_name="name")),
                        (
                            "specialty",
                            models.TextField(blank=True, default="", verbose_name="specialty"),
                        ),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(verbose_name="length (minutes)"),
                        ),
                        (
                            "buffer_before",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="kept free before (minutes)"
                            ),
                        ),
                        (
                            "buffer_after",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="kept free after (minutes)"
                            ),
                        ),
                        (
                            "align_minutes",
                            models.PositiveSmallIntegerField(
                                default=5, verbose_name="begins every (minutes)"
                            ),
                        ),
                        (
                            "for_new_patients",
                            models.BooleanField(default=False, verbose_name="for new patients"),
                        ),
                        (
                            "service_type",
                            models.CharField(
                                default="98",
                                max_length=2,
                                verbose_name="service type asked of payers",
                            ),
                        ),
                        (
                            "room_kind",
                            models.TextField(
                                blank=True, default="", verbose_name="kind of room it needs"
                            ),
                        ),
                        (
                            "device_kind",
                            models.TextField(
                                blank=True, default="", verbose_name="kind of device it needs"
                            ),
                        ),
                        (
                            "by_video",
                            models.BooleanField(default=False, verbose_name="held by video"),
                        ),
                        (
                            "notice_minutes",
                            models.PositiveIntegerField(
                                default=0, verbose_name="booked at least so long before (minutes)"
                            ),
                        ),
                        (
                            "horizon_days",
                            models.PositiveSmallIntegerField(
                                default=180, verbose_name="booked at most so far ahead (days)"
                            ),
                        ),
                        (
                            "overbook_lanes",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="extra visits at one time"
                            ),
                        ),
                        (
                            "hue",
                            models.PositiveSmallIntegerField(
                                default=210, verbose_name="colour on the board"
                            ),
                        ),
                        (
                            "retired_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="no longer booked since"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "visit type",
                        "verbose_name_plural": "visit types",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("minutes__gt", 0),
                                    ("minutes__lte", 480),
                                    (
                                        "minutes",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("minutes"), "/", models.Value(5)
                                            ),
                                            "*",
                                            models.Value(5),
                                        ),
                                    ),
                                    (
                                        "buffer_before",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("buffer_before"), "/", models.Value(5)
                                            ),
                                            "*",
                                            models.Value(5),
                                        ),
                                    ),
                                    (
                                        "buffer_after",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("buffer_after"), "/", models.Value(5)
                                            ),
                                            "*",
                                            models.Value(5),
                                        ),
                                    ),
                                ),
                                name="visit_type_five_minute_steps",
                                violation_error_message="Length and what is kept free before and after: steps of 5 minutes, and the length from 5 to 480.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Clinician",
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
                        ("family", models.TextField(verbose_name="family name")),
                        ("given", models.TextField(verbose_name="given name")),
                        (
                            "credentials",
                            models.TextField(blank=True, default="", verbose_name="credentials"),
                        ),
                        ("specialty", models.TextField(verbose_name="specialty")),
                        ("npi", models.CharField(max_length=10, unique=True, verbose_name="NPI")),
                        ("taxonomy", models.CharField(max_length=10, verbose_name="taxonomy code")),
                        (
                            "active",
                            models.BooleanField(default=True, verbose_name="sees patients here"),
                        ),
                        (
                            "visit_types",
                            models.ManyToManyField(
                                related_name="clinicians",
                                to="facility.visittype",
                                verbose_name="visit types",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "clinician",
                        "verbose_name_plural": "clinicians",
                    },
                ),
                migrations.CreateModel(
                    name="Licence",
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
                        ("state", models.CharField(max_length=2, verbose_name="state")),
                        ("number", models.TextField(verbose_name="number")),
                        ("valid_from", models.DateField(verbose_name="in force from")),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="in force until"),
                        ),
                        (
                            "clinician",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="licences",
                                to="facility.clinician",
                                verbose_name="clinician",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "licence",
                        "verbose_name_plural": "licences",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("clinician", "state", "valid_from"),
                                name="licence_once",
                                violation_error_code="licence_once",
                                violation_error_message="State: this clinician has a licence there from that day already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__regex", "^[A-Z]{2}$")),
                                name="licence_state_two_letters",
                                violation_error_message="State: two capital letters.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gt", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="licence_ends_after_start",
                                violation_error_message="In force until: it must be later than from.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HoursException",
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
                        ("day", models.DateField(verbose_name="day")),
                        ("starts", models.TimeField(blank=True, null=True, verbose_name="from")),
                        ("ends", models.TimeField(blank=True, null=True, verbose_name="until")),
                        ("reason", models.TextField(blank=True, default="", verbose_name="reason")),
                        (
                            "clinician",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="exceptions",
                                to="facility.clinician",
                                verbose_name="clinician",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.location",
                                verbose_name="location",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "hours exception",
                        "verbose_name_plural": "hours exceptions",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ends__isnull", True), ("starts__isnull", True)),
                                    models.Q(
                                        ("ends__gt", models.F("starts")),
                                        ("location__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="hours_exception_whole",
                                violation_error_message="Give From, a later Until and the location; or none of the times, for a day away.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Room",
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
                        ("name", models.TextField(verbose_name="name")),
                        ("kind", models.TextField(default="exam", verbose_name="kind")),
                        ("active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rooms",
                                to="facility.location",
                                verbose_name="location",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "room",
                        "verbose_name_plural": "rooms",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("location", "name"),
                                name="room_name_once",
                                violation_error_code="room_name_once",
                                violation_error_message="Name: another room of this location has it already.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WeeklyHours",
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
                        ("valid_from", models.DateField(verbose_name="in force from")),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="in force until"),
                        ),
                        (
                            "clinician",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="weekly_hours",
                                to="facility.clinician",
                                verbose_name="clinician",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.location",
                                verbose_name="location",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "weekly hours",
                        "verbose_name_plural": "weekly hours",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends__gt", models.F("starts"))),
                                name="weekly_hours_end_after_start",
                                violation_error_message="Until: it must be later than From.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("weekday__gte", 1), ("weekday__lte", 7)),
                                name="weekly_hours_weekday",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
