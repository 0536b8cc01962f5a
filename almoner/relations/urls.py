from django.urls import path

from almoner.relations import views

urlpatterns = [
    path("<int:patient_id>/timeline/", views.timeline, name="timeline"),
    path("not-arrived/", views.undelivered, name="undelivered"),
    path("<int:message_id>/again/", views.again, name="message_again"),
    path("<int:message_id>/handled/", views.handled, name="message_handled"),
]
