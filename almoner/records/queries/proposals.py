"""What signed forms propose for the registration, beside what it holds now."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.access.queries import Reading
from almoner.patients import queries as patients
from almoner.patients.queries import wording
from almoner.patients.queries.record import one_line
from almoner.patients.rules.details import Details, readable
from almoner.records.models import Proposal
from almoner.records.rules.proposing import news

SUBJECTS: Mapping[str, Promise] = {
    "phone": _("Phone"),
    "email": _("E-mail"),
    "language": _("Language"),
    "address": _("Address"),
    "contact": _("In an emergency"),
}
MOST = 50


@dataclass(frozen=True, slots=True)
class Proposed:
    """One thing to decide: what is kept now, and what the patient wrote on which form.

    ``news``: it says something that is not kept yet. ``version`` is the registration's.
    """

    id: int
    subject: Promise
    now: str
    wanted: str
    form: str
    news: bool
    version: int


def proposed_for(patient_id: int, visit_id: int) -> list[tuple[str, dict[str, str]]]:
    """By subject, what forms of a visit were signed with and nobody has decided; the newest last.

    One query. For actions and what stands above; hands nothing to a reader.
    """
    rows = Proposal.objects.filter(
        patient=patient_id, filling__visit_id=visit_id, state=Proposal.State.OPEN
    ).order_by("id")
    return list(rows.values_list("subject", "values")[:MOST])


def proposals(patient_id: int, *, reading: Reading) -> list[Proposed]:
    """What waits to be decided, the oldest first. One query, two when something waits."""
    reading.saw([patient_id])
    rows = Proposal.objects.filter(patient=patient_id, state=Proposal.State.OPEN).order_by("id")
    told = list(rows.values_list("id", "subject", "values", "filling__version__body__title")[:MOST])
    if not told:
        return []
    kept = patients.record(patient_id, reading=reading)
    details = kept.details
    return [
        Proposed(
            id_,
            SUBJECTS[subject.partition("@")[0]],
            _kept(details, subject),
            _wanted(subject, values),
            form,
            news(details, subject, values),
            kept.version,
        )
        for id_, subject, values, form in told
    ]


def waiting(patient_id: int, *, reading: Reading) -> int:
    """How much waits to be decided. One query."""
    reading.saw([patient_id])
    return Proposal.objects.filter(patient=patient_id, state=Proposal.State.OPEN).count()


def proposal_of(proposal_id: int, *, reading: Reading) -> int:
    """Whose it is. Raises Http404."""
    patient_id = (
        Proposal.objects.filter(pk=proposal_id).values_list("patient_id", flat=True).first()
    )
    if patient_id is None:
        raise Http404
    reading.saw([patient_id])
    return patient_id


def _wanted(subject: str, parts: Mapping[str, str]) -> str:
    if subject == "phone":
        return readable(parts["value"])
    if subject == "address":
        return f"{parts['line']}, {parts['city']}, {parts['state']} {parts['zip_code']}"
    if subject.partition("@")[0] == "contact":
        phone = readable(parts["phone"]) if parts.get("phone") else ""
        return ", ".join(filter(None, (parts["name"], parts.get("relation", ""), phone)))
    return wording.language(parts["value"]) if subject == "language" else parts["value"]


def _kept(details: Details, subject: str) -> str:
    if subject == "phone":
        return readable(details.phones[0].number) if details.phones else ""
    if subject == "email":
        return details.emails[0].address if details.emails else ""
    if subject == "language":
        return wording.language(details.language)
    if subject == "address":
        return one_line(details.addresses[0]) if details.addresses else ""
    contact = next((each for each in details.contacts if each.kind == "emergency"), None)
    return contact.name if contact else ""
