from django.urls import path

from almoner.billing.views import charges, claims, denials, matching, remittances, statements

urlpatterns = [
    path("", claims.claims, name="claims"),
    path("send/", claims.send_ready, name="send_ready_claims"),
    path("<int:claim_id>/", claims.claim, name="claim"),
    path("<int:claim_id>/check/", claims.check_claim, name="check_claim"),
    path("<int:claim_id>/send/", claims.send_claim, name="send_claim"),
    path("<int:claim_id>/correct/", claims.correct_claim, name="correct_claim"),
    path("<int:claim_id>/stands/", claims.claim_stands, name="claim_stands"),
    path("<int:claim_id>/note/", claims.note_claim, name="note_claim"),
    path("<int:claim_id>/sent/<int:submission_id>/", claims.sent_file, name="sent_file"),
    path(
        "<int:claim_id>/sent/<int:submission_id>/again/",
        claims.send_again,
        name="send_claim_file_again",
    ),
    path("codes/", charges.find_codes, name="find_codes"),
    path("visits/", charges.uncharged, name="uncharged"),
    path("visits/<int:encounter_id>/", charges.charges, name="charges"),
    path("denials/", denials.denials, name="denials"),
    path("denials/<int:denial_id>/settle/", denials.settle_denial, name="settle_denial"),
    path("remittances/", remittances.remittances, name="remittances"),
    path("remittances/bring/", remittances.bring_remittance, name="bring_remittance"),
    path("remittances/<int:remittance_id>/", remittances.remittance, name="remittance"),
    path(
        "remittances/<int:remittance_id>/handled/",
        remittances.handle_refusal,
        name="handle_refusal",
    ),
    path("remittances/<int:remittance_id>/rest/", remittances.post_the_rest, name="post_the_rest"),
    path("remittances/<int:remittance_id>/payer/", remittances.name_payer, name="name_payer"),
    path("remittances/answers/", matching.unmatched, name="unmatched_answers"),
    path("remittances/answers/<int:remitted_id>/", matching.match, name="match_answer"),
    path(
        "remittances/answers/<int:remitted_id>/returned/",
        matching.return_to_payer,
        name="return_to_payer",
    ),
    path("statements/of/<int:patient_id>/", statements.issue_statement, name="issue_statement"),
    path("statements/<int:statement_id>/", statements.statement, name="statement"),
    path("statements/<int:statement_id>.pdf", statements.statement_pdf, name="statement_pdf"),
]
