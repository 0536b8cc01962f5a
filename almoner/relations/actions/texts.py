"""Writing the texts that are sent by themselves: drafted, sent for review, approved by another."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.relations import queries, rules
from almoner.relations.actions.wording import ship
from almoner.relations.models import TextVersion


class TextRefusal(StrEnum):
    """Why nothing became of a wording."""

    GONE = "gone"
    CHANGED = "changed"
    FAULTY = "faulty"
    OWN = "own"
    NO_REASON = "no_reason"


class TextRefused(Exception):
    """Nothing was changed; ``reason`` says why."""

    def __init__(self, reason: TextRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def draft_text(*, officer: Officer, text: str, language: str, at: datetime) -> TextVersion:
    """Begin a new wording from the one that holds, or go on with the one that is begun.

    A translation is of the English that holds now, and begins with the last that there was.
    Raises PermissionDenied; TextVersion.DoesNotExist for a text that nobody sends.
    """
    access.require(officer, "relations.texts")
    kind = queries.text_kind(text)
    rows = ship(kind, at=at)
    begun = _open(text, language)
    if begun:
        return begun
    english = queries.held(rows, "en")
    last = queries.held(rows, language) or next(
        each for each in reversed(rows) if each.language == language
    )
    return TextVersion.objects.create(
        text=text, language=language, number=queries.next_number(text, language),
        subject=last.subject, body=last.body, authors=[officer.pk], made_at=at,
        translates=None if language == "en" else english,
    )  # fmt: skip


@transaction.atomic
def save_text(
    *,
    officer: Officer,
    version_id: int,
    edition: int,
    subject: str,
    body: str,
    renews: bool,
    at: datetime,
) -> TextVersion:
    """Keep the words of a draft; whoever keeps them has written in it.

    ``renews``: the English says something else now, so that its translations hold no more. A
    translation is of the English that holds at this time.
    Raises PermissionDenied; TextRefused when it is no draft, or not the one that was on the page.
    """
    row = _locked(officer, version_id, "draft", edition)
    row.subject, row.body = subject.strip(), body.strip()
    row.renews = renews and row.language == "en"
    row.authors = [*row.authors, *([officer.pk] if officer.pk not in row.authors else [])]
    row.note = ""
    if row.language != "en":
        row.translates = queries.held(ship(queries.text_kind(row.text), at=at), "en")
    _kept(row)
    return row


@transaction.atomic
def ask_for_review(
    *,
    officer: Officer,
    version_id: int,
    edition: int,
    subject: str,
    body: str,
    renews: bool,
    at: datetime,
) -> TextVersion:
    """Keep the words of a draft, ready to be reviewed by somebody who did not write in it.

    Raises PermissionDenied; TextRefused when it is none, has changed, or something stops it; then
    nothing was kept.
    """
    row = save_text(
        officer=officer, version_id=version_id, edition=edition, subject=subject, body=body,
        renews=renews, at=at,
    )  # fmt: skip
    if found(row).stops:
        raise TextRefused(TextRefusal.FAULTY)
    row.state, row.sent_at = "review", at
    _kept(row)
    _record("relations.text_to_review", row, officer, at=at)
    return row


@transaction.atomic
def approve_text(*, officer: Officer, version_id: int, edition: int, at: datetime) -> TextVersion:
    """Somebody who did not write in it has read it: it is sent from here on.

    Raises PermissionDenied; TextRefused to who wrote in it, when it does not wait, has changed, or
    something stops it.
    """
    row = _locked(officer, version_id, "review", edition)
    if officer.pk in row.authors:
        raise TextRefused(TextRefusal.OWN)
    if found(row).stops:
        raise TextRefused(TextRefusal.FAULTY)
    row.state, row.reviewed_at, row.reviewed_by_id = "approved", at, officer.pk
    _kept(row)
    _record("relations.text_approved", row, officer, at=at)
    return row


@transaction.atomic
def send_back_text(
    *, officer: Officer, version_id: int, edition: int, why: str, at: datetime
) -> TextVersion:
    """A wording is a draft again: its reviewer says why, or who wrote in it takes it back.

    Raises PermissionDenied; TextRefused when it does not wait, has changed, or a reviewer gives no
    reason.
    """
    row = _locked(officer, version_id, "review", edition)
    if not why.strip() and officer.pk not in row.authors:
        raise TextRefused(TextRefusal.NO_REASON)
    row.state, row.sent_at, row.note = "draft", None, why.strip()
    _kept(row)
    _record("relations.text_sent_back", row, officer, at=at)
    return row


@transaction.atomic
def discard_text(*, officer: Officer, version_id: int, at: datetime) -> None:
    """Throw a draft away. Raises PermissionDenied; TextRefused when it is none."""
    access.require(officer, "relations.texts")
    row = TextVersion.objects.select_for_update().filter(pk=version_id, state="draft").first()
    if row is None:
        raise TextRefused(TextRefusal.GONE)
    _record("relations.text_discarded", row, officer, at=at)
    row.delete()


def found(row: TextVersion) -> rules.Lint:
    """What is to be said of a wording."""
    return rules.lint(
        queries.text_kind(row.text),
        row.language,
        subject=row.subject,
        body=row.body,
        english=row.translates.body if row.translates else None,
    )


def _open(text: str, language: str) -> TextVersion | None:
    rows = TextVersion.objects.filter(text=text, language=language).exclude(state="approved")
    return rows.first()


def _locked(officer: Officer, version_id: int, state: str, edition: int) -> TextVersion:
    access.require(officer, "relations.texts")
    rows = TextVersion.objects.select_for_update(of=["self"]).select_related("translates")
    row = rows.filter(pk=version_id, state=state).first()
    if row is None:
        raise TextRefused(TextRefusal.GONE)
    if row.edition != edition:
        raise TextRefused(TextRefusal.CHANGED)
    return row


def _kept(row: TextVersion) -> None:
    row.edition += 1
    row.save()


def _record(kind: str, row: TextVersion, officer: Officer, *, at: datetime) -> None:
    events.record(
        kind, at=at, by=officer, about=row, text=row.text, language=row.language, number=row.number
    )
