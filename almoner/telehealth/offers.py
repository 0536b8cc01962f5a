"""What this duty offers to the pages below it, and where one can go."""

from collections.abc import Iterator, Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from almoner.arrivals.queries import Mark, marks
from almoner.ground import shell
from almoner.relations.queries import sends
from almoner.telehealth import queries, rules
from almoner.telehealth.queries import wording
from almoner.telehealth.rules import State
from almoner.telehealth.rules.texts import FAMILY_LINK

shell.register(
    shell.NavItem(_("Video"), "video_board", "telehealth.view", icon="video", order=25, key="t")
)


_MAY = "telehealth.view"


def marks_of(appointment_ids: list[int]) -> Mapping[int, list[Mark]]:
    """That a visit is by video and how it stands, on its card of the flow board."""
    known = queries.tests(appointment_ids)
    return {
        id_: list(_marks(id_, *known.get(id_, (State.NOT_OPEN, {})))) for id_ in appointment_ids
    }


def _marks(appointment_id: int, state: str, test: Mapping[str, str]) -> Iterator[Mark]:
    where = reverse("video_visit", args=[appointment_id])
    ring = reverse("video_ring", args=[appointment_id])
    yield Mark(_("Video"), "plain", where, _MAY, "video")
    if state != State.NOT_OPEN:
        tone, word = wording.STATES[state]
        yield Mark(word, tone, where, _MAY)
    for name in rules.trouble(test):
        yield Mark(wording.TESTED[name], "bad", ring, "relations.send")


marks(marks_of)
sends(FAMILY_LINK)
