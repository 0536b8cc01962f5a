from django.db import migrations, models

_THINGS = [
    "name_used", "pronouns", "address", "phone", "other_phone", "email", "language", "interpreter",
    "emergency", "policy", "new_policy", "company", "reason", "needs", "devices",
]  # fmt: skip


class Migration(migrations.Migration):
    """Before a visit by video check-in also asks whether camera and sound were tested."""

    dependencies = [("arrivals", "0005_by_video_needs_no_room")]

    operations = [
        migrations.RemoveConstraint(model_name="said", name="said_thing_known"),
        migrations.AlterField(
            model_name="said",
            name="thing",
            field=models.TextField(choices=[(thing, thing) for thing in _THINGS]),
        ),
        migrations.AddConstraint(
            model_name="said",
            constraint=models.CheckConstraint(
                name="said_thing_known", condition=models.Q(thing__in=_THINGS)
            ),
        ),
    ]
