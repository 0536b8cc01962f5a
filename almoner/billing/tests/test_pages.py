"""The billing desk's pages: what they show, whom they show it to, and what they let one do."""

import json
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.queries import WorkItem, reason_for
from almoner.access.tests import make as access
from almoner.billing import actions, exchange, offers, queries
from almoner.billing.models import ChargeSlip, Claim, Denial, Remittance, RemittedClaim, Statement
from almoner.billing.tests import make
from almoner.ground.models import Event
from almoner.ledger import queries as ledger
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def desk(client):
    client.force_login(make.biller(), backend=BACKEND)
    return client


def text(response):
    return response.content.decode()


def typed(**facts):
    """A charge form as a browser sends it: every cell, most of them empty."""
    cells = {f"dx_{place}": "" for place in range(1, 13)}
    for number in range(1, 5):
        for name in ("procedure", "modifiers", "units", "pointers", "fee"):
            cells[f"line_{number}_{name}"] = ""
    return cells | {"version": "0", "act": "post"} | facts


class TestChargePage:
    def visit(self):
        make.release()
        make.items()
        patient = patients.patient()
        make.policy(patient)
        return make.encounter(patient)

    def test_charges_are_typed_and_posted_in_one_go(self, desk):
        visit = self.visit()
        page = reverse("charges", args=[visit.pk])
        assert "the patient pays" not in text(desk.get(page))

        answer = desk.post(
            page,
            typed(dx_1="e11.9", dx_3="I10", line_1_procedure="zz101", line_2_procedure="ZZ201",
                  line_2_modifiers="25", line_2_units="2", line_2_pointers="31"),
        )  # fmt: skip

        assert answer.status_code == 302
        slip = ChargeSlip.objects.get()
        assert (slip.state, slip.diagnoses) == ("posted", ["E119", "I10"])
        assert [(row.procedure, row.pointers, row.charge_cents) for row in slip.lines.all()] == [
            ("ZZ101", [1], 12_000),
            ("ZZ201", [2, 1], 7_000),  # typed by its place on the screen, 3 is the second filled in
        ]
        shown = text(desk.get(page))
        assert "Open the claim" in shown
        assert "Type 2 diabetes mellitus without complications" in shown

    def test_what_is_wrong_stands_at_its_cell_and_nothing_typed_is_lost(self, desk):
        visit = self.visit()

        answer = desk.post(
            reverse("charges", args=[visit.pk]),
            typed(dx_1="E11", dx_2="???", line_1_procedure="ZZ101", line_1_fee="ten",
                  line_2_modifiers="25"),
        )  # fmt: skip

        assert answer.status_code == 422
        form = answer.context["form"]
        assert set(form.errors) == {"dx_2", "line_1_fee", "line_2_procedure"}
        assert 'value="???"' in text(answer)
        assert 'value="ten"' in text(answer)
        assert not ChargeSlip.objects.exists()

    def test_what_the_rules_refuse_stands_at_its_cell_too(self, desk):
        visit = self.visit()

        answer = desk.post(
            reverse("charges", args=[visit.pk]),
            typed(dx_2="E11", line_3_procedure="ZZ999", line_3_fee="50", line_3_pointers="9"),
        )

        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"dx_2", "line_3_pointers"}
        assert ledger.account_balances() == {}

    def test_an_unknown_procedure_asks_for_a_fee_at_its_line(self, desk):
        answer = desk.post(
            reverse("charges", args=[self.visit().pk]), typed(dx_1="I10", line_2_procedure="ZZ999")
        )

        assert list(answer.context["form"].errors) == ["line_2_fee"]

    def test_saved_charges_come_back_as_they_were_typed(self, desk):
        visit = self.visit()
        page = reverse("charges", args=[visit.pk])
        desk.post(page, typed(dx_1="I10", line_1_procedure="ZZ101", act="save"))

        shown = text(desk.get(page))

        assert 'value="I10"' in shown
        assert 'value="ZZ101"' in shown
        assert ChargeSlip.objects.get().state == "open"

    def test_a_service_done_elsewhere_says_where(self, desk):
        visit = self.visit()
        page = reverse("charges", args=[visit.pk])
        wrong = desk.post(
            page, typed(dx_1="I10", line_1_procedure="ZZ101", line_1_place_of_service="00")
        )
        desk.post(
            page,
            typed(dx_1="I10", line_1_procedure="ZZ101", line_2_procedure="ZZ102",
                  line_2_place_of_service="10", act="save"),
        )  # fmt: skip

        assert set(wrong.context["form"].errors) == {"line_1_place_of_service"}
        here = visit.location.place_of_service
        kept = ChargeSlip.objects.get().lines.order_by("number")
        assert [line.place_of_service for line in kept] == [here, "10"]
        again = desk.get(page).context["form"].initial
        assert again["line_1_place_of_service"] == ""
        assert again["line_2_place_of_service"] == "10"

    def test_two_who_charge_the_same_visit_do_not_overwrite_each_other(self, desk):
        page = reverse("charges", args=[self.visit().pk])
        desk.post(page, typed(dx_1="I10", line_1_procedure="ZZ101", act="save"))

        answer = desk.post(page, typed(dx_1="E119", line_1_procedure="ZZ102", act="save"))

        assert answer.status_code == 422
        assert "meanwhile" in text(answer)
        assert 'value="ZZ102"' in text(answer)

    def test_more_lines_keep_what_was_typed(self, desk):
        answer = desk.post(
            reverse("charges", args=[self.visit().pk]), typed(dx_1="I10", act="more")
        )

        assert "line_8_procedure" in text(answer)
        assert 'value="I10"' in text(answer)

    def test_posted_charges_are_corrected_from_the_page(self, desk):
        visit = self.visit()
        page = reverse("charges", args=[visit.pk])
        desk.post(page, typed(dx_1="I10", line_1_procedure="ZZ101"))
        assert 'value="ZZ101"' in text(desk.get(page + "?correct=1"))

        desk.post(
            page,
            typed(dx_1="I10", line_1_procedure="ZZ102", act="correct", because="longer visit"),
        )

        old = ChargeSlip.objects.get(state="reversed")
        assert old.reversed_because == "longer visit"
        assert ledger.balance_of(visit.patient_id).insurance == 21_000

    def test_codes_older_than_the_visit_are_pointed_out(self, desk):
        make.release(ends=make.DAY)
        visit = make.encounter()

        assert "older than this visit" in text(desk.get(reverse("charges", args=[visit.pk])))

    def test_codes_missing_for_the_visit_are_pointed_out(self, desk):
        visit = make.encounter()

        shown = text(desk.get(reverse("charges", args=[visit.pk])))

        assert "No diagnosis codes are loaded" in shown

    def test_the_look_is_written_down(self, desk):
        visit = self.visit()

        desk.get(reverse("charges", args=[visit.pk]))

        event = AccessEvent.objects.get()
        assert (event.patient_ids, event.screen) == ([visit.patient_id], "billing.charges")

    def test_codes_are_found_while_typing(self, desk):
        self.visit()
        page = reverse("find_codes")

        found = json.loads(text(desk.get(page, {"q": "diab", "day": "2026-03-02"})))["codes"]
        items = json.loads(
            text(desk.get(page, {"q": "blood", "day": "2026-03-02", "kind": "items"}))
        )["codes"]

        assert {"code": "E11.9", "says": "Type 2 diabetes mellitus without complications",
                "more": ""} in found  # fmt: skip
        assert items == [{"code": "ZZ201", "says": "Blood sugar test", "more": "$35.00"}]
        assert desk.get(page, {"q": "x", "day": "tomorrow"}).status_code == 400


