from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Who is seen by video is with the clinician, and in no room."""

    dependencies = [("arrivals", "0004_forms_are_kept_as_records")]

    operations = [
        migrations.AddField(
            model_name="encounter",
            name="by_video",
            field=models.BooleanField(default=False),
        ),
        migrations.RemoveConstraint(model_name="encounter", name="encounter_in_a_room_names_it"),
        migrations.AddConstraint(
            model_name="encounter",
            constraint=models.CheckConstraint(
                name="encounter_in_a_room_names_it",
                condition=~Q(state__in=["roomed", "with_clinician"])
                | Q(room__isnull=False)
                | Q(by_video=True),
            ),
        ),
    ]
