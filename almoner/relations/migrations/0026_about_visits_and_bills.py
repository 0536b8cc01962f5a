"""What words are about; and the database counts the texts a number gets."""

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models

# What is said to be about a visit or bill is about one of the very patient, as the log knows it.
THEIRS = """
    CREATE FUNCTION relations_about_is_theirs() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        said jsonb := to_jsonb(NEW);
        wanted text := coalesce(said ->> 'about_kind', 'statement');
        which bigint := coalesce(said ->> 'about_id', said ->> 'statement_id')::bigint;
    BEGIN
        IF NOT EXISTS (SELECT FROM ground_event
                        WHERE about_kind = wanted AND about_id = which
                          AND patient_id = NEW.patient_id) THEN
            RAISE EXCEPTION 'the % with the number % is not of this patient', wanted, which
                USING ERRCODE = 'check_violation', CONSTRAINT = 'about_is_theirs';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER relations_thread_about_is_theirs
        BEFORE INSERT OR UPDATE OF about_kind, about_id, patient_id ON relations_thread
        FOR EACH ROW WHEN (NEW.about_id IS NOT NULL) EXECUTE FUNCTION relations_about_is_theirs();
    CREATE TRIGGER relations_received_about_is_theirs
        BEFORE INSERT OR UPDATE OF about_kind, about_id, patient_id ON relations_received
        FOR EACH ROW WHEN (NEW.about_id IS NOT NULL) EXECUTE FUNCTION relations_about_is_theirs();
    CREATE TRIGGER relations_message_about_is_theirs
        BEFORE INSERT OR UPDATE OF statement_id, patient_id ON relations_message
        FOR EACH ROW WHEN (NEW.statement_id IS NOT NULL)
        EXECUTE FUNCTION relations_about_is_theirs();
"""
NOT_THEIRS = """
    DROP TRIGGER relations_message_about_is_theirs ON relations_message;
    DROP TRIGGER relations_received_about_is_theirs ON relations_received;
    DROP TRIGGER relations_thread_about_is_theirs ON relations_thread;
    DROP FUNCTION relations_about_is_theirs;
"""
# As `rules.limits` decides, so that no row can be written past it: for each purpose so many in a day
# of the recipient's, in every zone they may be in, and in seven days. What did not leave does not
# count. The limits are a setting of the transaction, told with the row: a table of them would be a
# second truth that lags behind the configuration, and has to be kept in step by somebody. Who does
# not tell them gets those of the law, 47 CFR 64.1200(a)(9)(iv): one in a day, three in a week. The
# lock is the one that `one_at_a_time` takes, so that whoever forgot it waits for its holder here.
WITHIN = """
    CREATE FUNCTION relations_counted_within_limits() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        told jsonb := nullif(current_setting('almoner.text_limits', true), '')::jsonb -> NEW.purpose;
        a_day integer := coalesce((told ->> 0)::integer, 1);
        a_week integer := coalesce((told ->> 1)::integer, 3);
        left_at timestamptz[];
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('address ' || NEW.address, 0));
        SELECT coalesce(array_agg(counted.at), '{}') INTO left_at
          FROM relations_counted counted JOIN ground_outgoing item ON item.id = counted.outgoing_id
         WHERE counted.address = NEW.address AND counted.purpose = NEW.purpose
           AND counted.at > NEW.at - interval '168 hours'
           AND counted.outgoing_id <> NEW.outgoing_id
           AND item.state NOT IN ('failed', 'withdrawn');
        IF cardinality(left_at) >= a_week
           OR EXISTS (SELECT FROM unnest(NEW.zones) AS zone
                       WHERE (SELECT count(*) FROM unnest(left_at) AS at
                               WHERE (at AT TIME ZONE zone)::date
                                     = (NEW.at AT TIME ZONE zone)::date) >= a_day) THEN
            RAISE EXCEPTION 'that number got its texts of this purpose'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'counted_within_limits';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER relations_counted_within_limits
        BEFORE INSERT OR UPDATE OF address, purpose, at, zones ON relations_counted
        FOR EACH ROW EXECUTE FUNCTION relations_counted_within_limits();
"""
WITHOUT = """
    DROP TRIGGER relations_counted_within_limits ON relations_counted;
    DROP FUNCTION relations_counted_within_limits;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ground", "0003_withdrawn"),
        ("patients", "0008_whose_a_contact_point_is"),
        ("relations", "0025_answers_to_the_unknown"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="counted",
            name="zones",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), default=["UTC"], size=None
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="message",
            name="statement_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="received",
            name="about_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="received",
            name="about_by_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="received",
            name="about_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="received",
            name="about_kind",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="thread",
            name="about_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="thread",
            name="about_kind",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("visit_id__isnull", False)),
                fields=["visit_id"],
                name="call_of_visit",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("visit_id__isnull", False)),
                fields=["visit_id"],
                name="message_of_visit",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("statement_id__isnull", False)),
                fields=["statement_id"],
                name="message_of_statement",
            ),
        ),
        migrations.AddIndex(
            model_name="received",
            index=models.Index(
                condition=models.Q(("about_id__isnull", False)),
                fields=["about_kind", "about_id"],
                name="received_about",
            ),
        ),
        migrations.AddConstraint(
            model_name="counted",
            constraint=models.CheckConstraint(
                condition=models.Q(("zones", []), _negated=True), name="counted_in_a_zone"
            ),
        ),
        migrations.AddConstraint(
            model_name="received",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
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
        ),
        migrations.RunSQL(THEIRS, NOT_THEIRS),
        migrations.RunSQL(WITHIN, WITHOUT),
    ]
