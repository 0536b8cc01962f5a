"""Filling a form: begun once, answered field by field, then signed, declined or done on paper."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from almoner.ground import events
from almoner.ground.constraints import violated
from almoner.records import queries, rules
from almoner.records.actions.hands import Hand
from almoner.records.actions.scanning import kept_file
from almoner.records.models import Answer, Filling, FormVersion, Upload
from almoner.records.rules import State
from almoner.records.rules.rows import groups


class Settled(Exception):
    """This copy is signed, declined or done on paper already; nothing was changed."""


class NotInUse(Exception):
    """The clinic does not use this form any more."""


class Unseen(Exception):
    """Another version of the form, or other answers, than the page showed; nothing was kept."""


class NotOffered(Exception):
    """An answer that the form does not offer, or to a question it does not ask; nothing is kept."""


@transaction.atomic
def begin(
    *,
    hand: Hand,
    patient_id: int,
    form_id: int,
    at: datetime,
    language: str = "en",
    visit_id: int | None = None,
    version_id: int | None = None,
) -> Filling:
    """The open copy of a form, begun now unless it is: two at once begin one.

    One begun for another visit, or for none, is this visit's from now on.
    ``version_id`` is the version that a page showed. Raises PermissionDenied, NotInUse, or Unseen
    when it would be another one.
    """
    hand.check()
    open_ = Filling.objects.filter(patient_id=patient_id, form_id=form_id, state=State.OPEN)
    if row := open_.first():
        return _gone_on_with(row, visit_id, version_id)
    version = (
        FormVersion.objects.filter(
            form_id=form_id, published_at__isnull=False, form__retired_at__isnull=True
        )
        .order_by("-number")
        .first()
    )
    if version is None:
        raise NotInUse
    if version_id not in {None, version.pk}:
        raise Unseen
    try:
        with transaction.atomic():
            row = Filling.objects.create(
                patient_id=patient_id,
                form_id=form_id,
                version=version,
                visit_id=visit_id,
                language=language,
                begun_at=at,
                begun_by_id=hand.id,
            )
    except IntegrityError as error:
        if not violated(error, "filling_open_once"):
            raise
        return _gone_on_with(open_.get(), visit_id, version_id)
    record("records.begun", row, hand, at)
    return row


def _gone_on_with(row: Filling, visit_id: int | None, version_id: int | None) -> Filling:
    if version_id not in {None, row.version_id}:
        raise Unseen
    if visit_id is not None and row.visit_id != visit_id:
        row.visit_id = visit_id
        Filling.objects.filter(pk=row.pk, state=State.OPEN).update(visit_id=visit_id)
    return row


@transaction.atomic
def answer(
    *, hand: Hand, filling_id: int, typed: Mapping[str, Sequence[str]], at: datetime
) -> None:
    """Keep answers as they were typed; of each question the last one stands, and whose it was.

    What is wrong with one is said when it is read, and stands in the way of signing: nobody loses
    half a date. Each row says who wrote it and when, so there is no event for it. Raises
    PermissionDenied, Settled, or NotOffered.
    """
    hand.check()
    filling = opened(filling_id)
    definition = queries.version(filling.version_id).definition
    asked: dict[str, rules.Item] = groups(definition)
    stand = queries.answers(filling.pk) if asked else {}
    told = {name: tuple(said) for name, said in typed.items() if name in asked}
    asked |= rules.asked_in_rows(definition, stand | told)
    wanted = {}
    for name, said in typed.items():
        if name not in asked:
            raise NotOffered(name)
        values = rules.kept(asked[name], said)
        if rules.fault(asked[name], values) in {"not_offered", "one_only", "too_long"}:
            raise NotOffered(name)  # no page sends it
        wanted[name] = values
    write(filling, hand, wanted, at)


def write(filling: Filling, hand: Hand, wanted: Mapping[str, Sequence[str]], at: datetime) -> None:
    """Put these answers in place of what stood there."""
    rows = [
        Answer(filling=filling, link_id=name, values=list(values), at=at, by_id=hand.id)
        for name, values in wanted.items()
    ]
    Answer.objects.bulk_create(
        sorted(rows, key=lambda row: row.link_id),  # one order, so that two who save never wait
        update_conflicts=True,
        unique_fields=["filling", "link_id"],
        update_fields=["values", "at", "by_id"],
    )


@transaction.atomic
def decline(*, hand: Hand, filling_id: int, reason: str, on: date, at: datetime) -> None:
    """The patient does not sign, or could not be asked: why is kept.

    45 CFR 164.520(c)(2)(ii) wants the reason why an acknowledgement was not obtained. Raises
    PermissionDenied or Settled.
    """
    hand.check()
    filling = opened(filling_id)
    filling.reason = reason.strip()
    settle(filling, State.DECLINED, hand, on=on, at=at)
    record("records.declined", filling, hand, at, reason=filling.reason)


@transaction.atomic
def take_on_paper(
    *, hand: Hand, filling_id: int, on: date, at: datetime, scan: bytes | None = None
) -> None:
    """The patient signed it on paper, which an officer saw; a scan may be kept with it.

    Raises PermissionDenied, Settled, or NotADocument; then nothing was written.
    """
    hand.check()
    kept = kept_file(scan) if scan is not None else None
    filling = opened(filling_id)
    if kept is not None:
        Upload.objects.create(
            patient_id=filling.patient_id,
            filling=filling,
            media=kept.media,
            content=kept.content,
            added_at=at,
            added_by_id=hand.id,
        )
    settle(filling, State.ON_PAPER, hand, on=on, at=at)
    record("records.on_paper", filling, hand, at)


def opened(filling_id: int) -> Filling:
    """The copy, locked for whoever settles or answers it. Raises Settled."""
    filling = (
        Filling.objects.select_for_update(of=("self",))
        .select_related("form", "version")
        .get(pk=filling_id)
    )
    if filling.state != State.OPEN:
        raise Settled
    return filling


def settle(filling: Filling, state: State, hand: Hand, *, on: date, at: datetime) -> None:
    filling.state, filling.settled_at, filling.settled_on = state, at, on
    filling.settled_by_id = hand.id
    filling.save(
        update_fields=["state", "settled_at", "settled_on", "settled_by_id", "reason", "language"]
    )


def record(kind: str, filling: Filling, hand: Hand, at: datetime, **facts: Any) -> None:
    events.record(
        kind,
        at=at,
        by=hand.officer,
        about=filling,
        patient_id=filling.patient_id,
        form=filling.version.body["title"],
        number=filling.version.number,
        visit_id=filling.visit_id,
        by_patient=hand.officer is None,
        **facts,
    )
