"""What to collect, from 271 answers labelled by hand: an amount, or why nobody can tell.

Each case is the benefit segments of an answer, what was asked, and the amount in cents or the
reason. A guess is never right.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.coverage.rules import (
    CannotTell,
    Collect,
    Network,
    Sharing,
    VisitKind,
    Why,
    patient_share,
    refusal,
    what_to_collect,
)
from almoner.coverage.rules.refusals import Fixer
from almoner.edges.x12.eligibility import Answer, Benefit, Entity, Member, Period, read_271

DAY = date(2026, 3, 9)
HEAD = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         *260302*0905*^*00501*"
    "000000044*0*T*:~GS*HB*PAYER*CLINIC*20260302*0905*1*X*005010X279A1~ST*271*0001*005010X279A1~"
    "BHT*0022*11*Q*20260302*0905~HL*1**20*1~NM1*PR*2*PAYER*****PI*P1~HL*2*1*21*1~"
    "NM1*1P*2*CLINIC*****XX*1234567893~HL*3*2*22*0~TRN*2*T*1512345678~"
    "NM1*IL*1*GARCIA*CY****MI*W1~DMG*D8*19850304*M~"
)


def answered(segments):
    body = HEAD + segments + "SE*0*0001~GE*1*1~IEA*1*000000044~"
    return read_271(body.encode())


def asked(segments, *, service_type="98", network=Network.IN, on=DAY, **facts):
    facts = {"born": date(1985, 3, 4)} | facts
    return what_to_collect(
        answered(segments), service_type=service_type, network=network, on=on, **facts
    )


ON = "EB*1**30**GOLD~"
B25 = "EB*B*IND*98***27*25*****Y~"
B40 = "EB*B*IND*98***27*40*****Y~"
OUT, UNKNOWN = {"network": Network.OUT}, {"network": Network.UNKNOWN}
PCP, SPEC, TELE = (
    {"visit": kind} for kind in (VisitKind.PRIMARY, VisitKind.SPECIALIST, VisitKind.TELEHEALTH)
)

LABELLED = {
    # Plain answers
    "one co-pay for the visit": (ON + B25, {}, 2500),
    "a co-pay of nothing": (ON + "EB*B*IND*98***27*0*****Y~", {}, 0),
    "the same co-pay told twice": (ON + B25 + B25, {}, 2500),
    "no period given": (ON + "EB*B**98****30*****Y~", {}, 3000),
    "a co-pay for the plan in general": (ON + "EB*B*IND*30***27*20*****Y~", {}, 2000),
    "one list of services": (ON + "EB*B*IND*1^33^98^UC***27*10*****Y~", {}, 1000),
    "urgent care asked for": (
        ON + B25 + "EB*B*IND*UC***27*75*****Y~", {"service_type": "UC"}, 7500),
    "sick visit falls back to office visit": (ON + B25, {"service_type": "BY"}, 2500),
    # The most specific service wins
    "office visit before plan": (ON + "EB*B*IND*30***27*99*****Y~" + B25, {}, 2500),
    "office visit before medical care": (ON + "EB*B*IND*1***27*99*****Y~" + B25, {}, 2500),
    "medical care before plan": (
        ON + "EB*B*IND*30***27*99*****Y~EB*B*IND*1***27*15*****Y~", {}, 1500),
    "another service is not ours": (ON + "EB*B*IND*86***27*150*****Y~" + B25, {}, 2500),
    "only another service": (ON + "EB*B*IND*86***27*150*****Y~", {}, Why.NOT_TOLD),
    "only a narrower visit": (ON + "EB*B*IND*BZ***27*0*****Y~", {}, Why.NARROWER_ONLY),
    "no service named": (ON + "EB*B*IND****27*25*****Y~", {}, Why.NOT_TOLD),
    "one procedure only": (ON + "EB*B*IND*98***27*25*****Y*HC:A1001~", {}, Why.NOT_TOLD),
    # Network
    "in network of two": (ON + B25 + "EB*B*IND*98***27*60*****N~", {}, 2500),
    "out of network of two": (ON + B25 + "EB*B*IND*98***27*60*****N~", OUT, 6000),
    "network unknown and amounts differ": (
        ON + B25 + "EB*B*IND*98***27*60*****N~", UNKNOWN, Why.SEVERAL_COPAYS),
    "network unknown and amounts agree": (
        ON + B25 + "EB*B*IND*98***27*25*****N~", UNKNOWN, 2500),
    "both networks alike": (ON + "EB*B*IND*98***27*25*****W~", OUT, 2500),
    "network not told": (ON + "EB*B*IND*98***27*25~", {}, 2500),
    "told network before untold": (ON + "EB*B*IND*98***27*35~" + B25, {}, 2500),
    "in network only, we are out": (ON + B25, OUT, Why.NOT_TOLD),
    # Level
    "individual before family": (ON + "EB*B*FAM*98***27*99*****Y~" + B25, {}, 2500),
    "family alone": (ON + "EB*B*FAM*98***27*20*****Y~", {}, 2000),
    # Messages
    "specialist and primary care, kind unknown": (
        ON + B25 + "MSG*PRIMARY CARE~" + B40 + "MSG*SPECIALIST~", {}, Why.SEVERAL_COPAYS),
    "primary care chosen by message": (
        ON + B25 + "MSG*PRIMARY CARE VISIT~" + B40 + "MSG*SPECIALIST~", PCP, 2500),
    "specialist chosen by message": (
        ON + B25 + "MSG*PCP~" + B40 + "MSG*SPECIALIST VISIT~", SPEC, 4000),
    "a message that fits before none": (ON + B25 + B40 + "MSG*SPECIALIST~", SPEC, 4000),
    "telehealth is another visit": (
        ON + B25 + "EB*B*IND*98***27*5*****Y~MSG*TELEHEALTH ONLY~", PCP, 2500),
    "after the deductible, some left": (
        ON + "EB*C*IND*30***29*100*****Y~" + B25 + "MSG*AFTER DEDUCTIBLE~", {}, Why.CONDITIONAL),
    "after the deductible, none left": (
        ON + "EB*C*IND*30***29*0*****Y~" + B25 + "MSG*AFTER DEDUCTIBLE~", {}, 2500),
    "waived for the first visits": (
        ON + B25 + "MSG*WAIVED FIRST 3 VISITS~", {}, Why.CONDITIONAL),
    "for one group only": (ON + B25 + "MSG*UNDER 19 ONLY~", {}, Why.CONDITIONAL),
    "a harmless message": (ON + B25 + "MSG*OFFICE VISIT COPAYMENT~", {}, 2500),
    # Place, period, day
    "for the hospital only": (ON + B25 + "III*ZZ*22~", {}, Why.NOT_TOLD),
    "for the office": (ON + B25 + "III*ZZ*11~" + B40 + "III*ZZ*22~", {}, 2500),
    "for an admission": (ON + "EB*B*IND*98***36*250*****Y~" + B25, {}, 2500),
    "for a year": (ON + "EB*B*IND*98***23*250*****Y~", {}, Why.NOT_TOLD),
    "the row ended before the day": (
        ON + B40 + "DTP*292*RD8*20250101-20251231~" + B25, {}, 2500),
    # Contradictions
    "two co-pays": (ON + B25 + B40, {}, Why.SEVERAL_COPAYS),
    "active and inactive": (ON + "EB*6**30~" + B25, {}, Why.STATUS_CONTRADICTS),
    "active and not covered": (ON + "EB*1**98~EB*I**98~" + B25, {}, Why.STATUS_CONTRADICTS),
    "plan active, service not covered": (ON + "EB*I**98~" + B25, {}, Why.NOT_COVERED),
    "plan inactive, service active": ("EB*6**30~EB*1**98~" + B25, {}, Why.INACTIVE),
    "inactive": ("EB*6**30~", {}, Why.INACTIVE),
    "inactive pending": ("EB*7**30~" + B25, {}, Why.INACTIVE),
    "no status at all": (B25, {}, Why.NO_STATUS),
    "active for something else": ("EB*1**35~" + B25, {}, Why.NO_STATUS),
    # Not a co-pay
    "co-insurance only": (ON + "EB*A*IND*98***27**.2****Y~", {}, Why.NEEDS_PRICE),
    "deductible only": (ON + "EB*C*IND*30***29*500*****Y~", {}, Why.NEEDS_PRICE),
    "nothing but active": (ON, {}, Why.NOT_TOLD),
    "a co-pay without an amount": (ON + "EB*B*IND*98***27******Y~", {}, Why.NOT_TOLD),
    "a co-pay in words": (ON + "EB*B*IND*98***27*TEN*****Y~", {}, Why.NOT_TOLD),
    "a share that cannot be read": (ON + "EB*B*IND*98***27*25*25****Y~", {}, Why.NOT_TOLD),
    # The whole answer in doubt
    "cover begins later": ("DTP*346*D8*20260401~" + ON + B25, {}, Why.NOT_ON_DAY),
    "cover has ended": ("DTP*347*D8*20260228~" + ON + B25, {}, Why.NOT_ON_DAY),
    "cover holds on its last day": ("DTP*291*RD8*20260101-20260309~" + ON + B25, {}, 2500),
    "active from a later day": ("EB*1**30~DTP*348*D8*20260401~" + B25, {}, Why.NOT_ON_DAY),
    "somebody else's answer": (ON + B25, {"born": date(1985, 4, 3)}, Why.OTHER_PERSON),
    "rejected": ("AAA*N**75*C~" + ON + B25, {}, Why.REJECTED),
    "another payer is first": (
        ON + B25 + "EB*R**30~LS*2120~NM1*PRP*2*OTHER*****PI*X~LE*2120~", {}, Why.OTHER_PAYER_FIRST),
    "another payer is first and we are second": (
        ON + B25 + "EB*R**30~LS*2120~NM1*PRP*2*OTHER*****PI*X~LE*2120~", {"primary": False}, 2500),
    "another payer is second": (
        ON + B25 + "EB*R**30~LS*2120~NM1*SEP*2*OTHER*****PI*X~LE*2120~", {}, 2500),
    "two people in one answer": (
        ON + B25 + "HL*4*2*22*0~NM1*IL*1*GARCIA*DOT****MI*W2~" + ON, {}, Why.SEVERAL_PATIENTS),
}  # fmt: skip


@pytest.mark.parametrize("name", LABELLED)
def test_what_to_collect_is_told_or_not_told_but_never_guessed(name):
    segments, facts, expected = LABELLED[name]

    decision = asked(segments, **facts)

    if isinstance(expected, Why):
        assert isinstance(decision, CannotTell), decision
        assert decision.why is expected
    else:
        assert isinstance(decision, Collect), decision
        assert decision.cents == expected


def test_at_least_forty_answers_are_labelled():
    assert len(LABELLED) >= 40


def test_every_row_is_accounted_for_with_its_reason():
    decision = asked(
        ON + B25 + "EB*B*IND*98***27*60*****N~EB*B*IND*86***27*150*****Y~"
        "EB*B*IND*30***27*99*****Y~EB*C*IND*30***29*100*****Y~"
    )  # fmt: skip

    assert [(each.row.ordinal, each.why) for each in decision.rejected] == [
        (13, Why.OTHER_KIND),
        (15, Why.OTHER_NETWORK),
        (16, Why.OTHER_SERVICE),
        (17, Why.LESS_SPECIFIC),
        (18, Why.OTHER_KIND),
    ]
    assert decision.chosen.ordinal == 14


def test_what_else_bears_on_money_is_told_beside():
    told = asked(
        "EB*1**30~EB*C*IND*30***29*120.5*****Y~EB*G*IND*30***29*3000*****Y~"
        "EB*A*IND*98***27**.2***Y*Y~EB*R**30~LS*2120~NM1*SEP*2*OTHER*****PI*X~LE*2120~" + B25
    ).told

    assert (told.deductible_left, told.out_of_pocket_left, told.coinsurance_bp) == (
        12050, 300000, 2000,
    )  # fmt: skip
    assert told.authorisation
    assert told.other_payers == ("OTHER",)


def test_limits_that_contradict_one_another_are_not_told():
    told = asked(ON + "EB*C*IND*30***29*120*****Y~EB*C*IND*30***29*90*****Y~" + B25).told

    assert told.deductible_left is None


ROWS = st.builds(
    Benefit,
    kind=st.sampled_from(["1", "6", "A", "B", "B", "B", "C", "I", "R"]),
    level=st.sampled_from(["", "IND", "FAM"]),
    service_types=st.sampled_from([(), ("30",), ("98",), ("1",), ("UC",), ("98", "UC"), ("BZ",)]),
    period=st.sampled_from(["", "27", "23", "29"]),
    cents=st.none() | st.sampled_from([0, 1000, 2500, 4000]),
    network=st.sampled_from(["", "Y", "N", "W", "U"]),
    procedure=st.sampled_from(["", "", "HC:A1"]),
    messages=st.sampled_from(
        [(), ("PCP",), ("SPECIALIST",), ("AFTER DEDUCTIBLE",), ("TELEHEALTH",)]
    ),
    places=st.sampled_from([(), ("11",), ("22",)]),
    periods=st.sampled_from([(), (Period("347", date(2026, 1, 1), date(2026, 1, 1)),)]),
    entities=st.sampled_from([(), (Entity("PRP", "OTHER"),)]),
    unread=st.sampled_from([(), ("EB07",)]),
)
ANSWERS = st.lists(ROWS, max_size=8).map(
    lambda rows: Answer(subscriber=Member("GARCIA", "CY"), benefits=tuple(rows), patients=1)
)
QUESTIONS = st.fixed_dictionaries(
    {
        "service_type": st.sampled_from(["98", "UC", "30", "BZ", "86", "ZZ"]),
        "network": st.sampled_from(list(Network)),
        "visit": st.sampled_from(list(VisitKind)),
        "on": st.just(DAY),
    }
)


@given(ANSWERS, QUESTIONS)
def test_an_amount_is_only_ever_one_that_a_fitting_copay_row_says(answer, question):
    decision = what_to_collect(answer, **question)

    if isinstance(decision, Collect):
        for row in (decision.chosen, *decision.agreeing):
            assert (row.kind, row.cents, row.unread) == ("B", decision.cents, ())
            assert row.network != {"in": "N", "out": "Y", "unknown": None}[question["network"]]
        assert any(row.kind == "1" for row in answer.benefits)


@given(ANSWERS, QUESTIONS)
def test_no_row_is_lost(answer, question):
    decision = what_to_collect(answer, **question)

    kept = (
        (decision.chosen, *decision.agreeing)
        if isinstance(decision, Collect)
        else decision.candidates
    )
    seen = [*map(id, kept), *(id(each.row) for each in decision.rejected)]
    assert sorted(seen) == sorted(map(id, answer.benefits))


@given(ANSWERS, QUESTIONS, st.randoms())
def test_the_order_of_rows_decides_nothing(answer, question, chance):
    rows = list(answer.benefits)
    chance.shuffle(rows)
    shuffled = Answer(subscriber=answer.subscriber, benefits=tuple(rows), patients=1)

    first, second = (what_to_collect(each, **question) for each in (answer, shuffled))

    assert type(first) is type(second)
    assert getattr(first, "cents", None) == getattr(second, "cents", None)
    assert getattr(first, "why", None) == getattr(second, "why", None)


@pytest.mark.parametrize(
    ("allowed", "sharing", "owed"),
    [
        (10_000, Sharing(), 0),
        (10_000, Sharing(copay=2500), 2500),
        (2_000, Sharing(copay=2500), 2000),
        (10_000, Sharing(deductible_left=3000, copay=2500), 5500),
        (10_000, Sharing(deductible_left=3000, coinsurance_bp=2000), 4400),
        (10_000, Sharing(deductible_left=3000, coinsurance_bp=2000, out_of_pocket_left=3500), 3500),
        (3, Sharing(coinsurance_bp=5000), 2),
        (10_000, Sharing(copay=2500, out_of_pocket_left=0), 0),
    ],
)
def test_the_patients_share(allowed, sharing, owed):
    assert patient_share(allowed, sharing) == owed


CENTS = st.integers(0, 10**7)


@given(
    CENTS,
    st.builds(
        Sharing,
        deductible_left=CENTS,
        copay=CENTS,
        coinsurance_bp=st.integers(0, 10_000),
        out_of_pocket_left=st.none() | CENTS,
    ),
)
def test_a_patient_never_owes_more_than_the_allowed_amount(allowed, sharing):
    owed = patient_share(allowed, sharing)

    assert 0 <= owed <= allowed
    assert sharing.out_of_pocket_left is None or owed <= sharing.out_of_pocket_left


@pytest.mark.parametrize(
    ("code", "fixer", "field"),
    [
        ("42", Fixer.PAYER, ""),
        ("80", Fixer.PAYER, ""),
        ("43", Fixer.ENROLMENT, ""),
        ("51", Fixer.ENROLMENT, ""),
        ("71", Fixer.DESK, "birth_date"),
        ("72", Fixer.DESK, "member_id"),
        ("73", Fixer.DESK, "name"),
        ("75", Fixer.DESK, "member_id"),
        ("79", Fixer.PARTNER, "payer"),
    ],
)
def test_each_rejection_names_who_must_mend_what(code, fixer, field):
    assert (refusal(code).fixer, refusal(code).field) == (fixer, field)


def test_an_unknown_rejection_is_one_the_desk_looks_into():
    assert (refusal("ZZ").code, refusal("ZZ").fixer) == ("", Fixer.DESK)
