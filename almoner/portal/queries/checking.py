"""Who it may be that asks for an account without a code; read by a job, shown to nobody."""

import hmac
from datetime import date, datetime

from django.conf import settings
from django.db import connection

from almoner.ground.locks import hold
from almoner.patients.models import ConfidentialContact, Patient, ReachedEmail, ReachedPhone
from almoner.patients.rules.fold import fold
from almoner.portal.models import JoinAsked
from almoner.portal.queries.accounts import account_of_patient, local_day
from almoner.portal.rules import checking
from almoner.portal.rules.checking import Known
from almoner.relations import queries as relations
from almoner.relations.models import Landline

_MOST = 200


def keyed(text: str) -> bytes:
    """A digest that nobody computes who has not our key: a phone has too few values for another."""
    return hmac.new(settings.SECRET_KEY.encode(), f"join:{text}".encode(), "sha256").digest()


def one_at_a_time(row: JoinAsked) -> None:
    """Of one name and birth date one is decided after the other, so that they can be counted."""
    hold("join", bytes(row.person).hex())


def asked_lately(row: JoinAsked) -> bool:
    """Whether this person, or this network address, was asked for too often before it."""
    before = JoinAsked.objects.filter(pk__lt=row.pk)
    of_person = before.filter(person=row.person, asked_at__gt=row.asked_at - checking.DAY)
    of_network = before.filter(network=row.network, asked_at__gt=row.asked_at - checking.HOUR)
    return (
        of_person.count() >= checking.MOST_OF_A_PERSON
        or of_network.count() >= checking.MOST_OF_AN_ADDRESS
    )


def sent_lately(patient_id: int | None, *, at: datetime) -> bool:
    """Whether a patient was sent as many codes in a day as may be, however they were asked for."""
    rows = JoinAsked.objects.filter(patient_id=patient_id, sent_at__gt=at - checking.DAY)
    return rows.count() >= checking.MOST_OF_A_PERSON


def undecided() -> list[int]:
    return list(
        JoinAsked.objects.filter(outcome="").order_by("pk").values_list("pk", flat=True)[:_MOST]
    )


def looked_up(row: JoinAsked, *, at: datetime) -> tuple[int, int | None, Known | None]:
    """How many are reached at what was typed; of the only one the id, and what is known of them.

    Where somebody is reached whose it is and who is not the patient, there are two: it is shared.
    """
    holders = list(relations.holders(row.channel, row.address).values_list("pk", flat=True)[:2])
    if len(holders) != 1:
        return len(holders), None, None
    if relations.is_anothers(row.channel, row.address):
        return len(holders) + 1, None, None
    patient = Patient.objects.get(pk=holders[0])
    return 1, patient.pk, _known(patient, row, at=at)


def _known(patient: Patient, row: JoinAsked, *, at: datetime) -> Known:
    given = {patient.given, patient.name_used} - {""}
    names = tuple((each, patient.family) for each in sorted(given))
    why = relations.why_not_now(patient.pk, None, at=at)
    return Known(
        names=names,
        born=patient.birth_date,
        deceased=patient.deceased,
        since=_since(patient, row),
        namesakes=_namesakes(patient),
        reachable=_reachable(patient.pk, row),
        by_day=row.channel != "sms" or why != "night",
        has_account=account_of_patient(patient.pk) is not None,
    )


def _reachable(patient_id: int, row: JoinAsked) -> bool:
    if row.channel == "sms":
        phones = ReachedPhone.objects.filter(patient_id=patient_id, number=row.address)
        takes = phones.filter(may_text=True).exists() and not relations.silenced(row.address)
        return takes and not Landline.objects.filter(number=row.address).exists()
    mails = ReachedEmail.objects.filter(patient_id=patient_id, address__iexact=row.address)
    return mails.exists() and relations.closed(row.address) is None


def _namesakes(patient: Patient) -> int:
    """Records of that name and birth date: of one person, or of two."""
    if patient.birth_date is None:
        return 1
    born = Patient.objects.filter(keys__contains=[f"b:{patient.birth_date.isoformat()}"])
    name = (fold(patient.given), fold(patient.family))
    there = born.values_list("given", "family")
    return sum((fold(given), fold(family)) == name for given, family in there)


SINCE = """
    SELECT max(at) FROM patients_change
     WHERE patient_id = %s AND of_table = %s AND lower(became ->> %s) = lower(%s)
"""


def _since(patient: Patient, row: JoinAsked) -> date:
    """The clinic's day on which a phone or e-mail came into the record, as its history tells."""
    asked = ConfidentialContact.objects.filter(patient=patient, ended_at=None).first()
    table, column = ("phone", "number") if row.channel == "sms" else ("email", "address")
    with connection.cursor() as sql:
        sql.execute(SINCE, [patient.pk, table, column, row.address])
        (changed,) = sql.fetchone()
    known = [patient.registered_at, changed, asked.since if asked else None]
    return local_day(max(each for each in known if each))
