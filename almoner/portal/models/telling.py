from django.db import models

from almoner.portal.models.accounts import Acting
from almoner.portal.rules.people import Change


class ActingTold(models.Model):
    """That both sides were told what the calendar does to a right to act, on a day.

    A right ends with its last day, and narrows with a child's age, and nobody is at the desk then.
    """

    acting = models.ForeignKey(Acting, models.PROTECT, related_name="told")
    change = models.TextField(choices=[(each.value, each.value) for each in Change])
    day = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["acting", "change", "day"], name="portal_acting_told_once"
            ),
        ]
