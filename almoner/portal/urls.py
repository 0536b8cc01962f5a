"""Addresses that texts lead to, short, since they stand in a text; of accounts; and of the desk."""

from django.urls import path

from almoner.portal.views import (
    account,
    bills,
    booking,
    early,
    entering,
    errands,
    forms,
    inviting,
    kiosk,
    kiosks,
    messages,
    papers,
    paying,
    proving,
    results,
    sending,
    shared,
    sharing,
    sooner,
    surveys,
    video,
    visit,
)

urlpatterns = [
    path("<str:token>/", visit.visit_link, name="visit_link"),
    path("<str:token>/visit/", visit.visit_page, name="visit_page"),
    path("<str:token>/coming/", visit.visit_confirm, name="visit_confirm"),
    path("<str:token>/times/", visit.visit_times, name="visit_times"),
    path("<str:token>/cancel/", visit.visit_cancel, name="visit_cancel"),
    path("<str:token>/sooner/", sooner.visit_sooner, name="visit_sooner"),
    path("<str:token>/check-in/", early.visit_check_in, name="visit_check_in"),
    path("<str:token>/check-in/say/", early.visit_say, name="visit_say"),
    path("<str:token>/check-in/card/", early.visit_card, name="visit_card"),
    path("<str:token>/here/", early.visit_here, name="visit_here"),
    path("<str:token>/arrive/", kiosk.visit_arrive, name="visit_arrive"),
    path("<str:token>/video/", video.video_where_now, name="visit_video"),
    path("<str:token>/video/consent/", video.video_consent, name="visit_video_consent"),
    path("<str:token>/video/test/", video.video_test, name="visit_video_test"),
    path("<str:token>/video/tested/", video.video_tested, name="visit_video_tested"),
    path("<str:token>/video/enter/", video.video_enter, name="visit_video_enter"),
    path("<str:token>/form/", forms.visit_form, name="visit_form"),
    path("<str:token>/paper/", forms.visit_paper, name="visit_paper"),
    path("<str:token>/documents/", papers.visit_documents, name="visit_documents"),
    path("<str:token>/pay/", paying.visit_pay, name="visit_pay"),
    path("<str:token>/may-ask/", surveys.visit_may_ask, name="visit_may_ask"),
    path("<str:token>/survey/", surveys.survey_link, name="survey_link"),
    path("<str:token>/survey/sheet/", surveys.survey_sheet, name="survey_sheet"),
    path("<str:token>/survey/finish/", surveys.survey_finish, name="survey_finish"),
    path("<str:token>/survey/no-more/", surveys.survey_no_more, name="survey_no_more"),
]

my = [
    path("", account.my_home, name="my_home"),
    path("enter/", entering.my_enter, name="my_enter"),
    path("enter/passkey/<str:step>", entering.my_passkey, name="my_passkey"),
    path("join/", entering.my_join, name="my_join"),
    path("join/how/", entering.my_join_how, name="my_join_how"),
    path("join/picture", entering.my_join_picture, name="my_join_picture"),
    path("leave/", entering.my_leave, name="my_leave"),
    path("ways-in/", proving.my_ways_in, name="my_ways_in"),
    path("ways-in/passkey/<str:step>", entering.my_new_passkey, name="my_new_passkey"),
    path("ways-in/codes/", proving.my_codes, name="my_codes"),
    path("ways-in/prove/", proving.my_prove, name="my_prove"),
    path("ways-in/prove/<str:step>", proving.my_prove_passkey, name="my_prove_passkey"),
    path("for/", account.my_act_for, name="my_act_for"),
    path("visits/", account.my_visits, name="my_visits"),
    path("visits/<int:appointment_id>/", account.my_visit, name="my_visit"),
    path("bills/", bills.my_bills, name="my_bills"),
    path("bills/<str:number>.pdf", bills.my_bill_letter, name="my_bill_letter"),
    path("bills/<str:number>/", bills.my_bill, name="my_bill"),
    path("receipts/<int:payment_id>.pdf", bills.my_receipt, name="my_receipt"),
    path("documents/", papers.my_documents, name="my_documents"),
    path("documents/<int:signature_id>.pdf", bills.my_document, name="my_document"),
    path("messages/", messages.my_messages, name="my_messages"),
    path("messages/new/", messages.my_new_message, name="my_new_message"),
    path("messages/draft", messages.my_draft, name="my_draft"),
    path("messages/<int:thread_id>/", messages.my_thread, name="my_thread"),
    path("results/", results.my_results, name="my_results"),
    path("results/told/", results.my_result_wish, name="my_result_wish"),
    path("results/<int:result_id>.paper", results.my_result_paper, name="my_result_paper"),
    path("results/<int:result_id>/", results.my_result, name="my_result"),
    path("share/", sharing.my_share, name="my_share"),
    path("share/<int:share_id>/end", sharing.my_share_end, name="my_share_end"),
    path("looks/", account.my_looks, name="my_looks"),
    path("book/", booking.my_book, name="my_book"),
]

errand = [
    path("<str:token>/", errands.errand_link, name="errand"),
    path("<str:token>/place/", errands.errand_place, name="errand_place"),
    path("<str:token>/place/take/", errands.errand_take, name="errand_take"),
    path("<str:token>/place/no/", errands.errand_decline, name="errand_decline"),
    path("<str:token>/place/leave/", errands.errand_leave, name="errand_leave"),
    path("<str:token>/place/visit/", errands.errand_visit, name="errand_visit"),
    path("<str:token>/book/", booking.book_kinds, name="book_kinds"),
    path("<str:token>/book/<int:kind_id>/", booking.book_times, name="book_times"),
    path("<str:token>/book/<int:kind_id>/wait/", booking.book_wait, name="book_wait"),
    path(
        "<str:token>/book/<int:kind_id>/wait-no-more/",
        booking.book_wait_no_more,
        name="book_wait_no_more",
    ),
]

for_guests = [
    path("", shared.shared_enter, name="shared_enter"),
    path("record/", shared.shared_record, name="shared_record"),
    path("papers/<int:signature_id>.pdf", shared.shared_document, name="shared_document"),
    path("results/<int:result_id>/", results.shared_result, name="shared_result"),
    path("results/<int:result_id>.paper", results.shared_result_paper, name="shared_result_paper"),
    path("leave/", shared.shared_leave, name="shared_leave"),
]

desk = [
    path("patients/<int:patient_id>/", inviting.portal_access, name="portal_access"),
    path("patients/<int:patient_id>/book/", sending.send_to_book, name="send_to_book"),
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

stands = [
    path("", kiosk.kiosk, name="kiosk"),
    path("new/", kiosk.kiosk_enrol, name="kiosk_enrol"),
    path("who/", kiosk.kiosk_who, name="kiosk_who"),
    path("kept/", kiosk.kiosk_kept, name="kiosk_kept"),
    path("told/", kiosk.kiosk_told, name="kiosk_told"),
    path("leave/", kiosk.kiosk_leave, name="kiosk_leave"),
    path("pulse/", kiosk.kiosk_pulse, name="kiosk_pulse"),
    path("worker.js", kiosk.kiosk_worker, name="kiosk_worker"),
]

kiosks_desk = [
    path("", kiosks.kiosks, name="kiosks"),
    path("<int:kiosk_id>/code/", kiosks.kiosk_code, name="kiosk_code"),
    path("<int:kiosk_id>/end/", kiosks.end_kiosk, name="end_kiosk"),
]
