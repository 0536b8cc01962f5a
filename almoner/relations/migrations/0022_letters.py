import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
ALTER TABLE relations_paper ADD CONSTRAINT paper_is_a_pdf
    CHECK (octet_length(pdf) <= 15728640 AND substring(pdf FROM 1 FOR 5) = '%PDF-'::bytea);

-- What was printed stays as it was; a letter goes the way of the post, and no way back.
CREATE FUNCTION relations_paper_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM relations_refuse('paper_stays');
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'queued' OR NOT EXISTS (
            SELECT FROM relations_message WHERE id = NEW.message_id AND channel = 'letter')
        THEN
            PERFORM relations_refuse('paper_of_a_letter');
        END IF;
    ELSIF (NEW.id, NEW.message_id, NEW.pdf) IS DISTINCT FROM (OLD.id, OLD.message_id, OLD.pdf)
        OR (OLD.posted_on IS NOT NULL AND (NEW.posted_on, NEW.posted_by_id)
            IS DISTINCT FROM (OLD.posted_on, OLD.posted_by_id))
        OR (OLD.ended_on IS NOT NULL AND (NEW.ended_on, NEW.ended_by_id, NEW.why)
            IS DISTINCT FROM (OLD.ended_on, OLD.ended_by_id, OLD.why))
    THEN
        PERFORM relations_refuse('paper_stays');
    ELSIF NEW.state <> OLD.state
        AND (OLD.state, NEW.state) NOT IN (('queued', 'posted'), ('queued', 'withdrawn'),
                                           ('posted', 'delivered'), ('posted', 'returned'))
    THEN
        PERFORM relations_refuse('paper_goes_forward');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER paper_stays BEFORE INSERT OR UPDATE OR DELETE ON relations_paper
FOR EACH ROW EXECUTE FUNCTION relations_paper_stays();

-- A letter says what is printed on its paper, and has one once it is written.
CREATE FUNCTION relations_letter_is_its_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM relations_paper WHERE message_id = NEW.id) THEN
            PERFORM relations_refuse('letter_has_its_paper');
        END IF;
    ELSIF (NEW.channel, NEW.patient_id, NEW.address, NEW.language, NEW.subject, NEW.body)
        IS DISTINCT FROM
          (OLD.channel, OLD.patient_id, OLD.address, OLD.language, OLD.subject, OLD.body)
    THEN
        PERFORM relations_refuse('letter_says_what_is_printed');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER letter_has_its_paper AFTER INSERT ON relations_message
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.channel = 'letter')
EXECUTE FUNCTION relations_letter_is_its_paper();
CREATE TRIGGER letter_says_what_is_printed AFTER UPDATE ON relations_message
FOR EACH ROW WHEN (OLD.channel = 'letter' OR NEW.channel = 'letter')
EXECUTE FUNCTION relations_letter_is_its_paper();
"""
BACK = """
DROP TRIGGER letter_says_what_is_printed ON relations_message;
DROP TRIGGER letter_has_its_paper ON relations_message;
DROP FUNCTION relations_letter_is_its_paper();
DROP TRIGGER paper_stays ON relations_paper;
DROP FUNCTION relations_paper_stays();
ALTER TABLE relations_paper DROP CONSTRAINT paper_is_a_pdf;
"""


class Migration(migrations.Migration):
    """Letters of conversations: the paper of each, and how far it has come by post."""

    dependencies = [
        ("ground", "0003_withdrawn"),
        ("patients", "0007_contacts_by_phone"),
        ("relations", "0021_desk_work"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            ],
        ),
        migrations.RemoveConstraint(
            model_name="message",
            name="message_channel_known",
        ),
        migrations.RemoveConstraint(
            model_name="received",
            name="received_from_an_address",
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["sms", "email", "portal", "voice", "letter"])),
                name="message_channel_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="received",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "sms"), ("sender__regex", "^\\+[1-9][0-9]{6,14}$")),
                    models.Q(("channel", "email"), ("sender__contains", "@")),
                    models.Q(("channel", "portal"), ("sender__regex", "^thread:[0-9]+$")),
                    models.Q(
                        ("channel", "letter"),
                        ("patient__isnull", False),
                        ("sender__regex", "[^[:space:]]"),
                    ),
                    _connector="OR",
                ),
                name="received_from_an_address",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="message",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="paper",
                to="relations.message",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "returned"])),
                fields=["message"],
                name="paper_is_work",
            ),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False), ("late_at", None)),
                fields=["due_at"],
                name="paper_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "queued"),
                        ("why", ""),
                        ("posted_by_id", None),
                        ("posted_on", None),
                        ("ended_by_id", None),
                        ("ended_on", None),
                        ("desk__in", ["front", "billing", "records", "relations", "privacy"]),
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
                        ("desk__in", ["front", "billing", "records", "relations", "privacy"]),
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
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("posted_on", None),
                    ("ended_on", None),
                    ("ended_on__gte", models.F("posted_on")),
                    _connector="OR",
                ),
                name="paper_ends_after_it_was_posted",
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
