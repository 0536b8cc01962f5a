from django.db import models
from django.db.models import Q

from almoner.patients.models import Patient


class PhoneConsent(models.Model):
    """Whether a patient may be texted of care and billing at a number of theirs, as they said it.

    Append-only, and written by triggers alone, with the change of the record's own "may be texted"
    that it is the evidence of: the newest row of a patient and number says what the record says.
    ``how`` it was said: at the ``desk``, on a ``form`` or at ``check-in`` whose answer an officer
    took into the record, or in the ``account``; it came with an ``import``, stood in the record
    ``before`` there was evidence, or was written past all acts, into the ``record`` itself.

    It is a word about one patient, and stands below what the number itself said (`Consent`): a
    STOP holds whatever is ticked here, for whomever.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="phone_consents")
    number = models.TextField()
    given = models.BooleanField()
    how = models.TextField()
    evidence = models.TextField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="phone_consent_has_evidence", condition=Q(evidence__regex=r"[^[:space:]]")
            ),
            models.CheckConstraint(
                name="phone_consent_said_somehow",
                condition=Q(how__in=["desk", "form", "check-in"], by_id__isnull=False)
                | Q(how__in=["account", "before", "record"], by_id=None)
                | Q(how="import"),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "number", "-id"], name="phone_consent_newest"),
        ]
