"""Results as they come: kept as they are, in versions, given to nobody but whose they are."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground.constraints import violated
from almoner.patients.tests.make import patient as a_patient
from almoner.patients.tests.make import picture
from almoner.records import actions, exchange
from almoner.records.models import Document, Result, ResultReview, ResultVersion
from almoner.records.rules.results import FINAL, Sent, Verdict, is_final, verdict
from almoner.records.tests.reports import (
    NOW,
    bundle,
    came,
    measured,
    order,
    report,
    subject,
    take,
)

pytestmark = pytest.mark.django_db
BORN = date(1984, 4, 27)
PICTURE = picture().read()


@pytest.fixture
def person():
    facility.organisation()
    return a_patient(family="Garcia", given="Cy", birth_date=BORN)


def linh(clinician=None):
    doctor = access.officer("linh", roles=("clinician",))
    doctor.clinician = clinician
    doctor.save()
    return doctor


def read(client, officer, name, *args, **query):
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(reverse(name, args=args), query).content.decode()


def test_a_report_is_kept_as_it_came_and_given_to_whose_record_number_it_names(person):
    clinician = facility.clinician()

    done = take(
        subject(person.mrn, born="1984-04-27"),
        measured("5.10", flag="H"),
        order(clinician.npi),
        report(basedOn=[{"reference": "ServiceRequest/s"}], conclusion="Haemolysed."),
    )

    assert (len(done.kept), done.waiting, done.refused) == (1, [], [])
    row = Result.objects.get()
    value = row.shown.values.get()
    assert (row.patient, row.clinician, row.waits_since) == (person, clinician, NOW)
    assert (value.value, value.unit, value.low, value.high) == ("5.10", "mmol/L", "3.5", "5.1")
    assert (value.code, value.flags, row.flag) == ("2823-3", [["H", "H"]], 1)
    assert (row.shown.conclusion, row.shown.performer) == ("Haemolysed.", "Lakeside Laboratory")


def test_the_same_again_is_one_and_a_correction_a_version_that_leaves_the_old_one(person):
    whole = subject(person.mrn), measured("4.2"), report()
    take(*whole)
    later = NOW + timedelta(hours=1)

    again = take(*whole, at=later)
    corrected = take(
        subject(person.mrn), measured("4.9"), report(status="corrected", issued=later), at=later
    )

    row = Result.objects.get()
    assert (len(again.already), len(corrected.kept)) == (1, 1)
    assert [one.values.get().value for one in row.versions.order_by("number")] == ["4.2", "4.9"]
    assert row.shown.number == 2
    assert take(*whole, at=later).already  # the first once more changes nothing
    assert Result.objects.get().shown.number == 2


def test_what_is_preliminary_is_shown_to_nobody_until_it_is_final(person):
    take(subject(person.mrn), measured("4.2"), report(status="preliminary"))
    row = Result.objects.get()
    assert (row.shown, row.waits_since) == (None, None)

    later = NOW + timedelta(hours=1)
    take(subject(person.mrn), measured("4.3"), report(issued=later), at=later)
    back = take(
        subject(person.mrn), measured("4.4"), report(status="preliminary", issued=later), at=later
    )

    assert Result.objects.get().shown.values.get().value == "4.3"
    assert "final version is kept" in back.refused[0].says[0]


GOOD = (subject("1"), measured(), report())


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "file"),
        (b"not JSON at all", "file"),
        (b"\xff\xfe\x00", "file"),
        (b"[1, 2]", "file"),
        (b"null", "file"),
        (b'{"resourceType": "DiagnosticReport", "x":' + b"[" * 50_000, "file"),
        (b'{"resourceType": "DiagnosticReport"}', "DiagnosticReport.status"),
        (bundle(measured(), report(status="banana")), "entry[1].resource.status"),
        (bundle(measured(), report(status=7)), ".status"),
        (bundle(measured(), report(identifier=[{"value": "R"}])), ".identifier"),
        (bundle(measured(), report(issued=NOW + timedelta(days=3))), ".issued"),
        (bundle(measured(), report() | {"issued": "2026-03-02"}), ".issued"),
        (bundle(measured(), report() | {"issued": 20260302}), ".issued"),
        (bundle(measured(), report(code={"text": " "})), ".code"),
        (bundle(report()), ".result[0]"),  # names an observation that is not there
        (bundle(measured(valueQuantity={"value": "4.2"}), report()), "valueQuantity.value"),
        (bundle(measured(valueString="too"), report()), "value"),
        (bundle(measured(valueQuantity={"value": 1, "unit": "x\x00y"}), report()), ".unit"),
        (bundle(measured(note=[{"text": "x" * 20_001}]), report()), ".note[0].text"),
        (bundle(measured(hasMember=[{"reference": "Observation/o"}]), report()), ".hasMember"),
        (bundle(measured(), report(results=["o"] * 501)), ".result"),
        (
            bundle(
                measured(valueQuantity={}) | {"valuePeriod": {"start": "2026-01-01"}}
                | {"valueQuantity": None},
                report(),
            ),
            "value",
        ),
    ],
)  # fmt: skip
def test_a_hostile_or_broken_report_is_refused_at_its_place_and_nothing_is_kept(content, place):
    done = exchange.import_results(content=content, at=NOW)

    told = [said for one in done.refused for said in (one.place, *one.says)]
    assert any(place in said for said in told), told
    assert not Result.objects.exists()
    assert done.kept == done.waiting == []


def test_one_bad_entry_leaves_the_others(person):
    good = report("R-2", results=["two"])

    done = take(
        subject(person.mrn), report("R-1", status="banana", results=["two"]),
        measured(id_="two"), good,
    )  # fmt: skip

    assert (len(done.kept), len(done.refused)) == (1, 1)
    assert "entry[1]" in done.refused[0].place
    assert Result.objects.get().number == "R-2"


def test_lines_of_their_own_are_read_like_a_bundle(person):
    lines = (subject(person.mrn), measured(flag="HH"), report())

    content = b"\n".join(json.dumps(one).encode() for one in lines)

    assert len(exchange.import_results(content=content, at=NOW).kept) == 1
    assert Result.objects.get().flag == 2


def test_panels_components_and_words_are_lines_of_their_own(person):
    pressure = measured(id_="bp", name="Blood pressure", code="85354-9", low="", high="") | {
        "component": [
            {"code": {"text": "Systolic"}, "valueQuantity": {"value": 128, "unit": "mmHg"}},
            {"code": {"text": "Seen"}, "valueBoolean": True},
        ]
    }
    del pressure["valueQuantity"]
    panel = {"resourceType": "Observation", "id": "pa", "status": "final", "code": {"text": "All"},
             "hasMember": [{"reference": "Observation/bp"}]}  # fmt: skip

    take(subject(person.mrn), pressure, panel, report(results=["pa"]))

    values = Result.objects.get().shown.values.order_by("place")
    assert [(one.name, one.value) for one in values] == [
        ("All", ""), ("Blood pressure", ""), ("Systolic", "128"), ("Seen", "true"),
    ]  # fmt: skip


def test_a_result_never_goes_from_one_patient_to_another_and_no_version_changes(person):
    row, other = came(person), a_patient()

    for broken, how in (
        ("result_stays", lambda: Result.objects.update(patient=other)),
        ("result_stays", lambda: Result.objects.all()._raw_delete("default")),
        ("records_resultversion_append_only", lambda: ResultVersion.objects.update(name="x")),
        ("records_resultvalue_append_only", lambda: row.shown.values.update(value="x")),
        ("result_shows_final", lambda: Result.objects.update(shown=None)),
    ):
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            how()
        assert violated(refused.value, broken), broken


def test_a_preliminary_version_can_never_be_the_one_that_is_shown(person):
    take(subject(person.mrn), measured(), report(status="preliminary"))
    row = Result.objects.get()

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Result.objects.update(shown=row.versions.get())

    assert violated(refused.value, "result_shows_final")


def test_a_result_on_paper_is_a_document_and_a_result(person):
    ana, clinician = access.officer("ana"), facility.clinician()

    row = actions.file_result(
        officer=ana, patient_id=person.pk, content=PICTURE, name="X-ray of the hand",
        on=BORN, clinician_id=clinician.pk, abnormal=True, at=NOW,
    )  # fmt: skip

    assert (row.shown.document, row.clinician, row.flag) == (Document.objects.get(), clinician, 1)
    assert row.shown.filed_by_id == ana.pk
    with pytest.raises(PermissionDenied):
        actions.file_result(
            officer=access.officer("bo", roles=("biller",)), patient_id=person.pk,
            content=PICTURE, name="X", on=BORN, clinician_id=None, abnormal=False, at=NOW,
        )  # fmt: skip


class TestReview:
    def test_signing_answers_the_version_that_was_read_and_no_other(self, person):
        row, doctor = came(person), linh()
        first = row.shown_id
        later = NOW + timedelta(hours=1)
        came(person, at=later, values=[measured("6.2", flag="HH")], status="corrected")

        sign = {"officer": doctor, "result_id": row.pk, "note": "Fine.", "at": later}
        with pytest.raises(actions.NotReviewed):
            actions.review_result(**sign, version_id=first)
        row.refresh_from_db()
        actions.review_result(**sign, version_id=row.shown_id)
        with pytest.raises(actions.NotReviewed):
            actions.review_result(**sign, version_id=row.shown_id)

        row.refresh_from_db()
        assert row.waits_since is None
        assert ResultReview.objects.get().note == "Fine."

    def test_an_officer_signs_nothing(self, person):
        row = came(person)

        with pytest.raises(PermissionDenied):
            actions.review_result(
                officer=access.officer("ana"), result_id=row.pk, version_id=row.shown_id, note="",
                at=NOW,
            )  # fmt: skip

    def test_the_list_is_the_clinicians_own_with_the_critical_first(
        self, person, client, django_assert_max_num_queries
    ):
        clinician = facility.clinician()
        doctor = linh(clinician=clinician)
        came(person, "R-1", clinician=clinician, name="Calm")
        came(person, "R-2", clinician=clinician, values=[measured(flag="HH")], name="Pressing")
        came(person, "R-3", clinician=facility.clinician(), name="Of a colleague")
        came(person, "R-4", name="Of nobody")

        assert read(client, doctor, "results_to_review")
        with django_assert_max_num_queries(12):
            page = client.get(reverse("results_to_review")).content.decode()

        assert page.index("Pressing") < page.index("Calm")
        assert "Of a colleague" not in page
        assert "Of nobody" not in page
        assert "Of nobody" in read(client, doctor, "results_to_review", whose="nobody")
        assert AccessEvent.objects.filter(patient_ids__contains=[person.pk]).exists()

    def test_what_is_preliminary_is_on_the_patients_list_and_says_so(self, person, client):
        high = measured("9.9", flag="HH")
        take(subject(person.mrn), high, report(status="preliminary", name="Quimper test"))
        doctor = linh()

        listed = read(client, doctor, "patient_results", person.pk)
        panel = read(client, doctor, "patient_panel", person.pk, "results")

        for page in (listed, panel):
            assert "Quimper test" in page
            assert "Preliminary" in page
            assert "Critical" in page
        assert "Quimper test" not in read(client, doctor, "results_to_review", whose="nobody")

    def test_the_page_signs_it_with_a_word_to_the_patient(self, person, client):
        doctor = linh(clinician=facility.clinician())
        row = came(person, values=[measured("5.9", flag="H")])

        page = read(client, doctor, "result", row.pk, **{"for": f"result:{row.pk}"})
        client.post(
            reverse("review_result", args=[row.pk]), {"seen": row.shown_id, "note": "Drink more."}
        )

        assert "5.9" in page
        assert AccessEvent.objects.filter(reason_kind="result", grade="A").exists()
        assert "Drink more." in read(client, doctor, "result", row.pk)

    def test_its_pages_ask_a_fixed_number_of_questions(
        self, person, client, django_assert_max_num_queries
    ):
        doctor, values = linh(clinician=facility.clinician()), [measured(flag="H")] * 12
        row = came(person, values=values)
        came(person, values=values[:6], at=NOW + timedelta(hours=1), status="corrected")
        for number in range(8):
            came(person, f"N-{number}")
            take(subject(id_="p"), measured(), report(f"X-{number}"))
        read(client, doctor, "home")

        for name, args, most in (
            ("result", [row.pk], 22), ("patient_results", [person.pk], 20),
            ("results_of_nobody", [], 14),
        ):  # fmt: skip
            with django_assert_max_num_queries(most):
                assert client.get(reverse(name, args=args)).status_code == 200

    def test_the_desk_sees_that_a_result_is_there_only_where_it_must(self, person, client):
        row = came(person, name="Quimper test")
        ana = access.officer("ana")

        assert client.get(reverse("result", args=[row.pk])).status_code == 302
        record = read(client, ana, "patient", person.pk)
        timeline = read(client, ana, "timeline", person.pk)
        assert "Result" not in timeline.replace("Results without", "")
        assert "Quimper" not in record + timeline


STATUS = st.sampled_from(["preliminary", "final", "corrected", "amended", "cancelled"])


class TestVersions(TestCase):
    @settings(max_examples=25)
    @given(st.lists(st.tuples(STATUS, st.integers(0, 3), st.integers(0, 5)), max_size=7))
    def test_whatever_is_sent_in_whatever_order_nothing_is_lost_and_nothing_is_twice(self, sent):
        """Numbers have no gap, what is shown is the newest final one, a replay changes nothing."""
        person = a_patient()
        files = [
            (subject(person.mrn), measured(str(value)),
             report(status=status, issued=NOW + timedelta(minutes=minute)))
            for status, value, minute in sent
        ]  # fmt: skip
        for each in files:
            take(*each, at=NOW)
        before = self.kept()
        for each in reversed(files):
            assert not take(*each, at=NOW).kept
        rows = list(ResultVersion.objects.filter(result__patient=person).order_by("number"))

        assert self.kept() == before
        assert [one.number for one in rows] == list(range(1, len(rows) + 1))
        assert [one.issued for one in rows] == sorted(one.issued for one in rows)
        final = [one for one in rows if one.final]
        for row in Result.objects.filter(patient=person):
            assert row.shown == (final[-1] if final else None)
        assert bool(final) is any(status in FINAL for status, _v, _m in self.taken(rows))

    def kept(self):
        return sorted(ResultVersion.objects.values_list("pk", "digest"))

    def taken(self, rows):
        return [(one.status, one.number, one.issued) for one in rows]


@given(
    st.lists(st.tuples(STATUS, st.binary(min_size=1, max_size=1), st.integers(0, 9)), max_size=8)
)
def test_nothing_preliminary_or_older_ever_follows_what_is_final(sent):
    known = []
    for status, digest, minute in sent:
        one = Sent(digest, NOW + timedelta(minutes=minute), status)
        if verdict(known, one) is Verdict.NEW:
            known.append(Sent(digest, one.issued, status, is_final(known, status)))

    seen = [one.final for one in known]
    assert seen == sorted(seen)
    assert len({one.digest for one in known}) == len(known)
