"""What patients say ahead and officers settle, in a line each."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection

from almoner.arrivals import actions, queries
from almoner.arrivals.rules.ahead import DETAILS, OWN_WORDS, Thing, Verdict
from almoner.coverage.models import CardImage, Policy
from almoner.ground import clock
from almoner.patients import queries as records
from almoner.patients.tests.make import Phone, picture

DAYS = 3
HOME = Phone(number="+16085550142")


def before(visit):
    return visit.starts_at - timedelta(days=1)


def seen_of(visit, thing, policy_id=None):
    policy = Policy.objects.get(pk=policy_id) if policy_id else None
    now = queries.kept(visit.patient_id, thing, policy)
    return queries.fingerprint(visit.patient_id, thing, now)


def say(visit, thing, verdict=Verdict.RIGHT, *, policy_id=None, at=None, seen=None, **words):
    return actions.say(
        appointment_id=visit.pk,
        thing=thing,
        verdict=verdict,
        words=words,
        seen=seen or seen_of(visit, thing, policy_id),
        policy_id=policy_id,
        days=DAYS,
        at=at or before(visit),
    )


def changed(visit, thing, **words):
    return say(visit, thing, Verdict.CHANGED, **words)


def kept(visit):
    return records.kept(visit.patient_id)[1]


def policy_of(visit):
    return Policy.objects.get(patient=visit.patient_id, retired_at=None)


def everything(visit):
    """All that is kept of a patient by other duties."""
    rows = Policy.objects.filter(patient=visit.patient_id).order_by("id").values()
    return records.kept(visit.patient_id), list(rows), CardImage.objects.count()


def say_all_is_right(visit):
    for thing in DETAILS:
        say(visit, thing)
    say(visit, Thing.POLICY, policy_id=policy_of(visit).pk)
    say(visit, Thing.NEW_POLICY)


def accept(ana, said, **facts):
    thing = Thing(said.thing)
    now = queries.kept(said.patient_id, thing, said.policy)
    facts = {"seen": queries.fingerprint(said.patient_id, thing, now), "at": said.said_at} | facts
    actions.accept(officer=ana, said_id=said.pk, **facts)


def settle(desk, visit, **facts):
    answer = desk.post(f"/board/visits/{visit.pk}/said/", facts)
    return answer.status_code, answer.content.decode()


def check_in_page(desk, visit, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at)
    answer = desk.get(f"/board/visits/{visit.pk}/check-in/?for=appointment:{visit.pk}")
    return answer.content.decode()


def takes_photo(visit, policy_id=None, side="front"):
    actions.take_cards(
        appointment_id=visit.pk, policy_id=policy_id, uploads={side: picture().read()},
        days=DAYS, at=before(visit),
    )  # fmt: skip


def at_once(*acts):
    """Run all in threads, each with a connection of its own; what came of each, by its name."""

    def run(act):
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        came = [pool.submit(run, act).exception for act in acts]
    return sorted(type(each()).__name__ if each() else "done" for each in came)


WORDS = {
    Thing.NAME_USED: {"name_used": "Mel"},
    Thing.PRONOUNS: {"pronouns": "they/them"},
    Thing.ADDRESS: {
        "line": "9 Oak St", "line_2": "", "city": "Madison", "state": "WI", "zip_code": "53703",
    },
    Thing.PHONE: {"number": "+16085550111", "may_text": True},
    Thing.OTHER_PHONE: {"number": "+16085550112", "may_text": False},
    Thing.EMAIL: {"address": "new@example.org"},
    Thing.LANGUAGE: {"language": "es"},
    Thing.INTERPRETER: {"interpreter_needed": True},
    Thing.EMERGENCY: {"name": "Lu", "relation": "", "phone": "+16085550113"},
    Thing.POLICY: {"member_id": "Z1"},
    Thing.NEW_POLICY: {"payer": "P", "member_id": "Z2", "group_number": ""},
} | {thing: {"text": "words"} for thing in (*OWN_WORDS, Thing.DEVICES)}  # fmt: skip
