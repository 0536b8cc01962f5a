"""Articles in their own language, and files of messages."""

from django.db import migrations

RULES = """
-- What holds for words that officers tell patients: searched in their own language, published by
-- somebody who did not write them, and never changed afterwards.
ALTER TABLE relations_articleversion ADD COLUMN words tsvector GENERATED ALWAYS AS (
    CASE language
        WHEN 'es' THEN setweight(to_tsvector('spanish'::regconfig, title), 'A')
                    || setweight(to_tsvector('spanish'::regconfig, body), 'B')
                    || setweight(to_tsvector('spanish'::regconfig, passage), 'B')
        ELSE setweight(to_tsvector('english'::regconfig, title), 'A')
          || setweight(to_tsvector('english'::regconfig, body), 'B')
          || setweight(to_tsvector('english'::regconfig, passage), 'B')
    END) STORED;
CREATE INDEX article_words ON relations_articleversion USING gin (words);

ALTER TABLE relations_articleversion ADD CONSTRAINT article_published_by_another
    CHECK (published_by_id IS NULL OR NOT published_by_id = ANY (written_by));

CREATE FUNCTION relations_article_may_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        PERFORM relations_refuse('article_published_stays');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER relations_article_may_change BEFORE UPDATE OR DELETE ON relations_articleversion
    FOR EACH ROW EXECUTE FUNCTION relations_article_may_change();

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


class Migration(migrations.Migration):
    replaces = [("relations", "0005_texts_counted")]
    dependencies = [("relations", "0004_consent"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(RULES),
    ]
