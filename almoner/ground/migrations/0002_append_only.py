"""Rows that are never changed."""

from django.db import migrations

from almoner.ground.schema import append_only

RULES = """
CREATE FUNCTION ground_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation',
              CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("ground", "0001_tables")]

    operations = [
        migrations.RunSQL(RULES),
        append_only("ground_event"),
    ]
