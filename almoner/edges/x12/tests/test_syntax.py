from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.edges.x12.syntax import X12SyntaxError, blocks, readable, segments

ISA = (
    "ISA*00*          *00*          *ZZ*CLINIC         *ZZ*PAYER          "
    "*261123*0900*^*00501*000000001*0*T*:~"
)
REST = (
    "GS*HC*CLINIC*PAYER*20261123*0900*1*X*005010X222A1~ST*837*0001~NM1*85*2*ELM CLINIC~SE*3*0001~"
)
FILE = ISA + REST + "GE*1*1~IEA*1*000000001~"


def texts(data: bytes, size: int = 64) -> list[str]:
    return [text for block in blocks(BytesIO(data), size=size) for text in block.segments]


def expected(file: str = FILE) -> list[str]:
    return file.split("~")[:-1]


def test_segments_are_split_numbered_and_located():
    read = list(segments(FILE.encode()))

    assert [segment.tag for segment in read] == ["ISA", "GS", "ST", "NM1", "SE", "GE", "IEA"]
    assert [segment.ordinal for segment in read] == [1, 2, 3, 4, 5, 6, 7]
    assert read[3][3] == "ELM CLINIC"
    assert read[3][9] == ""
    assert FILE[read[3].offset :].startswith("NM1*85")


@pytest.mark.parametrize(
    "disguise",
    [
        pytest.param(lambda text: text.replace("~", "~\n"), id="line feeds"),
        pytest.param(lambda text: text.replace("~", "~\r\n"), id="carriage returns and line feeds"),
        pytest.param(lambda text: text.replace("~", "~\n", 3), id="only some line feeds"),
        pytest.param(lambda text: "\ufeff" + text, id="byte-order mark"),
        pytest.param(lambda text: "\r\n  " + text + "\r\n\r\n\x1a", id="padding around"),
        pytest.param(lambda text: text.replace("~", "~  \t"), id="blanks behind terminators"),
        pytest.param(lambda text: text.replace("~", "~~"), id="empty segments"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 107, 65536])
def test_the_same_segments_come_out_however_the_file_is_laid_out(disguise, size):
    data = disguise(FILE).encode()

    assert texts(data, size) == expected()
    for segment in segments(data):
        assert data[segment.offset :].startswith(segment.tag.encode())


def test_a_line_break_may_itself_be_the_terminator():
    assert texts(FILE.replace("~", "\n").encode()) == expected()
    assert texts(FILE.replace("~", "\r").encode()) == expected()


def test_a_line_break_as_terminator_may_come_with_a_carriage_return():
    assert texts(FILE.replace("~", "\r\n").encode()) == expected()


def test_a_file_wrapped_at_eighty_columns_is_read_and_the_breaks_are_known():
    wrapped = "\n".join(FILE[at : at + 80] for at in range(106, len(FILE), 80))

    read = list(blocks((ISA + wrapped).encode()))

    assert [text for block in read for text in block.segments] == expected()
    assert read[0].wrapped


def test_each_interchange_may_bring_delimiters_of_its_own():
    other = FILE.translate(str.maketrans("*:^~", "|>!'"))

    read = list(blocks((FILE + "\n" + other).encode(), size=50))

    assert {block.delimiters.all for block in read} == {"*:^~", "|>!'"}
    assert sum(len(block.segments) for block in read) == 14


def test_the_last_segment_may_lack_its_terminator():
    read = list(blocks(FILE[:-1].encode()))

    assert [text for block in read for text in block.segments] == expected()
    assert not read[-1].complete


def test_an_isa_of_other_widths_is_read_and_reported():
    squeezed = FILE.replace("CLINIC         ", "CLINIC", 1)

    read = next(blocks(squeezed.encode()))

    assert [fault.code for fault in read.delimiters.faults] == ["isa-width"]
    assert read.segments == expected(squeezed)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b" \r\n", "file-empty"),
        (b"Dear payer, please find attached", "not-x12"),
        (FILE.encode("utf-16"), "not-x12"),
        (b"ISA*00*", "isa-cut-short"),
        (b"ISA", "isa-cut-short"),
        (ISA.replace("*:~", "*~~").encode(), "isa-delimiters"),
        (FILE.encode() + b"NM1*" + b"A" * 1_100_000, "segment-endless"),
    ],
)
def test_what_cannot_be_read_says_why(data, code):
    with pytest.raises(X12SyntaxError) as refused:
        list(segments(data))

    assert refused.value.fault.code == code


def test_bytes_outside_ascii_keep_offsets_and_meaning():
    data = FILE.replace("ELM CLINIC", "CL\u00cdNICA").encode()

    read = list(segments(data))

    assert readable(read[3][3]) == "CL\u00cdNICA"
    assert data[read[4].offset :].startswith(b"SE*")
    assert readable("It\x92s") == "It\u2019s"


def test_a_segment_never_shows_its_content_in_a_traceback():
    assert "ELM" not in repr(list(segments(FILE.encode()))[3])


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(noise):
    for data in (noise, ISA.encode() + noise):
        with suppress(X12SyntaxError):
            list(segments(data))


@given(st.integers(1, 300), st.sampled_from(["", "\n", "\r\n"]))
def test_blocks_of_any_size_give_the_same_offsets(size, line_end):
    data = FILE.replace("~", "~" + line_end).encode()

    for block in blocks(BytesIO(data), size=size):
        for index, text in enumerate(block.segments):
            assert data[block.offset(index) :].startswith(text.encode())
            assert block.offsets()[index] == block.offset(index)
