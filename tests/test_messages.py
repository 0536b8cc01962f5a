"""A visit booked with a word of what it is about, and a text about it that does not arrive."""

import psycopg
import pytest

from tests import waiting

pytestmark = pytest.mark.browser

# Somebody with a phone, no visit of a name typed below, known by a name of their own.
PATIENT = """
    SELECT p.id, p.family, phone.id FROM patients_patient p
      JOIN patients_phone phone ON phone.patient_id = p.id AND phone.rank = 1 AND phone.may_text
     WHERE NOT p.deceased AND (SELECT count(*) FROM patients_phone WHERE patient_id = p.id) = 1
     ORDER BY p.id DESC LIMIT 1
"""
STATE = """
    SELECT outgoing.state, outgoing.attempts, outgoing.trouble FROM relations_message message
      JOIN ground_outgoing outgoing ON outgoing.id = message.outgoing_id
     WHERE message.patient_id = %s ORDER BY message.id DESC LIMIT 1
"""


def ask(clinic, sql, *values):
    with psycopg.connect(clinic.database_url) as connection:
        return connection.execute(sql, values).fetchone()


def tell(clinic, sql, *values):
    with psycopg.connect(clinic.database_url) as connection:
        connection.execute(sql, values)


def until(clinic, state, patient):
    def stands():
        return ask(clinic, STATE, patient)

    waiting.until(lambda: (stands() or [None])[0] == state, shows=stands)


def book(desk, patient):
    """By keys alone: the visit, its first openings, what it is about, and the first of them."""
    desk.open(f"/schedule/book/?patient={patient}")
    desk.type("fo")
    desk.press("Enter")
    desk.page.locator(".offer:focus").wait_for()
    desk.in_order("booking-note")
    desk.press("n")
    desk.type("Cough since Sunday")
    desk.press("Tab")
    desk.page.locator(".offer:focus").wait_for()
    desk.press("Enter")
    desk.page.get_by_text("Cough since Sunday").wait_for()


def test_a_text_that_is_refused_is_work_until_somebody_has_seen_to_it(window, clinic):
    patient, family, phone = ask(clinic, PATIENT)
    tell(clinic, "UPDATE patients_phone SET number = '+16085550000' WHERE id = %s", phone)
    ana = window("ana")
    book(ana, patient)
    until(clinic, "failed", patient)

    ana.open("/")
    ana.page.locator("#messages-today li").filter(has_text=family).first.wait_for()
    ana.in_order("messages-today")
    ana.open("/messages/not-arrived/")
    ana.in_order("not-arrived")

    tell(clinic, "UPDATE patients_phone SET number = '+16085550142' WHERE id = %s", phone)
    line = ana.page.locator(".lines li").filter(has_text=family).first
    line.get_by_role("button", name="Send again").focus()
    ana.press("Enter")
    ana.page.get_by_text("On its way again.").first.wait_for()
    until(clinic, "sent", patient)
    ana.open(f"/messages/{patient}/timeline/?only=messages")
    ana.in_order("timeline-messages")
    told = ana.page.locator("main .lines").inner_text()
    assert [told.count(word) for word in ("On its way", "Not sent", "Handed to")] == [2, 1, 1]


def test_a_message_is_handled_otherwise_by_keys_and_the_reason_is_kept(window, clinic):
    patient, family, phone = ask(clinic, PATIENT)
    tell(clinic, "UPDATE patients_phone SET number = '+16085550000' WHERE id = %s", phone)
    visit = ask(clinic, "SELECT max(id) FROM scheduling_appointment WHERE status = 'booked'"
                        " AND patient_id = %s", patient)[0]  # fmt: skip
    ana = window("ana")
    ana.open(f"/schedule/appointments/{visit}/?for=appointment:{visit}")
    ana.press("x")
    ana.page.get_by_label("Note").wait_for()
    ana.page.locator("#dialog button.primary").focus()
    ana.press("Enter")
    ana.page.get_by_text("Cancelled. The time is free for others.").first.wait_for()
    until(clinic, "failed", patient)

    ana.open("/messages/not-arrived/")
    line = ana.page.locator(".lines li").filter(has_text=family).first
    line.get_by_role("button", name="Handled otherwise").focus()
    ana.press("Enter")
    ana.page.locator("#confirm[open]").wait_for()
    ana.type("Told on the phone")
    ana.press("Tab", "Tab", "Enter")
    ana.page.get_by_text("Kept. It is off the list.").first.wait_for()

    kept = ask(clinic, "SELECT handled_why FROM relations_message WHERE patient_id = %s"
                       " ORDER BY id DESC LIMIT 1", patient)  # fmt: skip
    assert kept == ("Told on the phone",)


