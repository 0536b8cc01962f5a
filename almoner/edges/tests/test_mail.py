"""E-mails that come in: believed when signed just now, and read whatever their bytes are."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.edges import mail, reports
from almoner.edges.papers import Why

URL, SECRET, NOW = "https://desk.example/messages/mail/", "a secret", 1_800_000_000


def letter(text="Thank you", **headers):
    message = EmailMessage()
    for name, value in {"From": "Cy <Cy@People.example>", "To": "reply+1-ab@c.example"}.items():
        message[name] = value
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def test_it_is_read_by_who_sent_it_to_whom_and_in_which_words():
    read = mail.read(letter(Subject="Re: Your visit", Message_ID="<1@people.example>").as_bytes())

    assert read == mail.Mail(
        "<1@people.example>", "cy@people.example", ("reply+1-ab@c.example",), "Re: Your visit",
        "Thank you",
    )  # fmt: skip


def named(message):
    return [each.name for each in mail.read(message.as_bytes()).attached]


def test_what_is_attached_is_named_on_one_line_with_its_bytes():
    message = letter()
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="card\t of Cy.png")

    read = mail.read(message.as_bytes())

    assert read.text == "Thank you"
    assert read.attached == (mail.Attached("card of Cy.png", b"\x89PNG"),)


def test_a_name_cannot_hide_how_it_ends():
    message = letter()
    message.add_attachment(b"MZ", maintype="x", subtype="y", filename="card\u202egnp.exe")

    assert named(message) == ["card gnp.exe"]


def test_a_picture_without_a_name_gets_one_and_the_words_below_it_are_read():
    message = letter("My card:")
    message.make_mixed()
    message.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", disposition="inline")
    message.add_attachment("And the back of it", disposition="inline")

    read = mail.read(message.as_bytes())

    assert read.text == "My card:\n\nAnd the back of it"
    assert [each.name for each in read.attached] == ["picture-1.jpg"]


@given(kind=st.binary(max_size=200), name=st.binary(max_size=200), body=st.binary(max_size=50))
def test_whatever_a_part_says_it_is_it_has_a_name_that_can_be_kept_and_read(kind, name, body):
    raw = (
        b"From: cy@people.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: " + kind + b"\r\nContent-Disposition: attachment; filename=" + name
        + b"\r\n\r\n" + body + b"\r\n--b--\r\n"
    )  # fmt: skip

    for each in mail.read(raw).attached:
        assert 1 <= len(each.name) <= 120
        assert each.name.encode()
        assert not set(each.name) & {"\0", "\n", "\r", "\u202e"}


def test_of_a_forwarded_message_its_files_are_found_and_it_is_named_itself():
    inner = letter("Look")
    inner.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="order.pdf")
    message = letter("See below")
    message.add_attachment(inner)

    assert named(message) == ["message-1.eml", "order.pdf"]
    assert mail.read(message.as_bytes()).attached[0].why == Why.NO_FILE


@pytest.mark.parametrize("part", [
    "Content-Type: message/rfc822\r\n\r\n",
    "Content-Type: multipart/mixed; boundary=b{0}\r\n\r\n--b{0}\r\n",
])  # fmt: skip
def test_parts_in_parts_without_end_are_no_mail(part):
    deep = "".join(part.format(each) for each in range(5000))
    raw = f"From: cy@people.example\r\n{deep}hello".encode()

    assert mail.read(raw) is None
    assert reports.read_report(raw) is None


def test_of_a_report_what_it_says_itself_is_no_file():
    raw = (
        b"From: post@people.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
        b"\r\nIt is late\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 4\r\n"
        b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n"
    )

    assert [each.name for each in mail.read(raw).attached] == ["picture-1.png"]


def test_of_what_is_larger_than_any_file_only_the_name_is_kept():
    message = letter()
    large = bytes(mail.LARGEST_FILE + 1)
    message.add_attachment(large, maintype="image", subtype="png", filename="large.png")

    assert mail.read(message.as_bytes()).attached == (
        mail.Attached("large.png", why=Why.TOO_LARGE),
    )


def test_more_than_can_be_named_are_counted():
    message = letter()
    for number in range(23):
        message.add_attachment(b"x", maintype="image", subtype="png", filename=f"{number}.png")

    read = mail.read(message.as_bytes())

    assert (len(read.attached), read.more) == (20, 3)


def test_of_a_page_alone_the_words_are_read():
    message = letter()
    message.set_content(
        "<head><style>p{}</style></head><p>Thank&nbsp;you<p>Cy<script>x()</script>", subtype="html"
    )

    assert mail.read(message.as_bytes()).text == "Thank you\nCy"


@pytest.mark.parametrize("sender", ["", "nobody", "<>", "a b@c.example", "x" * 300 + "@c.example"])
def test_without_a_sender_who_could_be_answered_there_is_no_mail(sender):
    raw = b"From: " + sender.encode() + b"\r\nTo: a@b.example\r\n\r\nhello"

    assert mail.read(raw) is None


@pytest.mark.parametrize(
    ("headers", "machine"),
    [
        ({}, False),
        ({"Auto_Submitted": "no"}, False),
        ({"Auto_Submitted": "auto-replied; owner"}, True),
    ],
)
def test_a_machines_answer_is_known_as_one(headers, machine):
    assert mail.read(letter(**headers).as_bytes()).by_machine is machine


def test_that_ours_could_not_be_delivered_is_for_a_person_to_read():
    raw = (
        b"From: mailer-daemon@people.example\r\nAuto-Submitted: auto-replied\r\n"
        b'Content-Type: multipart/report; boundary="x"\r\n\r\n--x\r\n\r\nNo such box\r\n--x--\r\n'
    )

    read = mail.read(raw)

    assert (read.by_machine, read.text) == (False, "No such box")


def test_it_is_bounded():
    read = mail.read(letter("a" * 200_000, Subject="s" * 900).as_bytes())

    assert (len(read.text), len(read.subject)) == (100_000, 200)


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(noise):
    mail.read(noise)
    mail.read(b"From: cy@people.example\r\n" + noise)


@given(
    st.sampled_from(["utf-8", "no-such-set", "utf-16", "idna", "raw_unicode_escape", "a\0b", ""]),
    st.binary(max_size=60),
)
def test_whatever_the_character_set_no_nul_is_left(charset, body):
    kind = f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode()

    read = mail.read(b"From: cy@people.example\r\n" + kind + body)

    assert "\0" not in read.text
    read.text.encode()


def test_what_was_signed_just_now_is_genuine_and_nothing_else():
    mark = mail.signature(URL, b"mail", SECRET, at=NOW)

    def genuine(**other):
        facts = {"url": URL, "body": b"mail", "given": mark, "secret": SECRET, "now": NOW + 5}
        return mail.genuine(**(facts | other))

    assert genuine()
    assert not genuine(body=b"mail!")
    assert not genuine(url="https://other.example/")
    assert not genuine(secret="another")
    assert not genuine(secret="")
    assert not genuine(now=NOW + 301)
    assert not genuine(given="")
    assert not genuine(given=mark.upper())
