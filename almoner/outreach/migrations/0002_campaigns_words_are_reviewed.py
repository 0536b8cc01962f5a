import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial")]

    operations = [
        migrations.RemoveField("campaign", "spanish_read_by"),
        migrations.AddField(
            "campaign", "words", models.TextField(default="earlier"), preserve_default=False
        ),
        migrations.AddField(
            "campaign",
            "authors",
            django.contrib.postgres.fields.ArrayField(
                models.BigIntegerField(), default=list, size=None
            ),
        ),
        migrations.AddField("campaign", "reviewed_at", models.DateTimeField(null=True)),
        migrations.AddField("campaign", "reviewed_by_id", models.BigIntegerField(null=True)),
        # What has started was never asked to be read; what has not is read before it does.
        migrations.RunSQL(
            "UPDATE outreach_campaign SET words = 'own' WHERE state = 'draft'",
            migrations.RunSQL.noop,
        ),
    ]
