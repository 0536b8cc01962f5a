"""The texts that are sent by themselves: written, reviewed by another, sent in what holds."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from almoner.access.tests import make as access
from almoner.ground.constraints import violated
from almoner.ground.models import Event, Outgoing
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.actions import TextRefusal, TextRefused
from almoner.relations.models import Message, TextVersion
from almoner.relations.queries import texts
from almoner.relations.tests.make import NOON, text_in
from almoner.relations.tests.test_messages import booked

LATER = NOON + timedelta(days=1)
OURS = "{clinic}: see you {day} at {time}. {change}"
SUYO = "{clinic}: le vemos el {day} a las {time}. {change}"


@pytest.fixture
def mara(db):
    return access.officer("mara", roles=("manager",))


@pytest.fixture
def ada(db):
    return access.officer("ada", roles=("administrator",))


def waits(officer, *, text="booked", language="en", body=OURS, renews=False):
    """A wording that this officer has written and sent for review."""
    row = actions.draft_text(officer=officer, text=text, language=language, at=NOON)
    return actions.ask_for_review(
        officer=officer, version_id=row.pk, edition=row.edition, subject="Your visit", body=body,
        renews=renews, at=NOON,
    )  # fmt: skip


def approve(officer, row):
    return actions.approve_text(officer=officer, version_id=row.pk, edition=row.edition, at=NOON)


def reviewed(author, reviewer, **facts):
    return approve(reviewer, waits(author, **facts))


def refusal(act, *arguments, **facts):
    with pytest.raises(TextRefused) as refused:
        act(*arguments, **facts)
    return refused.value.reason


def told(cy, **data):
    (message,) = actions.tell_about_visit(event=booked(cy, **data), at=NOON)
    return message


def test_what_is_sent_first_is_what_came_with_the_house_and_the_message_says_so(clinic):
    message = told(patients.patient())

    assert message.wording.shipped
    assert (message.wording.text, message.wording.number) == ("booked", 1)
    assert [TextVersion.objects.get(pk=each).text for each in message.parts] == ["change-by-phone"]
    assert message.outgoing.key == f"event-{message.event_id} booked en1"


def test_what_is_reviewed_is_sent_from_then_on_and_not_before(clinic, mara, ada):
    row = waits(mara)
    before = told(patients.patient())
    approve(ada, row)

    after = told(patients.patient())

    assert "you are booked" in before.body
    assert after.body.startswith("Northlight: see you Tue, Dec 1 at 2:20 PM. To change it call")
    assert (after.wording_id, after.subject) == (row.pk, "Your visit")
    assert after.outgoing.key.endswith(f"booked en{row.number}")


def test_nobody_reviews_what_they_wrote_in(clinic, mara, ada):
    row = actions.draft_text(officer=mara, text="booked", language="en", at=NOON)
    actions.save_text(
        officer=ada, version_id=row.pk, edition=1, subject="A", body=OURS, renews=False, at=NOON
    )
    sent = actions.ask_for_review(
        officer=mara, version_id=row.pk, edition=2, subject="A", body=OURS, renews=False, at=NOON
    )

    assert refusal(approve, mara, sent) == TextRefusal.OWN
    assert refusal(approve, ada, sent) == TextRefusal.OWN
    approve(access.officer("ida", roles=("manager",)), sent)


def test_the_database_lets_nobody_review_their_own(clinic, mara):
    row = waits(mara)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        TextVersion.objects.filter(pk=row.pk).update(
            state="approved", reviewed_at=NOON, reviewed_by_id=mara.pk
        )

    assert violated(refused.value, "text_reviewed_by_another")


@pytest.mark.parametrize(
    "change",
    [{"body": "Other words"}, {"state": "draft"}, {"renews": True}, {"reviewed_at": LATER}],
)
def test_a_reviewed_wording_is_never_edited(clinic, mara, ada, change):
    row = reviewed(mara, ada)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        TextVersion.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError) as gone, transaction.atomic():
        TextVersion.objects.filter(pk=row.pk).delete()

    assert violated(refused.value, "text_version_approved_stays")
    assert violated(gone.value, "text_version_approved_stays")


def test_words_that_wait_for_review_do_not_change_under_the_reviewer(clinic, mara, ada):
    row = waits(mara)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        TextVersion.objects.filter(pk=row.pk).update(body=f"{OURS} and more")
    assert violated(refused.value, "text_version_approved_stays")
    actions.send_back_text(officer=mara, version_id=row.pk, edition=row.edition, why="", at=NOON)
    anew = waits(mara, body=f"{OURS} Bring your card.")

    assert refusal(approve, ada, row) == TextRefusal.CHANGED
    assert approve(ada, anew).body.endswith("Bring your card.")


def test_no_message_leaves_in_words_that_were_not_reviewed(clinic, mara):
    row, message = waits(mara), told(patients.patient())

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Message.objects.filter(pk=message.pk).update(wording=row)

    assert violated(refused.value, "words_are_reviewed")


def test_what_is_faulty_is_not_sent_for_review_and_not_kept(clinic, mara):
    row = actions.draft_text(officer=mara, text="booked", language="en", at=NOON)

    why = refusal(
        actions.ask_for_review, officer=mara, version_id=row.pk, edition=row.edition,
        subject="Your visit", body="{patient} has a {visit_type}", renews=False, at=NOON,
    )  # fmt: skip

    row.refresh_from_db()
    assert why == TextRefusal.FAULTY
    assert (row.state, row.edition) == ("draft", 1)


def test_a_reviewer_says_why_and_the_author_goes_on(clinic, mara, ada):
    row = waits(mara)
    facts = {"version_id": row.pk, "edition": row.edition, "at": NOON}

    assert refusal(actions.send_back_text, officer=ada, why=" ", **facts) == TextRefusal.NO_REASON
    back = actions.send_back_text(officer=ada, why="Too short", **facts)

    assert (back.state, back.note) == ("draft", "Too short")
    assert actions.draft_text(officer=mara, text="booked", language="en", at=NOON).pk == row.pk


def test_only_one_wording_of_a_language_is_being_written(clinic, mara, ada):
    first = actions.draft_text(officer=mara, text="booked", language="en", at=NOON)
    other = actions.draft_text(officer=ada, text="booked", language="en", at=NOON)
    spanish = actions.draft_text(officer=ada, text="booked", language="es", at=NOON)

    assert first.pk == other.pk != spanish.pk


def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(clinic, mara, ada):
    row = actions.draft_text(officer=mara, text="booked", language="en", at=NOON)
    words = {"subject": "A", "body": OURS, "renews": False, "at": NOON, "version_id": row.pk}
    actions.save_text(officer=ada, edition=1, **words)

    assert refusal(actions.save_text, officer=mara, edition=1, **words) == TextRefusal.CHANGED


def test_a_draft_can_be_thrown_away_and_nothing_else(clinic, mara, ada):
    row = reviewed(mara, ada)
    draft = actions.draft_text(officer=mara, text="booked", language="en", at=NOON)

    actions.discard_text(officer=ada, version_id=draft.pk, at=NOON)

    assert (
        refusal(actions.discard_text, officer=ada, version_id=row.pk, at=NOON) == TextRefusal.GONE
    )
    assert not TextVersion.objects.filter(state="draft").exists()


def test_whoever_only_sends_texts_does_not_write_them(clinic):
    with pytest.raises(PermissionDenied):
        actions.draft_text(officer=access.officer("ana"), text="booked", language="en", at=NOON)


def test_a_translation_that_says_something_else_than_the_english_is_sent_no_more(clinic, mara, ada):
    reviewed(mara, ada, renews=True)

    message = told(patients.patient(language="es"))

    assert message.language == "en"
    assert message.body.startswith("Northlight: see you Tue, Dec 1")
    assert message.body.endswith("Español: llame al 608-555-0100, le ayudamos gratis en su idioma.")
    reviewed(mara, ada, language="es", body=SUYO)
    assert told(patients.patient(language="es")).body.startswith(
        "Northlight: le vemos el mar 1 dic"
    )


def test_an_english_that_says_the_same_leaves_its_translation_as_it_is(clinic, mara, ada):
    reviewed(mara, ada)

    message = told(patients.patient(language="es"))

    assert (message.language, message.wording.shipped) == ("es", True)


def test_a_text_is_in_one_language_also_in_its_parts(clinic, mara, ada):
    reviewed(mara, ada, text="change-by-phone", body="Call {phone} to change it.", renews=True)

    message = told(patients.patient(language="es"))

    assert "you are booked" in message.body
    assert "Call 608-555-0100 to change it." in message.body
    assert "Español: llame al" in message.body


@pytest.mark.parametrize(
    ("language", "line"), [("vi", "Tiếng Việt: call"), ("hmn", "Hmoob: call"), ("xx", "xx: call")]
)
def test_whoever_reads_a_language_we_do_not_write_is_led_to_an_interpreter(clinic, language, line):
    message = told(patients.patient(language=language))

    assert message.language == "en"
    assert line in message.body
    assert len(message.parts) == 2


def test_a_step_is_sent_once_also_when_a_new_version_comes_into_force_between(clinic, mara, ada):
    event = booked(patients.patient())
    step = {"event": event, "key": "reminder-7", "confirmed": False, "check_in": False}
    (first,) = actions.remind_of_visit(**step, at=NOON)
    reviewed(mara, ada, text="reminder")

    (again,) = actions.remind_of_visit(**step, at=LATER)

    assert again == first
    assert Outgoing.objects.count() == 1


def test_the_database_sends_no_step_twice(clinic):
    message = told(patients.patient())
    message.pk, message.outgoing = None, None

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        message.save(force_insert=True)

    assert violated(refused.value, "message_step_once")


def test_what_is_sent_again_is_in_the_words_it_was_in(clinic, mara, ada):
    message = told(patients.patient())
    Outgoing.objects.filter(pk=message.outgoing_id).update(state="failed", trouble="x")
    reviewed(mara, ada)
    ana = access.officer("ana")

    again = actions.send_again(officer=ana, message=message, at=NOON)

    assert (again.body, again.wording_id) == (message.body, message.wording_id)


def test_what_is_answered_by_itself_is_in_reviewed_words_too(clinic, mara, ada):
    reviewed(mara, ada, text="stop", body="{clinic}: no more texts. Reply START for more.")

    text_in("STOP")

    item = Outgoing.objects.get()
    assert item.payload["body"] == "Northlight: no more texts. Reply START for more."
    assert TextVersion.objects.get(pk=item.payload["wording"]).state == "approved"


def test_a_letter_about_a_grievance_keeps_which_wording_it_was(clinic, grievance, ana):
    letter = actions.draft(officer=ana, case=grievance, kind="still_open", at=NOON)

    assert (letter.wording.text, letter.language) == ("letter-open", "en")


def test_new_words_of_the_house_come_into_force_where_the_clinic_has_none_of_its_own(
    clinic, monkeypatch
):
    told(patients.patient())
    kind = queries.text_kind("booked")
    newer = {each: (subject, f"{body} Bye.") for each, (subject, body) in kind.shipped.items()}
    monkeypatch.setitem(texts._kinds, "booked", replace(kind, shipped=newer))

    message = told(patients.patient())

    assert message.body.endswith("Bye.")
    assert message.wording.number == 2


def test_a_review_is_an_event_that_names_who_and_which(clinic, mara, ada):
    row = reviewed(mara, ada)

    [event] = Event.objects.filter(kind="relations.text_approved")
    assert (event.by_id, event.data) == (
        ada.pk, {"text": "booked", "language": "en", "number": row.number},
    )  # fmt: skip
