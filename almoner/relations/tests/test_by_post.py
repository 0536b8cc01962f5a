"""Letters to patients: written once, printed as kept, posted where they may go, and back again."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from almoner.access.tests import make as access
from almoner.facility.models import Organisation
from almoner.ground import dates
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.patients import actions as patients_actions
from almoner.patients.queries import mail_lines
from almoner.patients.rules.confidential import Ways
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.actions import MessageRefused, Refusal, by_post
from almoner.relations.models import Message, Paper
from almoner.relations.queries import by_post as letters
from almoner.relations.queries import kept
from almoner.relations.tests.make import NOON, case, queued

TODAY = NOON.date()
DAY = timedelta(days=1)
BOX = "PO Box 7\nSpringfield IL 62701"


@pytest.fixture(autouse=True)
def house(clinic):
    return clinic


def writes(officer, person, words="Your shoes are here.", *, key="a" * 32, language="en", **more):
    facts = {"about": None, "up_to": 0, "at": NOON} | more
    return by_post.write_letter(
        officer=officer, patient_id=person.pk, words=words, language=language, key=key, **facts
    )


def posted(officer, row, on=TODAY, at=NOON):
    return by_post.post_letter(officer=officer, message=row, on=on, at=at)


def came_back(officer, row, on=TODAY, why="moved away", at=NOON):
    return by_post.letter_came_back(officer=officer, message=row, on=on, why=why, at=at)


def refused(act):
    with pytest.raises(MessageRefused) as error:
        act()
    return error.value.reason


def breaks(name, act):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    assert violated(error.value, name)


def list_of(officer):
    return queries.undelivered(number=1, reading=access.reading(officer, at=NOON)).object_list


class TestWriting:
    def test_it_is_a_message_of_the_conversation_with_its_paper_and_waits_with_who_wrote_it(
        self, ana, cy
    ):
        row = writes(ana, cy)

        assert (row.channel, row.patient, row.outgoing) == ("letter", cy, None)
        assert row.conversation == queries.with_patient(cy.pk)
        assert row.address.splitlines() == mail_lines(cy.pk) != []
        assert bytes(row.paper.pdf).startswith(b"%PDF-")
        assert (row.paper.state, row.paper.owner, row.paper.desk) == ("queued", ana, "front")
        assert row.paper.due_at > NOON
        [line] = list_of(ana)
        assert (line.id, line.state, line.owner, line.due_at) == (
            row.pk, "queued", "Ana", row.paper.due_at,
        )  # fmt: skip

    def test_twice_with_one_key_is_one_letter(self, ana, cy):
        assert writes(ana, cy) == writes(ana, cy)
        assert Paper.objects.count() == 1

    def test_its_title_and_day_are_in_its_language(self, ana, cy):
        row = writes(ana, cy, "Sus zapatos.", language="es")

        assert (row.language, row.subject) == ("es", "Una carta de Northlight")
        sheet = letters.sheet(
            language="es", to=["Cy"], title=row.subject, body="a\r\n\r\nb", at=NOON,
            clinic=Organisation.objects.get(),
        )  # fmt: skip
        assert (sheet["day"], sheet["paragraphs"]) == (dates.day_for("es", TODAY), ["a", "b"])

    def test_a_language_patients_do_not_read_here_is_english(self, ana, cy):
        assert writes(ana, cy, language="").language == "en"

    @pytest.mark.parametrize(
        ("words", "reason"), [("  ", Refusal.NO_WORDS), ("x" * 20_001, Refusal.TOO_LONG)]
    )
    def test_without_words_or_with_too_many_there_is_none(self, ana, cy, words, reason):
        assert refused(lambda: writes(ana, cy, words)) == reason
        assert not Message.objects.exists()

    def test_without_an_address_there_is_none_and_none_is_offered(self, ana):
        dot = patients.patient(given="Dot", addresses=())

        assert refused(lambda: writes(ana, dot)) == Refusal.NO_ADDRESS
        assert "letter" not in {each.channel for each in queries.targets(None, dot.pk, at=NOON)}

    def test_nobody_writes_who_has_neither_conversations_nor_cases(self, cy):
        with pytest.raises(PermissionDenied):
            writes(access.officer("eve", roles=("clinician",)), cy)


class TestConfidential:
    def test_who_asked_for_letters_to_a_box_gets_them_there(self, ana, cy):
        asks(ana, cy, address=BOX)

        assert writes(ana, cy).address == BOX
        [target] = [
            each for each in queries.targets(None, cy.pk, at=NOON) if each.channel == "letter"
        ]
        assert target.address == "PO Box 7, Springfield IL 62701"

    def test_who_asked_for_another_way_gets_none(self, ana, cy):
        asks(ana, cy, email="cy@own.example")

        assert refused(lambda: writes(ana, cy)) == Refusal.NO_ADDRESS

    def test_one_written_before_they_asked_is_not_posted_and_can_be_taken_back(self, ana, cy):
        row = writes(ana, cy)
        asks(ana, cy, address=BOX)

        assert refused(lambda: posted(ana, row)) == Refusal.NOT_THEIRS
        by_post.take_letter_back(officer=ana, message=row, at=NOON)
        assert Paper.objects.get().state == "withdrawn"
        assert not list_of(ana)

    def test_of_a_visit_kept_private_nothing_goes_home_until_they_have_said_how(
        self, ana, cy, monkeypatch
    ):
        monkeypatch.setattr(
            kept, "_private", [lambda kind, number: (kind, number) == ("appointment", 7)]
        )

        assert refused(lambda: writes(ana, cy, about=("appointment", 7))) == Refusal.PRIVATE
        asks(ana, cy, address=BOX)
        assert writes(ana, cy, about=("appointment", 7)).address == BOX


class TestPosting:
    def test_it_is_posted_on_a_day_and_is_nobodys_work_any_more(self, ana, cy):
        row = writes(ana, cy)

        found = posted(ana, row, TODAY + DAY, NOON + 2 * DAY)

        assert (found.state, found.posted_on, found.due_at) == ("posted", TODAY + DAY, None)
        assert not list_of(ana)
        told = Event.objects.get(kind="relations.letter_posted")
        assert (told.patient_id, told.data["on"]) == (cy.pk, "11/24/2026")

    @pytest.mark.parametrize("on", [TODAY - DAY, TODAY + DAY, date(2020, 1, 1)])
    def test_not_before_it_was_written_and_not_tomorrow(self, ana, cy, on):
        assert refused(lambda: posted(ana, writes(ana, cy), on)) == Refusal.NOT_THAT_DAY

    def test_twice_is_refused_and_so_is_what_was_taken_back(self, ana, cy):
        row = writes(ana, cy)
        posted(ana, row)

        assert refused(lambda: posted(ana, row)) == Refusal.NOT_SO
        back = {"officer": ana, "message": row, "at": NOON}
        assert refused(lambda: by_post.take_letter_back(**back)) == Refusal.NOT_SO

    @pytest.mark.parametrize("others", [0, 1])
    def test_taken_back_the_case_it_answered_first_waits_again(self, ana, cy, others):
        row, about = writes(ana, cy), case(ana, patient_id=cy.pk)
        actions.record_answer(officer=ana, case=about, message=row, at=NOON)
        for number in range(others):
            other = writes(ana, cy, key=f"{number:032x}")
            actions.record_answer(officer=ana, case=about, message=other, at=NOON + DAY)

        by_post.take_letter_back(officer=ana, message=row, at=NOON + 2 * DAY)

        about.refresh_from_db()
        assert about.answered_at == (NOON if others else None)

    def test_it_arrives_on_a_day_not_before_it_was_posted(self, ana, cy):
        row = writes(ana, cy)
        posted(ana, row, TODAY + DAY, NOON + 2 * DAY)
        early = {"officer": ana, "message": row, "on": TODAY, "at": NOON + 3 * DAY}

        assert refused(lambda: by_post.letter_arrived(**early)) == Refusal.NOT_THAT_DAY
        found = by_post.letter_arrived(**early | {"on": TODAY + 3 * DAY})
        assert (found.state, found.ended_on) == ("delivered", TODAY + 3 * DAY)

    def test_who_only_works_on_cases_does_not_say_what_the_post_did(self, ana, cy):
        row = writes(ana, cy)
        with pytest.raises(PermissionDenied):
            posted(access.officer("bil", roles=("biller",)), row)


class TestComingBack:
    @pytest.fixture
    def back(self, ana, cy):
        row = writes(ana, cy)
        posted(ana, row)
        came_back(ana, row, TODAY + DAY, at=NOON + DAY)
        return Message.objects.get(pk=row.pk)

    def test_it_is_work_of_who_wrote_it_and_due(self, ana, back):
        assert (back.paper.state, back.paper.why, back.paper.owner) == (
            "returned", "moved away", ana,
        )  # fmt: skip
        assert back.paper.due_at > NOON + DAY
        [line] = list_of(ana)
        assert (line.state, line.trouble, line.owner) == ("returned", "moved away", "Ana")

    def test_of_who_left_it_is_the_leads(self, ana, cy):
        boss = access.officer("boss", roles=("manager",))
        row = writes(ana, cy)
        posted(ana, row)
        type(ana).objects.filter(pk=ana.pk).update(left_at=NOON)

        assert came_back(boss, row).owner == boss

    def test_it_says_why(self, ana, cy):
        row = writes(ana, cy)
        posted(ana, row)
        assert refused(lambda: came_back(ana, row, why=" ")) == Refusal.NO_REASON

    def test_the_same_words_go_to_where_they_are_written_to_now(self, ana, cy, back):
        asks(ana, cy, address=BOX)

        again = by_post.write_letter_again(officer=ana, message=back, at=NOON + DAY)

        assert (again.body, again.address, again.paper.state) == (back.body, BOX, "queued")
        assert [line.id for line in list_of(ana)] == [again.pk]
        twice = {"officer": ana, "message": back, "at": NOON + DAY}
        assert refused(lambda: by_post.write_letter_again(**twice)) == Refusal.NOT_OPEN

    def test_or_they_are_told_otherwise(self, ana, back):
        actions.handle_otherwise(officer=ana, message=back, why="called", at=NOON + DAY)
        assert not list_of(ana)

    def test_one_to_be_posted_is_not_seen_to_otherwise(self, ana, cy):
        row = writes(ana, cy)
        told = {"officer": ana, "message": row, "why": "x", "at": NOON}

        assert refused(lambda: actions.handle_otherwise(**told)) == Refusal.NOT_OPEN

    def test_that_ones_own_letter_came_back_is_no_reason_to_look_at_anybody(self, ana, back):
        proof = queries.evidence(back.pk)
        assert (proof.made_by_id, proof.corroborated) == (ana.pk, False)


class TestTooLate:
    def test_it_is_told_once_and_the_leads(self, ana, cy):
        boss = access.officer("boss", roles=("manager",))
        row = writes(ana, cy)
        due = row.paper.due_at

        assert by_post.tell_of_late_letters(at=due - timedelta(seconds=1)) == 0
        assert by_post.tell_of_late_letters(at=due) == 1
        assert by_post.tell_of_late_letters(at=due) == 0
        assert Paper.objects.get().owner == boss
        assert Event.objects.filter(kind="relations.letter_late", patient_id=cy.pk).count() == 1

    def test_one_that_was_seen_to_is_not_late(self, ana, cy):
        row = writes(ana, cy)
        posted(ana, row)
        due = came_back(ana, row).due_at
        actions.handle_otherwise(officer=ana, message=row, why="called", at=NOON)
        assert by_post.tell_of_late_letters(at=due + DAY) == 0


class TestWhatTheDatabaseHolds:
    def test_what_was_printed_stays_and_is_kept(self, ana, cy):
        row = writes(ana, cy)
        papers, rows = Paper.objects.filter(message=row), Message.objects.filter(pk=row.pk)

        breaks("paper_stays", lambda: papers.update(pdf=b"%PDF-another"))
        breaks("paper_stays", papers.delete)
        breaks("letter_says_what_is_printed", lambda: rows.update(body="Other words"))
        breaks("letter_says_what_is_printed", lambda: rows.update(address="1 Elsewhere"))

    def test_it_goes_the_way_of_the_post_and_no_other(self, ana, cy):
        row = writes(ana, cy)
        papers = Paper.objects.filter(message=row)
        ended = {"ended_on": TODAY, "ended_by_id": ana.pk, "posted_on": TODAY,
                 "posted_by_id": ana.pk, "due_at": None}  # fmt: skip

        breaks("paper_goes_forward", lambda: papers.update(state="delivered", **ended))
        breaks("paper_stands_as_it_is", lambda: papers.update(due_at=None))
        posted(ana, row)
        breaks("paper_stays", lambda: papers.update(posted_on=TODAY - DAY))
        breaks("paper_stands_as_it_is", lambda: papers.update(
            state="returned", ended_on=TODAY, ended_by_id=ana.pk, why="x"))  # fmt: skip
        breaks("paper_ends_after_it_was_posted", lambda: papers.update(
            state="delivered", ended_on=TODAY - DAY, ended_by_id=ana.pk))  # fmt: skip

    def test_a_letter_has_a_paper_is_somebodys_and_leaves_by_no_outbox(self, ana, cy):
        row = writes(ana, cy)
        facts = {"conversation": row.conversation, "patient": cy, "channel": "letter",
                 "address": "x", "language": "en", "body": "x", "written_at": NOON}  # fmt: skip

        def without_paper():
            Message.objects.create(step="alone", **facts)
            with transaction.get_connection().cursor() as sql:
                sql.execute("SET CONSTRAINTS ALL IMMEDIATE")

        breaks("letter_has_its_paper", without_paper)
        somebody = "message_by_post_to_somebody"
        breaks(somebody, lambda: Message.objects.create(**facts | {"patient": None}))
        breaks(somebody, lambda: Message.objects.create(outgoing=queued(), **facts))
        breaks(somebody, lambda: Message.objects.create(**facts | {"address": ""}))

    def test_only_a_letter_has_a_paper_and_a_paper_is_a_pdf(self, ana, cy, sent):
        text = actions.write(
            officer=ana, patient_id=cy.pk, channel="email", words="x", key="b" * 32, about=None,
            at=NOON,
        )  # fmt: skip
        facts = {"desk": "front", "due_at": NOON}
        breaks("paper_of_a_letter", lambda: Paper.objects.create(
            message=text, pdf=b"%PDF-1", **facts))  # fmt: skip
        bare = {"conversation": text.conversation, "patient": cy, "channel": "letter",
                "address": "x", "language": "en", "body": "x", "written_at": NOON}  # fmt: skip
        breaks("paper_is_a_pdf", lambda: Paper.objects.create(
            message=Message.objects.create(**bare), pdf=b"<html>", **facts))  # fmt: skip


def asks(officer, person, **ways):
    return patients_actions.ask_confidential(
        officer=officer, patient_id=person.pk, ways=Ways(**ways), at=NOON
    )
