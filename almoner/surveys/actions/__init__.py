"""What is asked after visits, by which rules, of whom, and what they answer."""

from almoner.surveys.actions.answering import (
    NotAnAnswer,
    NotOpen,
    answer,
    ask_no_more,
    finish,
    open_missing,
)
from almoner.surveys.actions.choosing import answered_at, ask, choose, remind
from almoner.surveys.actions.designing import (
    NameTaken,
    NoDraft,
    NotWhole,
    OwnWords,
    add_rule,
    draft_anew,
    end_rule,
    new_survey,
    publish,
    save_draft,
)

__all__ = [
    "NameTaken",
    "NoDraft",
    "NotAnAnswer",
    "NotOpen",
    "NotWhole",
    "OwnWords",
    "add_rule",
    "answer",
    "answered_at",
    "ask",
    "ask_no_more",
    "choose",
    "draft_anew",
    "end_rule",
    "finish",
    "new_survey",
    "open_missing",
    "publish",
    "remind",
    "save_draft",
]
