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
from almoner.billing.actions.steps import WrongState

__all__ = [
    "ChargeMasterRefused",
    "ChargesRefused",
    "CodesMissing",
    "Item",
    "LineEntered",
    "NoFee",
    "SlipChanged",
    "StillOnItsWay",
    "WrongState",
    "check_claim",
    "correct_charges",
    "correct_claim",
    "load_charge_master",
    "load_diagnoses",
    "load_wordings",
    "note_claim",
    "packaged_diagnoses",
    "post_charges",
    "read_charge_master",
    "save_charges",
]
