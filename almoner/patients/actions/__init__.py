"""Every change the patients duty makes."""

from almoner.patients.actions.changing import (
    ChangedMeanwhile,
    NotAPhoto,
    change,
    leave_household,
    remove_photo,
    review,
    take_photo,
)
from almoner.patients.actions.confiding import (
    AskedAnew,
    ask_confidential,
    ask_confidential_own,
    end_confidential,
    end_confidential_own,
)
from almoner.patients.actions.deciding import not_the_same, same_person, take_back
from almoner.patients.actions.handing import Handed, hand_on, papers_taken_by
from almoner.patients.actions.importing import import_people
from almoner.patients.actions.keys import set_extra_keys
from almoner.patients.actions.looking import open_record
from almoner.patients.actions.pairing import pair_everybody, pair_registered_since
from almoner.patients.actions.proving import prove_address
from almoner.patients.actions.registering import register, register_homes, register_many
from almoner.patients.models import Patient
from almoner.patients.rules.opening import TwoNeeded

NoSuchPatient = Patient.DoesNotExist

__all__ = [
    "AskedAnew",
    "ChangedMeanwhile",
    "Handed",
    "NoSuchPatient",
    "NotAPhoto",
    "TwoNeeded",
    "ask_confidential",
    "ask_confidential_own",
    "change",
    "end_confidential",
    "end_confidential_own",
    "hand_on",
    "import_people",
    "leave_household",
    "not_the_same",
    "open_record",
    "pair_everybody",
    "pair_registered_since",
    "papers_taken_by",
    "prove_address",
    "register",
    "register_homes",
    "register_many",
    "remove_photo",
    "review",
    "same_person",
    "set_extra_keys",
    "take_back",
    "take_photo",
]
