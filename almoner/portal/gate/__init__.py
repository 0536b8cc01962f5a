"""Every route of the patients' pages goes through a gate, as the desk's go through a door."""

from almoner.portal.gate.accounts import (
    AccountRequest,
    forget,
    inside,
    outside,
    remember,
    room,
)
from almoner.portal.gate.entries import brought, taken
from almoner.portal.gate.kiosks import KioskRequest, is_kiosk, stand
from almoner.portal.gate.links import PatientRequest, gate, is_in, let_in, let_in_by
from almoner.portal.gate.pages import Took, page

__all__ = [
    "AccountRequest",
    "KioskRequest",
    "PatientRequest",
    "Took",
    "brought",
    "forget",
    "gate",
    "inside",
    "is_in",
    "is_kiosk",
    "let_in",
    "let_in_by",
    "outside",
    "page",
    "remember",
    "room",
    "stand",
    "taken",
]
