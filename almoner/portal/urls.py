"""Addresses that texts lead to, short, since they stand in a text; of accounts; and of the desk."""

from django.urls import path

from almoner.portal.views import (
    account,
    early,
    entering,
    forms,
    inviting,
    papers,
    paying,
    video,
    visit,
)

urlpatterns = [
    path("<str:token>/", visit.visit_link, name="visit_link"),
    path("<str:token>/visit/", visit.visit_page, name="visit_page"),
    path("<str:token>/coming/", visit.visit_confirm, name="visit_confirm"),
    path("<str:token>/times/", visit.visit_times, name="visit_times"),
    path("<str:token>/cancel/", visit.visit_cancel, name="visit_cancel"),
    path("<str:token>/check-in/", early.visit_check_in, name="visit_check_in"),
    path("<str:token>/check-in/say/", early.visit_say, name="visit_say"),
    path("<str:token>/check-in/card/", early.visit_card, name="visit_card"),
    path("<str:token>/here/", early.visit_here, name="visit_here"),
    path("<str:token>/video/", video.video_where_now, name="visit_video"),
    path("<str:token>/video/consent/", video.video_consent, name="visit_video_consent"),
    path("<str:token>/video/test/", video.video_test, name="visit_video_test"),
    path("<str:token>/video/tested/", video.video_tested, name="visit_video_tested"),
    path("<str:token>/video/enter/", video.video_enter, name="visit_video_enter"),
    path("<str:token>/form/", forms.visit_form, name="visit_form"),
    path("<str:token>/paper/", forms.visit_paper, name="visit_paper"),
    path("<str:token>/documents/", papers.visit_documents, name="visit_documents"),
    path("<str:token>/pay/", paying.visit_pay, name="visit_pay"),
]

my = [
    path("", account.my_home, name="my_home"),
    path("enter/", entering.my_enter, name="my_enter"),
    path("enter/passkey/<str:step>", entering.my_passkey, name="my_passkey"),
    path("join/", entering.my_join, name="my_join"),
    path("join/how/", entering.my_join_how, name="my_join_how"),
    path("join/picture", entering.my_join_picture, name="my_join_picture"),
    path("leave/", entering.my_leave, name="my_leave"),
    path("ways-in/", entering.my_ways_in, name="my_ways_in"),
    path("ways-in/passkey/<str:step>", entering.my_new_passkey, name="my_new_passkey"),
    path("for/", account.my_act_for, name="my_act_for"),
    path("visits/", account.my_visits, name="my_visits"),
    path("visits/<int:appointment_id>/", account.my_visit, name="my_visit"),
    path("bills/", account.my_bills, name="my_bills"),
    path("bills/<str:number>.pdf", account.my_bill_letter, name="my_bill_letter"),
    path("documents/", papers.my_documents, name="my_documents"),
    path("looks/", account.my_looks, name="my_looks"),
]

desk = [
    path("patients/<int:patient_id>/", inviting.portal_access, name="portal_access"),
    path(
        "patients/<int:patient_id>/codes/<int:invitation_id>/withdraw",
        inviting.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path(
        "patients/<int:patient_id>/acting/<int:acting_id>/end",
        inviting.end_acting,
        name="end_acting",
    ),
]
