"""An 835 is read to the cent, and refused at its segment."""

import os
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import oxedi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almoner.edges.x12.amounts import Cents
from almoner.edges.x12.check import check
from almoner.edges.x12.remittance import (
    Adjustment,
    Claim,
    Closed,
    Line,
    Party,
    Payment,
    Person,
    Procedure,
    ProviderAdjustment,
    Reference,
    Refused,
    Remittance,
    balance,
    read_835,
    write_835,
)
from almoner.edges.x12.remittance.arithmetic import balanced, examine
from almoner.edges.x12.remittance.pieces import pieces
from almoner.edges.x12.syntax import X12SyntaxError
from almoner.edges.x12.tests.judges import pyx12_complaints
from almoner.edges.x12.writer import Envelope

ENVELOPE = Envelope(
    sender="BLUEHARBOR",
    receiver="CLINIC",
    control=31,
    sent_at=datetime(2026, 3, 2, 9, 5, tzinfo=UTC),
)
ROOT = Path(__file__).parents[4]
SAMPLES = Path(__file__).parent / "samples"
SAMPLE = (SAMPLES / "835-two-claims.edi").read_bytes()


def test_a_payment_is_read_with_everything_posting_needs():
    payment, claim, reversal, closed = read_835(SAMPLE)

    assert (payment.cents, payment.method, payment.trace) == (17000, "ACH", "EFT-77")
    assert payment.paid_on == date(2026, 3, 4)
    assert payment.payer == Party(
        "BLUE HARBOR HEALTH", address=("1 PIER ROAD",), city="CHICAGO", state="IL",
        zip_code="606010001",
    )  # fmt: skip
    assert (payment.payee.id, payment.payee.references) == (
        "1234567893",
        (Reference("TJ", "123456789"),),
    )
    assert (payment.sender, payment.interchange, payment.group, payment.set) == (
        "BLUEHARBOR", "000000031", "9", "0001",
    )  # fmt: skip
    assert (claim.account, claim.status, claim.charged, claim.paid) == ("A-100", "1", 30000, 20000)
    assert claim.person("QC") == Person("QC", "RIVERA", "ANA", "M", "", "MI", "W1")
    assert (claim.remarks, claim.received, claim.allowed) == (("MA01",), date(2026, 2, 15), 25000)
    assert reversal.adjustments == (Adjustment("CO", "45", -6000),)
    assert closed == Closed(
        (
            ProviderAdjustment("1234567893", date(2026, 12, 31), "WO", 1525, "OLD-CLAIM"),
            ProviderAdjustment("1234567893", date(2026, 12, 31), "72", -525),
        ),
        claims=2,
        paid=18000,
    )


def test_a_line_keeps_what_was_billed_beside_what_was_paid():
    _, claim, *_ = read_835(SAMPLE)
    office, other = claim.lines

    assert office.procedure == Procedure("HC", "A1001", ("25",))
    assert (office.control, office.allowed, office.remarks) == ("1", 17000, ("N130",))
    assert office.adjustments == (Adjustment("CO", "45", 3000), Adjustment("PR", "3", 2000))
    assert other.submitted == Procedure("HC", "A1009")
    assert (other.units, other.submitted_units) == ("2", "3")
    assert (other.service_from, other.service_until) == (date(2026, 2, 10), date(2026, 2, 11))
    assert other.adjustments[1:] == (
        Adjustment("PR", "2", 1050, "1"),
        Adjustment("PR", "1", 1950),
    )
    assert SAMPLE[other.offset :].startswith(b"SVC*HC:A1002")


def test_a_file_that_balances_says_so():
    report = balance(SAMPLE)

    assert report.balances
    assert report.every_fault() == []
    assert (report.claims, report.lines) == (2, 2)
    assert report.sets[0].provider_adjustments == 1000


