from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from almoner.coverage.models import Payer, Plan
from almoner.facility.models import VisitType
from almoner.ground.language import PATIENTS_READ
from almoner.patients.models import Patient
from almoner.records.rules import State
from almoner.records.rules.papers import NotTaken, PaperKind, PaperState, Source, Withheld
from almoner.records.rules.signers import CAPACITIES

STATES = [(state.value, state.value) for state in State]


class Form(models.Model):
    """A form by its short name. What it asks is in its versions; ``retired_at``: no longer used."""

    code = models.SlugField(unique=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)


class FormVersion(models.Model):
    """What a form asks, as a FHIR Questionnaire, and its number.

    The highest published number is in use. A published version is never changed or deleted
    (trigger): answers name it. A form has at most one draft.
    None of its ``authors``, all who wrote in it, publishes it (check); nobody wrote what came with
    the house.
    """

    form = models.ForeignKey(Form, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    edition = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by_id = models.BigIntegerField(null=True)
    authors = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="form_version_number_once"),
            models.UniqueConstraint(
                fields=["form"],
                name="form_draft_once",
                condition=Q(published_at__isnull=True),
            ),
            models.CheckConstraint(
                name="form_published_by_another",
                condition=Q(published_at=None)
                | Q(authors=[])
                | Q(published_by_id__isnull=False) & ~Q(authors__contains=[F("published_by_id")]),
            ),
            models.CheckConstraint(name="form_version_numbered", condition=Q(number__gte=1)),
        ]


class FormRule(models.Model):
    """Who is asked for a form, and how often; see `rules.Rule`. ``ended_at``: applies no more."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="rules")
    visit_type = models.ForeignKey(VisitType, models.PROTECT, null=True, blank=True)
    age_from = models.PositiveSmallIntegerField(null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(null=True, blank=True)
    payer_kind = models.TextField(blank=True, default="", choices=Payer.Kind.choices)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True)
    holds_days = models.PositiveSmallIntegerField(null=True, blank=True)
    when_replaced = models.BooleanField(default=True)
    decline_stands = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="form_rule_ages_in_order",
                condition=Q(age_from__isnull=True)
                | Q(age_to__isnull=True)
                | Q(age_from__lte=F("age_to")),
            ),
        ]


class Filling(models.Model):
    """One patient's copy of a form: begun, and then signed, declined or done on paper, once.

    It keeps the version it was begun with, whatever is published meanwhile. ``form`` is the
    version's, so that there is at most one open copy. ``visit_id`` is the visit for which it was
    gone on with last. What is settled is never changed (trigger), and is signed only together with
    a `Signature`.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="forms")
    form = models.ForeignKey(Form, models.PROTECT)
    version = models.ForeignKey(FormVersion, models.PROTECT)
    visit_id = models.BigIntegerField(null=True)
    language = models.TextField(default="en")
    state = models.TextField(choices=STATES, default=State.OPEN.value)
    begun_at = models.DateTimeField()
    begun_by_id = models.BigIntegerField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_on = models.DateField(null=True)
    settled_by_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "form"], name="filling_open_once", condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="filling_state_known", condition=Q(state__in=[state.value for state in State])
            ),
            models.CheckConstraint(
                name="filling_settled_has_day",
                condition=Q(state="open", settled_at__isnull=True, settled_on__isnull=True)
                | ~Q(state="open") & Q(settled_at__isnull=False, settled_on__isnull=False),
            ),
            models.CheckConstraint(
                name="filling_declined_for_a_reason", condition=~Q(state="declined") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="filling_language_known", condition=Q(language__in=list(PATIENTS_READ))
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "form", "-settled_on"], name="filling_of_patient")
        ]


class Answer(models.Model):
    """The answer to one question as it stands; ``by_id`` wrote it last, empty is the patient.

    A form that is settled takes no answers any more (trigger).
    """

    filling = models.ForeignKey(Filling, models.PROTECT, related_name="answers")
    link_id = models.TextField()
    values = ArrayField(models.TextField())
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filling", "link_id"], name="answer_once"),
        ]


