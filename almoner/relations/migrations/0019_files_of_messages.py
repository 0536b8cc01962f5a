import django.db.models.deletion
from django.db import migrations, models


FORWARD = """
-- As large as what is taken by hand, and of what is handed out only what we make ourselves.
ALTER TABLE relations_file
  ADD CONSTRAINT file_bounded CHECK (octet_length(raw) <= 15728640
      AND octet_length(content) <= 15728640 AND length(name) <= 120 AND length(place) <= 200),
  ADD CONSTRAINT file_shows_what_it_says CHECK (content IS NULL
      OR (media = 'image/jpeg' AND substring(content FROM 1 FOR 3) = '\\xffd8ff'::bytea)
      OR (media = 'application/pdf' AND substring(content FROM 1 FOR 5) = '%PDF-'::bytea));

-- What is settled stays so, under its name; nothing goes to a record unless it is known who wrote.
CREATE FUNCTION relations_file_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'file % is kept, be it by its name', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'file_stays';
    END IF;
    IF TG_OP = 'UPDATE' AND (
           (NEW.id, NEW.received_id, NEW.name) IS DISTINCT FROM (OLD.id, OLD.received_id, OLD.name)
        OR OLD.state IN ('handed_on', 'refused', 'thrown_away')
        OR (OLD.state = 'kept' AND NEW.state NOT IN ('kept', 'handed_on', 'thrown_away'))
        OR (NEW.state = 'kept' AND OLD.state = 'kept'
            AND (NEW.media, NEW.content) IS DISTINCT FROM (OLD.media, OLD.content)))
    THEN
        RAISE EXCEPTION 'file % is settled', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'file_stays';
    END IF;
    IF NEW.state IN ('handed_on', 'thrown_away') AND (NEW.state = 'handed_on') <> EXISTS (
           SELECT FROM relations_received
            WHERE id = NEW.received_id AND patient_id IS NOT NULL)
    THEN
        RAISE EXCEPTION 'file % goes where its message does', NEW.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'file_of_whoever_wrote';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER file_stays BEFORE INSERT OR UPDATE OR DELETE ON relations_file
FOR EACH ROW EXECUTE FUNCTION relations_file_stays();
"""

BACK = """
DROP TRIGGER file_stays ON relations_file;
DROP FUNCTION relations_file_stays();
ALTER TABLE relations_file DROP CONSTRAINT file_bounded, DROP CONSTRAINT file_shows_what_it_says;
"""


class Migration(migrations.Migration):
    """Files of e-mails and texts, kept with them until it is known who wrote."""

    dependencies = [
        ("relations", "0018_first_answers_late"),
    ]

    operations = [
        migrations.CreateModel(
            name="File",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                                    models.Q(("raw", None), models.Q(("place", ""), _negated=True)),
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
        migrations.RunSQL(FORWARD, BACK),
    ]