def spoiled(old, new):
    assert SAMPLE.count(old) == 1, old
    return SAMPLE.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "code", "tag", "element"),
    [
        (b"*200*150**1~", b"*200*149.99**1~", "line-unbalanced", "SVC", 3),
        (b"CAS*CO*45*30~", b"CAS*CO*45*31~", "line-unbalanced", "SVC", 3),
        (b"A-100*1*300*200", b"A-100*1*300*201", "claim-unbalanced", "CLP", 4),
        (b"CAS*CO*45*-60~", b"CAS*CO*45*60~", "claim-unbalanced", "CLP", 4),
        (b"BPR*I*170*", b"BPR*I*170.01*", "payment-unbalanced", "BPR", 2),
        (b"*15.25*", b"*15.52*", "payment-unbalanced", "BPR", 2),
        (b"*15.25*", b"*15,25*", "amount-unreadable", "PLB", 4),
        (b"CAS*PR*3*20~", b"CAS*PR*3~", "amount-unreadable", "CAS", 3),
        (b"CAS*PR*3*20~", b"CAS*XX*3*20~", "adjustment-group", "CAS", 1),
        (b"CAS*PR*3*20~", b"CAS*PR**20~", "adjustment-reason", "CAS", 2),
        (b"CAS*PR*3*20~", b"CAS*PR*3*20.001~", "amount-unreadable", "CAS", 3),
        (b"*200*150**1~", b"**150**1~", "amount-unreadable", "SVC", 2),
        (b"CLP*A-100*1", b"CLP**1", "claim-incomplete", "CLP", 1),
        (b"BPR*I*170*", b"BPR*I*-170*", "payment-negative", "BPR", 2),
        (b"BPR*I*170*", b"BPR*I*1E2*", "amount-unreadable", "BPR", 2),
        (b"SE*36*", b"SE*35*", "se-count", "SE", 1),
        (b"SE*36*0001", b"SE*36*0002", "se-control", "SE", 2),
        (b"GE*1*9", b"GE*2*9", "ge-count", "GE", 1),
        (b"IEA*1*000000031", b"IEA*1*000000030", "iea-control", "IEA", 2),
        (b"SE*36*0001~\n", b"", "se-missing", "ST", 0),
        (b"IEA*1*000000031~\n", b"", "iea-missing", "ISA", 0),
        (b"005010X221A1", b"004010X091A1", "guide-other", "GS", 8),
        (b"ST*835*", b"ST*820*", "set-other", "ST", 1),
    ],
)
def test_what_is_wrong_is_refused_at_its_segment(old, new, code, tag, element):
    bad = spoiled(old, new)

    report = balance(bad)

    assert not report.balances
    fault = next(fault for fault in report.every_fault() if fault.code == code)
    assert (fault.tag, fault.element) == (tag, element)
    assert bad[fault.offset :].startswith(tag.encode())


def test_a_claim_that_does_not_balance_comes_as_refused_and_its_neighbours_still_come():
    bad = spoiled(b"A-100*1*300*200", b"A-100*1*300*201")

    _, refused, reversal, closed = read_835(bad)

    assert isinstance(refused, Refused)
    assert (refused.account, refused.paid) == ("A-100", 20100)
    assert "leaves 200; it says 201 was paid" in refused.faults[0].message
    assert isinstance(reversal, Claim)
    assert [fault.code for fault in closed.faults] == ["payment-unbalanced"]


def test_a_patient_share_that_differs_is_reported_and_refuses_nothing():
    report = balance(spoiled(b"*200*50*12*BH1", b"*200*49*12*BH1"))

    assert report.balances
    assert [fault.code for fault in report.every_fault()] == ["patient-share-differs"]


def test_adjustments_on_the_claim_stand_beside_those_on_its_lines():
    both = spoiled(
        b"A-100*1*300*200*50*12*BH1*11*1~", b"A-100*1*300*190*50*12*BH1*11*1~\nCAS*OA*23*10~"
    )
    both = both.replace(b"BPR*I*170*", b"BPR*I*160*").replace(b"SE*36*", b"SE*37*")

    _, claim, *_ = read_835(both)

    assert balance(both).balances
    assert claim.adjustments == (Adjustment("OA", "23", 1000),)
    assert sum(line.paid for line in claim.lines) == claim.paid + 1000


def test_information_amounts_take_no_part_in_balancing():
    assert balance(spoiled(b"AMT*AU*250~", b"AMT*AU*999~")).balances


def test_a_file_cut_anywhere_is_never_taken_for_whole():
    for end in range(0, len(SAMPLE) - 3, 7):
        assert not balance(SAMPLE[:end]).balances, end


def test_reading_a_broken_envelope_stops_with_the_place():
    with pytest.raises(X12SyntaxError) as stop:
        list(read_835(spoiled(b"IEA*1*000000031", b"IEA*9*000000031")))

    assert stop.value.fault.code == "iea-count"


@given(st.binary(max_size=400))
def test_no_bytes_crash_it(junk):
    for body in (junk, SAMPLE[:900] + junk, junk + SAMPLE):
        balance(body)
        with suppress(X12SyntaxError):
            list(read_835(body))


SPLICES = st.lists(
    st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 30), st.binary(max_size=12)), max_size=4
)


