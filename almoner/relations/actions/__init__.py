"""Saying things to patients, and seeing to what did not arrive."""

from almoner.relations.actions.settling import (
    MessageRefused,
    Refusal,
    handle_otherwise,
    record_outcome,
    send_again,
)
from almoner.relations.actions.telling import tell_about_visit

__all__ = [
    "MessageRefused",
    "Refusal",
    "handle_otherwise",
    "record_outcome",
    "send_again",
    "tell_about_visit",
]
