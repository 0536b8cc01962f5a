from django.urls import path

from almoner.scheduling.views import boards, booking, extra, visits, waitlist

urlpatterns = [
    path("", boards.day_board, name="day_board"),
    path("week/<int:clinician_id>/", boards.week, name="week"),
    path("book/", booking.booking, name="book"),
    path("book/openings/", booking.found, name="openings"),
    path("book/who/", booking.who, name="book_who"),
    path("book/take/", booking.book, name="take_opening"),
    path("extra/", extra.extra_visit, name="extra_visit"),
    path("appointments/<int:appointment_id>/", visits.appointment, name="appointment"),
    path("appointments/<int:appointment_id>/move/", boards.drop, name="drop_appointment"),
    path("appointments/<int:appointment_id>/cancel/", visits.cancel, name="cancel_appointment"),
    path("appointments/<int:appointment_id>/no-show/", visits.no_show, name="no_show"),
    path("appointments/<int:appointment_id>/undo/", visits.undo, name="undo_appointment"),
]

waits = [
    path("", waitlist.waiting, name="waitlist"),
    path("add/", waitlist.wait_for, name="wait_for"),
    path("<int:entry_id>/", waitlist.wait_entry, name="wait_entry"),
    path("<int:entry_id>/offer/", waitlist.offer_place, name="offer_place"),
    path("<int:entry_id>/remove/", waitlist.stop_waiting, name="stop_waiting"),
    path("offers/<int:offer_id>/take/", waitlist.take_offer, name="take_offer"),
    path("offers/<int:offer_id>/no/", waitlist.refuse_offer, name="refuse_offer"),
]
