"""Claims written, judged by another's tool and by our own rules, and read back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.edges.x12.check import check
from almoner.edges.x12.claim import Address, Claim, Name, read_837p, write_837p
from almoner.edges.x12.report import Verdict
from almoner.edges.x12.syntax import X12SyntaxError
from almoner.edges.x12.tests import make
from almoner.edges.x12.tests.judges import pyx12_complaints
from almoner.edges.x12.writer import plain

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
words = (
    st.text(LETTERS + " '-.", min_size=1, max_size=25)
    .map(plain)
    .filter(lambda text: len(text) > 1 and any(mark in LETTERS for mark in text))
)
ids = st.text(LETTERS + "0123456789", min_size=2, max_size=20)
cents = st.integers(0, 9_999_999)
npis = st.integers(100_000_000, 199_999_999).map(lambda number: make.npi(str(number)))
full_zips = st.integers(0, 999_999_999).map("{:09d}".format)
states = st.sampled_from(["IL", "NY", "PR", "TX"])
people = st.builds(Name, words, words, words | st.just(""), st.sampled_from(["", "JR"]))
homes = st.builds(Address, words, words, states, full_zips | st.just("00501"), words | st.just(""))
offices = st.builds(Address, words, words, states, full_zips)
births = st.dates(date(1920, 1, 1), date(2026, 1, 1))
diagnoses = st.lists(
    st.from_regex(r"[A-Z][0-9][0-9A-Z][0-9]{0,2}", fullmatch=True),
    min_size=1,
    max_size=12,
    unique=True,
).map(tuple)


@st.composite
def lines(draw, diagnosed: int):
    served = draw(st.dates(date(2026, 2, 1), date(2026, 11, 20)))
    return make.line(
        procedure=draw(st.from_regex(r"X[0-9]{4}", fullmatch=True)),
        charge=draw(cents),
        pointers=tuple(
            draw(st.lists(st.integers(1, diagnosed), min_size=1, max_size=4, unique=True))
        ),
        served_from=served,
        served_to=draw(st.none() | st.just(served + timedelta(days=2))),
        units=draw(st.integers(1, 99)),
        modifiers=tuple(draw(st.lists(st.sampled_from(["25", "59", "GT", "95"]), max_size=4))),
        place=draw(st.sampled_from(["", "02", "11"])),
        control=draw(st.just("") | ids),
    )


@st.composite
def claims(draw) -> Claim:
    found = draw(diagnoses)
    born = draw(births)
    patient = draw(
        st.none()
        | st.builds(
            make.Patient,
            people,
            births,
            st.sampled_from("FMU"),
            homes,
            st.sampled_from(["01", "19"]),
        )
    )
    frequency = draw(st.sampled_from("178"))
    office = draw(offices)
    return make.claim(
        number=draw(ids),
        billing=replace(make.CLINIC, npi=draw(npis), address=office),
        subscriber=replace(
            make.CY,
            name=draw(people),
            member_id=draw(ids),
            group_number=draw(st.just("") | ids),
            born_on=born,
            address=draw(homes),
        ),
        patient=patient,
        diagnoses=found,
        lines=tuple(draw(st.lists(lines(len(found)), min_size=1, max_size=4))),
        place=draw(st.sampled_from(["11", "02", "10", "22"])),
        frequency=frequency,
        payer_claim_number="" if frequency == "1" else draw(ids),
        authorization=draw(st.just("") | ids),
        trace=draw(st.just("") | ids),
        patient_paid=draw(st.none() | cents),
        note=draw(st.just("") | words),
        rendering=draw(st.none() | st.just(make.DR_NG)),
        referring=draw(st.none() | st.builds(make.Provider, people, npis)),
    )


@given(st.lists(claims(), min_size=1, max_size=3))
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_a_claim_that_was_written_is_clean_and_reads_back_equal(batch):
    data = write_837p(make.ENVELOPE, make.SUBMISSION, batch)

    faults = [str(fault) for fault in check(data).all_faults if fault.severity == "error"]

    assert faults == []
    assert list(read_837p(data)) == batch


@given(st.lists(claims(), min_size=4, max_size=8))
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
def test_what_we_write_is_valid_to_pyx12(batch):
    assert pyx12_complaints(write_837p(make.ENVELOPE, make.SUBMISSION, batch)) == []


@pytest.mark.parametrize("one", [make.claim(), make.rich_claim(), make.secondary_claim()])
def test_each_kind_of_claim_is_clean_to_us_and_to_pyx12(one):
    data = write_837p(make.ENVELOPE, make.SUBMISSION, [one, make.claim(number="OTHER")])

    assert check(data).verdict is Verdict.ACCEPTED
    assert pyx12_complaints(data) == []
    assert next(read_837p(data)) == one


def test_claims_beyond_five_thousand_go_into_another_transaction_set():
    batch = [make.claim(number=f"C{number}") for number in range(5_001)]

    report = check(write_837p(make.ENVELOPE, make.SUBMISSION, batch))

    assert report.verdict is Verdict.ACCEPTED
    assert [one.control for one in report.sets] == ["0001", "0002"]


def test_a_batch_without_claims_is_refused():
    with pytest.raises(ValueError, match="at least one claim"):
        write_837p(make.ENVELOPE, make.SUBMISSION, [])


def test_neighbours_of_one_billing_provider_share_its_loop():
    data = write_837p(make.ENVELOPE, make.SUBMISSION, [make.claim(), make.claim(number="C9")])

    assert data.count(b"NM1*85*") == 1


def test_a_claim_that_cannot_be_read_says_what_it_lacks():
    data = write_837p(make.ENVELOPE, make.SUBMISSION, [make.claim()])

    with pytest.raises(X12SyntaxError) as refused:
        list(read_837p(data.replace(b"SV1*HC:X0001*100", b"SV1*HC:X0001*ten")))

    assert refused.value.fault.code == "claim-incomplete"
    assert "SV1 element 2" in refused.value.fault.message


def test_a_batch_of_claims_of_an_unknown_guide_is_passed_over():
    data = write_837p(make.ENVELOPE, make.SUBMISSION, [make.claim()])

    assert list(read_837p(data.replace(b"X222A1", b"X222A2"))) == []
