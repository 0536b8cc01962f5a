"""Every change the billing desk makes, one function for each verb."""

from almoner.billing.actions.charges import (
    ChargesRefused,
    LineEntered,
    NoFee,
    SlipChanged,
    correct_charges,
    post_charges,
    save_charges,
)
from almoner.billing.actions.claims import StillOnItsWay, check_claim, note_claim
from almoner.billing.actions.codes import (
    ChargeMasterRefused,
    CodesMissing,
    Item,
    load_charge_master,
    load_diagnoses,
    load_wordings,
    packaged_diagnoses,
    read_charge_master,
)
from almoner.billing.actions.corrections import correct_claim
from almoner.billing.actions.files import receive
from almoner.billing.actions.remittances import (
    FileResult,
    NotARemittance,
    NotUnmatched,
    handle_refusal,
    post_received,
    post_remittance,
    post_unmatched,
    post_waiting,
    resume,
    set_aside,
)
from almoner.billing.actions.staging import stage
from almoner.billing.actions.steps import WrongState

__all__ = [
    "ChargeMasterRefused",
    "ChargesRefused",
    "CodesMissing",
    "FileResult",
    "Item",
    "LineEntered",
    "NoFee",
    "NotARemittance",
    "NotUnmatched",
    "SlipChanged",
    "StillOnItsWay",
    "WrongState",
    "check_claim",
    "correct_charges",
    "correct_claim",
    "handle_refusal",
    "load_charge_master",
    "load_diagnoses",
    "load_wordings",
    "note_claim",
    "packaged_diagnoses",
    "post_charges",
    "post_received",
    "post_remittance",
    "post_unmatched",
    "post_waiting",
    "read_charge_master",
    "receive",
    "resume",
    "save_charges",
    "set_aside",
    "stage",
]