class TestClaims:
    def test_the_list_shows_what_must_be_mended_first(self, desk):
        held = make.claim(patients.patient(addresses=()))
        ready = make.claim()

        shown = text(desk.get(reverse("claims")))

        assert held.number in shown
        assert ready.number not in shown
        assert "front desk" in shown

    @pytest.mark.parametrize(
        "query",
        ["group=ready", "group=x&order=DROP&page=-1&payer=a", "q=A000&group=", "page=99999999999",
         "order=-total&group=done", "order=patient&group=waiting", "q=%00&group="],
    )  # fmt: skip
    def test_nothing_in_the_address_breaks_the_list(self, desk, query):
        make.claim()

        assert desk.get(f"{reverse('claims')}?{query}").status_code == 200

    def test_the_list_takes_few_statements_however_long(self, django_assert_num_queries):
        for _ in range(5):
            make.claim()
        reading = access.reading(make.biller())

        with django_assert_num_queries(2):
            queries.claim_page(queries.Asked(), number=1, today=make.DAY, reading=reading)
        assert len(reading.patient_ids) == 5

    def test_everything_of_a_claim_stands_on_its_page(self, desk):
        claim = make.sent()
        make.post(make.era(make.answer(claim, (("CO", "45", 2_000),), (("CO", "197", 3_500),))))

        shown = text(desk.get(reverse("claim", args=[claim.pk])))

        for words in (
            "Above the agreed fee",
            "No authorisation",
            "Partly paid",
            "Owed by insurance",
            "Note an appeal",
            "Write off",
            "Essential (primary) hypertension",
        ):
            assert words in shown
        assert "Bill the patient" not in shown  # CO: never

    def test_ready_claims_are_sent_from_the_list(self, desk):
        claim = make.claim()

        desk.post(reverse("send_ready_claims"))

        claim.refresh_from_db()
        assert claim.state == "queued"

    def test_the_sent_file_shows_this_patients_segments_only(self, desk):
        one = make.claim(patients.patient(family="Alvarez"))
        other = make.claim(patients.patient(family="Bianchi"))
        submission = exchange.send_claims(
            officer=make.biller(), claim_ids=[one.pk, other.pk], at=make.NOON
        ).submission

        shown = text(desk.get(reverse("sent_file", args=[one.pk, submission.pk])))

        assert "ALVAREZ" in shown
        assert one.number in shown
        assert "BIANCHI" not in shown
        assert other.number not in shown

    def test_a_rejected_claim_is_checked_sent_noted_and_corrected_from_its_page(self, desk):
        claim = make.sent()
        Claim.objects.filter(pk=claim.pk).update(state="rejected")
        desk.post(reverse("check_claim", args=[claim.pk]))
        desk.post(reverse("send_claim", args=[claim.pk]))
        desk.post(reverse("note_claim", args=[claim.pk]), {"text": "called the payer"})

        claim.refresh_from_db()
        assert claim.state == "queued"
        assert claim.notes.get().text == "called the payer"
        assert desk.post(reverse("note_claim", args=[claim.pk]), {"text": ""}).status_code == 422

        Claim.objects.filter(pk=claim.pk).update(state="denied", payer_claim_number="P1")
        answer = desk.post(reverse("correct_claim", args=[claim.pk]), {"reason": "modifier"})
        assert str(Claim.objects.get(replaces=claim).pk) in answer["Location"]

    def test_a_claim_that_is_not_there_is_not_found(self, desk):
        assert desk.get(reverse("claim", args=[404])).status_code == 404

    def test_a_clinician_reads_claims_and_cannot_send_them(self, client):
        claim = make.claim()
        client.force_login(access.officer("bea", roles=("clinician",)), backend=BACKEND)

        assert client.get(reverse("claim", args=[claim.pk])).status_code == 200
        assert client.post(reverse("send_claim", args=[claim.pk])).status_code == 403

    def test_a_claim_explains_the_look_at_its_patient(self):
        claim = make.claim()
        reader = access.officer("bea", roles=("biller",))
        reading = access.reading(reader, work_item=WorkItem("claim", claim.pk))

        assert reason_for(reading, claim.patient_id).kind == "claim"


