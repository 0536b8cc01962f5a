"""Which of our claims an answered claim speaks of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from almoner.billing.rules import coordination
from almoner.ground.words import gettext_noop


@dataclass(frozen=True, slots=True)
class Known:
    """A claim of ours that could be meant. ``live`` is false once another took its place.

    ``forwarded``: the payer before sent it on, under the first claim's number.
    """

    claim_id: int
    slip_id: int
    live: bool
    payer_id: int = 0
    rank: int = 1
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """The claim meant, and by what it was known; without a claim ``how`` says why not."""

    claim_id: int | None
    how: str


def match(
    *,
    slip_ids: Collection[int],
    by_number: Known | None,
    by_slip: Mapping[int, list[Known]],
    by_payer_number: list[Known],
    payer_id: int | None = None,
    status: str = "1",
) -> Match:
    """Name the claim: by our line numbers, then our claim number, then the payer's number.

    ``slip_ids`` are the visits whose line numbers came back (REF*6R). Two marks that contradict
    each other name nothing: a person decides. Member, day and charge together are never enough.
    ``payer_id`` is who answers, where known: several payers may be asked for one visit.
    """
    if len(set(slip_ids)) > 1:
        return Match(None, gettext_noop("its line numbers belong to several visits"))
    slip_id = next(iter(slip_ids), None)
    if by_number is not None:
        if slip_id is not None and by_number.slip_id != slip_id:
            return Match(
                None, gettext_noop("its claim number and its line numbers name different claims")
            )
        return _numbered(by_number, by_slip.get(by_number.slip_id, []), payer_id, status)
    if slip_id is not None:
        live = [one for one in by_slip.get(slip_id, []) if one.live]
        chosen = _meant(live, payer_id, status)
        if chosen is not None:
            return Match(chosen, gettext_noop("our line numbers"))
    if len(by_payer_number) == 1:
        return Match(by_payer_number[0].claim_id, gettext_noop("the payer's claim number"))
    return Match(None, gettext_noop("no number of ours, and none of theirs that we know"))


def _numbered(named: Known, of_visit: list[Known], payer_id: int | None, status: str) -> Match:
    """The claim named, or one its payer sent on: that comes back under the same number."""
    sent_on = [one for one in of_visit if one.live and one.forwarded and one != named]
    chosen = _meant([named, *sent_on], payer_id, status)
    if chosen is None:
        return Match(None, gettext_noop("its claim number was sent on, and it names no payer"))
    return Match(chosen, gettext_noop("our claim number"))


def _meant(live: list[Known], payer_id: int | None, status: str) -> int | None:
    asked = [coordination.Asked(one.claim_id, one.payer_id, one.rank) for one in live]
    return coordination.meant(asked, payer_id=payer_id, status=status)
