from django.urls import path

from almoner.arrivals.views import ahead, flow, walk_in

urlpatterns = [
    path("", flow.board, name="board"),
    path("visits/<int:appointment_id>/arrive/", flow.arrive, name="arrive"),
    path("visits/<int:appointment_id>/check-in/", flow.check_in, name="check_in"),
    path("visits/<int:appointment_id>/begin/", flow.begin_check_in, name="begin_check_in"),
    path("visits/<int:appointment_id>/who/", flow.identify, name="identify"),
    path("visits/<int:appointment_id>/said/", ahead.settle_said, name="settle_said"),
    path("cards/<int:photo_id>/", ahead.card_taken, name="card_taken"),
    path("encounters/<int:encounter_id>/move/", flow.move, name="move_encounter"),
    path("steps/<int:movement_id>/take-back/", flow.take_back, name="take_back"),
    path("walk-in/", walk_in.walk_in, name="walk_in"),
    path("walk-in/who/", walk_in.walk_in_who, name="walk_in_who"),
]
