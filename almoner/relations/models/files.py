from django.db import models
from django.db.models import Q

from almoner.relations.models.talk import Received
from almoner.relations.rules.files import WHY, FileState


class File(models.Model):
    """A file that came with an e-mail or a text.

    ``raw`` is what came, until it was looked at; no page ever hands it out. ``place`` is where the
    carrier has it, until it was fetched. ``content`` is of our own making, kept with the message
    until it is known who wrote; then it goes to their documents, as ``document_id``.
    ``name`` is the sender's; ``why`` it was not kept. What is settled never goes back (trigger).
    """

    received = models.ForeignKey(Received, models.PROTECT, related_name="files")
    name = models.TextField()
    state = models.TextField(default=FileState.WAITING.value)
    raw = models.BinaryField(null=True)
    place = models.TextField(blank=True, default="")
    media = models.TextField(blank=True, default="")
    content = models.BinaryField(null=True)
    why = models.TextField(blank=True, default="")
    document_id = models.BigIntegerField(null=True, unique=True)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="file_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="file_stands_as_it_is",
                condition=Q(state="waiting", due_at__isnull=False, settled_at=None)
                & Q(media="", content=None, why="", document_id=None, decided_by_id=None)
                & (Q(raw__isnull=False, place="") | Q(raw=None) & ~Q(place=""))
                | Q(raw=None, place="", due_at=None, settled_at__isnull=False)
                & (
                    Q(state="kept", content__isnull=False, why="", document_id=None)
                    & Q(media__in=["image/jpeg", "application/pdf"], decided_by_id=None)
                    | Q(state="handed_on", content=None, why="", document_id__isnull=False)
                    | Q(state="refused", content=None, document_id=None, decided_by_id=None)
                    & Q(why__in=list(WHY))
                    | Q(state="thrown_away", content=None, why="", document_id=None)
                    & Q(decided_by_id__isnull=False)
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["received", "id"], name="files_of_message"),
            models.Index(fields=["due_at"], name="files_waiting", condition=Q(state="waiting")),
        ]
