from django.db import migrations, models


class Migration(migrations.Migration):
    """What a patient says on their own page can be said at the desk, to an officer."""

    dependencies = [("arrivals", "0006_tested_before_video")]

    operations = [
        migrations.AddField("said", "heard_by_id", models.BigIntegerField(null=True, blank=True)),
    ]
