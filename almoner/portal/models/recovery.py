from django.db import models

from almoner.portal.models.accounts import Account


class RecoveryCode(models.Model):
    """A code that stands once for the digits of an app that is lost.

    ``digest`` is SHA-256 of it: 49 bits at random need no slower one, and what stands here opens
    nothing. The password is asked for all the same.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "digest"], name="portal_recovery_code_of_an_account_once"
            ),
        ]
