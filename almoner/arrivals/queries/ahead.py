"""What patients said ahead of their visits, and what was kept beside it."""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.http import Http404

from almoner.access.queries import Reading, officers
from almoner.arrivals.models import CardTaken, EarlyCheckIn, Said
from almoner.arrivals.rules import Item, ahead
from almoner.arrivals.rules.ahead import CHANGES, DETAILS, OWN_WORDS, Shown, Thing, Value, Verdict
from almoner.coverage import queries as coverage
from almoner.coverage.models import Policy
from almoner.patients import queries as patients
from almoner.patients.queries import wording

_LETTERS = "ertqhjklmno"
"""Keys that accept one change each; none means anything else on the page of a check-in.

A row keeps its key when others are settled, since only the item that was settled is drawn anew.
"""


def fingerprint(patient_id: int, thing: Thing, value: Value) -> str:
    """A mark of a value by which a page says which one it showed, without showing it.

    Keyed: a phone number has too few values for an open digest of it to hide one. Of one thing of
    one patient: who writes values on a page of their own finds none of somebody else's by it.
    """
    written = json.dumps([patient_id, thing, dict(value)], sort_keys=True).encode()
    return hmac.new(settings.SECRET_KEY.encode(), b"said:" + written, "sha256").hexdigest()[:32]


def policy_value(policy: Policy) -> Value:
    return {"member_id": policy.member_id, "group_number": policy.group_number}


def kept(patient_id: int, thing: Thing, policy: Policy | None = None) -> Value:
    """What is kept now of one thing. For actions; hands nothing to a reader."""
    if thing in DETAILS:
        _version, details = patients.kept(patient_id)
        return ahead.kept(details, thing)
    return policy_value(policy) if policy else {}


def open_items(appointment_id: int) -> set[Item]:
    """The items of check-in of which a change is neither accepted nor refused. For actions."""
    rows = Said.objects.filter(appointment=appointment_id, outcome="", verdict__in=CHANGES)
    things = rows.values_list("thing", flat=True)
    items = {ahead.ITEMS[Thing(thing)] for thing in things}
    return items | {Item.COVERAGE for _ in CardTaken.objects.filter(appointment=appointment_id)[:1]}


def left(
    appointment_id: int, policy_ids: Sequence[int], *, by_video: bool = False
) -> list[ahead.Key]:
    """What is still to be said of a visit. One query. For actions."""
    return ahead.left(policy_ids, _said(appointment_id), by_video=by_video)


def details_said(appointment_id: int) -> bool:
    """Whether the patient has said of all details ahead whether they are right. For actions."""
    said = _said(appointment_id)
    return all((thing, None) in said for thing in DETAILS)


def _said(appointment_id: int) -> set[ahead.Key]:
    rows = Said.objects.filter(appointment=appointment_id).values_list("thing", "policy_id")
    return {(Thing(thing), policy_id) for thing, policy_id in rows}


