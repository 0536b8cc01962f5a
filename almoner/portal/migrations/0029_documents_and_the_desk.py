"""What patients read of the documents in their record, and their check-in asked at the desk.

A document is a row to patients when they sent it, or once it is filed and not withheld. The paper
that a result came on is shown with the result, by when the patient wants to be told of that.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

OWN = "(patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[]))"
OF = "patient_id = nullif(current_setting('almoner.shared_of', true), '')::bigint"
KINDS = "coalesce(nullif(current_setting('almoner.shared', true), ''), '{}')::text[]"
MAY_BE_SHOWN = "state = 'filed' AND withheld_at IS NULL AND NOT portal_is_paper_of_result(id)"
AS_OWNER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT"
COLUMNS = "(kind, media, sender_id, withheld_at)"
AT_THE_DESK = models.Q(kiosk__isnull=True, officer_id__isnull=False)
AT_A_KIOSK = models.Q(kiosk__isnull=False, officer_id__isnull=True)

FORWARD = f"""
GRANT SELECT {COLUMNS} ON records_document TO almoner_patient;

CREATE FUNCTION portal_is_paper_of_result(document bigint) RETURNS boolean {AS_OWNER} AS $$
    SELECT EXISTS (SELECT FROM records_resultversion WHERE document_id = document)
$$;

ALTER POLICY document_of_whom_the_session_acts_for ON records_document
 USING ({OWN} AND (sent_by_id IS NULL OR ({MAY_BE_SHOWN})));
CREATE POLICY what_was_shared ON records_document
   FOR SELECT TO almoner_patient
 USING ({OF} AND 'papers' = ANY ({KINDS}) AND {MAY_BE_SHOWN}
        AND (kind <> 'result' OR 'results' = ANY ({KINDS})));

-- What the clinic filed without saying of which visit it is may be of one that is kept from who acts
-- for the patient, when it came on its day or in the thirty days after it.
CREATE FUNCTION portal_paper_is_kept(person bigint, came timestamptz) RETURNS boolean {AS_OWNER} AS $$
    SELECT EXISTS (
        SELECT FROM billing_privatevisit kept
          JOIN scheduling_appointment visit ON visit.id = kept.appointment_id
         WHERE kept.patient_id = person AND kept.from_guarantor AND kept.ended_at IS NULL
           AND (came AT TIME ZONE visit.time_zone)::date
               BETWEEN visit.local_day AND visit.local_day + 30)
$$;
CREATE POLICY kept_near_a_kept_visit ON records_document AS RESTRICTIVE FOR SELECT TO almoner_patient
 USING (current_setting('almoner.own', true) = 'yes' OR visit_id IS NOT NULL OR sent_by_id IS NULL
        OR NOT portal_paper_is_kept(patient_id, sent_at));
"""
BACK = f"""
DROP POLICY kept_near_a_kept_visit ON records_document;
DROP FUNCTION portal_paper_is_kept;
DROP POLICY what_was_shared ON records_document;
ALTER POLICY document_of_whom_the_session_acts_for ON records_document USING {OWN};
DROP FUNCTION portal_is_paper_of_result;
REVOKE SELECT {COLUMNS} ON records_document FROM almoner_patient;
"""


def parts():
    named = ("visits", "forms", "documents", "bills", "messages", "results", "looks")
    return models.TextField(choices=[(name, name) for name in named])


def kinds():
    named = ("visits", "documents", "papers", "coverage", "results")
    return models.TextField(choices=[(name, name) for name in named])


def several(field, **more):
    return django.contrib.postgres.fields.ArrayField(base_field=field, size=None, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0008_visits_kept_private"),
        ("portal", "0028_about_visits_and_bills"),
        ("records", "0009_documents_withheld"),
    ]

    operations = [
        migrations.AlterField("acting", "parts", several(parts())),
        migrations.AlterField("invitation", "parts", several(parts())),
        migrations.AlterField(
            "minorterms",
            "parts",
            several(
                parts(),
                blank=True,
                default=list,
                help_text="visits, forms, documents, bills, messages, results, looks; separated by"
                " commas; nothing when empty",
                verbose_name="what they may see",
            ),
        ),
        migrations.AlterField("share", "kinds", several(kinds())),
        migrations.RunSQL(FORWARD, BACK),
        migrations.AlterField(
            "sitting",
            "kiosk",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sittings",
                to="portal.kiosk",
            ),
        ),
        migrations.AddField("sitting", "officer_id", models.BigIntegerField(null=True)),
        migrations.AddConstraint(
            "sitting",
            models.UniqueConstraint(
                fields=["officer_id"],
                name="desk_sitting_of_one",
                condition=models.Q(over_at__isnull=True),
            ),
        ),
        migrations.AddConstraint(
            "sitting",
            models.CheckConstraint(
                name="sitting_at_a_kiosk_or_the_desk", condition=AT_THE_DESK | AT_A_KIOSK
            ),
        ),
    ]
