"""Signing words of the set-up that patients read, as somebody who did not write them."""

from datetime import datetime

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.ground.signing import SignedWords
from almoner.relations import queries
from almoner.relations.actions.texts import TextRefusal, TextRefused


@transaction.atomic
def sign_words(*, officer: Officer, code: str, row_id: int, seen: str, at: datetime) -> SignedWords:
    """These words are right: patients read them from here on.

    Raises PermissionDenied; TextRefused when nothing waits, the words are others than were seen
    (`queries.seen_words`), something stops them, or to who wrote in them.
    """
    access.require(officer, "relations.texts")
    table = queries.signed_table(code)
    row = table and table[0]._default_manager.select_for_update().filter(pk=row_id).first()
    if not table or not row or not row.waits:
        raise TextRefused(TextRefusal.GONE)
    if queries.seen_words(row) != seen:
        raise TextRefused(TextRefusal.CHANGED)
    if officer.pk in row.authors:
        raise TextRefused(TextRefusal.OWN)
    if queries.faulty(table[1], row):
        raise TextRefused(TextRefusal.FAULTY)
    row.signed, row.signed_at, row.signed_by_id = row.words, at, officer.pk
    row.save(update_fields=["signed", "signed_at", "signed_by_id"])
    events.record("relations.words_signed", at=at, by=officer, about=row, row=str(row))
    return row
