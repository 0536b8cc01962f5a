from django.urls import path

from almoner.relations.views import heard, talk, told

urlpatterns = [
    path("<int:patient_id>/timeline/", told.timeline, name="timeline"),
    path("not-arrived/", told.undelivered, name="undelivered"),
    path("received/", heard.text_received, name="text_received"),
    path("delivery/<int:outgoing_id>/", heard.text_delivery, name="text_delivery"),
    path("mail/", heard.mail_received, name="mail_received"),
    path("conversations/", talk.conversations, name="conversations"),
    path("<int:patient_id>/conversation/", talk.conversation_with, name="conversation_with"),
    path("from/<int:conversation_id>/", talk.conversation_from, name="conversation_from"),
    path("<int:patient_id>/call/", talk.call_with, name="call_with"),
    path("from/<int:conversation_id>/call/", talk.call_from, name="call_from"),
    path("measure/", talk.measure, name="measure_words"),
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
