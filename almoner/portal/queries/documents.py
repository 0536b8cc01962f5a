"""Papers a patient signed, sent, or has in the record, read as the patients' role."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404

from almoner.facility import queries as facility
from almoner.portal import rules
from almoner.portal.queries.acting import as_the_desk
from almoner.records import queries as records
from almoner.records.models import Document as Kept
from almoner.records.models import Signature
from almoner.records.rules.papers import WORDS

_MOST = 50


@dataclass(frozen=True, slots=True)
class Document:
    """A signed form: what it is called, and in words when it was signed."""

    id: int
    title: str
    day: str


def signed(patient_id: int, *, language: str) -> list[Document]:
    """The newest papers, the newest first. One query."""
    rows = (
        Signature.objects.filter(patient_id=patient_id)
        .order_by("-id")
        .values_list(
            "id",
            "filling__version__body__title",
            "filling__version__body___title",
            "filling__settled_on",
        )
    )
    return [
        Document(
            id_,
            records.title_of(title, element).said(language),
            rules.said(language, "document_signed", day=rules.date_text(on, language)),
        )
        for id_, title, element, on in rows[:_MOST]
        if on
    ]


def signed_paper(signature_id: int, patient_id: int) -> bytes:
    """The sealed paper. Raises Http404 when it is not of whom one acts for."""
    rows = Signature.objects.filter(pk=signature_id, patient_id=patient_id)
    pdf = rows.values_list("pdf", flat=True).first()
    if pdf is None:
        raise Http404
    return bytes(pdf)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A document in the record: what it is called, its kind and day in words."""

    id: int
    title: str
    kind: str
    day: str
    is_pdf: bool


def papers(
    patient_id: int, *, results: bool, language: str, page: int
) -> tuple[list[PaperLine], bool]:
    """One page, from 1, of the documents in the record, the newest first; whether there are more.

    ``results``: those too that show results. Two queries.
    """
    found, more = records.filed_papers(patient_id, page=page, results=results)
    words, zone = WORDS[language], ZoneInfo(facility.organisation().time_zone)
    lines = [
        PaperLine(
            one.id,
            one.title,
            words[f"kind_{one.kind}"],
            rules.date_text(one.sent_at.astimezone(zone).date(), language),
            one.media == Kept.Media.PDF,
        )
        for one in found
    ]
    return lines, more


def paper(document_id: int, patient_id: int, *, results: bool) -> tuple[str, bytes]:
    """A document in the record: its media type and bytes.

    Raises Http404 when it is not of whom one acts for, not filed, or not shown to them.
    """
    return _opened(records.shown_papers(patient_id, results=results), document_id)


def sent_paper(document_id: int, patient_id: int, *, account_id: int) -> tuple[str, bytes]:
    """What this account sent and nobody has decided upon. Raises Http404."""
    return _opened(records.waiting_of_sender(patient_id, account_id), document_id)


def _opened(rows: QuerySet[Kept], document_id: int) -> tuple[str, bytes]:
    if not rows.filter(pk=document_id).exists():
        raise Http404
    with as_the_desk():  # the patients' role reads no bytes
        return records.bytes_of_document(document_id)
