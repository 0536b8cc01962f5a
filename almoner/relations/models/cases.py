from django.db import models
from django.db.models import F, Q

from almoner.access.models import Officer
from almoner.patients.models import Patient
from almoner.relations import rules

_KINDS = [each.value for each in rules.Kind]
_DESKS = [each.value for each in rules.Desk]
_REASONS = [each.value for each in rules.WaitsFor]
_WORK = Q(merged_into=None) & ~Q(state="closed")


class Case(models.Model):
    """Something somebody wants of us, until it is settled: whose work it is, and until when.

    ``patient`` is empty until a person has said whose case it is. There is always an ``owner``: the
    lead of its desk until somebody takes it (``taken_at``). ``answer_by``, ``warn_at`` and
    ``due_at`` run by the hours of the desks; of a grievance ``due_at`` is the law's, or the day
    by which a letter promised the next, and nobody moves it. ``unanswered_at`` is when the
    owner was told that the first answer is late, ``stranded_at`` when the lead was
    told that nobody here has its ``skill``.
    ``merged_into`` says that it is worked on as part of another; nothing else of it changes, so
    that it can be taken out again. ``split_from`` is the case it was part of.
    """

    kind = models.TextField()
    desk = models.TextField()
    skill = models.TextField(blank=True, default="")
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="cases")
    subject = models.TextField()
    owner = models.ForeignKey(Officer, models.PROTECT, related_name="cases")
    taken_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    unanswered_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    stranded_at = models.DateTimeField(null=True)
    escalated_to = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    state = models.TextField(default="open")
    waiting_for = models.TextField(blank=True, default="")
    waiting_since = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)
    result = models.TextField(blank=True, default="")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="split")

    class Meta:
        constraints = [
            models.CheckConstraint(name="case_kind_known", condition=Q(kind__in=_KINDS)),
            models.CheckConstraint(name="case_desk_known", condition=Q(desk__in=_DESKS)),
            models.CheckConstraint(
                name="case_has_a_subject", condition=Q(subject__regex=r"[^[:space:]]")
            ),
            models.CheckConstraint(
                name="case_waits_for_somebody",
                condition=Q(state="waiting", waiting_for__in=_REASONS, waiting_since__isnull=False)
                | Q(state__in=["open", "closed"], waiting_for="", waiting_since=None),
            ),
            models.CheckConstraint(
                name="case_closed_with_a_result",
                condition=Q(
                    state="closed",
                    closed_at__isnull=False,
                    result__regex=r"[^[:space:]]",
                    merged_into=None,
                )
                | Q(state__in=["open", "waiting"], closed_at=None, closed_by_id=None, result=""),
            ),
            models.CheckConstraint(
                name="case_part_of_another",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_at", "id"], name="case_of_owner", condition=_WORK),
            models.Index(fields=["desk", "due_at", "id"], name="case_of_desk", condition=_WORK),
            models.Index(fields=["due_at", "id"], name="case_by_due", condition=_WORK),
            models.Index(fields=["patient", "-opened_at"], name="case_of_patient"),
        ]

    @property
    def number(self) -> str:
        return rules.number_of(self.pk)


class CaseLine(models.Model):
    """One change of a case, or a note in it: what was done, and in which words.

    Append-only (trigger). ``by_id`` is empty when the clock did it. ``about_id`` names the other
    case of a merge or split, or the letter.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="lines")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    verb = models.TextField()
    words = models.TextField(blank=True, default="")
    about_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_line_verb_known",
                condition=Q(verb__in=[each.value for each in rules.Verb]),
            ),
        ]
        indexes = [models.Index(fields=["case", "at", "id"], name="line_of_case")]


class CaseThing(models.Model):
    """What a case is about: a message that came in, a call, a visit, a bill. Append-only (trigger).

    ``kind`` and ``item_id`` are the work item's, as reasons to look name it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="things")
    kind = models.TextField()
    item_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_thing_kind_known", condition=Q(kind__in=[*rules.THINGS])
            ),
            models.UniqueConstraint(fields=["case", "kind", "item_id"], name="case_thing_once"),
        ]
        indexes = [models.Index(fields=["kind", "item_id"], name="case_about_thing")]
