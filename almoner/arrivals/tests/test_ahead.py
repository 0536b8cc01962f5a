"""What a patient says ahead stands beside the record until the desk accepts it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.arrivals import actions, queries
from almoner.arrivals.forms import LETTERS
from almoner.arrivals.models import CardTaken, EarlyCheckIn, Encounter, Said
from almoner.arrivals.rules import Item, Settled, ahead
from almoner.arrivals.rules.ahead import DETAILS, OWN_WORDS, Thing, Verdict
from almoner.arrivals.tests import make
from almoner.coverage.models import CardImage, EligibilityCheck, Policy
from almoner.coverage.tests import make as coverage
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients import actions as patients
from almoner.patients import queries as records
from almoner.patients.tests.make import Contact, Phone, picture
from almoner.patients.tests.make import patient as a_patient
from almoner.scheduling.tests import make as scheduling

pytestmark = pytest.mark.django_db
DAYS = 3
HOME = Phone(number="+16085550142")


@pytest.fixture
def ana(visit):
    return Officer.objects.filter(username="ana").first() or access.officer("ana")


@pytest.fixture
def visit():
    coverage.organisation()
    person = a_patient(
        phones=(HOME,),
        emails=("cy@example.org",),
        contacts=(Contact("Sol Garcia", relation="sister", phone="+16085550143"),),
    )
    coverage.policy(person)
    return scheduling.appointment(patient=person)


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


def test_a_check_in_ahead_is_finished_with_the_last_answer_and_confirms_the_visit(visit):
    say_all_is_right(visit)

    early = EarlyCheckIn.objects.get()
    assert (early.begun_at, early.finished_at) == (before(visit), before(visit))
    visit.refresh_from_db()
    assert visit.confirmed_at == before(visit)
    assert Event.objects.filter(kind="arrivals.prepared", by_id=None).count() == 1


def test_what_is_said_again_replaces_what_was_said_and_nothing_is_asked_twice(visit):
    changed(visit, Thing.EMAIL, address="new@example.org")
    changed(visit, Thing.EMAIL, address="newer@example.org")

    [said] = Said.objects.all()
    assert said.words == {"address": "newer@example.org"}
    assert (Thing.EMAIL, None) not in queries.left(visit.pk, [])


def test_a_change_that_is_accepted_is_written_by_the_patients_duty(visit, ana):
    said = changed(visit, Thing.EMAIL, address="new@example.org")

    accept(ana, said)

    assert kept(visit).emails == ("new@example.org",)
    said.refresh_from_db()
    assert (said.outcome, said.settled_by_id) == ("accepted", ana.pk)
    assert Event.objects.get(kind="patients.changed").by_id == ana.pk
    with pytest.raises(actions.SettledAlready):
        accept(ana, said)


def test_a_new_number_takes_the_place_of_the_old_and_is_texted_by_the_patients_word_only(
    visit, ana
):
    said = changed(visit, Thing.PHONE, number="+16085550199", may_text=False)

    accept(ana, said)

    assert kept(visit).phones == (Phone(number="+16085550199", may_text=False),)


def test_an_emergency_contact_that_is_gone_is_taken_away(visit, ana):
    accept(ana, say(visit, Thing.EMERGENCY, Verdict.GONE))

    assert kept(visit).contacts == ()


def test_a_change_is_refused_for_a_reason_and_changes_nothing(visit, ana):
    was = everything(visit)
    said = changed(visit, Thing.EMAIL, address="new@example.org")

    with pytest.raises(ValueError, match=" "):
        actions.refuse(officer=ana, said_id=said.pk, why=" ", at=before(visit))
    actions.refuse(officer=ana, said_id=said.pk, why="said it was a slip", at=before(visit))

    assert everything(visit) == was
    said.refresh_from_db()
    assert (said.outcome, said.why) == ("refused", "said it was a slip")


def test_what_the_desk_changed_meanwhile_is_shown_and_not_replaced_blindly(visit, ana):
    said = changed(visit, Thing.EMAIL, address="new@example.org")
    seen = seen_of(visit, Thing.EMAIL)
    version, details = records.kept(visit.patient_id)
    patients.change(
        officer=ana,
        patient_id=visit.patient_id,
        version=version,
        details=replace(details, emails=("desk@example.org",)),
        at=before(visit),
    )

    with pytest.raises(actions.Overtaken):
        accept(ana, said, seen=seen)
    assert actions.accept_details(officer=ana, appointment_id=visit.pk, at=before(visit)) == 0
    assert kept(visit).emails == ("desk@example.org",)

    [proposal] = queries.told(visit.pk, reading=access.reading(ana)).details
    assert proposal.overtaken
    assert ([one.text for one in proposal.kept], [one.text for one in proposal.was]) == (
        ["desk@example.org"], ["cy@example.org"],
    )  # fmt: skip
    accept(ana, said)
    assert kept(visit).emails == ("new@example.org",)


def test_the_mark_of_a_value_is_another_for_each_patient_and_each_thing():
    number = {"number": "+16085550142"}

    marks = {
        queries.fingerprint(patient_id, thing, number)
        for patient_id in (1, 2)
        for thing in (Thing.PHONE, Thing.OTHER_PHONE)
    }

    assert len(marks) == 4


def test_an_answer_to_a_page_that_is_stale_is_not_taken(visit):
    old = queries.fingerprint(visit.patient_id, Thing.EMAIL, {"address": "old@example.org"})

    with pytest.raises(actions.ChangedMeanwhile):
        say(visit, Thing.EMAIL, seen=old)

    assert not Said.objects.exists()


def test_a_member_id_that_is_accepted_has_the_payer_asked_again(visit, ana):
    policy = policy_of(visit)
    actions.take_cards(
        appointment_id=visit.pk, policy_id=policy.pk, uploads={"front": picture().read()},
        days=DAYS, at=before(visit),
    )  # fmt: skip
    said = say(visit, Thing.POLICY, Verdict.CHANGED, policy_id=policy.pk, member_id="W7654321")
    asked = EligibilityCheck.objects.count()

    accept(ana, said)

    policy.refresh_from_db()
    assert policy.member_id == "W7654321"
    assert EligibilityCheck.objects.count() == asked + 1
    assert CardImage.objects.get().added_by_id == ana.pk
    assert not CardTaken.objects.exists()


def test_a_new_coverage_is_added_when_its_plan_is_chosen(visit, ana):
    said = say(
        visit, Thing.NEW_POLICY, Verdict.CHANGED,
        payer="Lakeside", member_id="L100200", group_number="",
    )  # fmt: skip
    with pytest.raises(actions.PlanNeeded):
        accept(ana, said)

    accept(ana, said, plan_id=coverage.plan().pk)

    added = Policy.objects.get(patient=visit.patient_id, member_id="L100200")
    assert added.rank == 2


def test_a_coverage_that_is_gone_ends_before_the_visit(visit, ana):
    policy = policy_of(visit)

    accept(ana, say(visit, Thing.POLICY, Verdict.GONE, policy_id=policy.pk))

    policy.refresh_from_db()
    assert policy.valid_until == visit.local_day


def test_a_policy_of_somebody_else_cannot_be_spoken_of(visit):
    other = coverage.policy(a_patient(), member_id="W999")

    with pytest.raises(Policy.DoesNotExist):
        say(visit, Thing.POLICY, policy_id=other.pk)


@pytest.mark.parametrize("days", [-4, 1])
def test_nothing_is_said_before_it_opens_or_after_the_day(visit, days):
    with pytest.raises(actions.NotOpen):
        say(visit, Thing.EMAIL, at=visit.starts_at + timedelta(days=days))


def test_it_closes_with_the_check_in_at_the_desk(visit, ana):
    say_all_is_right(visit)

    make.encounter(officer=ana, appointment=visit)

    with pytest.raises(actions.NotOpen):
        say(visit, Thing.EMAIL, at=visit.starts_at)


def test_nobody_is_checked_in_past_a_change_that_is_neither_accepted_nor_refused(visit, ana):
    changed(visit, Thing.EMAIL, address="new@example.org")

    with pytest.raises(actions.CheckInOpen) as refused:
        make.encounter(officer=ana, appointment=visit)
    assert refused.value.items == {Item.DETAILS: "said"}
    assert not Encounter.objects.exists()

    waived = [Settled(item) for item in Item if item is not Item.DETAILS]
    waived.append(Settled(Item.DETAILS, waived=True, reason="asks again next time"))
    assert make.encounter(officer=ana, appointment=visit, settled=waived).state == "ready"


def test_details_confirmed_ahead_are_reviewed_with_the_check_in(visit, ana):
    say_all_is_right(visit)

    make.encounter(officer=ana, appointment=visit)

    assert Event.objects.filter(kind="patients.reviewed", by_id=ana.pk).count() == 1


def test_i_am_here_puts_somebody_on_the_board_and_checks_nobody_in(visit):
    actions.set_out(appointment_id=visit.pk, at=visit.starts_at - timedelta(minutes=50))
    encounter = actions.arrive_own(
        appointment_id=visit.pk, at=visit.starts_at - timedelta(minutes=9)
    )

    assert encounter.state == "arrived"
    assert encounter.movements.get().by_id is None
    early = EarlyCheckIn.objects.get()
    assert early.coming_at < early.here_at
    assert Event.objects.get(kind="arrivals.arrived").data["by_patient"] is True


def test_nobody_is_on_the_way_a_day_before(visit):
    with pytest.raises(actions.NotExpected):
        actions.set_out(appointment_id=visit.pk, at=before(visit))


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
} | {thing: {"text": "words"} for thing in OWN_WORDS}  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(Thing), st.sampled_from(Verdict)), max_size=15))
def test_no_answers_in_any_order_change_the_record_without_the_desk(visit, answers):
    was = everything(visit)

    for thing, verdict in answers:
        policy_id = policy_of(visit).pk if thing is Thing.POLICY else None
        say(visit, thing, verdict, policy_id=policy_id, **WORDS[thing])

    assert everything(visit) == was
    assert not EligibilityCheck.objects.filter(occasion="demand").exists()


@pytest.mark.parametrize("thing", DETAILS)
def test_each_thing_that_is_accepted_is_kept_as_it_was_said(visit, ana, thing):
    accept(ana, changed(visit, thing, **WORDS[thing]))

    found = ahead.kept(kept(visit), thing)
    assert found == {name: WORDS[thing][name] for name in found}


# --- At the desk


@pytest.fixture
def desk(client, ana):
    client.force_login(ana)
    return client


def settle(desk, visit, **facts):
    answer = desk.post(f"/board/visits/{visit.pk}/said/", facts)
    return answer.status_code, answer.content.decode()


def check_in_page(desk, visit, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at)
    answer = desk.get(f"/board/visits/{visit.pk}/check-in/?for=appointment:{visit.pk}")
    return answer.content.decode()


def test_the_desk_sees_each_change_beside_what_is_kept(visit, desk, monkeypatch):
    changed(visit, Thing.EMAIL, address="new@example.org")
    changed(visit, Thing.INTERPRETER, interpreter_needed=True)
    say(visit, Thing.REASON, Verdict.TOLD, text="my knee")

    page = check_in_page(desk, visit, monkeypatch)

    assert "cy@example.org" in page
    assert "new@example.org" in page
    assert "my knee" in page
    assert "Accept all" in page
    assert "The patient changed details online" in page
    assert "9 answers are left" in page


def letters(visit, ana):
    """By each thing or card that waits, the key that accepts it."""
    found = queries.told(visit.pk, reading=access.reading(ana))
    keys = {one.thing: one.letter for one in [*found.details, *found.coverage]}
    return keys | {one.policy_id: one.letter for one in found.cards}


def test_a_key_means_the_same_change_whatever_else_is_settled_or_said_again(visit, ana):
    first = changed(visit, Thing.EMAIL, address="new@example.org")
    changed(visit, Thing.PRONOUNS, pronouns="they/them")
    say(visit, Thing.NEW_POLICY, Verdict.CHANGED, **WORDS[Thing.NEW_POLICY])
    takes_photo(visit, policy_of(visit).pk)
    before = letters(visit, ana)

    accept(ana, first)

    del before[Thing.EMAIL]
    assert letters(visit, ana) == before
    say(visit, Thing.PRONOUNS, Verdict.CHANGED, at=visit.starts_at, pronouns="she/her")
    assert letters(visit, ana) == before


def test_no_key_of_a_change_is_the_key_of_the_forms(visit, ana):
    for thing in (*DETAILS, Thing.NEW_POLICY):
        changed(visit, thing, **WORDS[thing])
    say(visit, Thing.POLICY, Verdict.CHANGED, policy_id=policy_of(visit).pk, member_id="Z1")
    takes_photo(visit)

    keys = [key for key in letters(visit, ana).values() if key]

    assert len(keys) == len(set(keys)) == 11
    assert not {"s", "a", "p", *LETTERS.values()} & set(keys)


def test_all_changes_are_accepted_by_one_key_and_the_item_is_done(visit, desk):
    changed(visit, Thing.EMAIL, address="new@example.org")
    changed(visit, Thing.PRONOUNS, pronouns="they/them")

    status, item = settle(desk, visit, do="all", item="details")

    assert status == 200
    assert "new@example.org" in item
    assert "Accept" not in item
    assert (kept(visit).emails, kept(visit).pronouns) == (("new@example.org",), "they/them")


def test_refusing_takes_a_reason_and_leaves_the_record(visit, desk):
    said = changed(visit, Thing.EMAIL, address="new@example.org")

    settle(desk, visit, do="refuse", item="details", said=said.pk)
    said.refresh_from_db()
    assert said.outcome == ""

    settle(desk, visit, do="refuse", item="details", said=said.pk, reason="took it back")
    said.refresh_from_db()
    assert (said.outcome, said.why) == ("refused", "took it back")
    assert kept(visit).emails == ("cy@example.org",)


def test_accepting_what_was_overtaken_says_so_and_replaces_nothing(visit, desk):
    said = changed(visit, Thing.EMAIL, address="new@example.org")

    status, _item = settle(desk, visit, do="accept", item="details", said=said.pk, seen="other")

    assert status == 200
    assert kept(visit).emails == ("cy@example.org",)


@pytest.mark.parametrize(
    "facts",
    [
        {"do": "x", "item": "details"},
        {"do": "all", "item": "copay?"},
        {"do": "accept", "item": "details", "said": "x"},
    ],
)
def test_what_is_not_there_is_not_settled(visit, desk, facts):
    assert settle(desk, visit, **facts)[0] == 404


def test_nobody_without_check_in_settles_anything(visit, client):
    client.force_login(access.officer("bil", roles=("biller",)))
    said = changed(visit, Thing.EMAIL, address="new@example.org")

    assert settle(client, visit, do="accept", item="details", said=said.pk)[0] == 403


def test_a_photograph_is_looked_at_and_kept(visit, desk, monkeypatch):
    policy = policy_of(visit)
    actions.take_cards(
        appointment_id=visit.pk, policy_id=policy.pk, uploads={"back": picture().read()},
        days=DAYS, at=before(visit),
    )  # fmt: skip
    taken = CardTaken.objects.get()

    assert f"/board/cards/{taken.pk}/" in check_in_page(desk, visit, monkeypatch)
    shown = desk.get(f"/board/cards/{taken.pk}/")
    assert shown.content.startswith(b"\xff\xd8")
    settle(desk, visit, do="keep", item="coverage", policy=policy.pk)

    assert CardImage.objects.get().side == "back"
    assert not CardTaken.objects.exists()
    assert desk.get(f"/board/cards/{taken.pk}/").status_code == 404


def test_a_photograph_that_shows_nothing_is_thrown_away(visit, desk):
    policy = policy_of(visit)
    actions.take_cards(
        appointment_id=visit.pk, policy_id=policy.pk, uploads={"front": picture().read()},
        days=DAYS, at=before(visit),
    )  # fmt: skip

    settle(desk, visit, do="drop", item="coverage", policy=policy.pk, reason="black")

    assert not CardTaken.objects.exists()
    assert not CardImage.objects.exists()
    assert Event.objects.get(kind="arrivals.card_refused").data["reason"] == "black"


def takes_photo(visit, policy_id=None, side="front"):
    actions.take_cards(
        appointment_id=visit.pk, policy_id=policy_id, uploads={side: picture().read()},
        days=DAYS, at=before(visit),
    )  # fmt: skip


def stands_open(visit, desk):
    """Whether something of the coverage waits: as check-in judges it, and as its page shows it."""
    asked = queries.checklist(visit.pk, reading=access.reading(Officer.objects.get(username="ana")))
    page = desk.get(f"/board/visits/{visit.pk}/check-in/?for=appointment:{visit.pk}")
    shown = "/board/cards/" in page.content.decode()
    assert asked.said == queries.open_items(visit.pk)
    assert (Item.COVERAGE in asked.said) is shown
    return shown


@pytest.fixture
def on_the_day(visit, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at)


def test_a_photograph_of_a_new_card_alone_is_kept_of_the_policy_the_officer_chooses(
    visit, desk, on_the_day
):
    takes_photo(visit)
    assert stands_open(visit, desk)

    _status, item = settle(desk, visit, do="keep", item="coverage", policy="")
    assert 'name="of"' in item
    assert not CardImage.objects.exists()
    settle(desk, visit, do="keep", item="coverage", policy="", of=policy_of(visit).pk)

    assert CardImage.objects.get().policy_id == policy_of(visit).pk
    assert not stands_open(visit, desk)
    assert make.encounter(officer=Officer.objects.get(username="ana"), appointment=visit)


def test_a_photograph_of_a_new_card_is_kept_of_no_policy_of_somebody_else(visit, desk):
    takes_photo(visit)
    other = coverage.policy(a_patient(), member_id="W999")

    settle(desk, visit, do="keep", item="coverage", policy="", of=other.pk)

    assert CardTaken.objects.exists()
    assert not CardImage.objects.exists()


def test_a_photograph_of_a_new_card_that_shows_nothing_is_thrown_away(visit, desk, on_the_day):
    takes_photo(visit)

    settle(desk, visit, do="drop", item="coverage", policy="", reason="black")

    assert not stands_open(visit, desk)


def test_the_photograph_of_a_coverage_that_is_gone_goes_with_it(visit, desk, ana, on_the_day):
    policy = policy_of(visit)
    takes_photo(visit, policy.pk)

    accept(ana, say(visit, Thing.POLICY, Verdict.GONE, policy_id=policy.pk))

    assert not stands_open(visit, desk)


def test_a_photograph_of_a_coverage_the_desk_ended_meanwhile_still_waits(
    visit, desk, ana, on_the_day
):
    policy = policy_of(visit)
    takes_photo(visit, policy.pk)
    changed(visit, Thing.EMAIL, address="new@example.org")  # of no policy, and no coverage
    Policy.objects.filter(pk=policy.pk).update(valid_until=visit.local_day)

    assert stands_open(visit, desk)
    settle(desk, visit, do="drop", item="coverage", policy=policy.pk, reason="old")
    assert not stands_open(visit, desk)


def test_the_board_says_how_far_somebody_is(visit, desk, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at)
    board = f"/board/?location={visit.location_id}"

    say(visit, Thing.EMAIL)
    assert "Check-in begun online" in desk.get(board).content.decode()
    say_all_is_right(visit)
    assert "Details confirmed online" in desk.get(board).content.decode()
    changed(visit, Thing.EMAIL, address="new@example.org")
    assert "1 change to review" in desk.get(board).content.decode()
    actions.arrive_own(appointment_id=visit.pk, at=visit.starts_at)
    assert "Here, by link" in desk.get(board).content.decode()


def test_every_header_says_what_waits_to_be_reviewed(visit, desk, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at)
    page = f"/patients/{visit.patient_id}/?for=appointment:{visit.pk}"

    say_all_is_right(visit)
    assert "Details confirmed online" in desk.get(page).content.decode()
    changed(visit, Thing.EMAIL, address="new@example.org")
    assert "1 change to review" in desk.get(page).content.decode()


# --- At the same moment


def at_once(*acts):
    """Run all in threads, each with a connection of its own; what came of each, by its name."""

    def run(act):
        try:
            act()
        except Exception as error:  # noqa: BLE001 (its name is what the test asks for)
            return type(error).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_accept_the_same_change_one_is_told_that_it_is_settled(visit, ana):
    said = changed(visit, Thing.EMAIL, address="new@example.org")

    came = at_once(*[lambda: accept(ana, said)] * 3)

    assert came == ["SettledAlready", "SettledAlready", "done"]
    assert kept(visit).emails == ("new@example.org",)
    assert Event.objects.filter(kind="patients.changed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_said_between_the_look_at_what_is_open_and_the_check_in(visit, ana):
    for _ in range(5):
        came = at_once(
            lambda: changed(visit, Thing.EMAIL, at=visit.starts_at, address="new@example.org"),
            lambda: make.encounter(officer=ana, appointment=visit),
        )
        here = Encounter.objects.filter(state="ready").exists()
        waits = Said.objects.filter(outcome="", verdict="changed").exists()
        assert not (here and waits), came
        assert came in (["CheckInOpen", "done"], ["NotOpen", "done"]), came
        if here:
            break
        Said.objects.all().delete()
        EarlyCheckIn.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_i_am_here_and_the_desks_button_make_one_arrival(visit, ana):
    came = at_once(
        lambda: actions.arrive_own(appointment_id=visit.pk, at=visit.starts_at),
        lambda: actions.arrive(officer=ana, appointment_id=visit.pk, at=visit.starts_at),
        lambda: actions.arrive_own(appointment_id=visit.pk, at=visit.starts_at),
    )

    assert came == ["AlreadyHere", "AlreadyHere", "done"]
    assert Encounter.objects.count() == 1
