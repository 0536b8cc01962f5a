"""Which of our claims an answered claim speaks of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from almoner.ground.words import gettext_noop


@dataclass(frozen=True, slots=True)
class Known:
    """A claim of ours that could be meant. ``live`` is false once another took its place."""

    claim_id: int
    slip_id: int
    live: bool


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
) -> Match:
    """Name the claim: by our line numbers, then our claim number, then the payer's number.

    ``slip_ids`` are the visits whose line numbers came back (REF*6R). Two marks that contradict
    each other name nothing: a person decides. Member, day and charge together are never enough.
    """
    if len(set(slip_ids)) > 1:
        return Match(None, gettext_noop("its line numbers belong to several visits"))
    slip_id = next(iter(slip_ids), None)
    if by_number is not None:
        if slip_id is not None and by_number.slip_id != slip_id:
            return Match(
                None, gettext_noop("its claim number and its line numbers name different claims")
            )
        return Match(by_number.claim_id, gettext_noop("our claim number"))
    if slip_id is not None:
        live = [one for one in by_slip.get(slip_id, []) if one.live]
        if len(live) == 1:
            return Match(live[0].claim_id, gettext_noop("our line numbers"))
    if len(by_payer_number) == 1:
        return Match(by_payer_number[0].claim_id, gettext_noop("the payer's claim number"))
    return Match(None, gettext_noop("no number of ours, and none of theirs that we know"))
