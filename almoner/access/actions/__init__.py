"""Every change the access duty makes."""

from almoner.access.actions.looking import record_access, require
from almoner.access.actions.officers import add_officer, end_officer
from almoner.access.actions.sealing import faults, seal

__all__ = ["add_officer", "end_officer", "faults", "record_access", "require", "seal"]
