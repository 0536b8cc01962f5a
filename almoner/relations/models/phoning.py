from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from almoner.ground.models import Outgoing
from almoner.relations.models.talk import Message
from almoner.relations.rules.phoning import Came, Stage


class Spoken(models.Model):
    """One call of ours that said a message, or tried to: what was said in it, which keys pressed.

    Each try is a row of its own; ``tries`` is which. ``carrier_id`` is the carrier's name for the
    call, and nothing else is heard of it by another. ``course`` is all of it in order:
    ``says:`` a text by its code, ``key:`` what was pressed, of a birth date only whether it was
    right. ``turn`` counts what was asked for: a key counts once, for the turn it answers.
    ``says`` is what is to be heard now. ``came`` is what it came to, so far.
    """

    outgoing = models.OneToOneField(Outgoing, models.PROTECT, related_name="spoken")
    message = models.ForeignKey(Message, models.PROTECT, related_name="spoken")
    tries = models.PositiveSmallIntegerField(default=1)
    carrier_id = models.TextField()
    stage = models.TextField(blank=True, default="")
    turn = models.PositiveSmallIntegerField(default=0)
    misses = models.PositiveSmallIntegerField(default=0)
    readings = models.PositiveSmallIntegerField(default=0)
    says = ArrayField(models.TextField(), default=list)
    course = ArrayField(models.TextField(), default=list)
    came = models.TextField(blank=True, default="")
    status = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="spoken_stage_known",
                condition=Q(stage__in=["", *(each.value for each in Stage)]),
            ),
            models.CheckConstraint(
                name="spoken_came_known",
                condition=Q(came__in=["", *(each.value for each in Came)]),
            ),
        ]
        indexes = [models.Index(fields=["message", "id"], name="spoken_of_message")]


class Landline(models.Model):
    """A number that texts cannot reach, by the carrier's answer (``code``) to one of ours.

    It is forgotten once a text comes in from there.
    """

    number = models.TextField(unique=True)
    code = models.IntegerField()
    outgoing = models.ForeignKey(Outgoing, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="landline_said_by_carrier", condition=Q(code__gt=0)),
        ]
