"""The payers of the demo, as the process they are, spoken to through the desk's own client."""

import itertools
import socket
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import oxedi
import pytest

from almoner.demo.payer.plans import BY_ID, PLANS, SUFFIXES
from almoner.edges import clearinghouse
from almoner.edges.x12.acknowledgement import Outcome, read_277ca, read_999, read_ta1
from almoner.edges.x12.claim import Payer, write_837p
from almoner.edges.x12.eligibility import Entity, Inquiry, Member, read_271, write_270
from almoner.edges.x12.remittance import Claim, Closed, Payment, balance, read_835
from almoner.edges.x12.syntax import X12SyntaxError
from almoner.edges.x12.tests import make
from almoner.edges.x12.tests.judges import pyx12_complaints
from almoner.edges.x12.writer import Envelope

NOW = datetime.fromtimestamp(time.time(), UTC)
TODAY = NOW.date()
_numbers = itertools.count(1)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def address():
    port = free_port()
    command = [sys.executable, "-m", "almoner.demo.payer", "--port", str(port)]
    process = subprocess.Popen([*command, "--settle-after", "0"])
    where = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx.get(f"{where}/alive")
            break
        except httpx.ConnectError:
            time.sleep(0.05)
    yield where
    process.terminate()
    process.wait(5)


@pytest.fixture(autouse=True)
def configured(address, settings):
    settings.CLEARINGHOUSE_URL = address


def question(member_id="W100", payer_id="BLUEH", **facts):
    inquiry = Inquiry(
        payer=Entity("PR", BY_ID[payer_id].payer, id_qualifier="PI", id=payer_id),
        provider=Entity("1P", "ELM STREET CLINIC", id_qualifier="XX", id=make.npi()),
        subscriber=Member("YOUNG", "CY", member_id=member_id, birth_date=date(1980, 2, 29)),
        service_date=TODAY,
        service_types=("98",),
        trace="T-1",
        origin="1123456789",
        reference="T-1",
    )
    return write_270(
        replace(inquiry, **facts), Envelope("ELM", "CLEARINGHOUSE", next(_numbers), NOW)
    )


def ask(*args, **facts):
    return read_271(clearinghouse.ask_eligibility(question(*args, **facts), timeout=5))


def copays(answer):
    return {(row.network, row.cents) for row in answer.benefits if row.kind == "B"}


def test_each_payer_tells_the_copay_of_its_plan():
    for plan in PLANS:
        answer = ask(payer_id=plan.payer_id)
        if not plan.answers_eligibility:
            assert [each.code for each in answer.rejections] == ["79"]
            continue
        assert (answer.trace, answer.patient.family) == ("T-1", "YOUNG")
        if plan.copay is not None:
            assert ("Y", plan.copay) in copays(answer)
        else:
            assert copays(answer) == set()


@pytest.mark.parametrize(("member_id", "code"), [("W1N0", "75"), ("W1B0", "71"), ("W1P0", "42")])
def test_a_member_id_may_ask_for_a_rejection(member_id, code):
    assert [each.code for each in ask(member_id).rejections] == [code]


def test_a_member_id_may_ask_for_an_inactive_or_contradictory_answer():
    assert [row.kind for row in ask("W1I0").benefits] == ["6"]
    assert {("Y", 2500), ("Y", 4000)} <= copays(ask("W1C0"))


def test_a_dependent_is_answered_as_one():
    answer = ask(dependent=Member("YOUNG", "BEA", birth_date=date(2015, 1, 2)))

    assert (answer.dependent.given, answer.rejections) == ("BEA", ())


def test_silence_malformed_answers_and_closed_doors_on_demand(address):
    with pytest.raises(clearinghouse.TimedOut):
        clearinghouse.ask_eligibility(question("W1T0"), timeout=0.3)
    with pytest.raises(X12SyntaxError):
        ask("W1X0")
    with pytest.raises(clearinghouse.Refused, match="503"):
        ask("W1H0")

    httpx.post(f"{address}/control", json={"eligibility": {"mode": "down", "next": 1}})
    with pytest.raises(clearinghouse.Refused):
        ask()
    assert copays(ask())


