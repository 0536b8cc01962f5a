"""Every change the patients duty makes."""

from almoner.patients.actions.keys import set_extra_keys
from almoner.patients.actions.registering import register, register_many

__all__ = ["register", "register_many", "set_extra_keys"]
