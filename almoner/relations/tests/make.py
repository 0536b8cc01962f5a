"""Texts that come in, for tests, and a carrier that takes what leaves."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count

from PIL import Image

from almoner.ground import outbox
from almoner.ground.models import Outgoing
from almoner.relations import actions, rules
from almoner.relations.models import Landline, Message, Received

NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)  # in Chicago
CYS = "+13125550117"
SECOND = timedelta(seconds=1)
_ids = count(1)


def text_in(body: str, *, sender: str = CYS, at: datetime = NOON, files=()) -> Received:
    """A text that came in, in these words."""
    row = actions.receive_text(
        carrier_id=f"SM{next(_ids)}", sender=sender, body=body, at=at, files=files
    )
    assert row is not None
    return row


def queued(to: str = CYS, *, at: datetime = NOON, patient=None, key: str = "", **payload):
    """A text on its way; ``purpose`` says what for."""
    item = outbox.put(
        channel="sms",
        key=key or f"test-{next(_ids)}",
        payload={"to": to, "body": "x", **payload},
        about=patient or Message(pk=0),
        patient_id=patient.pk if patient else None,
        at=at,
    )
    return Outgoing.objects.get(pk=item.pk)


def landline(number: str = CYS) -> Landline:
    """The carrier said so of a text that was sent there."""
    return Landline.objects.create(number=number, code=30006, outgoing=queued(number), at=NOON)


def mail_in(
    body: str, *, sender: str, at: datetime = NOON, subject: str = "", answers=None, files=()
):
    """An e-mail that came in, in these words."""
    row = actions.receive_mail(
        sender=sender, message_id=f"<{next(_ids)}@test>", subject=subject, body=body, files=files,
        by_machine=False, answers=answers, at=at,
    )  # fmt: skip
    assert row is not None
    return row


def photo(kind="PNG") -> bytes:
    """A picture as somebody sends it."""
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, kind)
    return out.getvalue()


def case(officer, *, kind=rules.Kind.QUESTION, at: datetime = NOON, subject="Parking", **facts):
    """A case of that kind, opened by that officer."""
    new = actions.New(kind=kind, subject=subject, **facts)
    return actions.open_case(officer=officer, new=new, at=at)


ANSWERS = dict.fromkeys(rules.Question, False)
RUDE = ANSWERS | {rules.Question.WRITTEN: True}
"""Answers by which a complaint is a grievance: it was written."""
THEIRS = "cy@people.example"
"""The address of whoever complains, for the fixtures of a grievance."""


def complete(officer, row, **facts):
    """Write down all that the letter of a grievance must say."""
    said = {"contact": "Ana Silva", "contact_phone": "+16085550100", "steps": "We asked her.",
            "result": "She is sorry.", "completed_on": NOON.date()} | facts  # fmt: skip
    return actions.complete(officer=officer, case=row, at=NOON, **said)
