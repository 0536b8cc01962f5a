"""When a patient wants to hear of results, and which an account has read."""

from django.db import models

from almoner.patients.models import Patient
from almoner.portal.models.accounts import Account
from almoner.portal.rules.results import Wish
from almoner.records.models import ResultVersion


class ResultWish(models.Model):
    """When a patient is told of a result, by who may see them; without a row at once."""

    patient = models.OneToOneField(Patient, models.PROTECT, related_name="+")
    wish = models.TextField(choices=[(one.value, one.value) for one in Wish])
    said_at = models.DateTimeField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")


class ResultOpened(models.Model):
    """That an account had a version of a result before it; ``at`` is the last time."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    version = models.ForeignKey(ResultVersion, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "version"], name="portal_result_opened_once"
            ),
        ]
