"""The board of visits by video below ``/video/``, the places in a call below ``/call/``."""

from django.urls import path

from almoner.telehealth.views import call, desk, gateway, handing, ringing

board = [
    path("", desk.video_board, name="video_board"),
    path("<int:appointment_id>/", desk.video_visit, name="video_visit"),
    path("<int:appointment_id>/admit/", desk.video_admit, name="video_admit"),
    path("<int:appointment_id>/back/", desk.video_back, name="video_back"),
    path("<int:appointment_id>/end/", desk.video_end, name="video_end"),
    path("<int:appointment_id>/end/back/", desk.video_end_back, name="video_end_back"),
    path("<int:appointment_id>/lock/", desk.video_lock, name="video_lock"),
    path("<int:appointment_id>/remove/", desk.video_remove, name="video_remove"),
    path("<int:appointment_id>/who/", desk.video_identify, name="video_identify"),
    path("<int:appointment_id>/tell/", desk.video_tell, name="video_tell"),
    path("<int:appointment_id>/where/", desk.video_where, name="video_where"),
    path("<int:appointment_id>/consent/", desk.video_agree, name="video_agree"),
    path("<int:appointment_id>/ring/", ringing.video_ring, name="video_ring"),
    path("<int:appointment_id>/rung/", ringing.video_rung, name="video_rung"),
    path("<int:appointment_id>/phone/", desk.video_phone, name="video_phone"),
    path("<int:appointment_id>/phone/back/", desk.video_phone_back, name="video_phone_back"),
    path("<int:appointment_id>/invite/", desk.video_invite, name="video_invite"),
]
calls = [
    path("invited/<str:token>/", call.invitation, name="call_invitation"),
    path("<int:participant_id>/", call.call, name="call"),
    path("<int:participant_id>/signal/", call.call_signal, name="call_signal"),
    path("<int:participant_id>/gateway/", gateway.call_gateway, name="call_gateway"),
    path("<int:participant_id>/relay/", call.call_relay, name="call_relay"),
    path("<int:participant_id>/chat/", call.call_chat, name="call_chat"),
    path("<int:participant_id>/note/", call.call_note, name="call_note"),
    path("<int:participant_id>/quality/", call.call_quality, name="call_quality"),
    path("<int:participant_id>/phone/", call.call_phone, name="call_phone"),
    path("<int:participant_id>/phone/why/", call.call_phone_why, name="call_phone_why"),
    path("<int:participant_id>/phone/back/", call.call_phone_back, name="call_phone_back"),
    path("<int:participant_id>/picture/ask/", handing.call_picture_ask, name="call_picture_ask"),
    path(
        "<int:participant_id>/picture/answer/",
        handing.call_picture_answer,
        name="call_picture_answer",
    ),
    path("<int:participant_id>/picture/keep/", handing.call_picture_keep, name="call_picture_keep"),
    path("<int:participant_id>/file/", handing.call_file, name="call_file"),
    path("<int:participant_id>/leave/", call.call_leave, name="call_leave"),
]
