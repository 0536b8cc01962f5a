from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from almoner.ground.models import Outgoing
from almoner.relations import rules


class Delivery(models.Model):
    """How far a text has come that the carrier took, or an e-mail, by others' reports.

    They come twice and out of order; ``state`` only moves forward (trigger), and the first end
    stays. ``code`` is the carrier's number for why it did not arrive, and ``status`` that of a mail
    server (RFC 3463).
    """

    outgoing = models.OneToOneField(Outgoing, models.PROTECT, related_name="delivery")
    carrier_id = models.TextField()
    state = models.TextField()
    code = models.IntegerField(null=True)
    status = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="delivery_state_known",
                condition=Q(state__in=[each.value for each in rules.Report]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["outgoing"],
                name="delivery_not_arrived",
                condition=Q(state__in=[each.value for each in rules.NOT_ARRIVED]),
            ),
        ]


class Counted(models.Model):
    """A text that was let go and counts towards what its number may get of that purpose.

    Written before it is sent, under a lock on the number; what did not leave in the end does not
    count. What the patient asked for is not counted. ``zones`` are those its day was counted in.
    More than the limits of a day and a week the database refuses, whoever writes it (trigger).
    """

    outgoing = models.OneToOneField(Outgoing, models.PROTECT, related_name="counted")
    address = models.TextField()
    purpose = models.TextField()
    at = models.DateTimeField()
    zones = ArrayField(models.TextField())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="counted_purpose_known", condition=Q(purpose__in=[*rules.PURPOSES])
            ),
            models.CheckConstraint(name="counted_in_a_zone", condition=~Q(zones=[])),
        ]
        indexes = [
            models.Index(fields=["address", "purpose", "-at"], name="counted_of_number"),
        ]
