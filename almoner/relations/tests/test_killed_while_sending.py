"""Nothing is sent twice and nothing is lost, however often workers die and carriers repeat."""

import pytest

from almoner.relations.tests import many

COUNT, KILLS = 10_000, 12
REPORTED = 1_112  # texts: of each three reports, each thrice, are ten thousand


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_twice_or_lost_when_workers_are_killed_and_reports_come_thrice(tmp_path):
    many.on_their_way(COUNT)

    fate = many.under_kills(tmp_path / "handed", kills=KILLS, longest=2.0)

    assert fate.killed > 0  # while they worked, not after
    assert (fate.doubled, fate.lost, fate.hidden) == (0, 0, 0)
    assert fate.unknown <= fate.killed  # of each worker at most one, and it is work

    assert many.reported(REPORTED, seed=11) == (0, 0)
