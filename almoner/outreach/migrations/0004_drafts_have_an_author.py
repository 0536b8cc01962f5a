from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outreach", "0003_campaigns_words_checks")]

    operations = [
        # Whoever drafted a campaign before its words were read does not read them themselves:
        # nobody knows who else wrote in it. What was written or read since names its authors.
        migrations.RunSQL(
            "UPDATE outreach_campaign SET authors = ARRAY[made_by_id]"
            " WHERE state = 'draft' AND words = 'own' AND authors = '{}'"
            " AND made_by_id IS NOT NULL AND reviewed_at IS NULL",
            migrations.RunSQL.noop,
        ),
    ]
