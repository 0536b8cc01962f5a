"""Links to one visit, reminders of it, and the accounts of patients and of who acts for them."""

from almoner.portal.models.accounts import Account, Acting, Entrance, Invitation, Passkey
from almoner.portal.models.kiosks import Kiosk, KioskEntry, Sitting
from almoner.portal.models.links import Reminder, VisitLink
from almoner.portal.models.minors import MinorTerms

__all__ = [
    "Account",
    "Acting",
    "Entrance",
    "Invitation",
    "Kiosk",
    "KioskEntry",
    "MinorTerms",
    "Passkey",
    "Reminder",
    "Sitting",
    "VisitLink",
]
