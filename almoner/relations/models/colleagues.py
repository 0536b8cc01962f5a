from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from almoner.access.models import Officer
from almoner.access.rules import Role
from almoner.relations import rules
from almoner.relations.models.cases import CaseLine
from almoner.relations.models.desks import DESKS, KINDS
from almoner.relations.models.talk import Conversation

_WORDS = r"[^[:space:]]"
SKILLS = [("spanish", _("Spanish")), ("coding", _("Coding")), ("clinical", _("Clinical"))]
WAITS_FOR = [
    (rules.WaitsFor.PATIENT.value, _("the patient")),
    (rules.WaitsFor.PAYER.value, _("the payer")),
    (rules.WaitsFor.CLINICIAN.value, _("a clinician")),
    (rules.WaitsFor.OUTSIDE.value, _("somebody outside")),
]


class Note(models.Model):
    """What an officer wrote down beside a conversation, for colleagues: no patient ever gets it.

    It stays with what was said: once somebody has said whose an address is, it is theirs too.
    """

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    words = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="note_has_words", condition=Q(words__regex=_WORDS)),
        ]
        indexes = [models.Index(fields=["conversation", "-id"], name="note_of_conversation")]


class Mention(models.Model):
    """Somebody who is asked something in a note, of a case or of a conversation.

    It is theirs to see to until they write a note there too, or put it away; ``ended_how`` says
    which.
    """

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="mentions")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    line = models.ForeignKey(CaseLine, models.PROTECT, null=True, related_name="mentions")
    note = models.ForeignKey(Note, models.PROTECT, null=True, related_name="mentions")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_how = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mention_in_one_note",
                condition=Q(line=None, note__isnull=False) | Q(line__isnull=False, note=None),
            ),
            models.CheckConstraint(
                name="mention_ended_somehow",
                condition=Q(ended_at=None, ended_how="")
                | Q(ended_at__isnull=False, ended_how__in=["answered", "put_away"]),
            ),
            models.UniqueConstraint(fields=["line", "officer"], name="mention_once_in_a_line"),
            models.UniqueConstraint(fields=["note", "officer"], name="mention_once_in_a_note"),
        ]
        indexes = [
            models.Index(
                fields=["officer", "at", "id"], name="mention_open", condition=Q(ended_at=None)
            ),
        ]


class OfficerSkills(models.Model):
    """Which cases somebody takes, beyond what their roles say.

    Without a row it is every case of their desks that asks for no skill.
    """

    officer = models.OneToOneField(Officer, models.CASCADE, verbose_name=_("officer"))
    skills = ArrayField(
        models.TextField(choices=SKILLS), verbose_name=_("skills"), default=list, blank=True
    )
    desks = ArrayField(
        models.TextField(choices=DESKS), verbose_name=_("desks"), default=list, blank=True
    )
    kinds = ArrayField(
        models.TextField(choices=KINDS), verbose_name=_("kinds of case"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("skills of an officer")
        verbose_name_plural = _("skills of officers")

    def __str__(self) -> str:
        return f"{self.officer}: {', '.join(self.skills)}"


class Routine(models.Model):
    """Several acts of a case under one key, and the words that are noted with them.

    Which acts there are the columns say: nothing else can be done by one. A grievance ends by none.
    """

    name = models.TextField(_("name"), unique=True)
    kind = models.TextField(_("kind of case"), blank=True, default="", choices=KINDS)
    roles = ArrayField(
        models.TextField(choices=[(role.value, role.value) for role in Role]),
        verbose_name=_("roles"),
        default=list,
        blank=True,
    )
    note = models.TextField(_("note"), blank=True, default="")
    take = models.BooleanField(_("take it"), default=False)
    desk = models.TextField(_("send it to the desk"), blank=True, default="", choices=DESKS)
    waits_for = models.TextField(_("let it wait for"), blank=True, default="", choices=WAITS_FOR)
    snooze_days = models.PositiveSmallIntegerField(_("set it aside (days)"), null=True, blank=True)

    class Meta:
        verbose_name = _("several acts at once")
        verbose_name_plural = _("several acts at once")
        constraints = [
            models.CheckConstraint(
                name="routine_does_something",
                condition=Q(note__regex=_WORDS)
                | Q(take=True)
                | ~Q(desk="")
                | ~Q(waits_for="")
                | Q(snooze_days__isnull=False),
                violation_error_message=_("It does nothing yet: choose an act, or write a note."),
            ),
            models.CheckConstraint(
                name="routine_takes_or_sends",
                condition=Q(take=False) | Q(desk=""),
                violation_error_message=_("Take it, or send it to a desk: not both."),
            ),
            models.CheckConstraint(
                name="routine_snoozes_some_days",
                condition=Q(snooze_days=None) | Q(snooze_days__gte=1, snooze_days__lte=30),
                violation_error_message=_("Set it aside: 1 to 30 days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
