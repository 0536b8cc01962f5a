"""Every change the access duty makes."""

from almoner.access.actions.looking import record_access, record_look_from_outside, require
from almoner.access.actions.officers import (
    ClinicianTaken,
    LastAdministrator,
    NameTaken,
    SamePassword,
    add_officer,
    change_officer,
    change_password,
    end_officer,
    give_password,
    go_away,
    new_password,
    unlock_officer,
)
from almoner.access.actions.sealing import faults, head, seal
from almoner.access.actions.unsent import (
    forget_old_unsent,
    forget_unsent,
    forget_unsent_of_others,
    keep_unsent,
    unsent_of,
)

__all__ = [
    "ClinicianTaken",
    "LastAdministrator",
    "NameTaken",
    "SamePassword",
    "add_officer",
    "change_officer",
    "change_password",
    "end_officer",
    "faults",
    "forget_old_unsent",
    "forget_unsent",
    "forget_unsent_of_others",
    "give_password",
    "go_away",
    "head",
    "keep_unsent",
    "new_password",
    "record_access",
    "record_look_from_outside",
    "require",
    "seal",
    "unlock_officer",
    "unsent_of",
]
