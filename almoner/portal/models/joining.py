from django.db import models
from django.db.models import Q

from almoner.ground.language import PATIENTS_READ
from almoner.portal.models.accounts import Entrance, Invitation
from almoner.portal.rules.checking import TRIES, Checked


class JoinAsked(models.Model):
    """Somebody who asks for an account without a code of the desk's, as they say who they are.

    The row is all the page writes, whoever they are: a job decides. What they typed is wiped then;
    ``person`` and ``network`` are keyed digests, by which askings are counted. ``code`` is a keyed
    digest of what was sent to the record's own phone or e-mail: it is typed into the browser that
    asked (``way``), five wrong ones end it. ``invitation`` is what it became.
    """

    way = models.OneToOneField(Entrance, models.SET_NULL, null=True, related_name="asked")
    given = models.TextField(blank=True)
    family = models.TextField(blank=True)
    born = models.DateField(null=True)
    channel = models.TextField()
    address = models.TextField(blank=True)
    language = models.TextField()
    person = models.BinaryField()
    network = models.BinaryField()
    asked_at = models.DateTimeField()
    outcome = models.TextField(blank=True, default="")
    patient_id = models.BigIntegerField(null=True)
    code = models.BinaryField(null=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    invitation = models.OneToOneField(Invitation, models.PROTECT, null=True, related_name="asked")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="join_asked_outcome_known",
                condition=Q(outcome__in=["", *(each.value for each in Checked)]),
            ),
            models.CheckConstraint(
                name="join_asked_code_only_when_sent",
                condition=Q(outcome="sent", code__isnull=False, sent_at__isnull=False)
                & Q(patient_id__isnull=False)
                | ~Q(outcome="sent") & Q(code=None, sent_at=None, patient_id=None),
            ),
            models.CheckConstraint(
                name="join_asked_forgets_what_was_typed",
                condition=Q(outcome="") | Q(given="", family="", born=None, address=""),
            ),
            models.CheckConstraint(
                name="join_asked_tries_counted", condition=Q(tries__gte=0, tries__lte=TRIES)
            ),
            models.CheckConstraint(
                name="join_asked_language_known", condition=Q(language__in=list(PATIENTS_READ))
            ),
        ]
        indexes = [
            models.Index(fields=["person", "asked_at"], name="join_asked_of_person"),
            models.Index(fields=["network", "asked_at"], name="join_asked_of_network"),
            models.Index(fields=["asked_at"], name="join_undecided", condition=Q(outcome="")),
        ]
