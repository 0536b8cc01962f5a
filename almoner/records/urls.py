from django.urls import path

from almoner.records.views import designing, documents, filling, nobodys, papers, results

urlpatterns = [
    path("", designing.form_list, name="form_list"),
    path("new/", designing.new_form, name="new_form"),
    path("shipped/", designing.ship_forms, name="ship_forms"),
    path("<int:form_id>/", designing.form_design, name="form_design"),
    path("<int:form_id>/preview/", designing.form_preview, name="form_preview"),
    path("<int:form_id>/draft/", designing.draft_form, name="draft_form"),
    path("<int:form_id>/discard/", designing.discard_draft, name="discard_draft"),
    path("<int:form_id>/publish/", designing.publish_form, name="publish_form"),
    path("<int:form_id>/used/", designing.form_used, name="form_used"),
    path("<int:form_id>/title/", designing.retitle_form, name="retitle_form"),
    path("<int:form_id>/items/", designing.add_item, name="add_item"),
    path("<int:form_id>/items/<str:link_id>/", designing.form_item, name="form_item"),
    path("<int:form_id>/items/<str:link_id>/move/", designing.move_item, name="move_item"),
    path("<int:form_id>/items/<str:link_id>/remove/", designing.remove_item, name="remove_item"),
    path("<int:form_id>/rules/", designing.add_rule, name="add_form_rule"),
    path("rules/<int:rule_id>/end/", designing.end_rule, name="end_form_rule"),
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
    path(
        "signed/<int:signature_id>/response/", documents.signed_form_fhir, name="signed_form_fhir"
    ),
    path("documents/", papers.documents_to_see, name="documents_to_see"),
    path(
        "patients/<int:patient_id>/documents/", papers.patient_documents, name="patient_documents"
    ),
    path("documents/<int:document_id>/", papers.document, name="document"),
    path("documents/<int:document_id>/file/", papers.file_document, name="file_document"),
    path("documents/<int:document_id>/refuse/", papers.refuse_document, name="refuse_document"),
    path(
        "documents/<int:document_id>/withhold/", papers.withhold_document, name="withhold_document"
    ),
    path("documents/<int:document_id>/show/", papers.show_document, name="show_document"),
    path("documents/<int:document_id>/content/", papers.document_content, name="document_content"),
    path("results/", results.results_to_review, name="results_to_review"),
    path("results/nobody/", nobodys.results_of_nobody, name="results_of_nobody"),
    path("results/nobody/<int:nobodys_id>/", nobodys.result_of_nobody, name="result_of_nobody"),
    path("results/nobody/<int:nobodys_id>/give/", nobodys.give_result, name="give_result"),
    path("results/nobody/<int:nobodys_id>/refuse/", nobodys.refuse_result, name="refuse_result"),
    path("results/<int:result_id>/", results.result, name="result"),
    path("results/<int:result_id>/review/", results.review_result, name="review_result"),
    path("results/<int:result_id>/away/", results.take_result_away, name="take_result_away"),
    path("results/<int:result_id>/paper/", results.result_paper, name="result_paper"),
    path("patients/<int:patient_id>/results/", results.patient_results, name="patient_results"),
    path("patients/<int:patient_id>/results/file/", results.file_result, name="file_result"),
    path("scans/<int:upload_id>/", documents.uploaded, name="uploaded"),
    path("proposals/<int:proposal_id>/accept/", documents.accept_proposal, name="accept_proposal"),
    path("proposals/<int:proposal_id>/refuse/", documents.refuse_proposal, name="refuse_proposal"),
]
