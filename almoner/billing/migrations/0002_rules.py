"""What models cannot say of codes, claims, visits kept private and estimates."""

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
RULES = f"""
ALTER TABLE billing_diagnosiscode ADD COLUMN words tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', description)) STORED;
CREATE INDEX diagnosis_words ON billing_diagnosiscode USING gin (words);

CREATE SEQUENCE billing_interchange_number MINVALUE 1 MAXVALUE 999999999 CYCLE;

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

-- The claim waits for whoever is asking right now that the visit be kept from the plan: both take the
-- visit's row. What is asked is looked at when the transaction ends: by then the claim is void.
CREATE FUNCTION billing_claim_is_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    visit bigint;
BEGIN
    SELECT encounter.appointment_id INTO visit
      FROM billing_chargeslip slip JOIN arrivals_encounter encounter ON encounter.id = slip.encounter_id
     WHERE slip.id = NEW.slip_id;
    PERFORM FROM scheduling_appointment WHERE id = visit FOR SHARE;
    IF EXISTS (SELECT FROM billing_privatevisit
                WHERE appointment_id = visit AND from_plan AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'visit % is kept from the plan', visit
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'claim_not_of_a_visit_kept_from_the_plan';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_not_of_a_visit_kept_from_the_plan BEFORE INSERT ON billing_claim
    FOR EACH ROW EXECUTE FUNCTION billing_claim_is_allowed();

CREATE FUNCTION billing_private_visit_not_claimed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM scheduling_appointment WHERE id = NEW.appointment_id FOR UPDATE;
    IF EXISTS (SELECT FROM billing_claim claim
                 JOIN billing_chargeslip slip ON slip.id = claim.slip_id
                 JOIN arrivals_encounter encounter ON encounter.id = slip.encounter_id
                WHERE encounter.appointment_id = NEW.appointment_id
                  AND claim.state NOT IN ('void', 'corrected')) THEN
        RAISE EXCEPTION 'visit % is claimed', NEW.appointment_id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'private_visit_not_claimed';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER private_visit_not_claimed
    AFTER INSERT OR UPDATE OF from_plan ON billing_privatevisit
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.from_plan AND NEW.ended_at IS NULL)
    EXECUTE FUNCTION billing_private_visit_not_claimed();

-- Of an estimate nothing changes but that it was given, and that once.
CREATE FUNCTION billing_estimate_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given text[] := '{{given_at, given_how, given_by_id}}';
BEGIN
    IF TG_OP = 'DELETE' OR OLD.given_at IS NOT NULL
       OR to_jsonb(OLD) - given IS DISTINCT FROM to_jsonb(NEW) - given THEN
        RAISE EXCEPTION 'estimate % stands as it was made', OLD.number
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'estimate_stands_as_made';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER estimate_stands_as_made BEFORE UPDATE OR DELETE ON billing_estimate
    FOR EACH ROW EXECUTE FUNCTION billing_estimate_stands();
"""


class Migration(migrations.Migration):
    replaces = [("billing", "0010_estimates")]
    dependencies = [("billing", "0001_tables"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(RULES),
        append_only("billing_claimstep"),
        append_only("billing_claimnote"),
        append_only("billing_acknowledgement"),
        append_only("billing_remittedline"),
        append_only("billing_remittedadjustment"),
    ]
