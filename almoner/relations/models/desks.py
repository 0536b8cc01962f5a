from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from almoner.access.models import Officer
from almoner.access.rules import Role
from almoner.ground.signing import SignedWords
from almoner.relations import rules

KINDS = [
    (rules.Kind.QUESTION.value, _("Question")),
    (rules.Kind.REQUEST.value, _("Request")),
    (rules.Kind.COMPLAINT.value, _("Complaint")),
    (rules.Kind.GRIEVANCE.value, _("Grievance")),
    (rules.Kind.BILLING.value, _("Billing dispute")),
    (rules.Kind.RECORDS.value, _("Records request")),
    (rules.Kind.CALL_BACK.value, _("Call back")),
    (rules.Kind.TASK.value, _("Task")),
]
DESKS = [
    (rules.Desk.FRONT.value, _("Front desk")),
    (rules.Desk.BILLING.value, _("Billing desk")),
    (rules.Desk.RECORDS.value, _("Records desk")),
    (rules.Desk.RELATIONS.value, _("Patient relations")),
    (rules.Desk.PRIVACY.value, _("Privacy")),
]


class DeskLead(models.Model):
    """Who leads a desk: whatever nobody there has taken is theirs, and what is overdue."""

    desk = models.TextField(_("desk"), unique=True, choices=DESKS)
    officer = models.ForeignKey(Officer, models.PROTECT, verbose_name=_("officer"))

    class Meta:
        verbose_name = _("lead of a desk")
        verbose_name_plural = _("leads of desks")

    def __str__(self) -> str:
        return f"{self.get_desk_display()}: {self.officer}"


class DeskHours(models.Model):
    """A period of a weekday in which the desks work, on the clinic's clock; there may be several.

    ``weekday`` is ISO: Monday 1 … Sunday 7.
    """

    weekday = models.PositiveSmallIntegerField(_("weekday"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("hours of the desks")
        verbose_name_plural = _("hours of the desks")
        constraints = [
            models.CheckConstraint(
                name="desk_hours_end_after_start",
                condition=Q(ends__gt=F("starts")),
                violation_error_message=_("Until: it must be later than From."),
            ),
            models.CheckConstraint(
                name="desk_hours_weekday", condition=Q(weekday__gte=1, weekday__lte=7)
            ),
        ]

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday - 1]} {self.starts:%H:%M}"


class ServiceLevel(models.Model):
    """How soon a case is answered first, and settled, in minutes in which the desks work.

    An empty kind or desk is any. Of those in force the one that names more counts, the kind before
    the desk; of two alike the later.
    """

    kind = models.TextField(_("kind of case"), blank=True, default="", choices=KINDS)
    desk = models.TextField(_("desk"), blank=True, default="", choices=DESKS)
    first_answer = models.PositiveIntegerField(_("first answer (minutes)"))
    resolution = models.PositiveIntegerField(_("settled (minutes)"))
    valid_from = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "desk", "valid_from"], name="service_level_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        named = [self.get_kind_display() if self.kind else "", self.get_desk_display()]
        return f"{' · '.join(filter(None, named)) or '*'} {self.valid_from}"


class GrievanceTerm(models.Model):
    """On which day after receipt a grievance's owner is warned, and the patient told it is open.

    Calendar days. A row without a state holds where the state has none of its own.
    """

    state = models.CharField(_("state"), max_length=2, blank=True, default="")
    warn_day = models.PositiveSmallIntegerField(_("warn on day"))
    tell_day = models.PositiveSmallIntegerField(_("tell the patient on day"))
    source = models.TextField(_("source"))
    valid_from = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("term of grievances")
        verbose_name_plural = _("terms of grievances")
        constraints = [
            models.UniqueConstraint(fields=["state", "valid_from"], name="grievance_term_once"),
            models.CheckConstraint(
                name="grievance_term_warns_first",
                condition=Q(tell_day__gt=F("warn_day")),
                violation_error_message=_("Tell the patient: it must be later than the warning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state or '*'} {self.valid_from}"


class Macro(SignedWords):
    """An answer that is given often, in one language; ``roles`` are who may use it, nobody is all.

    ``body`` may name {name}, {clinic}, {phone} and {number} (the case's); what answers take over is
    what was signed of it.
    """

    WORDS = ("body",)

    name = models.TextField(_("name"))
    language = models.CharField(
        _("language"), max_length=2, choices=[("en", _("English")), ("es", _("Spanish"))]
    )
    kind = models.TextField(_("kind of case"), blank=True, default="", choices=KINDS)
    roles = ArrayField(
        models.TextField(choices=[(role.value, role.value) for role in Role]),
        verbose_name=_("roles"),
        default=list,
        blank=True,
    )
    body = models.TextField(_("words"))

    class Meta:
        verbose_name = _("canned answer")
        verbose_name_plural = _("canned answers")
        constraints = [
            models.UniqueConstraint(fields=["name", "language"], name="macro_name_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"

    @property
    def languages(self) -> dict[str, str]:
        return {"body": self.language}


class SavedView(models.Model):
    """A list of cases an officer comes back to: filters by their allowed names and values.

    ``desk`` is who has it too, by the same name for nobody else's list there; each sees in it what
    they may see themselves. Whose list it is shares, renames and removes it; who leads the desk
    takes it from the desk, too.
    """

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="saved_views")
    name = models.TextField()
    filters = models.JSONField()
    desk = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="saved_view_desk_known",
                condition=Q(desk__in=["", *(each.value for each in rules.Desk)]),
            ),
            models.CheckConstraint(
                name="saved_view_has_a_name", condition=Q(name__regex=r"[^[:space:]]")
            ),
            models.UniqueConstraint(
                fields=["desk", "name"], name="saved_view_of_desk_once", condition=~Q(desk="")
            ),
            models.UniqueConstraint(fields=["officer", "name"], name="saved_view_name_once"),
        ]
