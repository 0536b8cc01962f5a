"""Recall lists: how many a segment holds, as its page asks while somebody changes it."""

from bench.harness import Figure, at_most, figure, repeat

WHO = {"age_from": 40, "not_seen": 6, "future": "no"}


@figure("Who is due: 40 or older, not seen for 6 months, nothing booked, of 200,000", clinic=True)
def who_is_due() -> Figure:
    from almoner.ground import clock
    from almoner.outreach import queries
    from almoner.outreach.queries.standing import Terms

    counts = queries.count(WHO, Terms(), at=clock.now())
    note = f"{counts.within:,} of them, {counts.open:,} to be written to"
    took = repeat(lambda: queries.count(WHO, Terms(), at=clock.now()), rounds=20)
    return Figure(took, at_most(1_500.0), note=note, also=counts.open > 0)
