"""What somebody who came by a link or an account does, and how they are led there."""

from almoner.portal.actions.booking import book_visit, wait_for, wait_sooner
from almoner.portal.actions.drafting import Typed, drop_draft, keep_draft
from almoner.portal.actions.entering import (
    act_for,
    act_too,
    add_passkey,
    challenge,
    enter_with_passkey,
    enter_with_password,
    forget_passkey,
    join_with_passkey,
    join_with_password,
    leave,
    open_way,
    say_code,
    secret_for,
)
from almoner.portal.actions.errands import (
    answer_by_text,
    link_to_book,
    tell_of_place,
    try_errand,
)
from almoner.portal.actions.inviting import NotInvited, end_acting, invite, withdraw
from almoner.portal.actions.letting_in import let_in, link_for, open_visit, survey_link_for
from almoner.portal.actions.proving import (
    NotLetIn,
    new_codes,
    prove_with_passkey,
    prove_with_password,
    require_proof,
)
from almoner.portal.actions.reminding import remind
from almoner.portal.actions.sharing import (
    NotShared,
    end_share,
    leave_share,
    note_look,
    open_share,
    share,
)

__all__ = [
    "NotInvited",
    "NotLetIn",
    "NotShared",
    "Typed",
    "act_for",
    "act_too",
    "add_passkey",
    "answer_by_text",
    "book_visit",
    "challenge",
    "drop_draft",
    "end_acting",
    "end_share",
    "enter_with_passkey",
    "enter_with_password",
    "forget_passkey",
    "invite",
    "join_with_passkey",
    "join_with_password",
    "keep_draft",
    "leave",
    "leave_share",
    "let_in",
    "link_for",
    "link_to_book",
    "new_codes",
    "note_look",
    "open_share",
    "open_visit",
    "open_way",
    "prove_with_passkey",
    "prove_with_password",
    "remind",
    "require_proof",
    "say_code",
    "secret_for",
    "share",
    "survey_link_for",
    "tell_of_place",
    "try_errand",
    "wait_for",
    "wait_sooner",
    "withdraw",
]
