"""A hundred thousand texts and e-mails: none twice, none lost, whatever is killed or repeated."""

from collections.abc import Iterator

from bench.harness import Figure, Sample, apart, at_least, at_most, figure

MANY = 100_000
NAME = "Texts and e-mails, 100,000 sent under kills, reported thrice"


@figure(NAME)
def sending() -> Iterator[Figure]:
    found = apart("sending", str(MANY))
    note = f"{found['killed']:,.0f} workers killed, {found['unknown']:,.0f} nobody can know of"
    whole = found["killed"] > 0 and found["unknown"] <= found["killed"]
    for what in ("doubled", "lost", "hidden", "undelivered", "overtold"):
        sample = Sample((float(found[what]),), "")
        yield Figure(sample, at_most(0.0, "median"), what=what, also=whole, note=note)
    yield Figure(Sample((found["rate"],), "/s"), at_least(100.0), what="sent")
