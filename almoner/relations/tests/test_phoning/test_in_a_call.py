"""What is said in a call, and what a key does at once."""

from datetime import timedelta

from almoner.ground.models import Event
from almoner.relations.models import Case, Consent, DeskLead, Spoken
from almoner.relations.tests.make import NOON
from almoner.relations.tests.test_phoning.shared import (
    answer,
    booked,
    kinds,
    press,
    remind,
    report,
    ringing,
)


def test_first_is_said_who_calls_and_how_calls_end_and_nothing_of_a_visit(called):
    saying = answer(called)

    assert saying.words == (
        "Hello. This is a recorded call from Northlight for Cy. For no more such calls, press 9."
        " If you are Cy, or answer for Cy, press 1.",
    )
    assert (saying.digits, saying.turn) == (1, 1)


def test_once_they_said_who_they_are_it_is_read_with_the_keys(called):
    answer(called)
    saying = press(called, 1, "1")

    assert saying.words[0] == called.body
    assert saying.words[1].startswith("To say that you will come, press 1.")
    assert Spoken.objects.get().course == [
        "says:call-greeting", "key:1", "says:message", "says:call-menu",
    ]  # fmt: skip


def test_a_machine_is_asked_to_call_us_and_hears_nothing_more(called):
    saying = answer(called, by="machine_end_beep")

    assert saying.words == (
        "This is Northlight. Please call us at 6 0 8, 5 5 5, 0 1 0 0. To get no more such calls,"
        " tell us there.",
    )
    assert saying.digits == 0
    report(called, "completed")
    assert Event.objects.get(kind="relations.phoned").data["came"] == "voicemail"


def test_a_visit_that_was_cancelled_between_is_not_read(clinic, cy, called):
    answer(called)
    booked(clinic, cy, kind="scheduling.cancelled")
    saying = press(called, 1, "1")

    assert "appointment" not in " ".join(saying.words)
    assert (saying.digits, Spoken.objects.get().came) == (0, "not_true")


def test_a_key_counts_once_and_a_repeated_call_of_the_carrier_says_the_same(called):
    first = answer(called)
    assert answer(called) == first
    read = press(called, 1, "1")

    assert press(called, 1, "1") == read
    assert press(called, 1, "9") == read
    assert Spoken.objects.get().turn == 2


def test_nine_pressed_twice_ends_calls_also_where_a_birth_date_is_asked_for(telling):
    press(telling, 1, "1")
    press(telling, 2, "99")

    assert Consent.objects.filter(channel="voice", given=False).count() == 4
    assert Spoken.objects.get().course[-2:] == ["key:9", "says:call-no-more"]


def test_what_would_tell_more_is_read_after_the_birth_date_which_is_not_kept(telling):
    message = telling
    asked = press(message, 1, "1")
    assert (asked.digits, asked.words[0][:40]) == (8, "Please press the eight digits of your bi")
    assert press(message, 2, "04281984").words == asked.words
    assert press(message, 3, "04271984").words[0].endswith("with Linh Ng, MD.")
    course = Spoken.objects.get().course
    assert [each for each in course if each.startswith("key")] == [
        "key:1",
        "key:wrong",
        "key:right",
    ]


def test_three_opens_a_call_back_that_somebody_owns(clinic, ana, called):
    DeskLead.objects.create(desk="front", officer=ana)
    answer(called)
    press(called, 1, "1")
    said = press(called, 2, "3")

    case = Case.objects.get()
    assert (case.kind, case.patient_id, case.owner_id) == ("call_back", called.patient_id, ana.pk)
    assert case.things.values_list("kind", "item_id").get() == ("message", called.pk)
    assert said.words == ("We will call you back. Goodbye.",)


def test_without_anybody_to_call_back_it_is_not_promised(called):
    answer(called)
    press(called, 1, "1")

    assert press(called, 2, "3").words == (
        "Please call Northlight at 6 0 8, 5 5 5, 0 1 0 0. Goodbye.",
    )
    assert not Case.objects.exists()


def test_nine_ends_calls_for_every_purpose_in_the_same_transaction(clinic, cy, called, carrier):
    [waiting] = remind(clinic, cy, key="reminder-2")
    answer(called)
    press(called, 1, "9")

    last = Consent.objects.filter(channel="voice", given=False)
    assert set(last.values_list("purpose", "how", "evidence")) == {
        (each, "key", "9") for each in ("care", "billing", "marketing", "survey")
    }
    assert "relations.calls_ended" in kinds()
    ringing(waiting, at=NOON + timedelta(days=1))
    assert (len(carrier), waiting.outgoing.state) == (1, "failed")
