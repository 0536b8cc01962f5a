from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from almoner.access.rules import Grade, Purpose, Role, permits
from almoner.facility.models import Clinician, Location


class OfficerManager(BaseUserManager["Officer"]):
    def get_queryset(self) -> models.QuerySet["Officer"]:
        """With the location: the bar of every page names it, and it must not cost a query."""
        return super().get_queryset().select_related("location")

    def get_by_natural_key(self, username: str | None) -> "Officer":
        return self.get(username=username)


class Officer(AbstractBaseUser):
    """Somebody who works here and signs in. Never shared, never deleted: ``left_at`` ends it.

    ``password_given_at`` is set while the password is a one-time one that somebody else gave: it
    opens nothing but the page that changes it. The last administrator stays one (trigger).
    """

    username = models.SlugField(unique=True)
    name = models.TextField()
    email = models.EmailField(blank=True, default="")
    roles = ArrayField(models.TextField(choices=[(role, role) for role in Role]))
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True)
    clinician = models.OneToOneField(Clinician, models.PROTECT, null=True, blank=True)
    patient_id = models.BigIntegerField(null=True, blank=True)  # the officer's own record, if any
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    password_given_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = OfficerManager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="officer_has_a_role", condition=Q(roles__len__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # the base class has a plain attribute
        return self.left_at is None

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin, which holds set-up tables only, lets this officer in."""
        return self.is_active and Role.ADMINISTRATOR in self.roles

    def may(self, permission: str) -> bool:
        return self.is_active and permits(self.roles, permission)

    def has_perm(self, _permission: str, _row: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, _app: str) -> bool:
        return self.is_staff


class Session(AbstractBaseSession):
    """A browser that somebody signed in with, or that came to sign in; see `access.sessions`."""

    officer = models.ForeignKey(Officer, models.CASCADE, null=True)


class AccessEvent(models.Model):
    """One response that showed patient data: who looked, at whom, on which screen and why.

    Append-only, partitioned by month of ``at`` (the table is made in SQL). ``patient_ids`` are all
    patients whose data the response held, search results included; nobody when it showed a paper
    that names people who may be no patients of ours. The reason is the work item that
    led there; ``reason_by_id`` is who made that item, empty when the patient or a partner did.
    ``confirmed_by`` names the two identifiers that confirmed the person.
    """

    at = models.DateTimeField()
    officer = models.ForeignKey(Officer, models.DO_NOTHING, db_constraint=False)
    screen = models.TextField()
    purpose = models.TextField(choices=[(purpose, purpose) for purpose in Purpose])
    patient_ids = ArrayField(models.BigIntegerField())
    reason_kind = models.TextField()
    reason_id = models.BigIntegerField(null=True)
    reason_by_id = models.BigIntegerField(null=True)
    grade = models.CharField(max_length=1, choices=[(grade, grade) for grade in Grade])
    confirmed_by = ArrayField(models.TextField(), default=list)
    note = models.TextField(default="", blank=True)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        db_table = "access_event"


class Seal(models.Model):
    """A signed head of the tree over all access events up to a point. Append-only.

    ``size`` leaves; ``subtrees`` are what the next batch needs to go on. ``horizon`` is the
    transaction number below which every event is sealed. ``signature`` is Ed25519 over size
    and root.
    """

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField()
    subtrees = ArrayField(models.BinaryField())
    horizon = models.BigIntegerField()
    at = models.DateTimeField()
    signature = models.BinaryField()


class Leaf(models.Model):
    """Which event is leaf ``number`` of the tree, and its hash. Append-only."""

    number = models.BigIntegerField(primary_key=True)
    event_at = models.DateTimeField()
    event_id = models.BigIntegerField()
    hash = models.BinaryField()
