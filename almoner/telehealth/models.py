from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from almoner.facility.models import Clinician
from almoner.ground.language import PATIENTS_READ
from almoner.scheduling.models import Appointment
from almoner.telehealth.rules import (
    CANDIDATES,
    CAUSES,
    KINDS,
    Item,
    Phone,
    Role,
    State,
    here,
    in_the_call,
    is_open,
)


def _one_of(field: str, values: Iterable[object]) -> Q:
    return Q(**{f"{field}__in": [str(value) for value in values]})


class ConsentText(models.Model):
    """What a patient agrees to before a visit by video, in force from a day on. Append-only.

    ``state`` is empty for the text of all states that have none of their own.
    """

    state = models.CharField(_("state"), max_length=2, blank=True, default="")
    version = models.CharField(_("version"), max_length=20)
    valid_from = models.DateField(_("in force from"))
    english = models.TextField(_("in English"))
    spanish = models.TextField(_("in Spanish"))

    class Meta:
        verbose_name = _("consent to visits by video")
        verbose_name_plural = _("consents to visits by video")
        constraints = [
            models.UniqueConstraint(
                fields=["state", "valid_from"],
                name="consent_text_once",
                violation_error_code="consent_text_once",
                violation_error_message=_("State: it has a text from that day already."),
            ),
            models.CheckConstraint(
                name="consent_text_state",
                condition=Q(state__regex="^([A-Z]{2})?$"),
                violation_error_message=_("State: two capital letters, or nothing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state or '*'} {self.version}"

    def words(self, language: str) -> str:
        return self.spanish if language == "es" else self.english


class VideoVisit(models.Model):
    """An appointment held by video: how far it has come, and what the patient said before it.

    Rows are locked by whoever changes them. What may follow what, and that nobody is admitted past
    an open gate, is a trigger's (``migrations/0002``). ``located_state`` and ``emergency_address``
    are where the patient said they are, at ``located_at``. ``clinician`` is who admitted last: the
    licence counts of that one. ``by_phone_at`` is when it went on by phone: no signal passes since.
    ``note`` is what the waiting patient had the clinic know, ``word`` what they were told.
    ``gathered_at`` is when a fifth place was taken: since then it goes through the gateway.
    """

    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="video")
    state = models.TextField(default=State.NOT_OPEN.value)
    state_since = models.DateTimeField()
    clinician = models.ForeignKey(Clinician, models.PROTECT, null=True)
    locked = models.BooleanField(default=False)
    identified_at = models.DateTimeField(null=True)
    identified_by_id = models.BigIntegerField(null=True)  # nobody: by the visit's link
    located_state = models.CharField(max_length=2, default="")
    emergency_address = models.TextField(default="")
    callback = models.TextField(default="")
    located_at = models.DateTimeField(null=True)
    note = models.TextField(default="")
    word = models.TextField(default="")
    test = models.JSONField(default=dict)
    tested_at = models.DateTimeField(null=True)
    by_phone_at = models.DateTimeField(null=True)
    by_phone_reason = models.TextField(default="")
    by_phone_role = models.TextField(default="")
    gathered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="video_visit_state_known", condition=_one_of("state", State)
            ),
            models.CheckConstraint(
                name="video_visit_by_phone_for_a_reason",
                condition=Q(by_phone_at__isnull=True, by_phone_reason="")
                | Q(by_phone_at__isnull=False) & _one_of("by_phone_reason", Phone),
            ),
            models.CheckConstraint(
                name="video_visit_admitted_by_somebody",
                condition=~Q(state="admitted") | Q(clinician__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state"],
                name="video_visit_open",
                condition=Q(state__in=["waiting", "admitted"]),
            ),
        ]

    @property
    def passes(self) -> bool:
        """Whether it is held by video now: then, and only then, signals and words pass."""
        return self.state == State.ADMITTED and self.by_phone_at is None

    def has_time(self, *, at: datetime) -> bool:
        """Whether its waiting room can be entered, as far as its time goes."""
        times = self.appointment
        return is_open(starts_at=times.starts_at, ends_at=times.ends_at, at=at)


class GateItem(models.Model):
    """How one item of the gate stood when the patient was admitted last."""

    visit = models.ForeignKey(VideoVisit, models.CASCADE, related_name="gate")
    item = models.TextField()
    overridden = models.BooleanField(default=False)
    reason = models.TextField(default="")
    at = models.DateTimeField()
    by_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "item"], name="gate_item_once"),
            models.CheckConstraint(name="gate_item_known", condition=_one_of("item", Item)),
            models.CheckConstraint(
                name="gate_item_overridden_for_a_reason",
                condition=Q(overridden=False) | ~Q(reason=""),
            ),
        ]


class Consent(models.Model):
    """That a patient agreed to a text, for one visit. Append-only.

    ``digest`` is SHA-256 of the words they were shown, in ``language``. ``taken_by_id`` is the
    officer who read it out; empty when the patient agreed on their own page.
    """

    visit = models.ForeignKey(VideoVisit, models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT)
    language = models.TextField()
    digest = models.BinaryField()
    at = models.DateTimeField()
    taken_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "text"], name="consent_once"),
            models.CheckConstraint(
                name="consent_language_known", condition=_one_of("language", PATIENTS_READ)
            ),
        ]


