from django.db import migrations

from almoner.ground.schema import append_only

# What `rules.claims.TRANSITIONS` said when this was written; a test holds the two to one another.
TRANSITIONS = """
    draft held, draft ready, draft void,
    held ready, held void,
    ready held, ready queued, ready void,
    queued sent, queued ready, queued accepted, queued rejected, queued pending,
    queued paid, queued partly_paid, queued denied, queued unprocessable,
    sent accepted, sent rejected, sent pending, sent corrected, sent void,
    sent paid, sent partly_paid, sent denied, sent unprocessable,
    accepted rejected, accepted pending, accepted corrected, accepted void,
    accepted paid, accepted partly_paid, accepted denied, accepted unprocessable,
    rejected held, rejected ready, rejected pending, rejected void,
    rejected paid, rejected partly_paid, rejected denied, rejected unprocessable,
    pending rejected, pending corrected, pending void,
    pending paid, pending partly_paid, pending denied, pending unprocessable,
    paid pending, paid partly_paid, paid denied, paid unprocessable, paid corrected, paid void,
    paid closed,
    partly_paid pending, partly_paid paid, partly_paid denied, partly_paid unprocessable,
    partly_paid corrected, partly_paid void, partly_paid closed,
    denied pending, denied paid, denied partly_paid, denied unprocessable, denied corrected,
    denied void, denied closed,
    unprocessable pending, unprocessable paid, unprocessable partly_paid, unprocessable denied,
    unprocessable corrected, unprocessable void, unprocessable closed,
    closed pending, closed corrected, closed void, closed paid, closed partly_paid, closed denied, closed unprocessable
"""
ROWS = ", ".join(
    "('{}', '{}')".format(*pair.split()) for pair in " ".join(TRANSITIONS.split()).split(",")
)


class Migration(migrations.Migration):
    """What models cannot say: word search, the steps a claim may take, rows nobody may change."""

    dependencies = [("billing", "0001_initial"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE billing_diagnosiscode ADD COLUMN words tsvector
                    GENERATED ALWAYS AS (to_tsvector('simple', description)) STORED;
                CREATE INDEX diagnosis_words ON billing_diagnosiscode USING gin (words);
                CREATE SEQUENCE billing_interchange_number MINVALUE 1 MAXVALUE 999999999 CYCLE;
            """,
            reverse_sql="""
                DROP SEQUENCE billing_interchange_number;
                ALTER TABLE billing_diagnosiscode DROP COLUMN words;
            """,
        ),
        migrations.RunSQL(
            sql=f"""
                CREATE TABLE billing_claim_transition (
                    before text NOT NULL, after text NOT NULL, PRIMARY KEY (before, after)
                );
                INSERT INTO billing_claim_transition VALUES {ROWS};
                CREATE FUNCTION billing_claim_moves() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NOT EXISTS (SELECT FROM billing_claim_transition
                                    WHERE before = OLD.state AND after = NEW.state) THEN
                        RAISE EXCEPTION 'a claim that is % cannot become %', OLD.state, NEW.state
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'claim_moves_along_its_life';
                    END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER claim_moves_along_its_life BEFORE UPDATE OF state ON billing_claim
                    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
                    EXECUTE FUNCTION billing_claim_moves();
            """,
            reverse_sql="""
                DROP TRIGGER claim_moves_along_its_life ON billing_claim;
                DROP FUNCTION billing_claim_moves();
                DROP TABLE billing_claim_transition;
            """,
        ),
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION billing_slip_stands() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE slip_state text;
                BEGIN
                    SELECT state INTO slip_state FROM billing_chargeslip
                     WHERE id = COALESCE(NEW.slip_id, OLD.slip_id);
                    IF slip_state <> 'open' THEN
                        RAISE EXCEPTION 'the lines of a % slip do not change', slip_state
                            USING ERRCODE = 'integrity_constraint_violation',
                                  CONSTRAINT = 'charge_line_stands_once_posted';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                END $$;
                CREATE TRIGGER charge_line_stands_once_posted
                    BEFORE INSERT OR UPDATE OR DELETE ON billing_chargeline
                    FOR EACH ROW EXECUTE FUNCTION billing_slip_stands();
            """,
            reverse_sql="""
                DROP TRIGGER charge_line_stands_once_posted ON billing_chargeline;
                DROP FUNCTION billing_slip_stands();
            """,
        ),
        append_only("billing_claimstep"),
        append_only("billing_claimnote"),
        append_only("billing_acknowledgement"),
        append_only("billing_remittedline"),
        append_only("billing_remittedadjustment"),
    ]