def test_claims_are_counted_by_the_database_in_one_row_for_each_state(django_assert_num_queries):
    for _ in range(3):
        make.claim()
    make.sent()

    with django_assert_num_queries(1) as asked:
        counted = queries.counts()

    assert (counted["ready"] + counted["mend"], counted["waiting"]) == (3, 1)
    assert "GROUP BY" in asked.captured_queries[0]["sql"]


class TestDenials:
    def denied(self, group="CO", reason="197", cents=3_500):
        claim = make.sent()
        adjusted = ((), ((group, reason, cents),))
        make.post(make.era(make.answer(claim, *adjusted), envelope=claim.pk, trace=str(claim.pk)))
        return Denial.objects.latest("pk")

    def test_the_most_money_with_the_fewest_days_comes_first(self):
        small, large = self.denied(cents=1_000), self.denied(cents=3_400)
        soon = self.denied(cents=900)
        Denial.objects.filter(pk=soon.pk).update(act_by=make.DAY)

        page = queries.denial_page(
            queries.DenialsAsked(),
            number=1,
            today=make.DAY,
            reading=access.reading(make.biller()),
        )

        assert [line.id for line in page] == [soon.pk, large.pk, small.pk]

    @pytest.mark.parametrize(
        "query",
        ["category=authorisation", "category=x&desk=y&payer=z&state=q&order=;--&page=x",
         "state=settled", "desk=front+desk&order=-cents", "order=act_by"],
    )  # fmt: skip
    def test_filters_let_through_what_they_name_and_break_on_nothing(self, desk, query):
        self.denied()

        assert desk.get(f"{reverse('denials')}?{query}").status_code == 200

    def test_a_denial_is_written_off_with_a_reason_or_not_at_all(self, desk):
        denial = self.denied()
        page = reverse("settle_denial", args=[denial.pk])

        desk.post(page, {"act": "write_off", "reason": " "})
        assert Denial.objects.get().state == "open"
        desk.post(page, {"act": "write_off", "reason": "too small to argue"})

        assert Denial.objects.get().resolution == "written_off"

    def test_billing_the_patient_for_a_contractual_denial_is_refused_even_when_forged(self, desk):
        denial = self.denied()

        desk.post(
            reverse("settle_denial", args=[denial.pk]), {"act": "bill_patient", "reason": "x"}
        )

        assert Denial.objects.get().state == "open"
        assert ledger.balance_of(denial.patient_id).owed == 0

    def test_the_list_takes_two_statements(self, django_assert_num_queries):
        self.denied(), self.denied()
        reading = access.reading(make.biller())

        with django_assert_num_queries(2):
            queries.denial_page(queries.DenialsAsked(), number=1, today=make.DAY, reading=reading)


