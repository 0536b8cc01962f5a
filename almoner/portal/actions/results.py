"""What somebody does with results in an account, and how patients hear of one."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from almoner.ground import events
from almoner.portal import queries
from almoner.portal.models import Account, ResultOpened, ResultWish
from almoner.portal.rules.result_words import NEWS
from almoner.portal.rules.results import Wish, step_of, told_now
from almoner.relations import actions as relations
from almoner.relations import queries as messages

LATELY = timedelta(days=30)


@transaction.atomic
def wish_results(*, account: Account, patient_id: int, wish: Wish, at: datetime) -> None:
    """Say when the patient wants to be told of results from now on."""
    row, _new = ResultWish.objects.update_or_create(
        patient_id=patient_id,
        defaults={"wish": wish.value, "said_at": at, "account_id": account.pk},
    )
    events.record(
        "portal.result_wish", at=at, by=None, about=row, patient_id=patient_id, by_patient=True,
        name=account.name, wish=wish.value,
    )  # fmt: skip


@transaction.atomic
def open_result(*, account: Account, patient_id: int, version_id: int, at: datetime) -> None:
    """An account has a version before it, with what was said of it until now."""
    row, new = ResultOpened.objects.update_or_create(
        account_id=account.pk, version_id=version_id, defaults={"patient_id": patient_id, "at": at}
    )
    if new:
        events.record(
            "portal.result_opened", at=at, by=None, about=row, patient_id=patient_id,
            by_patient=True, name=account.name,
        )  # fmt: skip


def tell_of_kept_results(*, patient_id: int, at: datetime) -> int:
    """A patient can be reached now, or nothing is kept from who acts for them; how many were told.

    Of what came within `LATELY`: an older one is no news.
    """
    waiting = queries.news_kept_back(patient_id, since=at - LATELY)
    return sum(
        tell_of_result(result_id=result_id, at=at)
        for result_id, version_id in waiting
        if not messages.was_told(step_of(version_id, noted=each) for each in (False, True))
    )


@transaction.atomic
def tell_of_result(*, result_id: int, at: datetime) -> bool:
    """Tell the patient that there is something new, when they want to know; whether they were.

    Once for each version, and once more when a clinician wrote a word to it, however often this
    runs, and by no word of what it is. Nobody is told
    whom nothing would be shown: who has no account, and where the server has no address.
    """
    news = queries.news_of(result_id, at=at)
    if news is None or not settings.ADDRESS or not news.seen_by_somebody:
        return False
    if not told_now(news.wish, reviewed=news.reviewed):
        return False
    link = settings.ADDRESS.rstrip("/") + reverse("my_home")
    sent = relations.tell(
        patient_id=news.patient_id,
        text=NEWS.code,
        facts=lambda _language: {"link": link},
        step=step_of(news.version_id, noted=news.noted),
        at=at,
        asked_for=True,
    )
    return bool(sent)
