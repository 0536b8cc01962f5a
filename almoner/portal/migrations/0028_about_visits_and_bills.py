"""What a message in the account is about, as the patients' role may read it.

Who acts for a patient reads nothing of what is about a visit or bill that is kept from them: the
whole thread, whether the patient said so in writing it, we in answering, or an officer afterwards.
"""

from django.db import migrations, models

AS_OWNER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT"
OWN = "current_setting('almoner.own', true) = 'yes'"
POLICY = "kept_from_who_acts"
ABOUT = f"""
CREATE FUNCTION portal_about_is_kept(kind text, item bigint) RETURNS boolean {AS_OWNER} AS $$
    SELECT CASE kind
        WHEN 'appointment' THEN portal_visit_is_kept(item)
        WHEN 'statement' THEN EXISTS (
            SELECT FROM billing_statement
             WHERE id = item AND (private OR portal_lines_are_kept(lines)))
        ELSE false END
$$;
CREATE OR REPLACE FUNCTION portal_thread_is_kept(thread text) RETURNS boolean {AS_OWNER} AS $$
    SELECT EXISTS (SELECT FROM relations_message
                    WHERE address = thread AND channel = 'portal'
                      AND (portal_visit_is_kept(visit_id)
                           OR portal_about_is_kept('statement', statement_id)))
        OR EXISTS (SELECT FROM relations_received
                    WHERE sender = thread AND channel = 'portal'
                      AND portal_about_is_kept(about_kind, about_id))
        OR EXISTS (SELECT FROM relations_thread
                    WHERE id = substring(thread FROM '^thread:([0-9]+)$')::bigint
                      AND portal_about_is_kept(about_kind, about_id))
$$;
"""
NOT_ABOUT = f"""
CREATE OR REPLACE FUNCTION portal_thread_is_kept(thread text) RETURNS boolean {AS_OWNER} AS $$
    SELECT EXISTS (SELECT FROM relations_message
                    WHERE address = thread AND channel = 'portal'
                      AND portal_visit_is_kept(visit_id))
$$;
DROP FUNCTION portal_about_is_kept;
"""
MESSAGE = (
    "NOT portal_visit_is_kept(visit_id) AND NOT portal_thread_is_kept(address)"
    " AND (channel <> 'letter' OR NOT portal_post_is_kept(patient_id, written_at))"
)
FORWARD = [
    ABOUT,
    f"ALTER POLICY {POLICY} ON relations_message USING ({OWN} OR ({MESSAGE}"
    " AND NOT portal_about_is_kept('statement', statement_id)))",
    "GRANT SELECT (about_kind, about_id) ON relations_thread TO almoner_patient",
    "GRANT SELECT (about) ON portal_draft TO almoner_patient",
]
BACK = [
    "REVOKE SELECT (about) ON portal_draft FROM almoner_patient",
    "REVOKE SELECT (about_kind, about_id) ON relations_thread FROM almoner_patient",
    f"ALTER POLICY {POLICY} ON relations_message USING ({OWN} OR ({MESSAGE}))",
    NOT_ABOUT,
]


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0027_letters_kept"),
        ("relations", "0026_about_visits_and_bills"),
        ("billing", "0010_estimates"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="about",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
