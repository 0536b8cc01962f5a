from django.urls import path

from almoner.patients.views import (
    changing,
    confidential,
    finding,
    pairs,
    photo,
    record,
    registering,
)

urlpatterns = [
    path("find/", finding.find, name="find_patient"),
    path("new/", registering.register, name="register_patient"),
    path("new/alike/", registering.alike, name="alike_patients"),
    path("new/rows/<slug:part>/", registering.rows, name="patient_rows"),
    path("new/typed/", registering.register_typed, name="register_typed"),
    path("duplicates/", pairs.duplicates, name="duplicates"),
    path("duplicates/<int:pair_id>/", pairs.settle_pair, name="settle_pair"),
    path("<int:patient_id>/", record.patient, name="patient"),
    path("<int:patient_id>/summary/", record.summary, name="patient_summary"),
    path("<int:patient_id>/open/", record.open_record, name="open_patient"),
    path("<int:patient_id>/panels/<slug:name>/", record.panel, name="patient_panel"),
    path("<int:patient_id>/change/", changing.change, name="change_patient"),
    path(
        "<int:patient_id>/contact/", confidential.confidential_contact, name="confidential_contact"
    ),
    path(
        "<int:patient_id>/contact/<int:asked_id>/end/",
        confidential.end_confidential,
        name="end_confidential",
    ),
    path("<int:patient_id>/history/", record.history, name="patient_history"),
    path("<int:patient_id>/photo/", photo.photo, name="patient_photo"),
    path("<int:patient_id>/photo/change/", photo.change_photo, name="change_photo"),
    path("<int:patient_id>/photo/remove/", photo.remove_photo, name="remove_photo"),
    path("<int:patient_id>/review/", record.review, name="review_patient"),
    path("<int:patient_id>/not-the-same/<int:other_id>/", pairs.not_the_same, name="not_the_same"),
    path("<int:patient_id>/same/<int:other_id>/", pairs.same_person, name="same_person"),
    path("<int:patient_id>/undecide/<int:other_id>/", pairs.undecide, name="undecide"),
]
