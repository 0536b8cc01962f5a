"""Published questions stay, and answers."""

from django.db import migrations

from almoner.ground.schema import authors_stay

RULES = """
CREATE FUNCTION surveys_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'version % is published', OLD.id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'survey_version_published_stays';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER survey_version_published_stays BEFORE UPDATE OR DELETE ON surveys_version
FOR EACH ROW EXECUTE FUNCTION surveys_published_stays();

-- FOR KEY SHARE waits for whoever finishes it at this moment, and then reads what became of it.
CREATE FUNCTION surveys_answers_while_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    finished timestamptz;
BEGIN
    SELECT finished_at INTO finished FROM surveys_survey
     WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.survey_id ELSE NEW.survey_id END
       FOR KEY SHARE;
    IF finished IS NOT NULL THEN
        RAISE EXCEPTION 'the survey of this answer is finished'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'survey_answer_while_open';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER survey_answer_while_open BEFORE INSERT OR UPDATE OR DELETE ON surveys_answer
FOR EACH ROW EXECUTE FUNCTION surveys_answers_while_open();

-- Once finished only what the desk does about it is still written: its case.
CREATE FUNCTION surveys_finished_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.appointment_id <> OLD.appointment_id
       OR NEW.patient_id <> OLD.patient_id OR NEW.version_id <> OLD.version_id
       OR (OLD.finished_at IS NOT NULL
           AND (NEW.finished_at IS DISTINCT FROM OLD.finished_at
                OR NEW.low_at IS DISTINCT FROM OLD.low_at))
    THEN
        RAISE EXCEPTION 'survey % is finished, or would be another', OLD.id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'survey_finished_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER survey_finished_stays BEFORE UPDATE OR DELETE ON surveys_survey
FOR EACH ROW EXECUTE FUNCTION surveys_finished_stays();
"""


class Migration(migrations.Migration):
    replaces = [("surveys", "0002_words_are_signed")]
    dependencies = [("surveys", "0001_tables"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(RULES),
        authors_stay("surveys_version"),
    ]
