"""An account without a code of the desk's: by a code to the phone or e-mail that the record has."""

import hmac
import secrets
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from almoner.ground import dates, events
from almoner.ground.turns import in_turn
from almoner.ground.words import gettext_noop
from almoner.patients import actions as patients
from almoner.patients.models import Patient
from almoner.patients.rules.details import readable
from almoner.portal import queries
from almoner.portal.actions.entering import NOBODY, open_way
from almoner.portal.models import Entrance, Invitation, JoinAsked
from almoner.portal.queries import checking as known
from almoner.portal.rules import accounts, checking
from almoner.portal.rules.accounts import Kind
from almoner.portal.rules.checking import Checked
from almoner.portal.rules.join_words import DIGITS
from almoner.relations import actions as relations
from almoner.relations import queries as messages
from almoner.relations.rules import Desk
from almoner.relations.rules import Kind as CaseKind

ON_A_PAGE = "page"
SUBJECT = gettext_noop("Somebody asks for an account, see who they are")
WHY = {
    Checked.UNKNOWN: gettext_noop("Nobody of that name and birth date is reached there"),
    Checked.SHARED: gettext_noop("Several people are reached there"),
    Checked.SEVERAL: gettext_noop("More than one record has that name and birth date"),
    Checked.MINOR: gettext_noop("They are a minor"),
    Checked.DECEASED: gettext_noop("The record says that they have died"),
    Checked.NEW: gettext_noop("It came into the record only today"),
    Checked.NO_WAY: gettext_noop("Nothing may be sent there, by consent or as the patient asked"),
    Checked.NIGHT: gettext_noop("It was night, and no text goes out"),
    Checked.ACCOUNT: gettext_noop("They have an account, and may have lost the way in"),
}
"""What the officer is told, who then looks at the person and gives a code, or does not."""


@transaction.atomic
def ask_to_join(
    *, given: str, family: str, born: date, channel: str, address: str, language: str,
    network: str, at: datetime,
) -> str:  # fmt: skip
    """Keep what somebody says of themselves; the token of a browser that may type a code.

    Does the same whoever they are, and looks nobody up: a job does.
    """
    token = open_way(at=at)
    row = JoinAsked.objects.create(
        way=Entrance.objects.get(digest=queries.digest_of(token)),
        given=given, family=family, born=born, channel=channel, address=address,
        language=language,
        person=known.keyed(checking.person_key(given, family, born)),
        network=known.keyed(network),
        asked_at=at,
    )  # fmt: skip
    events.record("portal.join_asked", at=at, by=None, about=row)
    return token


def decide_joins(*, at: datetime) -> int:
    """Decide about everybody who asked; how many there were. What became of none is forgotten."""
    JoinAsked.objects.filter(asked_at__lt=at - checking.FORGOTTEN, invitation=None).delete()
    return in_turn(known.undecided(), lambda id_: decide_join(asked_id=id_, at=at), named="join")


@transaction.atomic
def decide_join(*, asked_id: int, at: datetime) -> bool:
    """Send a code to the record's own phone or e-mail, or have a person look; once.

    Raises CaseRefused while no desk has a lead: it is tried again.
    """
    row = JoinAsked.objects.select_for_update().filter(pk=asked_id, outcome="").first()
    if row is None or row.born is None:
        return False
    known.one_at_a_time(row)
    outcome, patient_id = _outcome(row, row.born, at=at)
    if outcome is Checked.SENT and patient_id:
        _send(row, patient_id, at=at)
    elif outcome is not Checked.OFTEN:
        _have_looked_at(row, outcome, at=at)
    row.outcome = outcome
    row.given = row.family = row.address = ""
    row.born = None
    row.save()
    return True


def _outcome(row: JoinAsked, born: date, *, at: datetime) -> tuple[Checked, int | None]:
    if known.asked_lately(row):
        return Checked.OFTEN, None
    holders, patient_id, found = known.looked_up(row, at=at)
    outcome = checking.verdict(
        holders=holders,
        known=found,
        given=row.given,
        family=row.family,
        born=born,
        today=queries.local_day(at),
    )
    if outcome is Checked.SENT and known.sent_lately(patient_id, at=at):
        return Checked.OFTEN, None
    return outcome, patient_id


def _send(row: JoinAsked, patient_id: int, *, at: datetime) -> None:
    code = accounts.code_of(secrets.choice)
    row.patient_id, row.sent_at = patient_id, at
    row.code = _keyed(row, code)
    relations.tell(
        patient_id=patient_id,
        text=DIGITS.code,
        facts=lambda _language: {"code": code},
        step=f"{DIGITS.code}-{row.pk}",
        by=(row.channel,),
        to=row.address,
        language=row.language,
        asked_for=True,
        at=at,
    )
    events.record("portal.join_code_sent", at=at, by=None, about=row, patient_id=patient_id)


def _keyed(row: JoinAsked, code: str) -> bytes:
    return known.keyed(f"{row.pk}:{accounts.normal(code)}")


def _have_looked_at(row: JoinAsked, outcome: Checked, *, at: datetime) -> None:
    """A case without a record: what somebody says of themselves is not yet about anybody."""
    where = readable(row.address) if row.channel == "sms" else row.address
    who = f"{row.given} {row.family}, {dates.day(row.born)}, {where}"
    new = relations.New(
        kind=CaseKind.REQUEST, desk=Desk.FRONT, subject=SUBJECT, note=f"{WHY[outcome]}: {who}"
    )
    relations.open_by_itself(new=new, at=at)


@transaction.atomic
def say_digits(*, way: Entrance, typed: str, at: datetime) -> str:
    """The token of a browser that may make an account; empty for whatever else it is.

    Nobody learns whether a code was sent at all. A wrong one is counted. Of two that are right for
    one patient the later one is good alone.
    """
    row = JoinAsked.objects.select_for_update().filter(way=way).first()
    if row is None or not checking.may_try(
        sent_at=row.sent_at or row.asked_at,
        tries=row.tries,
        used=row.invitation_id is not None,
        at=at,
    ):
        return ""
    good = hmac.compare_digest(bytes(row.code or b""), _keyed(row, typed))
    if good and row.patient_id:
        return _invited(row, row.patient_id, at=at)
    # Counted too where no code was sent: nobody can tell by how long it takes.
    JoinAsked.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    events.record(
        "portal.join_code_wrong", at=at, by=None, about=row, patient_id=row.patient_id,
        by_patient=True,
    )  # fmt: skip
    return ""


def _invited(row: JoinAsked, patient_id: int, *, at: datetime) -> str:
    patient = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient_id)
    if patient.deceased or queries.account_of_patient(patient.pk):
        return ""
    earlier = Invitation.objects.filter(
        patient=patient, made_by_id=NOBODY, used_at=None, withdrawn_at=None
    )
    earlier.update(withdrawn_at=at)
    row.invitation = Invitation.objects.create(
        digest=queries.digest_of(secrets.token_urlsafe(32)),  # it is never typed
        patient=patient,
        kind=Kind.SELF,
        parts=sorted(accounts.EVERYTHING),
        made_at=at,
        made_by_id=NOBODY,
        expires_at=at + accounts.WAY_IN_LASTS,
    )
    row.save(update_fields=["invitation"])
    channel, address = messages.sent_to(f"{DIGITS.code}-{row.pk}")
    patients.prove_address(
        patient_id=patient.pk, channel=channel, address=address.lower(), how=ON_A_PAGE, at=at
    )
    events.record(
        "portal.join_checked", at=at, by=None, about=row.invitation, patient_id=patient.pk,
        by_patient=True,
    )  # fmt: skip
    return open_way(at=at, invitation=row.invitation)
