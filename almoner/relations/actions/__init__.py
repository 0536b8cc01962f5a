"""Saying things to patients, hearing what they answer, and seeing to what did not arrive."""

from almoner.relations.actions.delivering import record_refusal, record_report
from almoner.relations.actions.hearing import (
    receive_text,
    recognise,
    see_to_text,
    silence,
)
from almoner.relations.actions.letting_go import let_go
from almoner.relations.actions.mailing import receive_mail
from almoner.relations.actions.settling import (
    MessageRefused,
    Refusal,
    handle_otherwise,
    record_outcome,
    record_waiting,
    send_again,
)
from almoner.relations.actions.telling import changed_at, remind_of_visit, tell_about_visit
from almoner.relations.actions.writing import answer, log_call_from, log_call_with, write

__all__ = [
    "MessageRefused",
    "Refusal",
    "answer",
    "changed_at",
    "handle_otherwise",
    "let_go",
    "log_call_from",
    "log_call_with",
    "receive_mail",
    "receive_text",
    "recognise",
    "record_outcome",
    "record_refusal",
    "record_report",
    "record_waiting",
    "remind_of_visit",
    "see_to_text",
    "send_again",
    "silence",
    "tell_about_visit",
    "write",
]
