from django.db import models
from django.db.models import Q

from almoner.access.models import Officer
from almoner.relations.models.talk import Message
from almoner.relations.rules import Desk
from almoner.relations.rules.by_post import WORK, Stage

_POSTED = Q(posted_on__isnull=False, posted_by_id__isnull=False)
_NOT_POSTED = Q(posted_on=None, posted_by_id=None)
_ENDED = Q(ended_on__isnull=False, ended_by_id__isnull=False)
_NOT_ENDED = Q(ended_on=None, ended_by_id=None)
_WAITS = Q(desk__in=[each.value for each in Desk], due_at__isnull=False)


class Paper(models.Model):
    """The paper of a letter to a patient, as it is printed, and how far it has come by post.

    Its message has the words, and in ``address`` the lines of the envelope. ``pdf`` never changes,
    and ``state`` only moves forward (trigger). While it waits to be posted, and when it came back
    (``why``), it is work of its ``desk`` and ``owner``, due by ``due_at``; ``late_at`` is when it
    was told that this has passed.
    """

    message = models.OneToOneField(Message, models.PROTECT, related_name="paper")
    pdf = models.BinaryField()
    state = models.TextField(default=Stage.QUEUED.value)
    posted_on = models.DateField(null=True)
    posted_by_id = models.BigIntegerField(null=True)
    ended_on = models.DateField(null=True)
    ended_by_id = models.BigIntegerField(null=True)
    why = models.TextField(blank=True, default="")
    desk = models.TextField(blank=True, default="")
    owner = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="letters")
    due_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="paper_stands_as_it_is",
                condition=Q(state="queued", why="") & _NOT_POSTED & _NOT_ENDED & _WAITS
                | Q(state="posted", why="", due_at=None) & _POSTED & _NOT_ENDED
                | Q(state="delivered", why="", due_at=None) & _POSTED & _ENDED
                | Q(state="returned", why__regex=r"[^[:space:]]") & _POSTED & _ENDED & _WAITS
                | Q(state="withdrawn", why="", due_at=None) & _NOT_POSTED & _ENDED,
            ),
            models.CheckConstraint(
                name="paper_ends_after_it_was_posted",
                condition=Q(posted_on=None)
                | Q(ended_on=None)
                | Q(ended_on__gte=models.F("posted_on")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["message"],
                name="paper_is_work",
                condition=Q(state__in=[each.value for each in WORK]),
            ),
            models.Index(
                fields=["due_at"],
                name="paper_due",
                condition=Q(due_at__isnull=False, late_at=None),
            ),
        ]
