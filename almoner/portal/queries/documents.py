"""Papers a patient signed, read as the patients' role."""

from dataclasses import dataclass

from django.http import Http404

from almoner.portal import rules
from almoner.records import queries as records
from almoner.records.models import Signature

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
