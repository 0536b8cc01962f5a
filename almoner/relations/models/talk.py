from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from almoner.access.models import Officer
from almoner.ground.models import Event, Outgoing
from almoner.patients.models import Patient
from almoner.patients.rules.opening import IDENTIFIERS
from almoner.relations import rules
from almoner.relations.models.texts import TextVersion
from almoner.relations.rules import script


class Conversation(models.Model):
    """All that is said between us and one person; or one address, while nobody knows whose it is.

    A person's has every address they are reached at; ``address`` is empty then. ``last_at`` is when
    something was said last.
    """

    patient = models.OneToOneField(Patient, models.PROTECT, null=True, related_name="conversation")
    channel = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="conversation_of_a_person_or_an_address",
                condition=Q(patient__isnull=False, channel="", address="")
                | (Q(patient=None, channel__in=["sms", "email"]) & ~Q(address="")),
            ),
            models.UniqueConstraint(
                fields=["channel", "address"],
                name="conversation_address_once",
                condition=Q(patient=None),
            ),
        ]
        indexes = [models.Index(fields=["-last_at", "-id"], name="conversation_newest")]


class Message(models.Model):
    """Something we said: to which address, in which language, in exactly which words.

    ``patient`` is empty while nobody knows whose the address is. ``answers`` is what came in that
    it answers: it goes to the address that wrote, and to no other (foreign key).
    ``visit_id`` names the visit that typed words are about, ``statement_id`` the bill, which is
    one of the patient's (trigger).
    ``outgoing`` tells whether and when it left, and of a letter its ``paper``; while it waits,
    ``held_until`` and ``held_why`` say what for. ``template`` is empty for words an officer typed;
    otherwise ``wording`` is the reviewed version they are of (trigger), and ``parts`` those of what
    was put into it. ``step`` is what it is sent for, once whichever version holds. ``event`` is the
    last change it told of. One that did not arrive is work until somebody has seen to it;
    ``handled_why`` says how.
    """

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="messages")
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="messages")
    answers = models.ForeignKey("Received", models.PROTECT, null=True, related_name="answered_by")
    visit_id = models.BigIntegerField(null=True)
    statement_id = models.BigIntegerField(null=True)
    channel = models.TextField()
    address = models.TextField()
    language = models.CharField(max_length=12)
    template = models.TextField(blank=True, default="")
    wording = models.ForeignKey(TextVersion, models.PROTECT, null=True, related_name="messages")
    parts = ArrayField(models.BigIntegerField(), default=list)
    step = models.TextField(blank=True, default="")
    subject = models.TextField(blank=True, default="")
    body = models.TextField()
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True)
    held_until = models.DateTimeField(null=True)
    held_why = models.TextField(blank=True, default="")
    outgoing = models.OneToOneField(Outgoing, models.PROTECT, null=True)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    handled_at = models.DateTimeField(null=True)
    handled_by_id = models.BigIntegerField(null=True)
    handled_why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_channel_known",
                condition=Q(channel__in=["sms", "email", "portal", "voice", "letter"]),
            ),
            models.CheckConstraint(
                name="message_by_post_to_somebody",
                condition=~Q(channel="letter")
                | Q(patient__isnull=False, outgoing=None) & ~Q(address=""),
            ),
            models.UniqueConstraint(
                fields=["channel", "step"], name="message_step_once", condition=~Q(step="")
            ),
            models.CheckConstraint(
                name="message_handled_for_a_reason",
                condition=Q(handled_at=None, handled_by_id=None, handled_why="")
                | (Q(handled_at__isnull=False, handled_by_id__isnull=False) & ~Q(handled_why="")),
            ),
            models.CheckConstraint(
                name="message_held_for_a_reason",
                condition=Q(held_until=None, held_why="")
                | (Q(held_until__isnull=False) & ~Q(held_why="")),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-written_at"], name="message_of_patient"),
            models.Index(
                fields=["conversation", "-written_at", "-id"], name="message_of_conversation"
            ),
            models.Index(
                fields=["patient", "written_at"],
                name="message_in_account",
                condition=Q(channel="portal"),
            ),
            models.Index(
                fields=["visit_id"], name="message_of_visit", condition=Q(visit_id__isnull=False)
            ),
            models.Index(
                fields=["statement_id"],
                name="message_of_statement",
                condition=Q(statement_id__isnull=False),
            ),
        ]


