"""Reading what partners answer to our claims: TA1, 999 and 277CA."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from almoner.billing.actions.steps import locked, move, tell
from almoner.billing.models import Acknowledgement, Claim, ReceivedFile, Submission
from almoner.billing.rules import answers
from almoner.billing.rules.answers import Said
from almoner.billing.rules.claims import Answer, State, Verdict, after_answer
from almoner.billing.rules.desks import Desk
from almoner.edges.x12 import acknowledgement as x12
from almoner.edges.x12.syntax import X12SyntaxError
from almoner.ground.words import gettext_noop

_UNDECIDED = gettext_noop("undecided")


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing an answer says: of a whole sending, of one set of it, or of one claim."""

    answer: Answer
    verdict: Verdict | None  # None: nothing is decided yet
    message: str
    codes: tuple[str, ...]
    submission: Submission | None = None
    set_control: str = ""
    number: str = ""
    payer_claim_number: str = ""
    by_payer: bool = False
    desk: Desk = Desk.BILLING


@transaction.atomic
def read_answer(*, received_id: int, at: datetime) -> list[Acknowledgement]:
    """Read a kept TA1, 999 or 277CA: write down what it says and move the claims it speaks of.

    Done once; asked again it answers what was written down. What cannot be read, or speaks of
    nothing we sent, is kept and says so.
    """
    received = ReceivedFile.objects.select_for_update().get(pk=received_id)
    reader = _READERS.get(received.kind)
    if received.state == ReceivedFile.State.STORED and reader:
        try:
            _take(received, list(reader(bytes(received.content))), at=at)
            received.state = ReceivedFile.State.DONE
        except X12SyntaxError as refused:
            received.state, received.trouble = ReceivedFile.State.REFUSED, str(refused)
        received.save(update_fields=["state", "trouble"])
    return list(received.acknowledgements.order_by("position"))


def _take(received: ReceivedFile, heard: list[Heard], *, at: datetime) -> None:
    for position, one in enumerate(heard, 1):
        claims = list(_claims(one))
        Acknowledgement.objects.create(
            received=received,
            position=position,
            kind=received.kind,
            submission=one.submission,
            claim=claims[0] if one.number and claims else None,
            named=one.number,
            verdict=one.verdict or _UNDECIDED,
            codes=list(one.codes),
            message=one.message,
            at=at,
        )
        for claim in claims:
            _answer(claim, one, received, at=at)
    if heard and not any(one.submission or one.number for one in heard):
        received.trouble = gettext_noop("It answers nothing that was sent from here.")


def _claims(heard: Heard) -> Iterator[Claim]:
    """The claims an answer speaks of, each held until the transaction ends."""
    if heard.number:
        found = Claim.objects.filter(number=heard.number)
    elif heard.submission is None:
        return
    else:
        found = Claim.objects.filter(sendings__submission=heard.submission)
        if heard.set_control:
            found = found.filter(
                sendings__submission=heard.submission, sendings__set_control=heard.set_control
            )
    for claim_id in found.order_by("pk").values_list("pk", flat=True):
        yield locked(claim_id)


def _answer(claim: Claim, heard: Heard, received: ReceivedFile, *, at: datetime) -> None:
    if heard.payer_claim_number and not claim.payer_claim_number:
        claim.payer_claim_number = heard.payer_claim_number
    if claim.first_sent_at is None:
        claim.first_sent_at = at  # an answer proves the sending whose outcome was unknown
    old = State(claim.state)
    new = old
    if heard.verdict is not None:
        new = after_answer(old, heard.answer, heard.verdict, by_payer=heard.by_payer)
    if new is not old and new is State.REJECTED:
        claim.desk, claim.touched = heard.desk, True
    if new is State.PENDING and claim.accepted_at is None:
        claim.accepted_at = at
    claim.save(
        update_fields=["payer_claim_number", "first_sent_at", "desk", "touched", "accepted_at"]
    )
    what = f"{heard.answer}: {heard.verdict or _UNDECIDED}"
    move(
        claim, new, at=at, by=None, what=what, note=heard.message, received=received,
        submission=heard.submission,
    )  # fmt: skip
    if new is not old:
        tell(f"billing.claim_{new}", claim, at=at, by=None, desk=str(claim.desk))


def _submission(control: str) -> Submission | None:
    number = control.strip()
    if not (number.isascii() and number.isdecimal()):
        return None
    return Submission.objects.filter(control_number=int(number)).first()


def _interchanges(content: bytes) -> Iterator[Heard]:
    for one in x12.read_ta1(content):
        yield Heard(
            Answer.INTERCHANGE,
            answers.set_verdict(one.code),
            f"{gettext_noop('The file')}: {answers.note_sentence(one.note)}",
            (one.code, one.note),
            submission=_submission(one.control),
        )


def _groups(content: bytes) -> Iterator[Heard]:
    for group in x12.read_999(content):
        submission = _submission(group.control)
        if not group.sets:
            yield Heard(
                Answer.SYNTAX,
                answers.set_verdict(group.verdict),
                gettext_noop("The whole group."),
                (group.verdict, *group.codes),
                submission=submission,
            )
        for one in group.sets:
            yield Heard(
                Answer.SYNTAX,
                answers.set_verdict(one.verdict),
                "\n".join(_segment_sentences(one.segments)),
                (one.verdict, *one.codes),
                submission=submission,
                set_control=one.control,
                desk=Desk.BILLING,
            )


def _segment_sentences(notes: Iterable[x12.SegmentNote]) -> Iterator[str]:
    for note in notes:
        elements = ", ".join(f"{one.element:02d} ({one.code})" for one in note.elements)
        where = f"{gettext_noop('segment of the set')}: {note.position} {note.tag}"
        if elements:
            yield f"{where}: {gettext_noop('elements (codes)')}: {elements}"
        else:
            yield f"{where}: {gettext_noop('code')}: {note.code}"


def _claim_answers(content: bytes) -> Iterator[Heard]:
    for answer in x12.read_277ca(content):
        submission = _submission(answer.batch)
        by_payer = answer.source_is_payer
        said = _said(answer.statuses)
        if not any(True for _ in answer.claims):
            yield _heard(said, submission=submission, by_payer=by_payer)
        for provider in answer.providers:
            for claim in provider.claims:
                yield _heard(
                    _said(claim.statuses) or _said(provider.statuses) or said,
                    submission=submission,
                    by_payer=by_payer,
                    number=claim.number,
                    payer_claim_number=claim.payer_claim_number,
                )


def _said(statuses: tuple[x12.Status, ...]) -> tuple[Said, ...]:
    return tuple(Said(one.category, one.code, one.message) for one in statuses)


def _heard(
    said: tuple[Said, ...],
    *,
    submission: Submission | None,
    by_payer: bool,
    number: str = "",
    payer_claim_number: str = "",
) -> Heard:
    return Heard(
        Answer.CLAIM,
        answers.claim_verdict(said),
        answers.status_sentence(said),
        tuple(f"{one.category}:{one.code}" for one in said),
        submission=submission,
        number=number,
        payer_claim_number=payer_claim_number,
        by_payer=by_payer and answers.is_decision_of_payer(said),
        desk=answers.desk_of(said),
    )


_READERS: dict[str, Callable[[bytes], Iterator[Heard]]] = {
    ReceivedFile.Kind.TA1: _interchanges,
    ReceivedFile.Kind.ACK_999: _groups,
    ReceivedFile.Kind.STATUS_277CA: _claim_answers,
}
