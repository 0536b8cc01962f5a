"""Links to one visit, reminders of it, and the accounts of patients and of who acts for them."""

from almoner.portal.models.accounts import Account, Acting, Entrance, Invitation, Passkey
from almoner.portal.models.drafts import Draft
from almoner.portal.models.errands import Errand, SelfBooking
from almoner.portal.models.joining import JoinAsked
from almoner.portal.models.kiosks import Kiosk, KioskEntry, Sitting
from almoner.portal.models.links import Reminder, VisitLink
from almoner.portal.models.minors import MinorTerms
from almoner.portal.models.recovery import RecoveryCode
from almoner.portal.models.results import ResultOpened, ResultWish
from almoner.portal.models.sharing import Guest, Share
from almoner.portal.models.telling import ActingTold

__all__ = [
    "Account",
    "Acting",
    "ActingTold",
    "Draft",
    "Entrance",
    "Errand",
    "Guest",
    "Invitation",
    "JoinAsked",
    "Kiosk",
    "KioskEntry",
    "MinorTerms",
    "Passkey",
    "RecoveryCode",
    "Reminder",
    "ResultOpened",
    "ResultWish",
    "SelfBooking",
    "Share",
    "Sitting",
    "VisitLink",
]