class Received(models.Model):
    """A text, an e-mail, a letter or a message in an account that came in, in exactly its words.

    What came with it are its files; ``attached`` are names of what was not kept, before files were.
    Of a letter ``sender`` is who it says it is from; an officer found out whose it is, and kept it
    as of the day it came. Of a message in an account ``sender`` is its thread, ``wrote`` the name
    of whose account ``account_id`` is, and ``answer_by`` what the patient was told of when it is
    answered.
    ``about_kind`` and ``about_id`` say which visit or bill of the patient's (trigger) it is about:
    as whoever wrote chose, or what they answered was about, or an officer (``about_by_id``) said.
    ``patient`` is empty until somebody says who wrote: a number may be a family's. ``work`` must be
    read by somebody, and is until it is handled; the rest was dealt with by itself. It is its
    ``desk``'s until somebody takes it (``owner``), and due by ``answer_by``, by the hours of the
    desks. ``late_at`` is when it was told that this has passed; then it is the lead's, or whose it
    was.
    """

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="received")
    channel = models.TextField(default="sms")
    carrier_id = models.TextField(unique=True)
    sender = models.TextField()
    subject = models.TextField(blank=True, default="")
    attached = ArrayField(models.TextField(), default=list)
    body = models.TextField(blank=True)
    at = models.DateTimeField()
    meaning = models.TextField()
    work = models.BooleanField()
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="texts_received")
    wrote = models.TextField(blank=True, default="")
    account_id = models.BigIntegerField(null=True)
    answer_by = models.DateTimeField(null=True)
    about_kind = models.TextField(blank=True, default="")
    about_id = models.BigIntegerField(null=True)
    about_at = models.DateTimeField(null=True)
    about_by_id = models.BigIntegerField(null=True)
    desk = models.TextField(blank=True, default="")
    owner = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="received")
    late_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    handled_by_id = models.BigIntegerField(null=True)
    handled_why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="received_meaning_known",
                condition=Q(meaning__in=["stop", "start", "help", "other", "machine"]),
            ),
            models.CheckConstraint(
                name="received_other_is_work", condition=~Q(meaning="other") | Q(work=True)
            ),
            models.CheckConstraint(
                name="received_from_an_address",
                condition=Q(channel="sms", sender__regex=r"^\+[1-9][0-9]{6,14}$")
                | Q(channel="email", sender__contains="@")
                | Q(channel="portal", sender__regex=r"^thread:[0-9]+$")
                | Q(channel="letter", sender__regex=r"[^[:space:]]", patient__isnull=False),
            ),
            models.CheckConstraint(
                name="received_in_an_account_from_somebody",
                condition=Q(
                    channel="portal",
                    patient__isnull=False,
                    account_id__isnull=False,
                    answer_by__isnull=False,
                )
                & ~Q(wrote="")
                | ~Q(channel="portal") & Q(account_id=None, wrote=""),
            ),
            models.CheckConstraint(
                name="received_about_a_kind_and_a_number",
                condition=Q(about_kind="", about_id=None)
                | Q(
                    about_kind__in=rules.ABOUT,
                    about_id__isnull=False,
                    about_at__isnull=False,
                    patient__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="received_waits_with_a_desk_and_a_time",
                condition=Q(work=False)
                | Q(handled_at__isnull=False)
                | Q(desk__in=[each.value for each in rules.Desk], answer_by__isnull=False),
            ),
            models.CheckConstraint(
                name="received_handled_for_a_reason",
                condition=Q(handled_at=None, handled_by_id=None, handled_why="")
                | (Q(handled_at__isnull=False, handled_by_id__isnull=False) & ~Q(handled_why="")),
            ),
        ]
        indexes = [
            models.Index(fields=["sender", "-id"], name="received_from"),
            models.Index(
                fields=["about_kind", "about_id"],
                name="received_about",
                condition=Q(about_id__isnull=False),
            ),
            models.Index(fields=["conversation", "-at", "-id"], name="received_in_conversation"),
            models.Index(
                fields=["answer_by", "id"],
                name="received_due",
                condition=Q(work=True, handled_at=None),
            ),
            models.Index(
                fields=["conversation", "at"],
                name="received_waiting",
                condition=Q(work=True, handled_at=None),
            ),
            models.Index(
                fields=["answer_by"],
                name="received_to_answer",
                condition=Q(channel="portal", handled_at=None),
            ),
        ]


