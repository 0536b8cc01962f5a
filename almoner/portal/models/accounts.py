"""Accounts of people outside: a patient's own, and those of parents, guardians and helpers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from almoner.ground.language import PATIENTS_READ
from almoner.patients.models import Patient
from almoner.portal.rules.accounts import TRIES, Kind, Part

_KINDS = [(kind.value, kind.value) for kind in Kind]
_PARTS = [(part.value, part.value) for part in Part]


class Account(models.Model):
    """Somebody outside who may sign in: a patient, or who acts for one.

    They get in by a `Passkey`, or by ``login``, a password and the six digits of an app.
    ``password`` is Django's hash; ``totp`` is the app's secret, sealed (`queries.secrets`), and
    ``totp_step`` the last half minute whose digits were used, so that none are used twice. Five
    wrong tries in a row close the password for a while. An account is ended, never deleted.
    """

    name = models.TextField()
    login = models.TextField(null=True, blank=True)
    password = models.TextField(blank=True, default="")
    totp = models.BinaryField(null=True, blank=True)
    totp_step = models.BigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    closed_until = models.DateTimeField(null=True, blank=True)
    language = models.TextField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["login"], name="portal_account_login_once"),
            models.CheckConstraint(
                name="portal_account_password_whole",
                condition=Q(login__isnull=True, password="", totp__isnull=True)
                | (Q(login__isnull=False, totp__isnull=False) & ~Q(password="")),
            ),
            models.CheckConstraint(
                name="portal_account_tries_counted", condition=Q(tries__gte=0, tries__lt=TRIES)
            ),
            models.CheckConstraint(
                name="portal_account_language_known", condition=Q(language__in=list(PATIENTS_READ))
            ),
        ]


class Passkey(models.Model):
    """One passkey of an account (WebAuthn); ``credential`` is its public half, as it was made."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(unique=True)
    credential = models.BinaryField()
    counter = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class Acting(models.Model):
    """That an account may act for a patient: as whom, for which ``parts``, from when to when.

    Ended by a person (``ended_at``), by its last day (``until``, inclusive), or by the patient's
    age, which nobody has to remember: see `MinorTerms`.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="acting")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="acted_for_by")
    kind = models.TextField(choices=_KINDS)
    parts = ArrayField(models.TextField(choices=_PARTS))
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    proof = models.TextField(blank=True, default="")
    made_by_id = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_id = models.BigIntegerField(null=True, blank=True)
    ended_because = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "patient"],
                name="portal_acting_once",
                condition=Q(ended_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["patient"],
                name="portal_acting_own_account_once",
                condition=Q(ended_at__isnull=True, kind=Kind.SELF),
            ),
            models.CheckConstraint(
                name="portal_acting_days",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(
                name="portal_acting_for_another_is_proved",
                condition=Q(kind=Kind.SELF) | ~Q(proof=""),
            ),
        ]


class Invitation(models.Model):
    """A code by which somebody makes an account, or gets back into theirs; used once.

    ``digest`` is SHA-256 of the code: what stands here opens nothing. The code asks for the birth
    date of the patient too; five wrong ones end it.
    """

    digest = models.BinaryField(unique=True)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="portal_invitations")
    kind = models.TextField(choices=_KINDS)
    parts = ArrayField(models.TextField(choices=_PARTS))
    until = models.DateField(null=True, blank=True)
    proof = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="portal_invitation_used_or_withdrawn",
                condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="portal_invitation_for_another_is_proved",
                condition=Q(kind=Kind.SELF) | ~Q(proof=""),
            ),
        ]
        indexes = [models.Index(fields=["patient", "-id"], name="portal_invitation_of_patient")]


class Entrance(models.Model):
    """A browser on its way in, or in: what a cookie's ``digest`` stands for.

    On its way in it has an ``invitation`` (whoever said its code and the birth date), or neither
    that nor an ``account`` (a passkey is asked for), and shows nothing of anybody. Once ``in_at``
    is set it may act, idle and absolute deadlines kept here. ``challenge`` is what a passkey was
    last asked to sign, ``secret`` that of the app of who is joining, sealed. ``acting`` is for
    whom, when it is not the first one. ``proved_at`` is when a passkey, or the password and what
    stands beside it, were shown last.
    """

    digest = models.BinaryField(unique=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="entrances")
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, related_name="+")
    acting = models.ForeignKey(Acting, models.SET_NULL, null=True, related_name="+")
    challenge = models.JSONField(null=True)
    secret = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    in_at = models.DateTimeField(null=True)
    proved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="portal_entrance_in_as_somebody",
                condition=Q(in_at__isnull=True) | Q(account__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["seen_at"], name="portal_entrance_seen")]
