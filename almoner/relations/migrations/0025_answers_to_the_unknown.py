from django.db import migrations

# A grievance of nobody known is answered where it came from. Where the last answer left two weeks ago
# and nothing proves that any arrived, they can be told no better.
SILENT = """
    CREATE OR REPLACE FUNCTION relations_nobody_to_write_to(which bigint) RETURNS boolean
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
BEFORE = """
    CREATE OR REPLACE FUNCTION relations_nobody_to_write_to(which bigint) RETURNS boolean
    LANGUAGE sql STABLE AS $$
        WITH RECURSIVE parts AS (
            SELECT id, patient_id FROM relations_case WHERE id = which
            UNION
            SELECT c.id, c.patient_id FROM relations_case c JOIN parts p ON c.merged_into_id = p.id
        ), things AS (
            SELECT t.kind, t.item_id FROM relations_casething t JOIN parts p ON t.case_id = p.id
        )
        SELECT NOT EXISTS (SELECT FROM parts WHERE patient_id IS NOT NULL)
           AND NOT EXISTS (SELECT FROM things t JOIN relations_received r
                               ON t.kind = 'received' AND r.id = t.item_id
                            WHERE r.patient_id IS NOT NULL OR r.channel <> 'sms')
           AND NOT EXISTS (SELECT FROM things t JOIN relations_call c
                               ON t.kind = 'call' AND c.id = t.item_id
                            WHERE c.patient_id IS NOT NULL)
           AND NOT EXISTS (SELECT FROM things t JOIN relations_message m
                               ON t.kind = 'message' AND m.id = t.item_id
                            WHERE m.patient_id IS NOT NULL OR m.channel NOT IN ('sms', 'voice'))
           AND NOT EXISTS (SELECT FROM things t JOIN relations_conversation v
                               ON t.kind = 'conversation' AND v.id = t.item_id
                            WHERE v.patient_id IS NOT NULL OR v.channel = 'email')
           AND NOT EXISTS (SELECT FROM things t
                            WHERE t.kind IN ('appointment', 'claim', 'statement', 'payment',
                                             'survey'))
    $$;
"""


class Migration(migrations.Migration):
    """Who complained by an address nobody knows, and does not answer, cannot be told."""

    dependencies = [("relations", "0024_script_of_calls")]

    operations = [migrations.RunSQL(SILENT, BEFORE)]
