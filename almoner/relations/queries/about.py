"""What words are about: a visit or a bill of a patient, as the desk calls it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext

from almoner.access.models import Officer
from almoner.ground.models import Event
from almoner.relations.models import Call, Message, Received
from almoner.relations.queries.conversations import Visit, visits_named

Thing = tuple[str, int]
VISIT, BILL = "appointment", "statement"
MAY_KNOW_BILLS = "ledger.view"
_BILLS = 6
_OPENED_WITH = {VISIT: "scheduling.view", BILL: "billing.view"}


@dataclass(frozen=True, slots=True)
class Subject:
    """A visit, by when and with whom it is, or a bill by its number."""

    kind: str
    id: int
    text: str

    @property
    def value(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def named(self) -> str:
        """What it is, and which."""
        if self.kind == BILL:
            return gettext("Bill %(number)s") % {"number": self.text}
        return gettext("Visit %(when)s") % {"when": self.text}

    @property
    def permission(self) -> str:
        """What its own page asks for."""
        return _OPENED_WITH[self.kind]


def subjects(
    patient_id: int, visits: Sequence[Visit], officer: Officer, *, also: Thing | None = None
) -> list[Subject]:
    """What words of a patient may be about: these visits, and their newest bills. One query.

    Of bills, whoever may know that there are any. ``also`` is one more, if it is theirs: two
    queries more when it is not among them.
    """
    found = _near(patient_id, visits, officer)
    if also and all((each.kind, each.id) != also for each in found) and is_theirs(also, patient_id):
        found += named([also], officer).values()
    return found


def _near(patient_id: int, visits: Sequence[Visit], officer: Officer) -> list[Subject]:
    found = [Subject(VISIT, each.id, each.text) for each in visits]
    if not officer.may(MAY_KNOW_BILLS):
        return found
    rows = Event.objects.filter(patient_id=patient_id, about_kind=BILL, about_id__isnull=False)
    sent = rows.order_by("about_id", "-id").distinct("about_id")
    newest = Event.objects.filter(pk__in=sent.values("pk")).order_by("-about_id")[:_BILLS]
    return found + [Subject(BILL, each.about_id or 0, _number(each)) for each in newest]


def named(things: Iterable[Thing], officer: Officer) -> dict[Thing, Subject]:
    """These visits and bills, as far as the officer may know of them. A query for each kind."""
    wanted = set(things)
    visits = [each for kind, each in wanted if kind == VISIT]
    bills = [each for kind, each in wanted if kind == BILL]
    found = [Subject(VISIT, *each) for each in visits_named(visits).items()] if visits else []
    if bills and officer.may(MAY_KNOW_BILLS):
        rows = Event.objects.filter(about_kind=BILL, about_id__in=bills)
        newest = rows.order_by("about_id", "-id").distinct("about_id")
        found += [Subject(BILL, each.about_id or 0, _number(each)) for each in newest]
    return {(each.kind, each.id): each for each in found}


def _number(event: Event) -> str:
    return str(event.data.get("number") or event.about_id)


def is_theirs(about: Thing, patient_id: int | None) -> bool:
    """Whether a visit or bill is a patient's, as the log knows it. One query."""
    kind, item_id = about
    rows = Event.objects.filter(about_kind=kind, about_id=item_id, patient_id=patient_id)
    return patient_id is not None and rows.exists()


def about_of(row: Received) -> Thing | None:
    """What something that came in is about."""
    return (row.about_kind, row.about_id) if row.about_id else None


def abouts_said(things: Iterable[Thing]) -> list[Thing]:
    """What those of these things that came in are about. One query, none without any."""
    ids = [item_id for kind, item_id in things if kind == "received"]
    rows = Received.objects.filter(pk__in=ids, about_id__isnull=False) if ids else ()
    return [about for row in rows if (about := about_of(row))]


def answered_about(outgoing_id: int | None) -> Thing | None:
    """What an e-mail of ours was about, of whoever answers it. At most one query."""
    rows = Message.objects.filter(outgoing=outgoing_id) if outgoing_id else Message.objects.none()
    row = rows.select_related("event").first()
    return next(iter(things_of_ours(row)), None) if row else None


def things_of_call(row: Call) -> list[Thing]:
    """What a call was about."""
    found = [(VISIT, row.visit_id), (BILL, row.statement_id)]
    return [(kind, item_id) for kind, item_id in found if item_id]


def things_of_ours(row: Message) -> list[Thing]:
    """What a message of ours is about: as it was typed, else what it told of."""
    found = [(VISIT, row.visit_id), (BILL, row.statement_id)]
    if row.event and row.event.about_kind in _OPENED_WITH:
        found.append((row.event.about_kind, row.event.about_id))
    return list(dict.fromkeys((kind, item_id) for kind, item_id in found if item_id))


def ours_about(about: Thing) -> Q:
    """Our messages about a visit or bill."""
    kind, item_id = about
    typed = Q(visit_id=item_id) if kind == VISIT else Q(statement_id=item_id)
    return typed | Q(event__in=Event.objects.filter(about_kind=kind, about_id=item_id))


def theirs_about(about: Thing) -> Q:
    """What came in about a visit or bill."""
    return Q(about_kind=about[0], about_id=about[1])


def calls_about(about: Thing) -> Q:
    """Calls about a visit or bill."""
    return Q(visit_id=about[1]) if about[0] == VISIT else Q(statement_id=about[1])
