from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.edges.x12.syntax import segments
from almoner.edges.x12.writer import Envelope, Unwritable, Writer, plain

SENT = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)


def writer(**facts) -> Writer:
    return Writer(Envelope(sender="CLINIC", receiver="PAYER", control=7, sent_at=SENT, **facts))


def test_counts_and_control_numbers_are_right_by_construction():
    out = writer()
    out.begin_group("HC", "005010X222A1")
    for _ in range(2):
        out.begin_set("837", "005010X222A1")
        out.segment("BHT", "0019", "00")
        out.end_set()
    out.end_group()

    read = [segment.elements for segment in segments(out.finish())]

    assert read[0][13] == "000000007"
    assert read[1] == ["GS", "HC", "CLINIC", "PAYER", "20261123", "0905", "1", "X", "005010X222A1"]
    assert [row for row in read if row[0] == "SE"] == [["SE", "3", "0001"], ["SE", "3", "0002"]]
    assert read[-2:] == [["GE", "2", "1"], ["IEA", "1", "000000007"]]


def test_empty_elements_and_components_at_the_end_are_left_out():
    out = writer()

    out.segment("SV1", ("HC", "X0001", "", ""), 0, None, "", out.repeated("1", "2"), "", None)

    assert out.text_of(1) == ("SV1*HC:X0001*0***1^2",)


@pytest.mark.parametrize("value", ["A*B", "A~B", "A:B", "A^B", "A\nB", "\u00d1"])
def test_a_value_that_would_break_the_syntax_is_refused(value):
    with pytest.raises(Unwritable, match="NM1 element 3"):
        writer().segment("NM1", "IL", "1", value)
    with pytest.raises(Unwritable, match="SV1 element 1"):
        writer().segment("SV1", ("HC", value))


def test_an_interchange_that_would_not_keep_its_widths_is_refused():
    with pytest.raises(Unwritable, match="15 characters"):
        Writer(Envelope(sender="A" * 16, receiver="B", control=1, sent_at=SENT))
    with pytest.raises(Unwritable, match="control number"):
        Writer(Envelope(sender="A", receiver="B", control=0, sent_at=SENT))


def test_plain_text_keeps_what_a_partner_can_read():
    assert plain("Zo\u00eb N\u00fa\u00f1ez*\u2019Brien  \t jr.") == "ZOE NUNEZ 'BRIEN JR."
    assert plain("Elm Street Family Practice", longest=11) == "ELM STREET"


@given(st.text())
def test_plain_text_can_always_be_written(text):
    writer().segment("NM1", "IL", "1", plain(text))