class TestRemittances:
    def refused(self):
        content = make.era(make.answer(make.sent(), *make.PAID), cents=1)
        make.post(content)
        return Remittance.objects.get()

    def test_a_refusal_shows_the_segment_the_sums_and_what_to_do(self, desk):
        shown = text(desk.get(reverse("remittance", args=[self.refused().pk])))

        assert "<mark>BPR*I*0.01*C*" in shown
        assert "$0.01" in shown
        assert "$135.00" in shown
        assert "no cent of this payment is in the ledger" in shown

    def test_a_refusal_taken_up_leaves_the_list_of_work(self, desk):
        row = self.refused()
        listed = reverse("remittances") + "?state=work"
        assert row.trace_number in text(desk.get(listed))

        desk.post(reverse("handle_refusal", args=[row.pk]), {"reason": "asked Ms Lee"})

        assert row.trace_number not in text(desk.get(listed))
        assert "asked Ms Lee" in text(desk.get(reverse("remittance", args=[row.pk])))

    def test_a_posted_payment_shows_its_claims_and_takebacks(self, desk):
        claim = make.sent()
        make.post(make.era(make.answer(claim, *make.PAID), takes=(("WO", 500),)))

        shown = text(desk.get(reverse("remittance", args=[Remittance.objects.get().pk])))

        assert claim.number in shown
        assert "WO REF1" in shown

    def test_a_file_is_brought_and_posted_by_a_job(self, desk):
        content = make.era(make.answer(make.sent(), *make.PAID))

        answer = desk.post(
            reverse("bring_remittance"), {"file": SimpleUploadedFile("x.835", content)}
        )

        assert answer.status_code == 302
        assert not Remittance.objects.exists()
        actions.resume(at=make.LATER)
        assert Remittance.objects.get().state == "posted"

    def test_a_file_that_is_no_835_is_said_to_be_none(self, desk):
        answer = desk.post(
            reverse("bring_remittance"), {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7")}
        )

        assert answer.status_code == 422

    def test_an_unmatched_answer_is_matched_from_its_suggestions(self, desk):
        claim = make.sent()
        make.post(make.era(make.answer(claim, *make.PAID, account="X", control="Y")))
        row = RemittedClaim.objects.get()
        page = reverse("match_answer", args=[row.pk])
        assert claim.number in text(desk.get(page))
        assert desk.post(page, {"number": "A1"}).status_code == 422

        desk.post(page, {"number": claim.number})

        row.refresh_from_db()
        assert (row.state, row.claim_id) == ("posted", claim.pk)

    def test_an_unmatched_answer_is_set_aside(self, desk):
        make.post(make.era(make.answer(make.sent(), *make.PAID, account="X", control="Y")))
        row = RemittedClaim.objects.get()

        desk.post(reverse("match_answer", args=[row.pk]), {"reason": "old system"})

        row.refresh_from_db()
        assert row.state == "set_aside"

    def unbalanced(self, claim, **facts):
        """A refused payment of this claim, at fault in its first line."""
        answer = make.answer(claim, *make.PAID, **facts)
        first, second = answer.lines
        make.post(make.era(replace(answer, lines=(replace(first, paid=first.paid + 1), second))))
        return Remittance.objects.get()

    def test_who_posts_nothing_sees_the_place_of_a_fault_without_the_person(self, client):
        claim = make.sent()
        page = reverse("remittance", args=[self.unbalanced(claim).pk])
        client.force_login(access.officer("ng", roles=("clinician",)), backend=BACKEND)

        shown = text(client.get(page))

        assert f"CLP*{claim.number}*" in shown
        assert "NM1*QC*1*•••*•••" in shown
        assert claim.patient.family not in shown
        looked = AccessEvent.objects.get()
        assert (looked.patient_ids, looked.reason_kind) == ([claim.patient_id], "claim")
        client.force_login(make.biller(), backend=BACKEND)
        assert claim.patient.family in text(client.get(page))

    def test_a_refused_payment_of_nobody_of_ours_is_noted_by_the_payment(self, desk):
        row = self.unbalanced(make.sent(), account="NOTOURS")

        assert "NOTOURS" in text(desk.get(reverse("remittance", args=[row.pk])))

        looked = AccessEvent.objects.get()
        assert (looked.patient_ids, looked.reason_kind, looked.reason_id, looked.grade) == (
            [], "remittance", row.pk, "A",
        )  # fmt: skip

    def test_the_list_of_what_is_to_be_matched_is_noted_although_nobody_is_known(self, desk):
        make.post(make.era(make.answer(make.sent(), *make.PAID, account="X", control="Y")))

        desk.get(reverse("unmatched_answers"))

        looked = AccessEvent.objects.get()
        assert (looked.patient_ids, looked.reason_kind) == ([], "answers to be matched")

    def test_an_answer_to_be_matched_is_noted_by_its_payment(self, desk):
        make.post(make.era(make.answer(make.sent(), *make.PAID, account="X", control="Y")))
        row = RemittedClaim.objects.get()

        desk.get(reverse("match_answer", args=[row.pk]))

        looked = AccessEvent.objects.get(patient_ids=[])
        assert (looked.reason_kind, looked.reason_id) == ("remittance", row.remittance_id)

    def test_what_needs_a_person_is_counted_once_each(self):
        claims = [make.sent() for _ in range(4)]
        make.post(
            make.era(
                *(make.answer(claim, *make.PAID) for claim in claims[:2]),
                *(
                    make.answer(claim, *make.PAID, account=f"X{claim.pk}", control=f"Y{claim.pk}")
                    for claim in claims[2:]
                ),
            )
        )

        [line] = queries.remittance_page("work", number=1).object_list

        assert (line.posted, line.unmatched) == (2, 2)
        assert queries.unmatched_count()[0] == 2

    def test_the_file_somebody_brought_says_who(self, desk):
        content = make.era(make.answer(make.sent(), *make.PAID))

        desk.post(reverse("bring_remittance"), {"file": SimpleUploadedFile("x.835", content)})

        assert Event.objects.get(kind="billing.file_received").by_id == make.biller().pk

    @pytest.mark.parametrize("query", ["", "state=x&page=x", "state=posted", "state=refused"])
    def test_nothing_in_the_address_breaks_the_list(self, desk, query):
        self.refused()

        assert desk.get(f"{reverse('remittances')}?{query}").status_code == 200


class TestStatements:
    def owing(self):
        claim = make.sent()
        make.post(make.era(make.answer(claim, (("PR", "1", 3_000),), ())))
        return claim.patient

    def test_a_statement_is_sent_from_the_patient_and_read_and_printed(self, desk):
        cy = self.owing()

        desk.post(reverse("issue_statement", args=[cy.pk]))

        row = Statement.objects.get()
        assert "$30.00" in text(desk.get(reverse("statement", args=[row.pk])))
        printed = desk.get(reverse("statement_pdf", args=[row.pk]))
        assert printed["Content-Type"] == "application/pdf"
        assert printed.content.startswith(b"%PDF")

    def test_nothing_owed_is_said_and_nothing_sent(self, desk):
        cy = patients.patient()

        answer = desk.post(reverse("issue_statement", args=[cy.pk]))

        assert answer.status_code == 302
        assert not Statement.objects.exists()

    def test_the_patients_page_shows_claims_and_statements(self):
        cy = self.owing()
        actions.issue_statement(officer=make.biller(), patient_id=cy.pk, at=make.LATER)
        reading = access.reading(make.biller())

        shown = offers.claims_panel(cy.pk, reading)

        assert len(shown["claims"]) == 1
        assert len(shown["statements"]) == 1
        assert reading.patient_ids == {cy.pk}


def test_ctrl_k_finds_a_claim_by_its_number(rf):
    claim = make.claim()
    request = rf.get("/")
    request.reading = access.reading(make.biller())

    [hit] = offers.find(request, claim.number[:8])

    assert claim.number in hit.label
    assert request.reading.patient_ids == {claim.patient_id}


def test_visits_to_charge_are_a_clinicians_own_or_everybodys(desk):
    visit = make.seen()

    assert visit.patient.family in text(desk.get(reverse("uncharged")))
    reading = access.reading(make.biller())
    of = {"number": 1, "reading": reading}
    assert not queries.uncharged(clinician_id=404, **of).object_list
    assert len(queries.uncharged(clinician_id=visit.clinician_id, **of).object_list) == 1


def test_every_visit_to_charge_can_be_reached_however_many_wait(desk, monkeypatch):
    monkeypatch.setattr("almoner.billing.queries.charges.UNCHARGED", 1)
    visits = [make.seen(), make.seen()]

    pages = [text(desk.get(reverse("uncharged"), {"page": n})) for n in (1, 2)]

    shown = [[f'id="visit-{visit.pk}"' in page for page in pages] for visit in visits]
    assert sorted(shown) == [[False, True], [True, False]]
    assert "2 to 2 of 2" in pages[1]


def test_ctrl_k_finds_claims_by_whose_they_are_and_notes_that_they_were_seen():
    claim = make.claim()
    reading = access.reading(make.biller())

    found = queries.find_claims(claim.patient.family, reading=reading)

    assert [line.id for line in found] == [claim.pk]
    assert claim.patient_id in reading.patient_ids
    assert queries.find_claims("Nobody-of-that-name", reading=reading) == []


def test_ctrl_k_finds_what_was_denied_to_somebody_until_it_is_settled(rf):
    denial = TestDenials().denied()
    reading = access.reading(make.biller())
    request = rf.get("/")
    request.reading = reading

    [hit] = offers.find_denials(request, denial.claim.patient.family)
    Denial.objects.update(state="settled", resolution="paid", settled_at=make.LATER)

    assert hit.url.endswith(f"#denial-{denial.pk}")
    assert list(offers.find_denials(request, denial.claim.patient.family)) == []
