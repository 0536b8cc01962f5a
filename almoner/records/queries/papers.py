"""Documents of patients: what one has, what waits to be looked at, and one with its bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.access.queries import Evidence, Reading, WorkItem
from almoner.records.models import Document
from almoner.records.rules.papers import NotTaken, PaperKind, PaperState, Source, Withheld

PAGE = 25
FOLLOW_UP = timedelta(days=14)
"""After it was decided upon, a document that came is a reason to look for so long."""
KINDS: Mapping[PaperKind, Promise] = {
    PaperKind.REFERRAL: _("Referral"),
    PaperKind.IDENTITY: _("Photo ID"),
    PaperKind.INSURANCE: _("Insurance card or letter"),
    PaperKind.RESULT: _("Result from elsewhere"),
    PaperKind.LETTER: _("Letter"),
    PaperKind.RECORD: _("Record from elsewhere"),
    PaperKind.PICTURE: _("Clinical photo"),
    PaperKind.NOTES: _("Psychotherapy notes (never shown to patients by themselves)"),
    PaperKind.OTHER: _("Other"),
}
REASONS: Mapping[NotTaken, Promise] = {
    NotTaken.UNREADABLE: _("Cannot be read"),
    NotTaken.SOMEBODY_ELSE: _("Is about somebody else"),
    NotTaken.NOT_NEEDED: _("Is not needed"),
    NotTaken.TWICE: _("Is there already"),
}
WITHHELD: Mapping[Withheld, Promise] = {
    Withheld.NOTES: _("Psychotherapy notes"),
    Withheld.PROCEEDING: _("Made for a proceeding at law"),
    Withheld.CONFIDENCE: _("Told in confidence by somebody else"),
    Withheld.HARM: _("A clinician decided that it could do harm"),
    Withheld.SOMEBODY_ELSE: _("Tells of another person"),
}
STATES: Mapping[PaperState, tuple[str, Promise]] = {
    PaperState.WAITING: ("wait", _("To look at")),
    PaperState.FILED: ("good", _("Filed")),
    PaperState.REFUSED: ("plain", _("Not taken")),
}
SOURCES: Mapping[Source, Promise] = {
    Source.DESK: _("at the desk"),
    Source.LINK: _("by the visit's link"),
    Source.ACCOUNT: _("from their account"),
    Source.CALL: _("in a video visit"),
    Source.MAIL: _("by e-mail"),
    Source.TEXT: _("with a text"),
    Source.LETTER: _("by post"),
}
_LINE = ("id", "patient_id", "visit_id", "title", "media", "source", "sent_at", "sent_by_id",
         "state", "kind", "reason", "withheld_at", "withheld_by_id", "withheld_why")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as a list shows it. ``name`` and ``mrn`` say whose it is, on the list of work."""

    id: int
    patient_id: int
    visit_id: int | None
    title: str
    media: str
    source: str
    sent_at: datetime
    sent_by_id: int | None
    state: str
    kind: str
    reason: str
    withheld_at: datetime | None
    withheld_by_id: int | None
    withheld_why: str
    name: str = ""
    mrn: str = ""

    @property
    def badge(self) -> tuple[str, Promise]:
        return STATES[PaperState(self.state)]

    @property
    def says(self) -> Promise | str:
        """What it is filed as, or why it was not taken."""
        if self.reason:
            return REASONS[NotTaken(self.reason)]
        return KINDS[PaperKind(self.kind)] if self.kind else ""

    @property
    def kept_back(self) -> Promise | str:
        """Why the patient does not read it in their account; empty when they do."""
        return WITHHELD[Withheld(self.withheld_why)] if self.withheld_why else ""

    @property
    def may_be_shown(self) -> bool:
        return bool(self.withheld_why) and self.kind != PaperKind.NOTES

    @property
    def came(self) -> Promise:
        return SOURCES[Source(self.source)]

    @property
    def by_patient(self) -> bool:
        return self.sent_by_id is None

    @property
    def is_picture(self) -> bool:
        return self.media == Document.Media.JPEG


def documents_of(
    patient_id: int, *, reading: Reading, page: int = 1, size: int = PAGE
) -> tuple[list[Paper], bool]:
    """Those of one patient, the newest first; and whether there are more. One query."""
    reading.saw([patient_id])
    rows = Document.objects.filter(patient=patient_id).order_by("-id")
    told = [Paper(*row) for row in rows.values_list(*_LINE)[(page - 1) * size : page * size + 1]]
    return told[:size], len(told) > size


