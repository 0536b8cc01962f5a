from django.urls import path

from almoner.arrivals import views

urlpatterns = [
    path("", views.board, name="board"),
    path("visits/<int:appointment_id>/arrive/", views.arrive, name="arrive"),
    path("visits/<int:appointment_id>/check-in/", views.check_in, name="check_in"),
    path("encounters/<int:encounter_id>/move/", views.move, name="move_encounter"),
    path("steps/<int:movement_id>/take-back/", views.take_back, name="take_back"),
]
