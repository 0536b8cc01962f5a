from django.db import migrations, models


class Migration(migrations.Migration):
    """Documents come by post, too."""

    dependencies = [
        ("patients", "0007_contacts_by_phone"),
        ("records", "0007_words_are_signed"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="document",
            name="document_source_known",
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("source__in", ["desk", "link", "account", "call", "mail", "text", "letter"])
                ),
                name="document_source_known",
            ),
        ),
    ]