def test_a_question_that_is_none_is_answered_by_a_999():
    broken = question().replace(b"HL*3*2*22*0~", b"").replace(b"NM1*IL", b"NM1*ZZ")

    answer = clearinghouse.ask_eligibility(broken, timeout=5)

    assert [group.functional for group in read_999(answer)] == ["HS"]


def bill(member_id="W100", payer_id="BLUEH", **facts):
    number = next(_numbers)
    days = {"lines": tuple(replace(line, served_from=TODAY) for line in make.claim().lines)}
    return make.claim(
        **{
            "number": f"C{number:05d}",
            "payer": Payer(BY_ID[payer_id].payer.upper(), payer_id),
            "subscriber": replace(make.CY, member_id=f"{number}{member_id}"),
        }
        | days
        | facts
    )


class Bookmark:
    last = ""


def send(*claims, key="", wants_ta1=False):
    """Send claims; what then lies in the mailbox that was not there before, by kind."""
    envelope = replace(make.ENVELOPE, control=next(_numbers), sent_at=NOW, wants_ta1=wants_ta1)
    file = write_837p(envelope, replace(make.SUBMISSION, written_at=NOW), claims)
    clearinghouse.send_claims(file, key or f"batch-{next(_numbers)}")
    found = {}
    for delivery in arrived():
        found.setdefault(delivery.name.rsplit(".", 1)[1], []).append(delivery.body)
    return found


def arrived():
    files = clearinghouse.fetch(Bookmark.last)
    if files:
        Bookmark.last = files[-1].id
    return files


def paid(files):
    return [each for body in files["835"] for each in read_835(body) if isinstance(each, Claim)]


def test_a_file_of_claims_is_acknowledged_three_times_and_paid():
    claims = [bill(), bill(payer_id="LAKES"), bill(payer_id="FSENR")]

    files = send(*claims, wants_ta1=True)

    assert [each.accepted for each in read_ta1(files["ta1"][0])] == [True]
    assert [group.verdict for group in read_999(files["999"][0])] == ["A"]
    (answered,) = read_277ca(files["277ca"][0])
    assert [each.outcome for each in answered.claims] == [Outcome.ACCEPTED] * 3
    assert sorted(each.account for each in paid(files)) == [claim.number for claim in claims]


def test_every_answer_is_valid_in_the_eyes_of_others():
    files = send(bill(), bill("L0"), bill(payer_id="STFAM"), bill("R0"), wants_ta1=True)

    for kind in ("999", "277ca", "835"):
        for body in files[kind]:
            # pyx12 4.0.0 cannot write its 999 for any 835, which has no ST03.
            said = [line for line in pyx12_complaints(body) if "create 999" not in line]
            assert said == [], kind
    for body in files["835"]:
        assert balance(body).balances
        assert oxedi.parse(body).diagnostics == []


def test_the_plan_divides_the_charge_to_the_cent():
    (claim,) = paid(send(bill()))
    first, second = claim.lines

    # $100.00 and $50.50 at 70 %; a $25 co-pay once.
    assert [(each.group, each.reason, each.cents) for each in first.adjustments] == [
        ("CO", "45", 3000),
        ("PR", "3", 2500),
    ]
    assert (first.paid, first.allowed) == (4500, 7000)
    assert claim.patient_share == 2500 + sum(
        each.cents for each in second.adjustments if each.group == "PR"
    )


@pytest.mark.parametrize(
    ("member_id", "reason", "remark"),
    [("F0", "29", ""), ("A0", "197", ""), ("M0", "16", "MA130"), ("E0", "27", "")],
)
def test_a_claim_may_be_denied_as_a_member_id_asks(member_id, reason, remark):
    (claim,) = paid(send(bill(member_id)))

    assert (claim.status, claim.paid) == ("4", 0)
    assert {each.reason for line in claim.lines for each in line.adjustments} == {reason}
    assert {code for line in claim.lines for code in line.remarks} == (
        {remark} if remark else set()
    )


