"""What this duty offers to those below it: the way to change a visit, who signs in, the kiosks."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from almoner.access.queries import Reading
from almoner.arrivals.queries import asks_at
from almoner.billing import actions as billing
from almoner.ground import shell
from almoner.patients.queries import panel
from almoner.portal import actions, queries
from almoner.portal.models import SelfBooking
from almoner.portal.rules.booking_words import SELF_BOOKING
from almoner.portal.rules.join_words import DIGITS, JOINED
from almoner.portal.rules.people_words import ACTS, BEGAN, ENDED, NARROWS
from almoner.portal.rules.recovery_words import CODES_MADE, RECOVERED
from almoner.portal.rules.result_words import NEWS
from almoner.relations import actions as relations
from almoner.relations.queries import sends, signs, told_of_visits_by, why_not_now
from almoner.scheduling import actions as scheduling
from almoner.scheduling.queries.ways import told_by
from almoner.surveys import actions as surveys


def outside(patient_id: int, reading: Reading) -> dict[str, Any]:
    names, waiting = queries.who_signs_in(patient_id, at=reading.at)
    return {"names": names, "waiting": waiting}


def messages_at() -> str:
    """Where patients read what we answered them; empty where they have no way to this server."""
    return settings.ADDRESS.rstrip("/") + reverse("my_messages") if settings.ADDRESS else ""


def bills_at() -> str:
    """Where whoever pays reads and pays statements; empty where they have no way to this server."""
    return settings.ADDRESS.rstrip("/") + reverse("my_bills") if settings.ADDRESS else ""


_HOW_TOLD = {
    "sms": _("They are told by text."),
    "email": _("They are told by e-mail."),
    "": _("Nothing can be sent to them: say the time aloud."),
}


def how_told(patient_id: int) -> shell.Text:
    """By what they hear of a visit that is booked or moved, in a sentence for who talks to them."""
    return _HOW_TOLD[told_of_visits_by(patient_id)]


relations.changed_at(actions.link_for)
relations.confirmed_by(actions.confirm_by_phone)
surveys.answered_at(actions.survey_link_for)
scheduling.reached_by(why_not_now)
told_by(how_told)
relations.read_at(messages_at)
billing.read_at(bills_at)
signs(SELF_BOOKING, SelfBooking)
sends(RECOVERED, CODES_MADE, DIGITS, JOINED, NEWS, BEGAN, ENDED, NARROWS, ACTS)
panel("portal", 85, "portal.invite", "portal/_panel.html", outside)
shell.register(
    shell.NavItem(
        _("Kiosks"), "kiosks", "facility.edit", icon="board", order=96, key="i", aside=True
    )
)
asks_at("ask_here")
