from django.db import migrations


class Migration(migrations.Migration):
    """Every line of a statement says whose it is, so that a look at it is noted for all of them.

    Older lines are of the visit's patient, else of who has that name among those the guarantor
    answers for, else the guarantor's.
    """

    dependencies = [
        ("billing", "0002_sql"),
        ("scheduling", "0001_initial"),
        ("patients", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            sql="""
                UPDATE billing_statement statement
                   SET lines = (
                       SELECT jsonb_agg(line || jsonb_build_object('patient_id', coalesce(
                                  (SELECT visit.patient_id FROM scheduling_appointment visit
                                    WHERE visit.id = (line->>'visit_id')::bigint),
                                  (SELECT min(one.id) FROM patients_patient one
                                    WHERE statement.guarantor_id IN (one.id, one.guarantor_id)
                                      AND trim(one.given || ' ' || one.family)
                                          = line->>'patient_name'),
                                  statement.guarantor_id)) ORDER BY place)
                         FROM jsonb_array_elements(statement.lines)
                              WITH ORDINALITY AS told (line, place))
                 WHERE EXISTS (SELECT FROM jsonb_array_elements(statement.lines) line
                                WHERE NOT line ? 'patient_id');
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
