from importlib import import_module

from django.db import migrations

BEFORE = import_module("almoner.records.migrations.0002_what_is_signed_stays").FORWARD
BEFORE = BEFORE[BEFORE.index("CREATE FUNCTION records_signed_whole") :]
BEFORE = BEFORE[: BEFORE.index("CREATE CONSTRAINT TRIGGER")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)

FORWARD = """
-- Neither unsigned nor blank: whatever is required without a condition has an answer, in a group
-- that repeats in each of its rows. One that must be filled has a row although nobody added it.
CREATE OR REPLACE FUNCTION records_signed_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'signed' AND (
        NOT EXISTS (SELECT FROM records_signature WHERE filling_id = NEW.id)
        OR NOT EXISTS (SELECT FROM records_answer
                        WHERE filling_id = NEW.id AND cardinality("values") > 0)
        OR EXISTS (
            WITH RECURSIVE item (told, at_row) AS (
                SELECT top.value, ''
                  FROM records_formversion v, jsonb_array_elements(v.body->'item') top
                 WHERE v.id = NEW.version_id
                UNION ALL
                SELECT inner_.value, stands.at_row
                  FROM item
                 CROSS JOIN LATERAL (
                    SELECT item.at_row WHERE item.told->'repeats' IS DISTINCT FROM 'true'::jsonb
                    UNION ALL
                    SELECT '@' || one FROM records_answer a, unnest(a."values") one
                     WHERE item.told->'repeats' = 'true'::jsonb AND a.filling_id = NEW.id
                       AND a.link_id = item.told->>'linkId'
                    UNION ALL
                    SELECT '@1' WHERE item.told->'repeats' = 'true'::jsonb
                       AND item.told->'required' = 'true'::jsonb
                       AND NOT EXISTS (
                           SELECT FROM records_answer a
                            WHERE a.filling_id = NEW.id AND a.link_id = item.told->>'linkId'
                              AND cardinality(a."values") > 0)
                 ) stands (at_row)
                 CROSS JOIN LATERAL jsonb_array_elements(item.told->'item') inner_
                 WHERE item.told ? 'item' AND NOT item.told ? 'enableWhen'
            )
            SELECT FROM item
             WHERE told->'required' = 'true'::jsonb AND NOT told ? 'enableWhen'
               AND told->>'type' <> 'group'
               AND NOT EXISTS (
                   SELECT FROM records_answer a
                    WHERE a.filling_id = NEW.id AND a.link_id = (told->>'linkId') || at_row
                      AND cardinality(a."values") > 0)))
    THEN
        RAISE EXCEPTION 'form % is signed blank, in part, or not at all', NEW.id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'filling_signed_whole';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    """In a group that repeats what must be answered is asked of each row."""

    dependencies = [("records", "0002_what_is_signed_stays")]

    operations = [migrations.RunSQL(FORWARD, BEFORE)]
