import django.db.models.deletion
from django.db import migrations, models

AT_THE_DESK = models.Q(kiosk__isnull=True, officer_id__isnull=False)
AT_A_KIOSK = models.Q(kiosk__isnull=False, officer_id__isnull=True)


class Migration(migrations.Migration):
    """An officer goes through the patient's own check-in with them, at the desk."""

    dependencies = [("portal", "0027_documents_of_the_record")]

    operations = [
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