@settings(max_examples=300)
@given(SPLICES)
def test_a_damaged_file_is_read_alike_by_both_ways(splices):
    body = SAMPLE
    for at, length, patch in splices:
        body = body[:at] + patch + body[at + length :]

    report = balance(body)
    read, stopped = [], False
    try:
        read.extend(read_835(body))
    except X12SyntaxError:
        stopped = True

    if report.balances:
        assert not stopped
        assert not any(isinstance(each, Refused) for each in read)
        assert sum(isinstance(each, Claim) for each in read) == report.claims


AMOUNTS = st.integers(-5_000_00, 90_000_00)
CODES = st.sampled_from(["1", "2", "3", "29", "45", "97", "197", "A1"])
ADJUSTMENTS = st.lists(
    st.builds(Adjustment, group=st.sampled_from(["CO", "PR", "OA", "PI"]), reason=CODES,
              cents=AMOUNTS.filter(bool)),
    max_size=9,
).map(lambda found: tuple(sorted(found, key=lambda each: each.group)))  # fmt: skip


@st.composite
def lines(draw):
    charged, adjustments = draw(AMOUNTS), draw(ADJUSTMENTS)
    day = draw(st.dates(date(2025, 1, 1), date(2026, 12, 31)))
    control = str(draw(st.integers(1, 999)))
    return Line(
        procedure=Procedure("HC", draw(st.sampled_from(["A1001", "A1002"])), ()),
        charged=charged,
        paid=charged - sum(each.cents for each in adjustments),
        adjustments=adjustments,
        units="1",
        service_from=day,
        service_until=day,
        control=control,
        references=(Reference("6R", control),),
    )


@st.composite
def claims(draw):
    own, rows = draw(ADJUSTMENTS), tuple(draw(st.lists(lines(), max_size=4)))
    charged = draw(AMOUNTS)
    everything = [*own, *(each for row in rows for each in row.adjustments)]
    return Claim(
        account=f"A-{draw(st.integers(1, 9999))}",
        status=draw(st.sampled_from(["1", "2", "4", "22"])),
        charged=charged,
        paid=charged - sum(each.cents for each in everything),
        patient_share=sum(each.cents for each in everything if each.group == "PR"),
        filing="12",
        payer_claim_number="P1",
        place_of_service="11",
        frequency="1",
        adjustments=own,
        lines=rows,
        people=(Person("QC", "DOE", "DOT", id_qualifier="MI", id="M1"),),
    )


@st.composite
def remittances(draw):
    found = tuple(draw(st.lists(claims(), max_size=5)))
    paid = sum(claim.paid for claim in found)
    # What the claims pay too little for is carried forward, as payers do: no payment is negative.
    forward = [ProviderAdjustment("1234567893", date(2026, 12, 31), "FB", paid)] if paid < 0 else []
    payment = Payment(
        cents=max(paid, 0), paid_on=date(2026, 3, 4), trace="T-1", origin="1512345678",
        produced_on=date(2026, 3, 2), set="0001",
        payer=Party("BLUE HARBOR", address=("1 PIER ROAD",), city="CHICAGO", state="IL",
                    zip_code="60601"),
        payee=Party("RIVERBEND", "XX", "1234567893"),
    )  # fmt: skip
    return Remittance(payment, found, tuple(forward))


def placeless(claim):
    bare = tuple(replace(line, ordinal=0, offset=0) for line in claim.lines)
    return replace(claim, ordinal=0, offset=0, lines=bare)


@settings(max_examples=60)
@given(remittances())
def test_what_is_written_balances_and_reads_back_the_same_and_oxedi_agrees(remittance):
    body = write_835([remittance], ENVELOPE)

    payment, *found, closed = read_835(body)

    assert balance(body).balances
    assert tuple(map(placeless, found)) == remittance.claims
    assert (payment.cents, closed.adjustments) == (remittance.payment.cents, remittance.adjustments)
    judged = oxedi.parse(body).diagnostics
    assert [each for each in judged if each.kind == "BalanceMismatch"] == []


@settings(max_examples=60)
@given(remittances().filter(lambda each: each.claims), st.data())
def test_a_cent_moved_anywhere_is_noticed_by_us_and_by_oxedi(remittance, data):
    claim = data.draw(st.sampled_from(remittance.claims))
    wrong = replace(claim, paid=claim.paid + data.draw(st.sampled_from([-1, 1])))
    others = tuple(wrong if each is claim else each for each in remittance.claims)
    body = write_835([replace(remittance, claims=others)], ENVELOPE)

    codes = {fault.code for fault in balance(body).every_fault()}

    assert "claim-unbalanced" in codes
    assert any(each.kind == "BalanceMismatch" for each in oxedi.parse(body).diagnostics)


