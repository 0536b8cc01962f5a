"""Messages in accounts, as the patients' role may read them, and what is typed and not sent."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

OWN = "(patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[]))"
MINE = f"{OWN[:-1]} AND channel = 'portal')"
GRANTS = {
    "relations_thread": "id, patient_id, topic, subject, opened_at, last_at",
    "relations_received": "id, patient_id, channel, sender, body, at, wrote, account_id, answer_by,"
    " handled_at",
    "relations_message": "id, patient_id, channel, address, body, written_at, written_by_id",
    "relations_opened": "id, message_id, account_id, at",
    "portal_draft": "id, account_id, patient_id, thread_id, topic, subject, words, key, saved_at",
}
RULES = {
    "relations_thread": OWN,
    "relations_received": MINE,
    "relations_message": MINE,
    # Of the messages that can be read; as the patients' role, so by their own rule.
    "relations_opened": "(EXISTS (SELECT FROM relations_message m WHERE m.id = message_id))",
    "portal_draft": OWN,
}
FORWARD = [
    *(
        f"GRANT SELECT ({columns}) ON {table} TO almoner_patient"
        for table, columns in GRANTS.items()
    ),
    *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in RULES),
    *(
        f"CREATE POLICY of_whom_the_session_acts_for ON {table}"
        f" FOR SELECT TO almoner_patient USING {rule}"
        for table, rule in RULES.items()
    ),
]
BACK = [
    *(f"DROP POLICY of_whom_the_session_acts_for ON {table}" for table in RULES),
    *(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY" for table in RULES),
    *(f"REVOKE ALL ON {table} FROM almoner_patient" for table in GRANTS),
]


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0003_pairs"),
        ("portal", "0012_booking_and_places"),
        ("relations", "0011_messages_in_accounts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="acting",
            name="parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(
                    choices=[
                        ("visits", "visits"),
                        ("forms", "forms"),
                        ("bills", "bills"),
                        ("messages", "messages"),
                        ("looks", "looks"),
                    ]
                ),
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(
                    choices=[
                        ("visits", "visits"),
                        ("forms", "forms"),
                        ("bills", "bills"),
                        ("messages", "messages"),
                        ("looks", "looks"),
                    ]
                ),
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="minorterms",
            name="parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(
                    choices=[
                        ("visits", "visits"),
                        ("forms", "forms"),
                        ("bills", "bills"),
                        ("messages", "messages"),
                        ("looks", "looks"),
                    ]
                ),
                blank=True,
                default=list,
                help_text="visits, forms, bills, messages, looks; separated by commas; nothing when empty",
                size=None,
                verbose_name="what they may see",
            ),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("thread_id", models.BigIntegerField(null=True)),
                ("topic", models.TextField(blank=True, default="")),
                ("subject", models.TextField(blank=True, default="")),
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
        migrations.RunSQL(FORWARD, BACK),
    ]
