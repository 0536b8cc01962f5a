"""Every route of the patients' pages goes through a gate, as the desk's go through a door."""

from almoner.portal.gate.accounts import (
    AccountRequest,
    forget,
    inside,
    outside,
    remember,
    room,
    too_often,
)
from almoner.portal.gate.entries import brought, taken
from almoner.portal.gate.errands import (
    ErrandRequest,
    errand,
    is_in_errand,
    let_in_errand,
    let_in_errand_by,
)
from almoner.portal.gate.guests import (
    GuestRequest,
    forget_guest,
    guest,
    guests_language,
    remember_guest,
)
from almoner.portal.gate.kiosks import KioskRequest, is_kiosk, stand
from almoner.portal.gate.links import PatientRequest, gate, is_in, let_in, let_in_by
from almoner.portal.gate.pages import Took, back_at_the_desk, page

__all__ = [
    "AccountRequest",
    "ErrandRequest",
    "GuestRequest",
    "KioskRequest",
    "PatientRequest",
    "Took",
    "back_at_the_desk",
    "brought",
    "errand",
    "forget",
    "forget_guest",
    "gate",
    "guest",
    "guests_language",
    "inside",
    "is_in",
    "is_in_errand",
    "is_kiosk",
    "let_in",
    "let_in_by",
    "let_in_errand",
    "let_in_errand_by",
    "outside",
    "page",
    "remember",
    "remember_guest",
    "room",
    "stand",
    "taken",
    "too_often",
]