@dataclass(frozen=True, slots=True)
class Photo:
    """One photograph of a card that waits to be accepted."""

    id: int
    side: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change the desk has not settled: what is kept now, and what the patient says.

    ``overtaken``: the desk changed the value after the patient had seen it, from ``was``. ``seen``
    marks the value that is shown here, so that nothing else is replaced by accepting.
    """

    id: int
    thing: Thing
    gone: bool
    payer: str
    kept: list[Shown]
    said: list[Shown]
    was: list[Shown]
    overtaken: bool
    seen: str
    letter: str
    photos: list[Photo] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cards:
    """Photographs of a card beside which no change stands.

    ``of``: the policies to choose from, when they are of none that holds on the day.
    """

    policy_id: int | None
    payer: str
    photos: list[Photo]
    letter: str
    of: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Ahead:
    """How far a patient has prepared a visit, for the desk. ``left`` counts what was not said.

    ``heard_by`` names who asked some of it at the desk.
    """

    coming_at: datetime | None
    here_at: datetime | None
    left: int
    details_at: datetime | None
    details: list[Proposal]
    coverage: list[Proposal]
    cards: list[Cards]
    words: list[tuple[Thing, str]]
    heard_by: str = ""

    @property
    def several(self) -> bool:
        """Whether accepting all at once is another thing than accepting one."""
        return len([one for one in self.details if not one.overtaken]) > 1


def told(appointment_id: int, *, reading: Reading) -> Ahead | None:
    """What the patient of a visit said ahead; None when nothing.

    Four queries, one more when there are changes, and when some of it was said at the desk.
    """
    early = (
        EarlyCheckIn.objects.filter(appointment=appointment_id)
        .select_related("appointment__visit_type")
        .first()
    )
    if early is None:
        return None
    reading.saw([early.patient_id])
    rows = list(
        Said.objects.filter(appointment=appointment_id)
        .select_related("policy__plan__payer")
        .order_by("said_at", "id")
    )
    held = list(coverage.in_force(early.patient_id, on=early.appointment.local_day))
    said = {(Thing(row.thing), row.policy_id) for row in rows}
    by_video = early.appointment.visit_type.by_video
    left = ahead.left([policy.pk for policy in held], said, by_video=by_video)
    changes = [row for row in rows if row.verdict in CHANGES and not row.outcome]
    ids = sorted(row.pk for row in rows if row.verdict in CHANGES)  # settled ones too
    letters, photos = dict(zip(ids, _LETTERS, strict=False)), _photos(appointment_id)
    proposals = _proposals(changes, early.patient_id, letters=letters, photos=photos)
    beside = {row.policy_id for row in changes if row.thing not in DETAILS}
    names = {policy.pk: policy.plan.payer.name for policy in held}
    cards_of = [*names, *(policy_id for policy_id in photos if policy_id not in names)]
    card_letters = dict(zip(cards_of, _LETTERS[len(ids) :], strict=False))
    cards = [
        Cards(
            policy_id,
            names.get(policy_id, "") if policy_id else "",
            taken,
            card_letters.get(policy_id, ""),
            of=[] if policy_id in names else list(names.items()),
        )
        for policy_id, taken in photos.items()
        if policy_id not in beside
    ]
    asked_of_details = [key for key in left if key[0] in DETAILS]
    last = [row.said_at for row in rows if row.thing in DETAILS]
    return Ahead(
        coming_at=early.coming_at,
        here_at=early.here_at,
        left=len(left),
        details_at=max(last) if last and not asked_of_details else None,
        details=[one for one in proposals if one.thing in DETAILS],
        coverage=[one for one in proposals if one.thing not in DETAILS],
        cards=cards,
        words=_own_words(rows),
        heard_by=officers.names_of({row.heard_by_id for row in rows if row.heard_by_id}),
    )


def _own_words(rows: Iterable[Said]) -> list[tuple[Thing, str]]:
    texts = {Thing(row.thing): row.words.get("text", "") for row in rows if row.thing in OWN_WORDS}
    return [(thing, texts[thing]) for thing in OWN_WORDS if texts.get(thing)]


def _photos(appointment_id: int) -> dict[int | None, list[Photo]]:
    found: dict[int | None, list[Photo]] = {}
    rows = CardTaken.objects.filter(appointment=appointment_id).order_by("-side")
    for id_, policy_id, side in rows.values_list("id", "policy_id", "side"):
        found.setdefault(policy_id, []).append(Photo(id_, side))
    return found


def _proposals(
    changes: Sequence[Said],
    patient_id: int,
    *,
    letters: Mapping[int, str],
    photos: dict[int | None, list[Photo]],
) -> list[Proposal]:
    if not changes:
        return []
    _version, details = patients.kept(patient_id)
    made = []
    for row in changes:
        thing = Thing(row.thing)
        if thing in DETAILS:
            now = ahead.kept(details, thing)
        else:
            now = policy_value(row.policy) if row.policy else {}
        made.append(
            Proposal(
                id=row.pk,
                thing=thing,
                gone=row.verdict == Verdict.GONE,
                payer=row.policy.plan.payer.name if row.policy else "",
                kept=_lines(thing, now),
                said=_lines(thing, row.words),
                was=_lines(thing, row.was),
                overtaken=dict(now) != row.was,
                seen=fingerprint(patient_id, thing, now),
                letter=letters.get(row.pk, ""),
                photos=photos.get(row.policy_id, []) if thing not in DETAILS else [],
            )
        )
    return made


def _lines(thing: Thing, value: Value) -> list[Shown]:
    if thing is Thing.LANGUAGE and value:
        return [Shown("language", wording.language(value["language"]))]
    if thing is Thing.INTERPRETER:
        return [Shown("interpreter", "yes" if value.get("interpreter_needed") else "no")]
    return ahead.lines(thing, value)


def read_whole(thing: Thing, value: Value) -> str:
    """A value in one line, for the desk."""
    return ", ".join(line.text for line in _lines(thing, value))


def photo(photo_id: int, *, reading: Reading) -> bytes:
    """A photograph that waits, as JPEG, noted as seen. Raises Http404."""
    row = CardTaken.objects.filter(pk=photo_id).first()
    if row is None:
        raise Http404
    reading.saw([row.patient_id])
    return bytes(row.jpeg)
