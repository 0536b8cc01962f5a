"""A letter shows where it went: of whoever asked to be written to elsewhere, only they read it."""

from django.db import migrations

OWN = "current_setting('almoner.own', true) = 'yes'"
AS_OWNER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT"
BEFORE = "NOT portal_visit_is_kept(visit_id) AND NOT portal_thread_is_kept(address)"
AFTER = f"{BEFORE} AND (channel <> 'letter' OR NOT portal_post_is_kept(patient_id, written_at))"
# Also what was written before they asked for nothing of the kind any more.
FUNCTION = f"""
CREATE FUNCTION portal_post_is_kept(person bigint, written timestamptz) RETURNS boolean {AS_OWNER} AS $$
    SELECT EXISTS (SELECT FROM patients_confidentialcontact
                    WHERE patient_id = person AND (ended_at IS NULL OR ended_at > written))
$$
"""


def policy(rule):
    return f"ALTER POLICY kept_from_who_acts ON relations_message USING ({OWN} OR ({rule}))"


class Migration(migrations.Migration):
    dependencies = [("portal", "0026_letters"), ("patients", "0008_whose_a_contact_point_is")]

    operations = [
        migrations.RunSQL(
            [FUNCTION, policy(AFTER)], [policy(BEFORE), "DROP FUNCTION portal_post_is_kept"]
        )
    ]