def waiting_documents(*, number: int, reading: Reading) -> Page[Any]:
    """A page of what came and nobody has looked at, the oldest first. Two queries."""
    rows = Document.objects.filter(state=PaperState.WAITING).order_by("id")
    name = Concat("patient__family", Value(", "), "patient__given", output_field=TextField())
    page = Paginator(rows.values_list(*_LINE, name, "patient__mrn"), PAGE).get_page(number)
    page.object_list = [Paper(*row) for row in page.object_list]
    for line in page.object_list:
        reading.saw_about(WorkItem("document", line.id), line.patient_id)
    return page


def documents_today(_reading: Reading) -> dict[str, Any]:
    """How many wait, and since when. One query, two when any does."""
    rows = Document.objects.filter(state=PaperState.WAITING)
    oldest = rows.order_by("id").values_list("sent_at", flat=True).first()
    return {"oldest": oldest, "count": rows.count() if oldest else 0}


def document(document_id: int, *, reading: Reading) -> Paper:
    """One document without its bytes. Raises Http404."""
    row = Document.objects.filter(pk=document_id).values_list(*_LINE).first()
    if row is None:
        raise Http404
    reading.saw([row[1]])
    return Paper(*row)


def content(document_id: int, *, reading: Reading) -> tuple[str, bytes]:
    """Its media type and its bytes. Raises Http404."""
    rows = Document.objects.filter(pk=document_id)
    row = rows.values_list("patient_id", "media", "content").first()
    if row is None:
        raise Http404
    reading.saw([row[0]])
    return row[1], bytes(row[2])


def document_evidence(item_id: int) -> Evidence | None:
    """What a document that came proves as a reason to look: whose it is, and who sent it."""
    rows = Document.objects.filter(pk=item_id)
    row = rows.values_list("patient_id", "sent_by_id", "decided_at").first()
    if row is None:
        return None
    patient_id, sent_by_id, decided_at = row
    until = decided_at + FOLLOW_UP if decided_at else None
    return Evidence(frozenset({patient_id}), sent_by_id, until=until)


# --- Of the patient's own pages, read as the patients' role


@dataclass(frozen=True, slots=True)
class SentPaper:
    """What a patient handed over, as their own page tells of it: keys of `rules.papers.WORDS`.

    ``sender_id`` is the account it came from, which may open it until the desk has decided.
    """

    id: int
    title: str
    state: str
    reason: str
    sent_at: datetime
    sender_id: int | None


def sent_by_patient(
    patient_id: int, *, page: int, visit_id: int | None = None
) -> tuple[list[SentPaper], bool]:
    """What the patient sent (with one visit), the newest first; and whether there is more."""
    rows = Document.objects.filter(patient=patient_id, sent_by_id=None).order_by("-id")
    if visit_id is not None:
        rows = rows.filter(visit_id=visit_id)
    told = rows.values_list("id", "title", "state", "reason", "sent_at", "sender_id")
    lines = [SentPaper(*row) for row in told[(page - 1) * PAGE : page * PAGE + 1]]
    return lines[:PAGE], len(lines) > PAGE


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """A document in the record that the patient may read."""

    id: int
    title: str
    kind: str
    media: str
    sent_at: datetime


def filed_papers(patient_id: int, *, page: int, results: bool) -> tuple[list[FiledPaper], bool]:
    """Documents in the record that the patient may read, the newest first; whether there is more.

    Without ``results`` not those that show some. The patients' role sees none that a result came
    on: it is shown with that. One query.
    """
    rows = shown_papers(patient_id, results=results).order_by("-id")
    told = rows.values_list("id", "title", "kind", "media", "sent_at")
    lines = [FiledPaper(*row) for row in told[(page - 1) * PAGE : page * PAGE + 1]]
    return lines[:PAGE], len(lines) > PAGE


def shown_papers(patient_id: int, *, results: bool) -> QuerySet[Document]:
    rows = Document.objects.filter(patient=patient_id, state=PaperState.FILED, withheld_at=None)
    return rows if results else rows.exclude(kind=PaperKind.RESULT)


def waiting_of_sender(patient_id: int, sender_id: int) -> QuerySet[Document]:
    """What an account sent and nobody at the desk has decided upon."""
    return Document.objects.filter(
        patient=patient_id, state=PaperState.WAITING, sender_id=sender_id, sent_by_id=None
    )


def bytes_of_document(document_id: int) -> tuple[str, bytes]:
    """The media type and the bytes of a document that whoever asks was shown. As the desk."""
    media, content = Document.objects.values_list("media", "content").get(pk=document_id)
    return media, bytes(content)
