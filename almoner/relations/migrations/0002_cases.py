"""Cases and grievances: what the law wants, the database refuses to go without."""

from django.db import migrations

from almoner.ground.schema import append_only

RULES = """
CREATE FUNCTION relations_refuse(rule text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'refused by %', rule USING ERRCODE = '23514', CONSTRAINT = rule;
END $$;

-- A grievance is closed only when the law has what it wants: 42 CFR 482.13(a)(2)(iii).
CREATE FUNCTION relations_case_may_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.kind = 'grievance' AND NEW.kind <> 'grievance' THEN
        PERFORM relations_refuse('grievance_stays_one');
    END IF;
    IF NEW.kind = 'grievance' AND NEW.state = 'closed' AND NOT EXISTS (
        SELECT FROM relations_grievance g
         WHERE g.case_id = NEW.id AND g.completed_on IS NOT NULL
           AND g.contact ~ '[^[:space:]]' AND g.steps ~ '[^[:space:]]'
           AND g.result ~ '[^[:space:]]'
           AND (EXISTS (SELECT FROM relations_letter l
                         WHERE l.case_id = g.case_id AND l.kind = 'answer'
                           AND l.language = g.language AND l.delivered_at IS NOT NULL)
                OR g.no_notice <> '' AND NEW.patient_id IS NULL
                   AND relations_nobody_to_write_to(NEW.id))
    ) THEN
        PERFORM relations_refuse('grievance_closed_with_its_letter');
    END IF;
    IF NEW.kind = 'grievance' AND NEW.merged_into_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM relations_case c WHERE c.id = NEW.merged_into_id AND c.kind = 'grievance'
    ) THEN
        PERFORM relations_refuse('grievance_merged_into_one');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER relations_case_may_change BEFORE INSERT OR UPDATE ON relations_case
    FOR EACH ROW EXECUTE FUNCTION relations_case_may_change();

CREATE FUNCTION relations_grievance_may_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM relations_refuse('grievance_is_kept');
    END IF;
    IF NEW.received_at > (SELECT opened_at FROM relations_case WHERE id = NEW.case_id)
       OR TG_OP = 'UPDATE' AND (NEW.received_at > OLD.received_at OR NEW.warn_on > OLD.warn_on
                                OR NEW.tell_on > OLD.tell_on OR NEW.case_id <> OLD.case_id)
    THEN
        PERFORM relations_refuse('grievance_clock_never_later');
    END IF;
    IF TG_OP = 'UPDATE' AND (SELECT state FROM relations_case WHERE id = NEW.case_id) = 'closed'
    THEN
        PERFORM relations_refuse('grievance_closed_stays_as_it_was');
    END IF;
    IF NEW.no_notice <> '' AND (TG_OP = 'INSERT'
         OR (NEW.no_notice, NEW.no_notice_at, NEW.no_notice_by_id)
            IS DISTINCT FROM (OLD.no_notice, OLD.no_notice_at, OLD.no_notice_by_id))
    THEN
        IF NOT EXISTS (SELECT FROM access_officer o WHERE o.id = NEW.no_notice_by_id
                          AND o.roles::text[] && ARRAY['manager', 'privacy']) THEN
            PERFORM relations_refuse('grievance_without_notice_by_a_manager');
        END IF;
        IF NOT relations_nobody_to_write_to(NEW.case_id) THEN
            PERFORM relations_refuse('grievance_without_notice_of_nobody');
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER relations_grievance_may_change
    BEFORE INSERT OR UPDATE OR DELETE ON relations_grievance
    FOR EACH ROW EXECUTE FUNCTION relations_grievance_may_change();

CREATE FUNCTION relations_letter_may_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sent_at IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.delivered_at IS NOT NULL
       OR (OLD.case_id, OLD.kind, OLD.language, OLD.subject, OLD.body, OLD.grade, OLD.measure,
           OLD.sent_at, OLD.way, OLD.message_id, OLD.certified)
          IS DISTINCT FROM
          (NEW.case_id, NEW.kind, NEW.language, NEW.subject, NEW.body, NEW.grade, NEW.measure,
           NEW.sent_at, NEW.way, NEW.message_id, NEW.certified)
    THEN
        PERFORM relations_refuse('letter_that_left_stays');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER relations_letter_may_change BEFORE UPDATE OR DELETE ON relations_letter
    FOR EACH ROW EXECUTE FUNCTION relations_letter_may_change();

-- 42 CFR 482.13(a)(2)(iii) wants a written notice. Whoever left neither name nor address can be given
-- none; a phone number is no address to which a notice is written. A grievance of nobody known is
-- answered where it came from. Where the last answer left two weeks ago and nothing proves that any
-- arrived, they can be told no better.
CREATE FUNCTION relations_nobody_to_write_to(which bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE parts AS (
        SELECT id, patient_id FROM relations_case WHERE id = which
        UNION
        SELECT c.id, c.patient_id FROM relations_case c JOIN parts p ON c.merged_into_id = p.id
    ), things AS (
        SELECT t.kind, t.item_id FROM relations_casething t JOIN parts p ON t.case_id = p.id
    ), said (patient_id, addressed) AS (
        SELECT patient_id, false FROM parts
        UNION ALL SELECT r.patient_id, r.channel <> 'sms'
          FROM things t JOIN relations_received r ON t.kind = 'received' AND r.id = t.item_id
        UNION ALL SELECT c.patient_id, false
          FROM things t JOIN relations_call c ON t.kind = 'call' AND c.id = t.item_id
        UNION ALL SELECT m.patient_id, m.channel NOT IN ('sms', 'voice')
          FROM things t JOIN relations_message m ON t.kind = 'message' AND m.id = t.item_id
        UNION ALL SELECT v.patient_id, v.channel = 'email'
          FROM things t JOIN relations_conversation v
            ON t.kind = 'conversation' AND v.id = t.item_id
    )
    SELECT NOT EXISTS (SELECT FROM said WHERE patient_id IS NOT NULL)
       AND NOT EXISTS (SELECT FROM things
                        WHERE kind IN ('appointment', 'claim', 'statement', 'payment', 'survey'))
       AND (NOT EXISTS (SELECT FROM said WHERE addressed)
            OR (SELECT coalesce(max(l.sent_at) < now() - interval '14 days', false)
                       AND count(l.delivered_at) = 0
                  FROM relations_letter l JOIN parts p ON l.case_id = p.id
                 WHERE l.kind = 'answer'))
$$;
"""


class Migration(migrations.Migration):
    replaces = [("relations", "0002_message_seen_to")]
    dependencies = [("relations", "0001_tables"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(RULES),
        append_only("relations_caseline"),
        append_only("relations_casething"),
    ]
