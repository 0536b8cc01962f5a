"""The forms of a visit, read as the patients' role; what is due is worked out as the desk."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404

from almoner.arrivals import queries as arrivals
from almoner.portal.queries.acting import as_the_desk
from almoner.portal.queries.early import shown
from almoner.portal.queries.links import Found
from almoner.records import queries as records
from almoner.records.models import Filling
from almoner.records.rules import Known, State, Words
from almoner.scheduling.models import Appointment

ASKED_WHILE = (Appointment.Status.BOOKED, Appointment.Status.ARRIVED)


@dataclass(frozen=True, slots=True)
class Visiting:
    """What forms need to know of a visit."""

    patient_id: int
    visit_type_id: int
    day: date
    zone: str
    status: str


@dataclass(frozen=True, slots=True)
class FormAsked:
    """A form of this visit: due, begun, or settled with this visit. ``signed``: has a copy.

    ``declined``: it is due still, and the patient has said of this visit why not.
    """

    form_id: int
    title: Words
    state: str
    begun: bool = False
    signed: bool = False
    declined: bool = False

    @property
    def waits(self) -> bool:
        """Whether the patient has said nothing of it yet."""
        return self.state == State.OPEN and not self.declined


def visiting(appointment_id: int) -> Visiting:
    """One query. Raises Http404 when it is not a visit of whom we act for."""
    row = (
        Appointment.objects.filter(pk=appointment_id)
        .values_list("patient_id", "visit_type_id", "local_day", "time_zone", "status")
        .first()
    )
    if row is None:
        raise Http404
    return Visiting(*row)


def left_to_sign(visit: Appointment) -> bool:
    """Whether a form waits of which the patient has said nothing. For actions."""
    due = records.due_of(
        visit.patient_id,
        visit_type_id=visit.visit_type_id,
        on=visit.local_day,
        visit_id=visit.pk,
    )
    return any(not form.declined for form in due)


def asked_of(link: Found) -> list[FormAsked]:
    """What is due for a visit, and what was settled with it, in the order of the clinic's forms.

    Of a visit that is over: what was signed.
    """
    visit = visiting(link.appointment_id)
    if visit.status not in ASKED_WHILE:
        return [each for each in _settled(link) if each.signed]
    with as_the_desk():
        due = records.due_of(
            visit.patient_id,
            visit_type_id=visit.visit_type_id,
            on=visit.day,
            visit_id=link.appointment_id,
        )
    settled = _settled(link)
    declined = {each.form_id for each in settled if each.state == State.DECLINED}
    asked = [
        FormAsked(
            form.form_id,
            form.title,
            State.OPEN,
            begun=form.filling_id is not None,
            declined=form.filling_id is None and form.form_id in declined,
        )
        for form in due
    ]
    again = {each.form_id for each in asked}
    done = [each for each in settled if each.state == State.SIGNED or each.form_id not in again]
    return sorted([*asked, *done], key=lambda each: (each.form_id, each.state))


def _settled(link: Found) -> list[FormAsked]:
    rows = Filling.objects.filter(visit_id=link.appointment_id).exclude(state=State.OPEN)
    told = rows.order_by("id").values_list(
        "form_id", "version__body__title", "version__body___title", "state"
    )
    return [
        FormAsked(form_id, records.title_of(title, element), state, signed=state == State.SIGNED)
        for form_id, title, element, state in told
    ]


def known_of(link: Found) -> Known:
    """What a form of the visit need not ask, veiled like the page of the check-in.

    Four queries.
    """
    with as_the_desk():  # also what the record kept when something was said to be right
        return arrivals.known(link.patient_id, link.appointment_id, read=shown)


def paper_of(link: Found, form_id: int) -> bytes:
    """The sealed paper of a form signed with this visit, the newest. Raises Http404."""
    pdf = (
        Filling.objects.filter(visit_id=link.appointment_id, form_id=form_id, state=State.SIGNED)
        .order_by("-id")
        .values_list("signature__pdf", flat=True)
        .first()
    )
    if pdf is None:
        raise Http404
    return bytes(pdf)
