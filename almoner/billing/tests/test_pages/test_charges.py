"""Charges of a visit, and the visits to charge."""

import json

import pytest
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.billing import queries
from almoner.billing.models import ChargeSlip
from almoner.billing.tests import make
from almoner.billing.tests.test_pages.shared import text, typed
from almoner.ledger import queries as ledger
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


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
