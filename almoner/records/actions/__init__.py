"""Every change to forms and to what patients sign."""

from almoner.records.actions.consenting import consent, withdraw_consent
from almoner.records.actions.designing import (
    ChangedMeanwhile,
    CodeTaken,
    NoDraft,
    add_item,
    assign,
    change_item,
    discard_draft,
    draft_anew,
    end_rule,
    move_item,
    new_form,
    publish,
    remove_item,
    retire,
    retitle,
)
from almoner.records.actions.filling import (
    NotInUse,
    NotOffered,
    Settled,
    Unseen,
    answer,
    begin,
    decline,
    take_on_paper,
)
from almoner.records.actions.hands import Hand, at_the_desk, by_link
from almoner.records.actions.papers import (
    add_document,
    file_document,
    hand_over,
    refuse_document,
    take_handed,
    take_in,
)
from almoner.records.actions.proposing import Decided, accept, refuse
from almoner.records.actions.publishing import NotWhole, OwnWords, ship
from almoner.records.actions.repeating import add_row, remove_row
from almoner.records.actions.results import (
    Came,
    NotTheirs,
    assign_result,
    file_result,
    refuse_result,
    take_result_away,
    take_results,
)
from almoner.records.actions.reviewing import NotReviewed, review_result
from almoner.records.actions.scanning import NotADocument
from almoner.records.actions.signing import CannotSign, Signing, sign
from almoner.records.rules import Full

__all__ = [
    "Came",
    "CannotSign",
    "ChangedMeanwhile",
    "CodeTaken",
    "Decided",
    "Full",
    "Hand",
    "NoDraft",
    "NotADocument",
    "NotInUse",
    "NotOffered",
    "NotReviewed",
    "NotTheirs",
    "NotWhole",
    "OwnWords",
    "Settled",
    "Signing",
    "Unseen",
    "accept",
    "add_document",
    "add_item",
    "add_row",
    "answer",
    "assign",
    "assign_result",
    "at_the_desk",
    "begin",
    "by_link",
    "change_item",
    "consent",
    "decline",
    "discard_draft",
    "draft_anew",
    "end_rule",
    "file_document",
    "file_result",
    "hand_over",
    "move_item",
    "new_form",
    "publish",
    "refuse",
    "refuse_document",
    "refuse_result",
    "remove_item",
    "remove_row",
    "retire",
    "retitle",
    "review_result",
    "ship",
    "sign",
    "take_handed",
    "take_in",
    "take_on_paper",
    "take_result_away",
    "take_results",
    "withdraw_consent",
]
