"""Claims leave as an 837P others' tools hold valid, once; every answer moves them as it should."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.billing import actions, exchange, jobs
from almoner.billing.models import Acknowledgement, Claim, ReceivedFile, Submission
from almoner.billing.tests import make
from almoner.edges import clearinghouse
from almoner.edges.x12 import acknowledgement as x12
from almoner.edges.x12.check import check
from almoner.edges.x12.claim import Name, read_837p
from almoner.edges.x12.report import Verdict
from almoner.edges.x12.tests.judges import pyx12_complaints
from almoner.edges.x12.writer import Envelope
from almoner.ground import outbox
from almoner.ground.models import Outgoing
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db


def send(*claims):
    return exchange.send_claims(
        officer=make.biller(), claim_ids=[claim.pk for claim in claims], at=make.NOON
    )


def state(claim):
    return Claim.objects.get(pk=claim.pk).state


VISITS = st.fixed_dictionaries(
    {
        "person": st.tuples(
            st.text("abcdefghij'-. ñéüŁ", min_size=1, max_size=30).filter(str.strip),
            st.text("klmnop~*:^", max_size=20),
            st.dates(date(1926, 3, 2), date(2026, 3, 2)),
            st.sampled_from(["female", "male", "other", "unknown"]),
        ),
        "fees": st.lists(st.integers(1, 9_999_999), min_size=1, max_size=6),
        "units": st.integers(1, 99),
        "codes": st.lists(
            st.sampled_from(["E119", "E1165", "I10", "J069", "Z0000"]), min_size=1, unique=True
        ),
    }
)


class TestBuilding:
    def test_a_ready_claim_becomes_a_file_both_judges_hold_valid(self):
        claim = make.claim()

        submission = send(claim).submission

        content = bytes(submission.content)
        assert check(content).verdict is Verdict.ACCEPTED
        assert pyx12_complaints(content) == []
        [read] = list(read_837p(content))
        assert (read.number, read.charge, read.diagnoses) == (claim.number, 15_500, ("E119", "I10"))
        assert [line.control for line in read.lines] == [
            f"L{line.pk}" for line in claim.slip.lines.order_by("number")
        ]
        assert state(claim) == "queued"
        assert submission.outgoing.key == f"837P-{submission.control_number:09d}"

    def test_it_names_both_ends_as_the_clearinghouse_knows_them(self, settings):
        settings.CLEARINGHOUSE_ID, settings.CLEARINGHOUSE_SENDER = "ELMHOUSE1", "ALM4711"

        content = bytes(send(make.claim()).submission.content)

        assert content[35:50] == b"ALM4711        "
        assert content[54:69] == b"ELMHOUSE1      "
        assert b"GS*HC*ALM4711*ELMHOUSE1*" in content
        assert b"NM1*41*2*" in content
        assert b"*46*ALM4711~" in content
        assert b"*46*ELMHOUSE1~" in content
        assert pyx12_complaints(content) == []

    def test_a_child_is_named_under_the_parent_who_holds_the_policy(self):
        child = patients.patient(given="Kit", birth_date=date(2018, 5, 6))
        make.policy(
            child, relation="19", subscriber_family="Garcia", subscriber_given="Cy",
            subscriber_birth_date=date(1985, 3, 4), subscriber_sex="male",
        )  # fmt: skip

        content = bytes(send(make.claim(child)).submission.content)

        assert pyx12_complaints(content) == []
        [read] = list(read_837p(content))
        assert (read.patient.name.first, read.subscriber.name.first) == ("KIT", "CY")

    def test_a_corrected_claim_names_the_payers_number(self):
        first = make.sent()
        Claim.objects.filter(pk=first.pk).update(state="denied", payer_claim_number="P77")
        second = actions.correct_claim(
            officer=make.biller(), claim_id=first.pk, because="modifier", at=make.LATER
        )

        content = bytes(send(second).submission.content)

        assert b"REF*F8*P77~" in content
        assert b":B:7*" in content
        assert pyx12_complaints(content) == []

    def test_a_claim_the_guide_faults_is_held_and_does_not_hold_up_the_others(self):
        good, bad = make.claim(), make.claim()
        bad.policy.group_number = "G~1"  # would end the segment
        bad.policy.save()

        sending = send(good, bad)

        assert list(sending.submission.claims.all()) == [good]
        assert sending.held == (bad.number,)
        assert (state(good), state(bad)) == ("queued", "held")
        assert "SBR" in bad.findings.get().message

    def test_nothing_ready_is_nothing_sent(self):
        held = make.claim(patients.patient(addresses=()))

        with pytest.raises(actions.NothingToSend):
            send(held)

        assert not Submission.objects.exists()

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(visit=VISITS, data=st.data())
    def test_whatever_the_visit_its_claim_is_held_or_valid(self, visit, data):
        codes = visit["codes"]
        patient = make.plain_patient(*visit["person"])
        make.policy(patient)
        pointers = st.lists(st.integers(1, len(codes)), min_size=1, max_size=4, unique=True)
        lines = [
            actions.LineEntered("ZZ101", tuple(data.draw(pointers)), visit["units"], ("25",), fee)
            for fee in visit["fees"]
        ]

        claim = make.claim(patient, lines=lines, diagnoses=codes)
        if claim.state == "held":
            assert claim.findings.filter(blocking=True).exists()
            return
        sending = send(claim)
        if sending.submission is None:
            assert Claim.objects.get(pk=claim.pk).findings.filter(blocking=True).exists()
            return

        assert pyx12_complaints(bytes(sending.submission.content)) == []


class Clearinghouse:
    """Stands in for the wire: what it answers, and what it was given."""

    def __init__(self, monkeypatch, *answers):
        self.answers = list(answers)
        self.given = []
        monkeypatch.setattr(clearinghouse, "send_claims", self.send_claims)

    def send_claims(self, content, key):
        self.given.append((key, content))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class TestLeaving:
    def deliver(self, submission):
        outbox.try_delivery(submission.outgoing_id, at=make.NOON)
        return Outgoing.objects.get(pk=submission.outgoing_id).state

    def test_the_file_is_handed_over_under_its_key_and_the_claims_are_sent(self, monkeypatch):
        wire = Clearinghouse(monkeypatch, "R-1")
        claim = make.claim()
        submission = send(claim).submission

        assert self.deliver(submission) == "sent"

        assert wire.given == [(submission.outgoing.key, bytes(submission.content))]
        claim.refresh_from_db()
        assert claim.state == "sent"
        assert claim.first_sent_at is not None

    def test_silence_after_sending_is_an_unknown_outcome_asked_again_under_the_same_key(
        self, monkeypatch
    ):
        wire = Clearinghouse(monkeypatch, clearinghouse.TimedOut("silence"), "R-1")
        claim = make.claim()
        submission = send(claim).submission
        assert self.deliver(submission) == "unknown"
        assert state(claim) == "queued"

        actions.send_again(officer=make.biller(), submission_id=submission.pk, at=make.LATER)
        assert self.deliver(submission) == "sent"

        assert wire.given[0] == wire.given[1]
        assert state(claim) == "sent"
        with pytest.raises(actions.NotUncertain):
            actions.send_again(officer=make.biller(), submission_id=submission.pk, at=make.LATER)

    def test_a_clearinghouse_that_was_never_reached_is_tried_again_by_itself(self, monkeypatch):
        Clearinghouse(monkeypatch, clearinghouse.NotReached("no route"), "R-1")
        submission = send(make.claim()).submission

        assert self.deliver(submission) == "waiting"
        assert self.deliver(submission) == "sent"

    def test_a_refused_file_gives_its_claims_back(self, monkeypatch):
        Clearinghouse(monkeypatch, clearinghouse.Refused(422, "no such submitter"))
        claim = make.claim()

        assert self.deliver(send(claim).submission) == "failed"

        assert state(claim) == "ready"
        assert claim.steps.last().note == "no such submitter"

    def test_a_broken_clearinghouse_leaves_the_outcome_unknown(self, monkeypatch):
        Clearinghouse(monkeypatch, clearinghouse.Refused(502, "bad gateway"))
        claim = make.claim()

        assert self.deliver(send(claim).submission) == "unknown"
        assert state(claim) == "queued"


BACK = Envelope(sender="CLEARINGHOUSE", receiver="1234567893", control=7, sent_at=make.LATER)


class TestAnswers:
    def sent(self, *claims):
        submission = send(*(claims or (make.claim(),))).submission
        actions.mark_sent(submission_id=submission.pk, receipt="R-1", at=make.NOON)
        return submission

    def hear(self, content):
        received = actions.receive(content=content, name="answer", at=make.LATER)
        return actions.read_answer(received_id=received.pk, at=make.LATER)

    def ta1(self, submission, code="A", note="000"):
        return x12.write_ta1(
            BACK,
            [
                x12.InterchangeAnswer(
                    f"{submission.control_number:09d}", "260302", "1200", code, note
                )
            ],
        )

    def ack(self, submission, verdict="A", segments=()):
        one = x12.SetAnswer("837", "0001", "005010X222A1", verdict, segments=segments)
        group = x12.GroupAnswer(
            "HC", str(submission.control_number), "005010X222A1", verdict, 1, 1,
            int(verdict in "AE"), (), (one,),
        )  # fmt: skip
        return x12.write_999(BACK, [group])

    def status(self, submission, claim, *statuses, payer=True, number=None, theirs="P77"):
        answer = x12.ClaimAnswer(
            number or claim.number, Name("GARCIA", "CY"), claim.policy.member_id,
            tuple(x12.Status(*one) for one in statuses), make.DAY, payer_claim_number=theirs,
        )  # fmt: skip
        provider = x12.ProviderAnswer(
            Name("BLUE HARBOR", is_person=False), "1234567893", (), (answer,)
        )
        whole = x12.ClaimAcknowledgement(
            "HARBOR", "HARBR", "BLUE HARBOR", "1234567893", f"{submission.control_number:09d}",
            make.DAY, make.DAY, (x12.Status("A1", "19"),), (provider,), source_is_payer=payer,
        )  # fmt: skip
        return x12.write_277ca(BACK, whole, reference="9", written_at=make.LATER)

    def test_the_whole_row_of_good_answers_leads_to_pending(self):
        claim = make.claim()
        submission = self.sent(claim)
        states = []
        for content in (
            self.ta1(submission),
            self.ack(submission),
            self.status(submission, claim, ("A1", "19", "AY"), payer=False),
            self.status(submission, claim, ("A2", "20", "PR")),
        ):
            self.hear(content)
            states.append(state(claim))

        assert states == ["sent", "accepted", "accepted", "pending"]
        claim.refresh_from_db()
        assert (claim.payer_claim_number, claim.accepted_at) == ("P77", make.LATER)
        assert claim.steps.filter(received__isnull=False).count() == 4  # the proof of filing

    def test_an_answer_taken_in_twice_is_one_answer(self):
        claim = make.claim()
        content = self.ack(self.sent(claim))
        self.hear(content)
        steps = claim.steps.count()

        self.hear(content)

        assert (Acknowledgement.objects.count(), ReceivedFile.objects.count()) == (1, 1)
        assert claim.steps.count() == steps

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
    def test_answers_in_any_order_end_the_same(self, order):
        claim = make.claim()
        submission = self.sent(claim)
        answers = (
            self.ta1(submission),
            self.ack(submission),
            self.status(submission, claim, ("A2", "20", "PR")),
        )
        for place in order:
            self.hear(answers[place])

        assert state(claim) == "pending"

    def test_a_rejected_interchange_rejects_every_claim_in_it(self):
        claims = make.claim(), make.claim()

        self.hear(self.ta1(self.sent(*claims), "R", "006"))

        assert {state(claim) for claim in claims} == {"rejected"}
        assert "not known there" in Acknowledgement.objects.get().message

    def test_a_rejected_set_says_which_segment(self):
        claim = make.claim()
        note = x12.SegmentNote("NM1", 22, "2010", "8", (x12.ElementNote(9, 0, "I12", "X"),))

        self.hear(self.ack(self.sent(claim), "R", (note,)))

        assert state(claim) == "rejected"
        assert "segment of the set: 22 NM1" in claim.steps.last().note

    def test_a_claim_rejected_for_its_member_goes_to_the_front_desk_and_can_be_sent_again(self):
        claim = make.claim()
        self.hear(self.status(self.sent(claim), claim, ("A7", "164", "IL")))
        claim.refresh_from_db()
        assert (claim.state, claim.desk, claim.touched) == ("rejected", "front desk", True)

        actions.check_claim(claim_id=claim.pk, officer=make.biller(), at=make.LATER)
        again = send(claim).submission

        assert state(claim) == "queued"
        assert again.claims.get() == claim  # its own number: the payer never took it in

    def test_a_rejected_claim_is_not_brought_back_by_the_clock(self):
        claim = make.claim()
        self.hear(self.status(self.sent(claim), claim, ("A7", "164", "IL")))

        actions.check_claim(claim_id=claim.pk, officer=None, at=make.LATER)

        assert state(claim) == "rejected"

    def test_an_answer_settles_what_became_of_a_sending_nobody_confirmed(self):
        claim = make.claim()
        submission = send(claim).submission  # queued, outcome unknown

        self.hear(self.ack(submission))

        claim.refresh_from_db()
        assert claim.state == "accepted"
        assert claim.first_sent_at is not None

    def test_an_answer_to_nothing_of_ours_is_kept_and_says_so(self):
        claim = make.claim()
        submission = self.sent(claim)
        submission.control_number = 999_999

        self.hear(self.ack(submission))

        assert "answers nothing" in ReceivedFile.objects.get().trouble
        assert state(claim) == "sent"

    def test_a_late_rejection_does_not_undo_a_payment(self):
        claim = make.claim()
        submission = self.sent(claim)
        make.post(make.era(make.answer(claim, *make.PAID)))

        self.hear(self.status(submission, claim, ("A7", "164", "IL")))

        assert state(claim) == "paid"


class TestMailbox:
    def test_everything_that_arrived_is_taken_in_once_and_the_place_is_remembered(
        self, monkeypatch
    ):
        claim = make.sent()
        era = make.era(make.answer(claim, *make.PAID))
        box = {
            "": [clearinghouse.Delivery("1", "a.835", era)],
            "1": [clearinghouse.Delivery("2", "b.835", era)],
        }
        monkeypatch.setattr(clearinghouse, "fetch", lambda after: box.get(after, []))

        jobs.read_mailbox()
        jobs.read_mailbox()

        assert actions.mailbox_seen() == "2"
        assert ReceivedFile.objects.count() == 1
        assert state(claim) == "paid"

    @pytest.mark.parametrize(
        ("second", "sent", "reads"), [(0, False, 1), (25, False, 0), (25, True, 1)]
    )
    def test_it_is_read_each_minute_and_often_after_something_was_sent(
        self, monkeypatch, second, sent, reads
    ):
        asked = []
        monkeypatch.setattr(clearinghouse, "fetch", lambda after: asked.append(after) or [])
        monkeypatch.setattr(jobs.queries, "just_sent", lambda at: sent)

        jobs.look_for_answers.func(timestamp=1_800_000_000 + second)

        assert len(asked) == reads

    def test_a_clearinghouse_out_of_reach_is_noted_and_nothing_is_lost(self, monkeypatch):
        def away(after):
            message = "no route"
            raise clearinghouse.NotReached(message)

        monkeypatch.setattr(clearinghouse, "fetch", away)

        jobs.read_mailbox()

        assert actions.mailbox_seen() == ""

    def test_garbage_in_the_mailbox_does_not_stop_what_comes_behind_it(self, monkeypatch):
        claim = make.sent()
        era = make.era(make.answer(claim, *make.PAID))
        box = {
            "": [
                clearinghouse.Delivery("1", "junk", b"\xff\xfe<html>"),
                clearinghouse.Delivery("2", "cut.835", era[:300]),
                clearinghouse.Delivery("3", "b.835", era),
            ]
        }
        monkeypatch.setattr(clearinghouse, "fetch", lambda after: box.get(after, []))

        jobs.read_mailbox()

        assert state(claim) == "paid"
        assert actions.mailbox_seen() == "3"
