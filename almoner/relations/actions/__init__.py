"""Saying things to patients, hearing what they answer, and seeing to what did not arrive."""

from almoner.relations.actions.delivering import record_refusal, record_report
from almoner.relations.actions.escalating import escalate, keep_grievances
from almoner.relations.actions.grieving import (
    classify,
    complete,
    draft,
    mail_letter,
    post_letter,
    prove,
)
from almoner.relations.actions.hearing import (
    receive_text,
    recognise,
    see_to_text,
    silence,
)
from almoner.relations.actions.joining import merge, split, take_out
from almoner.relations.actions.letting_go import let_go
from almoner.relations.actions.mailing import receive_mail
from almoner.relations.actions.opening import (
    CaseRefusal,
    CaseRefused,
    New,
    attach,
    decide,
    open_case,
)
from almoner.relations.actions.placing import language_of, tell_of_place
from almoner.relations.actions.settling import (
    MessageRefused,
    Refusal,
    handle_otherwise,
    record_outcome,
    record_waiting,
    send_again,
)
from almoner.relations.actions.telling import changed_at, remind_of_visit, tell_about_visit
from almoner.relations.actions.working import (
    MOST_AT_ONCE,
    assign,
    assign_all,
    close,
    move,
    note,
    record_answer,
    reopen,
    resume,
    save_view,
    set_due,
    snooze,
    snooze_all,
    take,
    take_all,
    wait,
)
from almoner.relations.actions.writing import (
    answer,
    log_call_at,
    log_call_from,
    log_call_with,
    write,
)

__all__ = [
    "MOST_AT_ONCE",
    "CaseRefusal",
    "CaseRefused",
    "MessageRefused",
    "New",
    "Refusal",
    "answer",
    "assign",
    "assign_all",
    "attach",
    "changed_at",
    "classify",
    "close",
    "complete",
    "decide",
    "draft",
    "escalate",
    "handle_otherwise",
    "keep_grievances",
    "language_of",
    "let_go",
    "log_call_at",
    "log_call_from",
    "log_call_with",
    "mail_letter",
    "merge",
    "move",
    "note",
    "open_case",
    "post_letter",
    "prove",
    "receive_mail",
    "receive_text",
    "recognise",
    "record_answer",
    "record_outcome",
    "record_refusal",
    "record_report",
    "record_waiting",
    "remind_of_visit",
    "reopen",
    "resume",
    "save_view",
    "see_to_text",
    "send_again",
    "set_due",
    "silence",
    "snooze",
    "snooze_all",
    "split",
    "take",
    "take_all",
    "take_out",
    "tell_about_visit",
    "tell_of_place",
    "wait",
    "write",
]
