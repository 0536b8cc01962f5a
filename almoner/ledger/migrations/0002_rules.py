"""Double entry: journals balance, are closed when written, and are reversed exactly."""

from django.db import migrations

from almoner.ground.schema import append_only

RULES = """
CREATE FUNCTION ledger_entries_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT journal_id, sum(cents) AS total INTO wrong FROM written
     GROUP BY journal_id HAVING sum(cents) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entries of journal % sum to % cents',
            wrong.journal_id, wrong.total
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'journal_is_balanced';
    END IF;
    -- An entry is written with its journal, in one transaction, or not at all.
    SELECT journal.id INTO wrong FROM ledger_journal journal
     WHERE journal.id IN (SELECT journal_id FROM written)
       AND journal.transaction <> pg_current_xact_id()::text::bigint LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal % is closed', wrong.id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'journal_is_closed';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_journal_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_entry WHERE journal_id = NEW.id) THEN
        RAISE EXCEPTION 'journal % has no entries', NEW.id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'journal_is_balanced';
    END IF;
    IF NEW.reverses_id IS NOT NULL AND EXISTS (
        SELECT FROM ledger_entry WHERE journal_id IN (NEW.id, NEW.reverses_id)
         GROUP BY account, patient_id, payer_id, visit_id, line_id, drawer_id
        HAVING sum(cents) <> 0
    ) THEN
        RAISE EXCEPTION 'journal % does not reverse journal %',
            NEW.id, NEW.reverses_id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'journal_reverses_exactly';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entries_are_balanced AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_written();
CREATE CONSTRAINT TRIGGER journal_is_balanced AFTER INSERT ON ledger_journal
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_journal_written();
"""


class Migration(migrations.Migration):
    replaces = [("ledger", "0005_paid_by_link")]
    dependencies = [("ledger", "0001_tables"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(RULES),
        append_only("ledger_journal"),
        append_only("ledger_entry"),
        append_only("ledger_drawercount"),
        append_only("ledger_cardnotice"),
        append_only("ledger_undoing"),
    ]
