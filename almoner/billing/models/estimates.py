from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from almoner.billing.rules.estimates import How, Why
from almoner.facility.models import VisitType
from almoner.patients.models import Patient
from almoner.scheduling.models import Appointment


class UsualCharge(models.Model):
    """A service that visits of a kind usually come to; its price is the charge master's."""

    visit_type = models.ForeignKey(
        VisitType, models.CASCADE, related_name="usual_charges", verbose_name=_("visit type")
    )
    code = models.CharField(_("code"), max_length=5)
    units = models.PositiveSmallIntegerField(_("units"), default=1)

    class Meta:
        verbose_name = _("usual charge")
        verbose_name_plural = _("usual charges")
        constraints = [
            models.UniqueConstraint(fields=["visit_type", "code"], name="usual_charge_once"),
            models.CheckConstraint(
                name="usual_charge_code_shape",
                condition=Q(code__regex=r"^[A-Z0-9]{5}$"),
                violation_error_message=_("A procedure code has five letters or digits."),
            ),
            models.CheckConstraint(name="usual_charge_units", condition=Q(units__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.visit_type}: {self.code}"


class Estimate(models.Model):
    """A good-faith estimate of one visit, as it stands on the paper (45 CFR 149.610).

    A change is the next version; of this row the database changes nothing but when, how and by
    whom it was given, once (trigger). ``lines`` are `rules.estimates.Line`; ``diagnoses`` are
    empty when none is known before the visit. Without ``made_by_id`` it was made by itself. ``why``
    and ``asked_at`` say what it is owed for; without ``due_date`` none was owed.
    """

    number = models.CharField(max_length=20, unique=True)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="estimates")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="estimates")
    version = models.PositiveSmallIntegerField()
    service_date = models.DateField()
    clinician = models.TextField()
    clinician_npi = models.CharField(max_length=10)
    organisation = models.TextField()
    tax_id = models.CharField(max_length=9)
    location = models.TextField()
    lines = models.JSONField()
    total_cents = models.IntegerField()
    diagnoses = ArrayField(models.CharField(max_length=8), default=list)
    language = models.CharField(max_length=12)
    pdf = models.BinaryField()
    why = models.TextField(choices=[(each.value, each.value) for each in Why])
    asked_at = models.DateTimeField()
    due_date = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    given_at = models.DateTimeField(null=True)
    given_how = models.TextField(
        choices=[(each.value, each.value) for each in How], blank=True, default=""
    )
    given_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "version"], name="estimate_version_once"
            ),
            models.CheckConstraint(name="estimate_versions_from_one", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="estimate_total_not_below_nothing", condition=Q(total_cents__gte=0)
            ),
            models.CheckConstraint(name="estimate_has_lines", condition=~Q(lines=[])),
            models.CheckConstraint(
                name="estimate_why_known", condition=Q(why__in=[each.value for each in Why])
            ),
            models.CheckConstraint(
                name="estimate_given_somehow",
                condition=Q(given_at=None, given_how="", given_by_id=None)
                | Q(given_at__isnull=False, given_how="page", given_by_id=None)
                | Q(
                    given_at__isnull=False,
                    given_how__in=["paper", "email"],
                    given_by_id__isnull=False,
                ),
            ),
        ]
        indexes = [models.Index(fields=["patient"], name="estimate_of")]


class EstimateWanted(models.Model):
    """That a patient is owed an estimate of a visit until ``due_date``, and does not have it yet.

    ``estimate`` is the newest one made for it, to be given; without it one is to be written. It is
    closed when the newest is given, or none is owed any more.
    """

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    why = models.TextField(choices=[(each.value, each.value) for each in Why])
    asked_at = models.DateTimeField()
    due_date = models.DateField()
    estimate = models.ForeignKey(Estimate, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"],
                name="estimate_wanted_once",
                condition=Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="estimate_wanted_why_known",
                condition=Q(why__in=[each.value for each in Why]),
            ),
        ]
        indexes = [
            models.Index(
                F("due_date"), F("id"), name="estimate_due", condition=Q(closed_at__isnull=True)
            ),
        ]
