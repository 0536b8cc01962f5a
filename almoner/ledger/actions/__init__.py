"""Every change to money, one function for each verb of the desk."""

from almoner.ledger.actions.journals import (
    AlreadyReversed,
    Posted,
    PostedDifferently,
    apply_credit,
    post,
    reverse,
)

__all__ = [
    "AlreadyReversed",
    "Posted",
    "PostedDifferently",
    "apply_credit",
    "post",
    "reverse",
]
