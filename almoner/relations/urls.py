from django.urls import path

from almoner.relations.views import heard, told

urlpatterns = [
    path("<int:patient_id>/timeline/", told.timeline, name="timeline"),
    path("not-arrived/", told.undelivered, name="undelivered"),
    path("received/", heard.text_received, name="text_received"),
    path("delivery/<int:outgoing_id>/", heard.text_delivery, name="text_delivery"),
    path("received-texts/", heard.texts_in, name="texts_in"),
    path(
        "received-texts/<int:received_id>/is/<int:patient_id>/",
        heard.text_is_from,
        name="text_is_from",
    ),
    path("received-texts/<int:received_id>/no-more/", heard.text_no_more, name="text_no_more"),
    path("received-texts/<int:received_id>/seen-to/", heard.text_seen_to, name="text_seen_to"),
    path("<int:message_id>/again/", told.again, name="message_again"),
    path("<int:message_id>/handled/", told.handled, name="message_handled"),
]
