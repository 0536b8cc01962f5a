"""Pure decisions: a claim's life, its edits, what an adjustment means, what an answer posts."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.billing.rules import claims, codes, denials, edits, posting
from almoner.billing.rules.claims import Answer, State, Verdict
from almoner.billing.rules.denials import Action, Adjusted, Bearing, Category, Terms
from almoner.billing.rules.desks import Desk
from almoner.facility.rules import numbers
from almoner.ledger.rules import Account

DAY = date(2026, 3, 2)


class TestNumbers:
    @given(st.integers(1, 10**10))
    def test_every_number_given_out_is_known_again(self, serial):
        assert claims.is_claim_number(claims.claim_number(serial))
        assert len(claims.claim_number(serial)) <= 20

    @given(st.integers(1, 10**9), st.integers(1, 7), st.sampled_from("0123456789ABCDEFGHJK"))
    def test_one_wrong_character_is_noticed(self, serial, place, character):
        number = claims.claim_number(serial)
        wrong = number[:place] + character + number[place + 1 :]

        assert wrong == number or not claims.is_claim_number(wrong)

    @pytest.mark.parametrize("theirs", ["", "A", "12345", "PATIENT7", "A0000001", "a00000011"])
    def test_other_systems_numbers_are_not_ours(self, theirs):
        assert not claims.is_claim_number(theirs)


class TestLife:
    @pytest.mark.parametrize(
        ("state", "answer", "verdict", "by_payer", "then"),
        [
            (State.QUEUED, Answer.INTERCHANGE, Verdict.ACCEPTED, False, State.SENT),
            (State.SENT, Answer.INTERCHANGE, Verdict.ACCEPTED, False, State.SENT),
            (State.SENT, Answer.INTERCHANGE, Verdict.REJECTED, False, State.REJECTED),
            (State.SENT, Answer.SYNTAX, Verdict.ACCEPTED, False, State.ACCEPTED),
            (State.SENT, Answer.SYNTAX, Verdict.NOTED, False, State.ACCEPTED),
            (State.SENT, Answer.CLAIM, Verdict.ACCEPTED, True, State.PENDING),
            (State.SENT, Answer.CLAIM, Verdict.ACCEPTED, False, State.ACCEPTED),
            (State.ACCEPTED, Answer.CLAIM, Verdict.REJECTED, False, State.REJECTED),
            (State.PENDING, Answer.SYNTAX, Verdict.ACCEPTED, False, State.PENDING),
            (State.PAID, Answer.CLAIM, Verdict.REJECTED, True, State.PAID),
            (State.DENIED, Answer.CLAIM, Verdict.ACCEPTED, True, State.DENIED),
            (State.REJECTED, Answer.CLAIM, Verdict.ACCEPTED, True, State.REJECTED),
        ],
    )
    def test_an_answer_moves_a_claim_forward_or_rejects_it(
        self, state, answer, verdict, by_payer, then
    ):
        assert claims.after_answer(state, answer, verdict, by_payer=by_payer) is then

    @given(st.sampled_from(State), st.sampled_from(Answer), st.sampled_from(Verdict), st.booleans())
    def test_no_answer_asks_for_a_step_the_database_refuses(self, state, answer, verdict, payer):
        then = claims.after_answer(state, answer, verdict, by_payer=payer)

        assert then is state or claims.may_become(state, then)

    def test_rejected_denied_and_unprocessable_are_three_words(self):
        assert State.READY in claims.TRANSITIONS[State.REJECTED]
        assert State.READY not in claims.TRANSITIONS[State.DENIED]
        assert State.CORRECTED in claims.TRANSITIONS[State.DENIED]
        assert State.CORRECTED not in claims.TRANSITIONS[State.REJECTED]
        assert Action.APPEAL in denials.allowed_actions("CO", unprocessable=False)
        assert Action.APPEAL not in denials.allowed_actions("CO", unprocessable=True)


class TestMeaning:
    @pytest.mark.parametrize(
        ("group", "reason", "bears"),
        [
            ("CO", "45", Bearing.CONTRACT),
            ("CO", "253", Bearing.CONTRACT),
            ("PR", "1", Bearing.PATIENT),
            ("PR", "2", Bearing.PATIENT),
            ("PR", "3", Bearing.PATIENT),
            ("PR", "45", Bearing.REFUSED),
            ("PR", "27", Bearing.REFUSED),
            ("CO", "1", Bearing.REFUSED),
            ("CO", "197", Bearing.REFUSED),
            ("PI", "45", Bearing.REFUSED),
            ("OA", "23", Bearing.REFUSED),
        ],
    )
    def test_who_bears_an_adjusted_amount(self, group, reason, bears):
        assert denials.bearing(group, reason) is bears

    def test_a_lone_contractual_adjustment_is_no_denial(self):
        assert denials.refusals([Adjusted(1, "CO", "45", 5_000)], []) == []

    def test_missing_information_goes_to_the_desk_that_has_it(self):
        missing = [Adjusted(1, "CO", "16", 9_000)]

        assert denials.refusals(missing, ["MA61"])[0].desk is Desk.FRONT
        assert denials.refusals(missing, ["N290"])[0].desk is Desk.SETUP
        assert denials.refusals(missing, ["M76"])[0].desk is Desk.CLINICIAN
        assert denials.refusals(missing, [])[0].desk is Desk.BILLING

    def test_lines_refused_for_one_kind_of_reason_are_one_denial(self):
        [refused] = denials.refusals(
            [Adjusted(1, "CO", "197", 100), Adjusted(3, "CO", "15", 50)], []
        )

        assert refused.category is Category.AUTHORISATION
        assert (refused.cents, refused.line_numbers, refused.reasons) == (
            150,
            (1, 3),
            ("197", "15"),
        )

    @given(st.sampled_from(["CO", "OA", "PI", "CR"]), st.booleans())
    def test_only_what_the_payer_calls_the_patients_can_be_billed_to_the_patient(
        self, group, unprocessable
    ):
        assert Action.BILL_PATIENT not in denials.allowed_actions(
            group, unprocessable=unprocessable
        )
        assert Action.BILL_PATIENT in denials.allowed_actions("PR", unprocessable=unprocessable)

    def test_an_unprocessable_claim_keeps_the_first_clock(self):
        terms = Terms(initial_days=180, corrected_days=120, appeal_days=90)
        facts = {"service_date": DAY, "answered": date(2026, 4, 1)}

        def by(category, unprocessable=False):
            return denials.act_by(category, terms, unprocessable=unprocessable, **facts)

        assert by(Category.INFORMATION, unprocessable=True) == date(2026, 8, 29)
        assert by(Category.INFORMATION) == date(2026, 7, 30)
        assert by(Category.NECESSITY) == date(2026, 6, 30)

    def test_every_reason_belongs_to_one_category(self):
        listed = [code for each in denials._CATEGORIES.values() for code in each]

        assert len(listed) == len(set(listed))
        assert not set(listed) & (denials.CONTRACT_REASONS | denials.SHARE_REASONS)


CY = edits.Person("Garcia", "Cy", date(1985, 3, 4), "male", "12 Main St", "Springfield", "IL",
                  "62701")  # fmt: skip
CLEAN = edits.Draft(
    payer_identifier="HARBR", member_id="H1", relation="18", coverage_from=None,
    coverage_until=None, patient=CY, subscriber=CY,
    billing=edits.Provider("Blue Harbor", "1234567893", "261QP2300X"), tax_id="391234567",
    rendering=edits.Provider("Ada Ng", "1234567893", "207R00000X"), service_date=DAY,
    place_of_service="11",
    diagnoses=(edits.Diagnosis("E119", known=True, billable=True),),
    services=(edits.Service(1, "ZZ101", (), 1, 12_000, (1,), "11"),),
    codes_stale=False, file_by=date(2026, 8, 29), today=date(2026, 3, 3),
)  # fmt: skip


def _line(**facts):
    return replace(CLEAN, services=(replace(CLEAN.services[0], **facts),))


class TestEdits:
    def test_a_clean_draft_has_no_finding(self):
        assert edits.findings(CLEAN) == []

    @pytest.mark.parametrize(
        ("draft", "rule", "desk", "field"),
        [
            (replace(CLEAN, member_id=" "), "member-number", Desk.FRONT, "policy.member_id"),
            (replace(CLEAN, payer_identifier=""), "payer-number", Desk.SETUP, "payer"),
            (replace(CLEAN, coverage_until=DAY), "coverage-on-day", Desk.FRONT, "policy"),
            (replace(CLEAN, coverage_from=date(2026, 3, 3)), "coverage-on-day", Desk.FRONT,
             "policy"),
            (replace(CLEAN, patient=replace(CY, birth_date=None)), "birth-date-missing", Desk.FRONT,
             "patient.birth_date"),
            (replace(CLEAN, patient=replace(CY, birth_date=date(2030, 1, 1))), "birth-date",
             Desk.FRONT, "patient.birth_date"),
            (replace(CLEAN, patient=replace(CY, zip_code="627")), "zip", Desk.FRONT,
             "patient.zip_code"),
            (replace(CLEAN, patient=replace(CY, city="")), "address", Desk.FRONT,
             "patient.address"),
            (replace(CLEAN, relation="19", subscriber=replace(CY, birth_date=None)),
             "birth-date-missing", Desk.FRONT, "subscriber.birth_date"),
            (replace(CLEAN, rendering=replace(CLEAN.rendering, npi="1234567890")), "npi",
             Desk.SETUP, "clinician.npi"),
            (replace(CLEAN, billing=replace(CLEAN.billing, taxonomy="doctor")), "taxonomy",
             Desk.SETUP, "organisation.taxonomy"),
            (replace(CLEAN, tax_id="39-1234567"), "tax-id", Desk.SETUP, "organisation.tax_id"),
            (replace(CLEAN, diagnoses=()), "no-diagnosis", Desk.CLINICIAN, "diagnoses"),
            (replace(CLEAN, diagnoses=(edits.Diagnosis("E11", known=True, billable=False),)),
             "diagnosis-heading", Desk.CLINICIAN, "diagnoses.1"),
            (replace(CLEAN, diagnoses=(edits.Diagnosis("E119", known=False, billable=False),)),
             "diagnosis-unknown", Desk.CLINICIAN, "diagnoses.1"),
            (replace(CLEAN, diagnoses=(edits.Diagnosis("E119", known=None, billable=False),)),
             "diagnosis-unchecked", Desk.CLINICIAN, "diagnoses.1"),
            (replace(CLEAN, diagnoses=CLEAN.diagnoses * 2), "diagnosis-twice", Desk.CLINICIAN,
             "diagnoses.2"),
            (replace(CLEAN, services=()), "no-service", Desk.BILLING, "lines"),
            (_line(procedure="99"), "procedure", Desk.BILLING, "lines.1.procedure"),
            (_line(modifiers=("2",)), "modifiers", Desk.BILLING, "lines.1.modifiers"),
            (_line(modifiers=("25", "25")), "modifier-twice", Desk.BILLING, "lines.1.modifiers"),
            (_line(units=0), "units", Desk.BILLING, "lines.1.units"),
            (_line(charge_cents=0), "charge", Desk.BILLING, "lines.1.fee"),
            (_line(place_of_service="77"), "place", Desk.BILLING, "lines.1.place_of_service"),
            (_line(pointers=()), "no-pointer", Desk.CLINICIAN, "lines.1.pointers"),
            (_line(pointers=(2,)), "pointer", Desk.CLINICIAN, "lines.1.pointers.2"),
            (_line(pointers=(1, 1)), "pointer-twice", Desk.CLINICIAN, "lines.1.pointers"),
            (replace(CLEAN, today=date(2026, 3, 1)), "future", Desk.BILLING, "service_date"),
            (replace(CLEAN, replaces_payer_number=""), "payer-claim-number", Desk.BILLING,
             "payer_claim_number"),
        ],
    )  # fmt: skip
    def test_a_defect_holds_the_claim_and_names_its_desk_and_field(self, draft, rule, desk, field):
        found = edits.findings(draft)

        assert (rule, desk, field) in [(f.rule, f.desk, f.field) for f in found if f.blocking]

    def test_stale_codes_and_a_missed_deadline_are_said_but_do_not_hold(self):
        found = edits.findings(replace(CLEAN, codes_stale=True, file_by=date(2026, 3, 2)))

        assert [(f.rule, f.blocking) for f in found] == [("codes-stale", False), ("filing", False)]


BILLED = (
    posting.BilledLine(71, 1, "ZZ101", (), 12_000),
    posting.BilledLine(72, 2, "ZZ201", ("25",), 3_500),
)
CY_VISIT = posting.Whose(patient_id=1, visit_id=2, payer_id=3)


def answered(*adjusted, paid=(8_000, 0), status="1", **facts):
    lines = (
        posting.AnsweredLine(1, "L71", "ZZ101", (), 12_000, paid[0]),
        posting.AnsweredLine(2, "L72", "ZZ201", ("25",), 3_500, paid[1]),
    )
    return posting.Answered(
        **{
            "status": status, "charge_cents": 15_500, "paid_cents": sum(paid),
            "patient_cents": None, "lines": lines, "adjusted": adjusted, "remarks": (),
        } | facts
    )  # fmt: skip


def balance(outcome, account, line_id=...):
    return sum(
        line.cents
        for line in outcome.lines
        if line.account is account and line_id in (..., line.line_id)
    )


class TestPosting:
    def test_payment_contract_and_share_leave_the_payers_account_and_the_denial_stays(self):
        found = posting.outcome(
            answered(Adjusted(1, "CO", "45", 2_000), Adjusted(1, "PR", "3", 2_000),
                     Adjusted(2, "CO", "197", 3_500)),
            BILLED, CY_VISIT,
        )  # fmt: skip

        assert found.state is State.PARTLY_PAID
        assert balance(found, Account.REMITTANCE) == 8_000
        assert balance(found, Account.CONTRACTUAL) == 2_000
        assert balance(found, Account.PATIENT_AR, 71) == 2_000
        assert balance(found, Account.INSURANCE_AR) == -12_000  # 3,500 stay owed by the payer
        assert [refused.cents for refused in found.refused] == [3_500]

    def test_a_reversal_takes_back_what_it_names_and_awaits_the_new_answer(self):
        found = posting.outcome(
            answered(Adjusted(1, "CO", "45", -4_000), Adjusted(2, "CO", "197", -3_500),
                     paid=(-8_000, 0), status="22", charge_cents=-15_500),
            BILLED, CY_VISIT,
        )  # fmt: skip

        assert found.state is State.PENDING
        assert found.refused == ()
        assert balance(found, Account.INSURANCE_AR) == 12_000

    def test_a_handed_back_claim_is_unprocessable_not_denied(self):
        adjusted = (Adjusted(1, "CO", "16", 12_000), Adjusted(2, "CO", "16", 3_500))
        back = answered(*adjusted, paid=(0, 0), remarks=("MA130",))
        denied = answered(*adjusted, paid=(0, 0), status="4")

        assert posting.outcome(back, BILLED, CY_VISIT).state is State.UNPROCESSABLE
        assert posting.outcome(denied, BILLED, CY_VISIT).state is State.DENIED

    def test_all_to_the_deductible_is_paid_not_denied(self):
        found = posting.outcome(
            answered(Adjusted(1, "PR", "1", 12_000), Adjusted(2, "PR", "1", 3_500), paid=(0, 0)),
            BILLED, CY_VISIT,
        )  # fmt: skip

        assert found.state is State.PAID
        assert balance(found, Account.PATIENT_AR) == 15_500

    def test_contract_taken_and_the_rest_refused_is_denied(self):
        found = posting.outcome(
            answered(Adjusted(1, "CO", "45", 4_000), Adjusted(1, "CO", "50", 8_000),
                     Adjusted(2, "CO", "50", 3_500), paid=(0, 0)),
            BILLED, CY_VISIT,
        )  # fmt: skip

        assert found.state is State.DENIED

    def test_claim_level_adjustments_stay_at_the_claim(self):
        found = posting.outcome(
            answered(Adjusted(0, "CO", "45", 500), paid=(12_000, 3_500), paid_cents=15_000),
            BILLED, CY_VISIT,
        )  # fmt: skip

        assert balance(found, Account.CONTRACTUAL, None) == 500
        assert balance(found, Account.REMITTANCE) == 15_000

    def test_a_line_without_its_modifier_is_still_paired(self):
        bare = (posting.AnsweredLine(1, "", "ZZ201", (), 3_500, 0),)

        assert posting.paired(BILLED, bare) == {1: 72}

    def test_two_lines_alike_without_our_number_are_left_to_a_person(self):
        twins = tuple(replace(BILLED[0], line_id=n, number=n) for n in (1, 2))
        back = answered(paid=(12_000, 3_500), lines=(
            posting.AnsweredLine(1, "", "ZZ101", (), 12_000, 12_000),
        ))  # fmt: skip

        assert posting.paired(twins, back.lines) == {}
        assert "could not be paired" in posting.outcome(back, twins, CY_VISIT).review

    @given(
        st.lists(
            st.builds(
                Adjusted,
                st.integers(0, 3),
                st.sampled_from(["CO", "PR", "OA", "PI"]),
                st.sampled_from(["1", "2", "3", "16", "45", "50", "197", "253"]),
                st.integers(-20_000, 20_000).filter(bool),
            ),
            max_size=8,
        ),
        st.sampled_from(["1", "2", "4", "19", "22"]),
    )
    def test_every_answer_posts_to_zero_and_loses_nothing(self, adjusted, status):
        charge = 15_500
        paid = charge - sum(one.cents for one in adjusted)
        found = posting.outcome(
            answered(*adjusted, paid=(paid, 0), status=status), BILLED, CY_VISIT
        )
        still_owed = charge + balance(found, Account.INSURANCE_AR)

        assert sum(line.cents for line in found.lines) == 0
        refused = sum(
            one.cents
            for one in adjusted
            if denials.bearing(one.group, one.reason) is Bearing.REFUSED
        )
        share = sum(
            one.cents
            for one in adjusted
            if denials.bearing(one.group, one.reason) is Bearing.PATIENT
        )
        # Sent on to a payer nobody knows here: the share stays until somebody says whose it is.
        assert still_owed == refused + (share if status == "19" and share > 0 else 0)


@given(st.text(max_size=12))
def test_nothing_typed_breaks_the_shape_checks(text):
    codes.looks_like_diagnosis(codes.bare_diagnosis(text))
    codes.looks_like_procedure(text)
    numbers.npi_checks(text)
    codes.search_words(text)
