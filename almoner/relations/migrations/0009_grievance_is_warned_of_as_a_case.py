from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("relations", "0008_cases")]

    operations = [migrations.RemoveField(model_name="grievance", name="warned_at")]
