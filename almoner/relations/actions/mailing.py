"""Keeping the e-mails that come in, in the conversation they belong to."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from almoner.ground import events
from almoner.relations import queries
from almoner.relations.actions import conversing
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.actions.files import keep_files
from almoner.relations.actions.grieving import proven_by_reply
from almoner.relations.actions.opening import hold
from almoner.relations.actions.owning import to_be_read
from almoner.relations.actions.working import heard_from
from almoner.relations.models import Received
from almoner.relations.queries.about import answered_about
from almoner.relations.rules import Meaning
from almoner.relations.rules.files import Came


@transaction.atomic
def receive_mail(
    *,
    sender: str,
    message_id: str,
    subject: str,
    body: str,
    files: Sequence[Came],
    by_machine: bool,
    answers: int | None,
    at: datetime,
) -> Received | None:
    """Keep an e-mail that came in; None when it came before.

    It is a patient's when it answers what we wrote to them (``answers``, by the address that we
    signed) and comes from where we wrote to. Otherwise nobody knows whose it is until somebody says
    so. An answer is about what it answers is about. What a machine sent is kept and is nobody's
    work; nothing answers an e-mail by itself.
    """
    one_at_a_time(sender)
    carrier_id = f"mail {sender} {message_id}"
    if Received.objects.filter(carrier_id=carrier_id).exists():
        return None
    patient_id = queries.written_to(answers, sender)
    about = answered_about(answers) if patient_id else None
    meaning = Meaning.MACHINE if by_machine else Meaning.OTHER
    row = Received.objects.create(
        conversation_id=conversing.with_person(patient_id, at=at)
        if patient_id
        else conversing.with_address("email", sender, at=at),
        patient_id=patient_id,
        channel="email",
        carrier_id=carrier_id,
        sender=sender,
        subject=subject,
        body=body,
        at=at,
        meaning=meaning,
        work=not by_machine,
        **({} if by_machine else to_be_read(at)),
        **({"about_kind": about[0], "about_id": about[1], "about_at": at} if about else {}),
    )
    keep_files(row, files, at=at)
    if not by_machine:
        waiting = queries.waiting_for(patient_id) if patient_id else []
        held = hold([*queries.answered_letter(answers, sender), *waiting])
        proven_by_reply(row, held, outgoing_id=answers, at=at)
        heard_from(patient_id, held, at=at)
    events.record(
        "relations.mailed", at=at, by=None, about=row, patient_id=patient_id, meaning=meaning
    )
    return row
