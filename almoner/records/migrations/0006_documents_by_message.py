from django.db import migrations, models


class Migration(migrations.Migration):
    """Documents come with e-mails and texts, too."""

    dependencies = [("records", "0005_results")]

    operations = [
        migrations.RemoveConstraint(model_name="document", name="document_source_known"),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("source__in", ["desk", "link", "account", "call", "mail", "text"])
                ),
                name="document_source_known",
            ),
        ),
    ]