@settings(max_examples=200)
@given(SPLICES)
def test_the_quick_look_and_the_close_look_never_disagree(splices):
    body = SAMPLE
    for at, length, patch in splices:
        body = body[:at] + patch + body[at + length :]
    try:
        found = [piece for piece in pieces(body) if piece.tag == "CLP"]
    except X12SyntaxError:
        return
    for piece in found:
        quick, close = balanced(piece, Cents()), examine(piece, Cents(), began=1)

        if quick:
            assert (close.faults, (close.paid, close.lines)) == ([], quick)


def test_a_stream_is_read_in_small_pieces_as_it_is_read_whole():
    class Slow(BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 61))

    assert list(read_835(Slow(SAMPLE))) == list(read_835(SAMPLE))


FILES = Path(os.environ.get("ALMONER_X12_DATA", ROOT / "../shared/data/x12")).resolve()
# Whether the money of files that others published adds up, written after adding it up by hand.
MONEY = {
    "LinuxForHealth__x12/demo-file_demo.835": "",
    "LinuxForHealth__x12/resources_835_005010X221A1_cob-contractural-adjustment.835": "",
    "LinuxForHealth__x12/resources_835_005010X221A1_managed-care.835": "",
    "LinuxForHealth__x12/resources_835_005010X221A1_secondary-payment.835": "",
    # One line, charged 24,599 where the claim says 1,766.50.
    "LinuxForHealth__x12/resources_835_005010X221A1_tertiary-payment.835": "line-unbalanced",
    "irobayna__stupidedi/X221A1_HP835_Health_Care_Claim_Payment_Advice_pass_era-sample.edi": "",
    "irobayna__stupidedi/"
    "X221A1_HP835_Health_Care_Claim_Payment_Advice_pass_multiple-claims-single-check.edi": "",
    # Begins at ST, without any envelope.
    "keironstoddart__edi-835-parser/tests_test_edi_835_files_blue_cross_nc_sample.txt": "not-x12",
    "keironstoddart__edi-835-parser/tests_test_edi_835_files_emedny_sample.txt": "",
    "keironstoddart__edi-835-parser/"
    "tests_test_edi_835_files_united_healthcare_legacy_sample.txt": "",
    # A cent is lost between line and claim, and both payments are less than nothing.
    "moov-io__x12/examples_example_5010_835_sample1.txt": "claim-unbalanced payment-negative",
    # 4,199.68 less 1,201.68 is not 4,000.
    "moov-io__x12/examples_example_5010_835_sample2.txt": "claim-unbalanced",
}  # fmt: skip


@pytest.mark.skipif(
    not FILES.is_dir(), reason=f"no X12 files of others in {FILES}; set ALMONER_X12_DATA"
)
@pytest.mark.parametrize("name", MONEY)
def test_the_money_of_a_file_of_others_adds_up_or_is_refused(name):
    body = (FILES / name).read_bytes()

    report = balance(body)
    errors = {fault.code for fault in report.every_fault() if fault.severity == "error"}

    assert (" ".join(sorted(errors)), report.balances) == (MONEY[name], not MONEY[name])
    if MONEY[name] != "not-x12":
        theirs = [each.kind for each in oxedi.parse(body).diagnostics]
        assert ("BalanceMismatch" in theirs) == ("unbalanced" in MONEY[name])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"CAS*CO*45*30~", b"CAS*CO*45*31~", "line-unbalanced"),
        (b"A-100*1*300*200", b"A-100*1*300*201", "claim-unbalanced"),
        (b"BPR*I*170*", b"BPR*I*170.01*", "payment-unbalanced"),
        (b"*15.25*", b"*15.52*", "payment-unbalanced"),
    ],
)
def test_the_check_of_a_file_adds_up_too(old, new, code):
    clean, bad = check(SAMPLE), check(spoiled(old, new))

    assert list(clean.all_faults) == []
    assert code in {fault.code for fault in bad.all_faults}
    assert {(f.code, f.ordinal, f.element) for f in balance(spoiled(old, new)).every_fault()} <= {
        (f.code, f.ordinal, f.element) for f in bad.all_faults
    }


def test_pyx12_accepts_what_we_write():
    payment, claim, reversal, closed = read_835(SAMPLE)
    body = write_835([Remittance(payment, (claim, reversal), closed.adjustments)], ENVELOPE)

    # pyx12 4.0.0 cannot write its 999 for any 835, which has no ST03.
    assert [line for line in pyx12_complaints(body) if "create 999" not in line] == []
