"""A kiosk without its line: what is entered while it, the server and the browser are killed."""

from collections.abc import Iterator

from bench.harness import Figure, Sample, apart, at_most, figure

MANY = 1_000


@figure("Kiosk, 1,000 entered while line, server and browser are killed")
def nobody_lost() -> Iterator[Figure]:
    found = apart("kiosk", str(MANY))
    whole = found["entries"] == MANY and found["server"] > 0 and found["answers"] > 0
    for what in ("lost", "double"):
        sample = Sample((float(found[what]),), "")
        yield Figure(sample, at_most(0.0, "median"), what=what, also=whole)
    yield Figure(Sample((found["seconds"],), "s"), at_most(600.0), what="line back to the last in")
