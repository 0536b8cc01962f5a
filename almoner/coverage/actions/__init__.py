"""Every change the coverage duty makes."""

from almoner.coverage.actions.asking import AskedJustNow, ask, ask_about_visit
from almoner.coverage.actions.cards import NotAnImage, keep_card
from almoner.coverage.actions.policies import (
    Details,
    RankTaken,
    Stale,
    add_policy,
    change_policy,
    end_policy,
    put_first,
    retire_policy,
)
from almoner.coverage.actions.sending import begin_sending, give_up, settle_answer, settle_trouble
from almoner.coverage.actions.visits import (
    ask_ahead,
    ask_on_arrival,
    expect_visit,
    forget_visit,
)

__all__ = [
    "AskedJustNow",
    "Details",
    "NotAnImage",
    "RankTaken",
    "Stale",
    "add_policy",
    "ask",
    "ask_about_visit",
    "ask_ahead",
    "ask_on_arrival",
    "begin_sending",
    "change_policy",
    "end_policy",
    "expect_visit",
    "forget_visit",
    "give_up",
    "keep_card",
    "put_first",
    "retire_policy",
    "settle_answer",
    "settle_trouble",
]
