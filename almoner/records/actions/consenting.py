"""The consent to sign electronically: given with the text it was given to, taken back at any time.

15 USC 7001(c).
"""

from datetime import datetime

from django.db import transaction

from almoner.ground import events
from almoner.records import queries, rules
from almoner.records.actions.hands import Hand
from almoner.records.models import ElectronicConsent


@transaction.atomic
def consent(*, hand: Hand, patient_id: int, language: str, at: datetime) -> ElectronicConsent:
    """Keep that somebody agreed to the text in use. Raises PermissionDenied."""
    return _say(True, hand, patient_id, language, at)


@transaction.atomic
def withdraw_consent(*, hand: Hand, patient_id: int, language: str, at: datetime) -> None:
    """Take it back: from now on forms are signed on paper, or after agreeing anew.

    What was signed stays signed. Where none holds nothing changes. Raises PermissionDenied.
    """
    hand.check()
    if queries.consent_of(patient_id) is not None:
        _say(False, hand, patient_id, language, at)


def _say(
    given: bool, hand: Hand, patient_id: int, language: str, at: datetime
) -> ElectronicConsent:
    hand.check()
    row = ElectronicConsent.objects.create(
        patient_id=patient_id,
        given=given,
        text=rules.ESIGN,
        language=language,
        at=at,
        by_id=hand.id,
        address=hand.address,
        session=hand.session,
    )
    events.record(
        "records.agreed" if given else "records.agreement_withdrawn",
        at=at,
        by=hand.officer,
        about=row,
        patient_id=patient_id,
        by_patient=hand.officer is None,
    )
    return row
