"""Parts of a record that somebody outside reads by a patient's code, and that they looked."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


# Whoever reads what was shared acts for nobody (``almoner.people`` is empty), so that every table but
# these shows them nothing, also those that are opened to patients later.
OF = "patient_id = nullif(current_setting('almoner.shared_of', true), '')::bigint"
KINDS = "coalesce(nullif(current_setting('almoner.shared', true), ''), '{}')::text[]"
SHARED = {
    "scheduling_appointment": "visits",
    "records_filling": "documents",
    "records_signature": "documents",
    "coverage_policy": "coverage",
}
LOOK = """
CREATE OR REPLACE VIEW portal_look WITH (security_barrier) AS
SELECT event.id, event.at, seen.patient_id, %(who)s AS officer, %(roles)s AS roles,
       event.screen, event.reason_kind
  FROM access_event event
  %(join)s access_officer officer ON officer.id = event.officer_id
 CROSS JOIN LATERAL unnest(event.patient_ids) AS seen (patient_id)
 WHERE event.patient_ids && coalesce(current_setting('almoner.people', true), '{}')::bigint[]
   AND seen.patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[]);
"""
# Somebody outside is no officer: the log keeps who they say they are as the note.
WITH_GUESTS = LOOK % {
    "who": "CASE WHEN officer.id IS NULL THEN event.note ELSE officer.name END",
    "roles": "CASE WHEN officer.id IS NULL THEN ARRAY['guest']::text[] ELSE officer.roles::text[] END",
    "join": "LEFT JOIN",
}
FORWARD = [
    *(
        f"CREATE POLICY what_was_shared ON {table} FOR SELECT TO almoner_patient"
        f" USING ({OF} AND '{kind}' = ANY ({KINDS}))"
        for table, kind in SHARED.items()
    ),
    WITH_GUESTS,
]
BACK = [
    *(f"DROP POLICY what_was_shared ON {table}" for table in SHARED),
    LOOK % {"who": "officer.name", "roles": "officer.roles", "join": "JOIN"},
]


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0003_pairs"),
        ("portal", "0015_recovery"),
    ]

    operations = [
        migrations.CreateModel(
            name="Share",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                                ("coverage", "coverage"),
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
        ),
        migrations.CreateModel(
            name="Guest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
        ),
        migrations.AddIndex(
            model_name="share",
            index=models.Index(fields=["patient", "-id"], name="portal_share_of_patient"),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("made_at"))),
                name="portal_share_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(("kinds", []), _negated=True), name="portal_share_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(("tries__gte", 0), ("tries__lte", 5)),
                name="portal_share_tries_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="guest",
            constraint=models.CheckConstraint(
                condition=models.Q(("who__regex", "[^[:space:]]")), name="portal_guest_says_who"
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
