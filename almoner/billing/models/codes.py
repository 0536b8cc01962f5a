from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CodeRelease(models.Model):
    """One loaded release of a code set.

    Its publisher made it for services on days in [starts, ends). We hold no newer one until it is
    loaded: for a later day the last release is still used, and every screen that does so says so.
    """

    class System(models.TextChoices):
        ICD10CM = "icd10cm", _("ICD-10-CM")

    system = models.TextField(choices=System.choices)
    name = models.TextField()
    starts = models.DateField()
    ends = models.DateField()
    codes = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "starts"], name="code_release_once"),
            models.CheckConstraint(name="code_release_days", condition=Q(ends__gt=F("starts"))),
        ]


class DiagnosisCode(models.Model):
    """A code of one release, without its dot; only ``billable`` ones may stand on a claim.

    A generated ``words`` column (SQL) holds the description for search by words.
    """

    release = models.ForeignKey(CodeRelease, models.CASCADE, related_name="diagnoses")
    code = models.CharField(max_length=8)
    description = models.TextField()
    billable = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "code"], name="diagnosis_code_once"),
        ]
        indexes = [
            models.Index(
                F("release"), OpClass(F("code"), "varchar_pattern_ops"), name="diagnosis_prefix"
            ),
        ]


class ChargeItem(models.Model):
    """What the clinic charges for: a line of its charge master, in force on [starts, ends).

    The procedure code's description is the site's own wording. Procedure codes are licensed by
    others; the site loads those it holds a licence for.
    """

    code = models.CharField(_("code"), max_length=5)
    description = models.TextField(_("description"))
    fee_cents = models.PositiveIntegerField(_("fee"))
    modifiers = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, verbose_name=_("modifiers")
    )
    starts = models.DateField(_("in force from"))
    ends = models.DateField(_("in force until"), null=True, blank=True)

    class Meta:
        verbose_name = _("charge item")
        verbose_name_plural = _("charge items")
        constraints = [
            models.UniqueConstraint(fields=["code", "starts"], name="charge_item_once"),
            models.CheckConstraint(
                name="charge_item_code_shape", condition=Q(code__regex=r"^[A-Z0-9]{5}$")
            ),
            models.CheckConstraint(
                name="charge_item_days", condition=Q(ends__isnull=True) | Q(ends__gt=F("starts"))
            ),
            models.CheckConstraint(
                name="charge_item_modifiers", condition=Q(modifiers__len__lte=4)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.description}"


class ReasonWording(models.Model):
    """The site's wording of an adjustment reason or remark code, loaded from a list it licensed.

    Where there is none, the wording in `rules.denials` is shown for the codes we act on.
    """

    class Kind(models.TextChoices):
        REASON = "carc", _("Adjustment reason")
        REMARK = "rarc", _("Remark")

    kind = models.TextField(choices=Kind.choices)
    code = models.CharField(max_length=6)
    wording = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="reason_wording_once"),
        ]
