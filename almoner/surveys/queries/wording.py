"""The words for the codes of surveys."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WAYS: dict[str, Promise] = {
    "in_person": _("at the clinic"),
    "video": _("by video"),
    "phone": _("by phone"),
}
KINDS: dict[str, Promise] = {
    "nps": _("0 to 10 (would recommend us)"),
    "csat": _("1 to 5 (satisfied)"),
    "words": _("Own words"),
}
BY: dict[str, Promise] = {
    "clinician": _("Clinician"),
    "desk": _("Desk"),
    "location": _("Location"),
    "visit_type": _("Visit type"),
    "way": _("How it was held"),
}
DAYS: dict[str, Promise] = {
    "30": _("30 days"),
    "90": _("90 days"),
    "365": _("A year"),
}
DESKS: dict[str, Promise] = {
    "front": _("Front desk"),
    "self": _("Kiosk or link"),
    "video": _("By video"),
    "none": _("Not checked in"),
}
"""How a visit was checked in, of which location."""
SHOWN: dict[str, Promise] = {
    "all": _("All"),
    "low": _("Low"),
    "words": _("With words"),
}
