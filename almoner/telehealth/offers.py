"""What this duty offers to the pages below it, and where one can go."""

from collections.abc import Iterator, Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from almoner.arrivals.queries import Mark, marks
from almoner.ground import shell
from almoner.telehealth import queries, rules
from almoner.telehealth.queries import wording
from almoner.telehealth.rules import State

shell.register(
    shell.NavItem(_("Video"), "video_board", "telehealth.view", icon="video", order=25, key="t")
)


def marks_of(appointment_ids: list[int]) -> Mapping[int, list[Mark]]:
    """How visits by video stand, on the cards of the flow board."""
    return {
        id_: list(_marks(id_, state, test))
        for id_, (state, test, _since) in queries.tests(appointment_ids).items()
    }


def _marks(appointment_id: int, state: str, test: Mapping[str, str]) -> Iterator[Mark]:
    where = reverse("video_visit", args=[appointment_id])
    if state != State.NOT_OPEN:
        tone, word = wording.STATES[state]
        yield Mark(word, tone, where)
    for name in rules.trouble(test):
        yield Mark(wording.TESTED[name], "bad", where)


marks(marks_of)
