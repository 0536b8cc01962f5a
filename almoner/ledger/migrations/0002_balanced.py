from django.db import migrations

from almoner.ground.schema import append_only


class Migration(migrations.Migration):
    """What makes the ledger a ledger: balanced at commit, never changed, reversed exactly."""

    dependencies = [("ledger", "0001_initial"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION ledger_check_journal(checked bigint) RETURNS void
                LANGUAGE plpgsql AS $$
                DECLARE
                    entries bigint;
                    total numeric;
                    reversed bigint;
                BEGIN
                    SELECT count(*), sum(cents) INTO entries, total
                      FROM ledger_entry WHERE journal_id = checked;
                    IF entries < 2 OR total <> 0 THEN
                        RAISE EXCEPTION 'journal % has % entries that sum to % cents',
                            checked, entries, coalesce(total, 0)
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'journal_is_balanced';
                    END IF;
                    SELECT reverses_id INTO reversed FROM ledger_journal WHERE id = checked;
                    IF reversed IS NOT NULL AND EXISTS (
                        SELECT 1 FROM ledger_entry WHERE journal_id IN (checked, reversed)
                         GROUP BY account, patient_id, payer_id, visit_id, line_id, drawer_id
                        HAVING sum(cents) <> 0
                    ) THEN
                        RAISE EXCEPTION 'journal % does not reverse journal %', checked, reversed
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'journal_reverses_exactly';
                    END IF;
                END $$;

                CREATE FUNCTION ledger_journal_written() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM ledger_check_journal(NEW.id);
                    RETURN NULL;
                END $$;

                -- An entry is written with its journal, in one transaction, or not at all.
                CREATE FUNCTION ledger_entry_written() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE
                    total numeric;
                BEGIN
                    IF NOT EXISTS (
                        SELECT 1 FROM ledger_journal WHERE id = NEW.journal_id
                           AND transaction = pg_current_xact_id()::text::bigint
                    ) THEN
                        RAISE EXCEPTION 'journal % is closed', NEW.journal_id
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'journal_is_closed';
                    END IF;
                    SELECT sum(cents) INTO total FROM ledger_entry
                     WHERE journal_id = NEW.journal_id;
                    IF total <> 0 THEN
                        RAISE EXCEPTION 'journal % sums to % cents', NEW.journal_id, total
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'journal_is_balanced';
                    END IF;
                    RETURN NULL;
                END $$;

                CREATE CONSTRAINT TRIGGER journal_is_balanced AFTER INSERT ON ledger_journal
                    DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION ledger_journal_written();
                CREATE CONSTRAINT TRIGGER entry_is_balanced AFTER INSERT ON ledger_entry
                    DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION ledger_entry_written();
            """,
            reverse_sql="""
                DROP TRIGGER entry_is_balanced ON ledger_entry;
                DROP TRIGGER journal_is_balanced ON ledger_journal;
                DROP FUNCTION ledger_entry_written();
                DROP FUNCTION ledger_journal_written();
                DROP FUNCTION ledger_check_journal(bigint);
            """,
        ),
        append_only("ledger_journal"),
        append_only("ledger_entry"),
        append_only("ledger_drawercount"),
        append_only("ledger_cardnotice"),
    ]