class Call(models.Model):
    """A phone call with a person or a number, as the officer who had it wrote it down.

    ``number`` is empty when nobody noted it. ``disposition`` is how it ended. ``caller`` is who
    called by the script that was read, ``asked`` what of it they were asked, and ``matched`` which
    identifiers of the patient agreed in the last half hour: their names, never what they are.
    ``visit_id`` and ``statement_id`` are what it was about, a bill of the very patient's (trigger).
    """

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="calls")
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="calls")
    incoming = models.BooleanField()
    number = models.TextField(blank=True, default="")
    said = models.TextField(blank=True, default="")
    disposition = models.TextField()
    caller = models.TextField(blank=True, default="")
    asked = ArrayField(models.TextField(), default=list)
    matched = ArrayField(models.TextField(), default=list)
    visit_id = models.BigIntegerField(null=True)
    statement_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="call_disposition_known",
                condition=Q(disposition__in=[each.value for each in rules.Disposition]),
            ),
            models.CheckConstraint(
                name="call_caller_known",
                condition=Q(caller__in=["", *(each.value for each in script.CallerKind)]),
            ),
            models.CheckConstraint(
                name="call_asked_by_the_script",
                condition=Q(asked=[])
                | ~Q(caller="") & Q(asked__contained_by=[each.value for each in script.Asked]),
            ),
            models.CheckConstraint(
                name="call_matched_identifiers",
                condition=Q(matched=[])
                | ~Q(caller="") & Q(patient__isnull=False, matched__contained_by=list(IDENTIFIERS)),
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "-at", "-id"], name="call_of_conversation"),
            models.Index(
                fields=["visit_id"], name="call_of_visit", condition=Q(visit_id__isnull=False)
            ),
            models.Index(
                fields=["statement_id"],
                name="call_of_statement",
                condition=Q(statement_id__isnull=False),
            ),
        ]


class Consent(models.Model):
    """Whether an address may be written to for a purpose, from here on. Append-only (trigger).

    The newest row of a channel, address and purpose counts. ``how`` it was said: by a ``text`` of
    its own, ``told`` to an officer, on a ``page`` of the patient's, by the ``link`` in an e-mail,
    by a ``complaint`` to a mail server, by a ``key`` in a call, or to the ``carrier``, which
    refuses; ``evidence`` is the words. Without a row, care and billing follow the phone's own "may
    be texted", marketing and surveys are not allowed, and calls (``voice``) only of care, to what
    the carrier calls a landline.
    """

    channel = models.TextField()
    address = models.TextField()
    purpose = models.TextField()
    given = models.BooleanField()
    how = models.TextField()
    evidence = models.TextField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    received = models.ForeignKey(Received, models.PROTECT, null=True, related_name="consents")
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="consents")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consent_channel_known", condition=Q(channel__in=["sms", "email", "voice"])
            ),
            models.CheckConstraint(
                name="consent_purpose_known",
                condition=Q(purpose__in=["care", "billing", "marketing", "survey"]),
            ),
            models.CheckConstraint(
                name="consent_has_evidence",
                condition=Q(evidence__regex=r"[^[:space:]]"),
            ),
            models.CheckConstraint(
                name="consent_said_somehow",
                condition=Q(how="text", received__isnull=False, by_id=None)
                | Q(how="told", by_id__isnull=False)
                | Q(how="carrier", given=False, by_id=None)
                | Q(how="page", by_id=None, patient__isnull=False)
                | Q(how__in=["link", "complaint"], channel="email", given=False, by_id=None)
                | Q(how="key", channel="voice", given=False, by_id=None),
            ),
            models.CheckConstraint(
                name="consent_given_back_by_the_patient",
                condition=Q(given=False)
                | Q(how="text")
                | Q(purpose__in=["marketing", "survey"])
                | Q(channel__in=["email", "voice"]),
            ),
            models.CheckConstraint(  # 47 CFR 64.1200(a)(3), (f)(9)
                name="consent_to_advertise_aloud_in_writing",
                condition=~Q(channel="voice", purpose="marketing", given=True),
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "address", "purpose", "-id"], name="consent_newest"),
        ]


class ClosedAddress(models.Model):
    """An e-mail address that is written to no more, until somebody has looked and opens it again.

    ``outgoing`` came back, or was reported as unwanted: each closes an address once, however often
    and however late that is reported. ``address`` is in small letters.
    """

    address = models.TextField()
    why = models.TextField()
    status = models.TextField(blank=True, default="")
    outgoing = models.ForeignKey(Outgoing, models.PROTECT, related_name="closed")
    at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    opened_by_id = models.BigIntegerField(null=True)
    opened_why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="closed_for_a_reason", condition=Q(why__in=[*rules.CLOSED])
            ),
            models.UniqueConstraint(fields=["outgoing", "why"], name="closed_once_by_each"),
            models.UniqueConstraint(
                fields=["address"], name="closed_address_once", condition=Q(opened_at=None)
            ),
            models.CheckConstraint(
                name="closed_opened_for_a_reason",
                condition=Q(opened_at=None, opened_by_id=None, opened_why="")
                | (Q(opened_at__isnull=False, opened_by_id__isnull=False) & ~Q(opened_why="")),
            ),
        ]
