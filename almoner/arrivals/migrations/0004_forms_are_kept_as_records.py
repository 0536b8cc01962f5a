from django.db import migrations

# What officers saw signed on paper becomes the copies of a form of that name, which is not used any
# more: what it said is not known, so the form that comes into use is signed anew.
KEEP = """
INSERT INTO records_form (code, made_at, retired_at)
SELECT DISTINCT code || '_on_paper', now(), now() FROM arrivals_signedform;

INSERT INTO records_formversion (form_id, number, edition, body, made_at, published_at)
SELECT form.id, 1, 1,
       jsonb_build_object(
           'resourceType', 'Questionnaire', 'name', form.code, 'status', 'active',
           'title', 'Signed on paper: ' || replace(replace(form.code, '_on_paper', ''), '_', ' '),
           '_title', translated.es, 'item', jsonb_build_array(jsonb_build_object(
               'linkId', 'paper', 'type', 'boolean', 'required', true,
               'text', 'Signed on paper', '_text', translated.es))),
       now(), now()
  FROM records_form form,
       (SELECT jsonb_build_object('extension', jsonb_build_array(jsonb_build_object(
                   'url', 'http://hl7.org/fhir/StructureDefinition/translation',
                   'extension', jsonb_build_array(
                       jsonb_build_object('url', 'lang', 'valueCode', 'es'),
                       jsonb_build_object('url', 'content', 'valueString', 'Firmado en papel')))))
       ) translated (es)
 WHERE right(form.code, 9) = '_on_paper';

INSERT INTO records_filling (patient_id, form_id, version_id, language, state, begun_at,
                             begun_by_id, settled_at, settled_on, settled_by_id, reason)
SELECT s.patient_id, form.id, v.id, 'en', 'on_paper', s.signed_date::timestamptz,
       s.seen_by_id, s.signed_date::timestamptz, s.signed_date, s.seen_by_id, ''
  FROM arrivals_signedform s
  JOIN records_form form ON form.code = s.code || '_on_paper'
  JOIN records_formversion v ON v.form_id = form.id AND v.number = 1;
"""


class Migration(migrations.Migration):
    """Forms are the records duty's now; what was kept here moves there."""

    dependencies = [
        ("arrivals", "0003_said_ahead"),
        ("records", "0002_what_is_signed_stays"),
    ]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.DeleteModel("SignedForm"),
    ]
