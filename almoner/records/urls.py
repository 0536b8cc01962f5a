from django.urls import path

from almoner.records.views import documents, filling

urlpatterns = [
    path("patients/<int:patient_id>/", documents.patient_forms, name="patient_forms"),
    path("patients/<int:patient_id>/<int:form_id>/", filling.fill_form, name="fill_form"),
    path(
        "patients/<int:patient_id>/<int:form_id>/decline/",
        filling.decline_form,
        name="decline_form",
    ),
    path(
        "patients/<int:patient_id>/<int:form_id>/paper/",
        filling.form_on_paper,
        name="form_on_paper",
    ),
    path(
        "patients/<int:patient_id>/paper-only/", documents.withdraw_consent, name="withdraw_consent"
    ),
    path("signed/<int:signature_id>/", documents.signed_form, name="signed_form"),
    path("signed/<int:signature_id>/paper/", documents.signed_form_pdf, name="signed_form_pdf"),
    path("scans/<int:upload_id>/", documents.uploaded, name="uploaded"),
    path("proposals/<int:proposal_id>/accept/", documents.accept_proposal, name="accept_proposal"),
    path("proposals/<int:proposal_id>/refuse/", documents.refuse_proposal, name="refuse_proposal"),
]