def test_ctrl_k_leads_to_a_visit(window, clinic):
    family, visit = ask(
        clinic,
        "SELECT p.family, a.id FROM scheduling_appointment a"
        "  JOIN patients_patient p ON p.id = a.patient_id"
        " WHERE a.status = 'booked' AND a.starts_at > now() ORDER BY a.starts_at LIMIT 1",
    )
    ana = window("ana")
    ana.open("/")

    ana.press("Control+k")
    ana.type(family, pause=30)
    hit = ana.page.locator(f'#palette a[href*="/appointments/{visit}/"]')
    hit.wait_for()
    ana.page.screenshot(path="var/screenshots/palette-visits.png")
    assert ana.faults() == []


def test_a_visit_dropped_where_it_does_not_fit_is_offered_the_next_three(window, clinic):
    visit, day, other, place = ask(
        clinic,
        "SELECT a.id, a.local_day, b.clinician_id, b.location_id FROM scheduling_appointment a"
        "  JOIN scheduling_appointment b ON b.local_day = a.local_day"
        "   AND b.location_id = a.location_id AND b.clinician_id <> a.clinician_id"
        "   AND b.status = 'booked' AND b.lane = 0"
        "  JOIN facility_clinician_visit_types does ON does.clinician_id = b.clinician_id"
        "   AND does.visittype_id = a.visit_type_id"
        " WHERE a.status = 'booked' AND a.lane = 0 AND a.local_day > current_date + 1"
        " ORDER BY a.starts_at, a.id LIMIT 1",
    )
    # fmt: off
    at = ask(clinic, "SELECT to_char(local_time, 'HH24:MI') FROM scheduling_appointment"
                     " WHERE clinician_id = %s AND local_day = %s AND status = 'booked'"
                     " AND lane = 0 AND location_id = %s LIMIT 1", other, day, place)[0]
    # fmt: on
    ana = window("ana")
    ana.open(f"/schedule/?day={day}&place={place}&move={visit}&clinician={other}")
    form = ana.page.locator(".board-column form").filter(
        has=ana.page.locator(f'input[name="clinician"][value="{other}"]')
    )
    # Somebody took the time since the board was drawn: the button still says it is open.
    form.locator("button[name=at]").first.evaluate("(each, at) => { each.value = at; }", at)
    form.locator("button[name=at]").first.focus()
    ana.press("Enter")

    ana.page.get_by_role("heading", name="The visit does not fit there").wait_for()
    ana.page.locator("#dialog .offer:focus").wait_for()
    ana.page.screenshot(path="var/screenshots/does-not-fit.png")
    assert ana.faults() == []
    ana.press("2")
    ana.page.get_by_text("Moved to").first.wait_for()
    assert ask(clinic, "SELECT clinician_id FROM scheduling_appointment WHERE id = %s", visit) == (
        other,
    )


def test_an_extra_visit_that_does_not_fit_is_offered_the_next_three(window, clinic):
    kind, doctor, place, day, at = ask(
        clinic,
        "SELECT v.id, a.clinician_id, a.location_id, a.local_day, a.local_time"
        "  FROM scheduling_appointment a"
        "  JOIN facility_clinician_visit_types does ON does.clinician_id = a.clinician_id"
        "  JOIN facility_visittype v ON v.id = does.visittype_id"
        "   AND v.overbook_lanes = 1 AND v.room_kind = '' AND v.device_kind = ''"
        " WHERE a.status = 'booked' AND a.lane = 0"
        "   AND a.local_day BETWEEN current_date + 4 AND current_date + 18"
        " ORDER BY a.starts_at, a.id LIMIT 1",
    )
    free = (
        f"SELECT {first}(id) FROM patients_patient p WHERE NOT deceased AND NOT EXISTS ("  # noqa: S608 (min or max)
        f" SELECT FROM scheduling_appointment WHERE patient_id = p.id AND local_day = '{day}')"
        for first in ("min", "max")
    )
    ana = window("ana")
    for [patient] in (ask(clinic, question) for question in free):
        ana.open(
            f"/schedule/extra/?patient={patient}&clinician={doctor}&place={place}&day={day}"
            f"&at={at:%H:%M}&visit={kind}"
        )
        ana.page.get_by_label("Why it cannot wait").fill("Fever")
        ana.page.get_by_role("button", name="Book on top").focus()
        ana.press("Enter")
        ana.settle()

    ana.page.get_by_text("Nothing fits on top of that").wait_for()
    ana.in_order("extra-instead")
    assert ana.page.get_by_label("Why it cannot wait").input_value() == "Fever"
    ana.press("1")
    ana.page.get_by_text("Booked for").first.wait_for()
