"""The words for what portal keeps as codes, as the desk reads them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.portal.models import SelfBooking
from almoner.portal.rules.accounts import Kind, Part

KINDS: dict[str, Promise] = {
    Kind.SELF: _("The patient"),
    Kind.PARENT: _("Parent of a minor"),
    Kind.GUARDIAN: _("Guardian of a minor"),
    Kind.REPRESENTATIVE: _("Representative of an adult"),
    Kind.HELPER: _("Somebody the patient chose"),
}
PARTS: dict[str, Promise] = {
    Part.VISITS: _("Visits"),
    Part.FORMS: _("Check-in and forms, to sign them too"),
    Part.DOCUMENTS: _("Documents in the record"),
    Part.BILLS: _("Bills"),
    Part.MESSAGES: _("Messages, to write them too"),
    Part.RESULTS: _("Results"),
    Part.LOOKS: _("Who opened the record"),
}
NOT_INVITED: dict[str, Promise] = {
    "no_birth_date": _(
        "The record has no birth date, and the code asks for it. Add it to the record first."
    ),
    "deceased": _("The patient is deceased: invite their representative."),
    "no_proof": _("Say what shows that they may act for the patient."),
    "over_already": _("The last day is over."),
    "of_age": _(
        "The patient is of age: a parent or guardian may not act for them. Choose another kind."
    ),
    "nothing_to_see": _("Choose what they may see."),
    "not_bookable": _(
        "Patients do not book this visit by themselves: the set-up of visits they book lacks it."
    ),
}
KIOSK_STATES: dict[str, tuple[str, Promise]] = {
    "new": ("wait", _("Needs a code")),
    "code": ("wait", _("Its code waits")),
    "lost": ("warn", _("Its code was not used")),
    "here": ("good", _("Working")),
    "away": ("warn", _("Not heard of")),
}
"""How a kiosk stands: the tone of its badge, and the words."""


def bookable() -> list[tuple[int, str]]:
    """Kinds of visit that patients book, by the desk's own names. One query."""
    rows = SelfBooking.objects.filter(visit_type__retired_at=None, signed__isnull=False).order_by(
        "visit_type__name"
    )
    return list(rows.values_list("visit_type_id", "visit_type__name"))
