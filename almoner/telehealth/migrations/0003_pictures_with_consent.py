import django.db.models.deletion
from django.db import migrations, models


FORWARD = """
-- What was asked and what was answered stays: an answer is given once, a picture is kept once.
CREATE FUNCTION telehealth_picture_asked_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.visit_id, NEW.asked_by_id, NEW.asked_at, NEW.text, NEW.language)
          IS DISTINCT FROM
          (OLD.id, OLD.visit_id, OLD.asked_by_id, OLD.asked_at, OLD.text, OLD.language)
       OR (OLD.given IS NOT NULL
           AND (NEW.given, NEW.answered_at) IS DISTINCT FROM (OLD.given, OLD.answered_at))
       OR (OLD.document_id IS NOT NULL AND NEW.document_id IS DISTINCT FROM OLD.document_id)
    THEN
        RAISE EXCEPTION 'what was asked for picture % stays', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'picture_asked_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER picture_asked_stays BEFORE UPDATE OR DELETE ON telehealth_pictureasked
FOR EACH ROW EXECUTE FUNCTION telehealth_picture_asked_stays();
"""

BACK = """
DROP TRIGGER picture_asked_stays ON telehealth_pictureasked;
DROP FUNCTION telehealth_picture_asked_stays();
"""


class Migration(migrations.Migration):
    """One picture of a patient, and never without their yes."""

    dependencies = [
        ("telehealth", "0002_ended_is_taken_back"),
    ]

    operations = [
        migrations.CreateModel(
            name="PictureAsked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                "indexes": [models.Index(fields=["visit", "-id"], name="pictures_of_visit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("given", None)),
                            models.Q(("answered_at__isnull", False), ("given__isnull", False)),
                            _connector="OR",
                        ),
                        name="picture_asked_answered_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("document_id", None), ("given", True), _connector="OR"),
                        name="picture_kept_with_consent",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