class Participant(models.Model):
    """Somebody's place in a visit by video.

    ``link`` is SHA-256 of the token in an invitation, ``device`` of the secret that the browser was
    given which took the place: an invitation is used once. ``session`` names the page that is open:
    a page opened later takes the place over. ``away_at`` is when its stream broke.
    """

    visit = models.ForeignKey(VideoVisit, models.CASCADE, related_name="participants")
    role = models.TextField()
    name = models.TextField(default="")
    language = models.TextField(default="en")
    officer_id = models.BigIntegerField(null=True)
    link = models.BinaryField(null=True, unique=True)
    invited_at = models.DateTimeField(null=True)
    invited_by_id = models.BigIntegerField(null=True)
    device = models.BinaryField(null=True)
    seated_at = models.DateTimeField(null=True)
    session = models.TextField(default="")
    seen_at = models.DateTimeField(null=True)
    away_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="participant_role_known", condition=_one_of("role", Role)),
            models.CheckConstraint(
                name="participant_seated_on_a_device",
                condition=Q(device__isnull=True, seated_at__isnull=True)
                | Q(device__isnull=False, seated_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["visit"], name="participant_one_patient", condition=Q(role="patient")
            ),
            models.UniqueConstraint(
                fields=["visit", "officer_id"],
                name="participant_officer_once",
                condition=Q(officer_id__isnull=False),
            ),
            models.CheckConstraint(
                name="participant_came_as_what_they_are",
                condition=Q(role="patient", officer_id__isnull=True, link__isnull=True)
                | Q(role="clinician", officer_id__isnull=False, link__isnull=True)
                | Q(role__in=["interpreter", "family"], link__isnull=False),
            ),
        ]

    def is_here(self, *, at: datetime) -> bool:
        """Whether their page is open, as far as its stream says."""
        return here(seen_at=self.seen_at, away_at=self.away_at, at=at)

    def is_in_the_call(self, *, at: datetime) -> bool:
        """Whether they are here, or left so lately that their place is kept."""
        return in_the_call(seen_at=self.seen_at, away_at=self.away_at, at=at)


class Signal(models.Model):
    """What one browser has to say to another to be connected. Swept after two minutes.

    A trigger refuses it while the visit is not admitted, or goes on by phone.
    """

    visit = models.ForeignKey(VideoVisit, models.CASCADE)
    sender = models.ForeignKey(Participant, models.CASCADE, related_name="said")
    sender_session = models.TextField()
    to = models.ForeignKey(Participant, models.CASCADE, related_name="told")
    to_session = models.TextField()
    kind = models.TextField()
    body = models.TextField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="signal_kind_known", condition=_one_of("kind", KINDS)),
            models.CheckConstraint(
                name="signal_to_somebody_else", condition=~Q(sender_id=F("to_id"))
            ),
        ]
        indexes = [models.Index(fields=["to", "to_session", "id"], name="signal_to_page")]


class Passage(models.Model):
    """One connection of an open page with the gateway: what it sends, or what it gets of another.

    ``session`` and ``handle`` are the gateway's numbers of it, ``feed`` is its number of what is
    sent. ``far`` is who sends, empty where the page itself does. ``up`` is whether the page said it
    is connected: of what is sent, the others are told only then. A trigger refuses a row unless the
    visit is admitted and the page is open; what is no longer so is cut off and deleted.
    """

    visit = models.ForeignKey(VideoVisit, models.CASCADE, related_name="passages")
    near = models.ForeignKey(Participant, models.CASCADE, related_name="passages")
    near_session = models.TextField()
    far = models.ForeignKey(Participant, models.CASCADE, null=True, related_name="+")
    feed = models.BigIntegerField()
    session = models.BigIntegerField()
    handle = models.BigIntegerField()
    up = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["near"], name="passage_sends_once", condition=Q(far__isnull=True)
            ),
            models.CheckConstraint(
                name="passage_gets_from_another", condition=Q(far=None) | ~Q(near_id=F("far_id"))
            ),
        ]


class ChatLine(models.Model):
    """What was written during a call; stays with the visit. Append-only."""

    visit = models.ForeignKey(VideoVisit, models.PROTECT, related_name="chat")
    sender = models.ForeignKey(Participant, models.PROTECT)
    words = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="chat_line_says", condition=~Q(words=""))]


class Leg(models.Model):
    """How one connection went, as the browser at its near end saw it: the record of quality.

    ``loss`` is hundredths of a percent of what should have come in. One through the gateway counts
    what came from the far end by way of it.
    """

    visit = models.ForeignKey(VideoVisit, models.CASCADE, related_name="legs")
    near = models.ForeignKey(Participant, models.CASCADE, related_name="legs")
    far = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    near_session = models.TextField()
    far_session = models.TextField()
    by_gateway = models.BooleanField(default=False)
    candidate = models.TextField(default="")
    first_frame_ms = models.PositiveIntegerField(null=True)
    loss = models.PositiveSmallIntegerField(null=True)
    cause = models.TextField(default="")
    began_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["near", "far", "near_session", "far_session", "by_gateway"],
                name="leg_once",
            ),
            models.CheckConstraint(
                name="leg_candidate_known", condition=_one_of("candidate", ("", *CANDIDATES))
            ),
            models.CheckConstraint(name="leg_cause_known", condition=_one_of("cause", CAUSES)),
        ]


class PictureAsked(models.Model):
    """That a patient was asked, in a call, for one picture of what their camera shows; the answer.

    ``text`` is the version of the question, in ``language``. ``document_id`` is the picture in the
    record. What was asked and answered stays (trigger), and nothing is kept without a yes.
    """

    visit = models.ForeignKey(VideoVisit, models.PROTECT, related_name="pictures")
    asked_by = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    text = models.TextField()
    language = models.TextField()
    given = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    document_id = models.BigIntegerField(null=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="picture_asked_answered_at",
                condition=Q(given=None, answered_at=None)
                | Q(given__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="picture_kept_with_consent",
                condition=Q(document_id=None) | Q(given=True),
            ),
        ]
        indexes = [models.Index(fields=["visit", "-id"], name="pictures_of_visit")]