def test_one_line_may_be_denied_and_the_others_paid():
    (claim,) = paid(send(bill("L0")))

    assert claim.status == "1"
    assert claim.lines[0].paid > 0
    assert claim.lines[1].adjustments[0].reason == "96"


def test_a_claim_filed_too_late_is_denied():
    old = replace(make.line(control="L1"), served_from=date(TODAY.year - 1, 1, 2))

    (claim,) = paid(send(bill(payer_id="LAKES", lines=(old,))))

    assert claim.lines[0].adjustments[0].reason == "29"


def test_the_same_claim_again_is_a_duplicate():
    first = bill()
    send(first)

    (claim,) = paid(send(replace(first, number="C99999")))

    assert claim.lines[0].adjustments[0].reason == "18"


def test_the_same_file_under_the_same_key_is_one_file():
    claim = bill()
    send(claim, key="once")

    with pytest.raises(clearinghouse.Refused, match="409"):
        send(bill(), key="once")

    assert len(paid(send(bill()))) == 1


def test_a_corrected_claim_takes_back_the_first_and_pays_anew():
    first = bill()
    (original,) = paid(send(first))
    dearer = tuple(replace(line, charge=line.charge + 1000) for line in first.lines)

    files = send(replace(first, number="C88888", frequency="7", lines=dearer,
                         payer_claim_number=original.payer_claim_number))  # fmt: skip
    back, anew = paid(files)

    assert (back.status, back.paid, back.account) == ("22", -original.paid, first.number)
    assert (anew.charged, anew.account) == (original.charged + 2000, "C88888")
    assert balance(files["835"][0]).balances


def test_a_voided_claim_leaves_a_debt_that_is_carried_forward():
    first = bill()
    (original,) = paid(send(first))

    files = send(replace(first, number="C77777", frequency="8",
                         payer_claim_number=original.payer_claim_number))  # fmt: skip
    payment, _back, closed = read_835(files["835"][0])

    assert isinstance(payment, Payment)
    assert (payment.cents, payment.method) == (0, "NON")
    assert isinstance(closed, Closed)
    assert [(each.reason, each.cents) for each in closed.adjustments] == [("FB", -original.paid)]
    assert balance(files["835"][0]).balances


def test_a_rejected_claim_is_neither_paid_nor_denied():
    files = send(bill("R0"))

    (answered,) = read_277ca(files["277ca"][0])
    assert [each.outcome for each in answered.claims] == [Outcome.REJECTED]
    assert "835" not in files


def test_remittances_may_be_unbalanced_doubled_or_take_money_back():
    unbalanced, doubled, taken = send(bill("U0")), send(bill("Q0")), send(bill("W0"))

    assert not balance(unbalanced["835"][0]).balances
    assert doubled["835"][0] == doubled["835"][1]
    closed = [each for each in read_835(taken["835"][0]) if isinstance(each, Closed)]
    assert [(each.reason, each.cents) for each in closed[0].adjustments] == [("WO", 1234)]
    assert "835" not in send(bill("Y0"))


def test_a_broken_file_is_refused_by_the_999_alone():
    envelope = replace(make.ENVELOPE, control=next(_numbers), sent_at=NOW)
    file = write_837p(envelope, make.SUBMISSION, [bill()]).replace(b"CLM*", b"CLX*")

    clearinghouse.send_claims(file, "broken")
    (only,) = arrived()

    assert [group.verdict for group in read_999(only.body)] == ["R"]


def test_a_procedure_may_be_denied_by_the_control_door(address):
    httpx.post(f"{address}/control", json={"deny": {"X0001": ["CO", "197", ""]}})
    (claim,) = paid(send(bill()))
    httpx.post(f"{address}/control", json={"deny": {}})

    assert [line.adjustments[0].reason for line in claim.lines] == ["197", "45"]


def test_every_way_to_make_the_payers_misbehave_is_written_down():
    page = (Path(__file__).parents[3] / "docs" / "demo-payer.md").read_text()

    assert {f"| `{ending}` | {told} |" for ending, told in SUFFIXES.items()} <= set(
        page.splitlines()
    )
