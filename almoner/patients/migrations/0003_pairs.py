import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Pairs of records to look at, and decisions that two records are one person's."""

    dependencies = [("patients", "0002_records")]

    operations = [
        migrations.RemoveConstraint("notduplicate", "not_duplicate_once"),
        migrations.RemoveConstraint("notduplicate", "not_duplicate_ordered"),
        migrations.RenameModel("NotDuplicate", "Decision"),
        migrations.AddField("decision", "same", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "decision",
            models.UniqueConstraint(fields=("lower", "higher"), name="decision_once"),
        ),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(name="decision_ordered", condition=Q(lower__lt=F("higher"))),
        ),
        migrations.CreateModel(
            name="Pair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("likely", models.BooleanField()),
                ("bits", models.FloatField()),
                (
                    "lower",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
                (
                    "higher",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-likely", "-bits", "id"], name="pair_surest_first")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("lower", "higher"), name="pair_once"),
                    models.CheckConstraint(name="pair_ordered", condition=Q(lower__lt=F("higher"))),
                ],
            },
        ),
    ]
