from django.urls import path

from almoner.patients.views import finding, record, registering

urlpatterns = [
    path("find/", finding.find, name="find_patient"),
    path("new/", registering.register, name="register_patient"),
    path("new/alike/", registering.alike, name="alike_patients"),
    path("<int:patient_id>/", record.patient, name="patient"),
    path("<int:patient_id>/open/", record.open_record, name="open_patient"),
    path("<int:patient_id>/panels/<slug:name>/", record.panel, name="patient_panel"),
    path("<int:patient_id>/change/", registering.change, name="change_patient"),
    path("<int:patient_id>/history/", record.history, name="patient_history"),
    path("<int:patient_id>/photo/", record.photo, name="patient_photo"),
    path("<int:patient_id>/review/", record.review, name="review_patient"),
    path("<int:patient_id>/not-the-same/<int:other_id>/", record.not_the_same, name="not_the_same"),
]