class ElectronicConsent(models.Model):
    """That somebody agreed to sign electronically, or took it back (15 USC 7001(c)). Append-only.

    The newest row of a patient counts. ``text`` is the version of what was agreed to.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="electronic_consents")
    given = models.BooleanField()
    text = models.TextField()
    language = models.TextField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    address = models.GenericIPAddressField(null=True)
    session = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-id"], name="consent_of_patient")]


class Signature(models.Model):
    """Who signed a form, when, from where, and the sealed paper of it. Append-only.

    ``sha256`` is of the bytes of ``pdf``: the database computes it again and refuses another.
    ``name`` is the signature that was typed, ``drawing`` a PNG when one was drawn too.
    ``text_sha256`` is of the version's questions as they were shown.
    """

    filling = models.OneToOneField(Filling, models.PROTECT, related_name="signature")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="signatures")
    name = models.TextField()
    capacity = models.TextField()
    drawing = models.BinaryField(null=True)
    consent = models.ForeignKey(ElectronicConsent, models.PROTECT)
    at = models.DateTimeField()
    zone = models.TextField()
    address = models.GenericIPAddressField(null=True)
    session = models.TextField()
    seen_by_id = models.BigIntegerField(null=True)
    text_sha256 = models.BinaryField()
    pdf = models.BinaryField()
    sha256 = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="signature_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="signature_capacity_known", condition=Q(capacity__in=CAPACITIES)
            ),
            models.CheckConstraint(
                name="signature_session_known", condition=Q(session__in=["desk", "link"])
            ),
        ]


class Upload(models.Model):
    """A file that was handed over: the scan of a form signed on paper. Append-only.

    ``media`` was found by looking at the bytes; pictures are encoded anew by us.
    """

    class Media(models.TextChoices):
        JPEG = "image/jpeg"
        PDF = "application/pdf"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="uploads")
    filling = models.ForeignKey(Filling, models.PROTECT, related_name="uploads")
    media = models.TextField(choices=Media.choices)
    content = models.BinaryField()
    added_at = models.DateTimeField()
    added_by_id = models.BigIntegerField(null=True)


class Proposal(models.Model):
    """What answers of a signed form propose for the registration, for an officer to decide.

    ``subject`` is phone, email, language, address or contact; ``values`` its parts.
    """

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="proposals")
    filling = models.ForeignKey(Filling, models.PROTECT, related_name="proposals")
    subject = models.TextField()
    values = models.JSONField()
    state = models.TextField(choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filling", "subject"], name="proposal_once"),
            models.CheckConstraint(
                name="proposal_decided_by_somebody",
                condition=Q(state="open", decided_at__isnull=True)
                | ~Q(state="open") & Q(decided_at__isnull=False, decided_by_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["patient"], name="proposals_open", condition=Q(state="open"))
        ]


class Document(models.Model):
    """A paper or a picture of a patient, as it was handed over and screened.

    ``title`` is what whoever handed it over calls it, ``kind`` what the desk files it under. What
    it shows, whose it is and where it came from is never changed, and no row is deleted (trigger):
    what was filed in error is refused. ``sha256`` is of ``content``, which the database computes
    again. ``sent_by_id`` is an officer; empty is the patient, or who acts for them, and then
    ``sender_id`` the account it came from, if any. What is filed the patient reads in their
    account, unless it is withheld: since when, by whom, and why. Psychotherapy notes always are.
    """

    class Media(models.TextChoices):
        JPEG = "image/jpeg"
        PDF = "application/pdf"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="documents")
    visit_id = models.BigIntegerField(null=True)
    title = models.TextField()
    media = models.TextField(choices=Media.choices)
    content = models.BinaryField()
    sha256 = models.BinaryField()
    source = models.TextField()
    sent_at = models.DateTimeField()
    sent_by_id = models.BigIntegerField(null=True)
    state = models.TextField(default=PaperState.WAITING.value)
    kind = models.TextField(blank=True, default="")
    reason = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    sender_id = models.BigIntegerField(null=True)
    withheld_at = models.DateTimeField(null=True)
    withheld_by_id = models.BigIntegerField(null=True)
    withheld_why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="document_titled", condition=~Q(title="")),
            models.CheckConstraint(
                name="document_source_known", condition=Q(source__in=[one.value for one in Source])
            ),
            models.CheckConstraint(
                name="document_stands_as_decided",
                condition=Q(
                    state="waiting", kind="", reason="", decided_at=None, decided_by_id=None
                )
                | Q(
                    state="filed",
                    kind__in=[one.value for one in PaperKind],
                    reason="",
                    decided_at__isnull=False,
                    decided_by_id__isnull=False,
                )
                | Q(
                    state="refused",
                    kind="",
                    reason__in=[one.value for one in NotTaken],
                    decided_at__isnull=False,
                    decided_by_id__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="document_withheld_for_a_reason",
                condition=Q(withheld_why="", withheld_at=None, withheld_by_id=None)
                | Q(
                    state="filed",
                    withheld_why__in=[one.value for one in Withheld],
                    withheld_at__isnull=False,
                    withheld_by_id__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="document_notes_are_withheld",
                condition=~Q(kind="notes") | Q(withheld_at__isnull=False),
            ),
            models.CheckConstraint(
                name="document_sender_is_no_officer",
                condition=Q(sender_id=None) | Q(sent_by_id=None),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-id"], name="documents_of_patient"),
            models.Index(
                fields=["id"], name="documents_waiting", condition=Q(state=PaperState.WAITING.value)
            ),
        ]
