"""Every change the billing desk makes, one function for each verb."""

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

__all__ = [
    "ChargeMasterRefused",
    "CodesMissing",
    "Item",
    "load_charge_master",
    "load_diagnoses",
    "load_wordings",
    "packaged_diagnoses",
    "read_charge_master",
]
