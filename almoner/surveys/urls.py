from django.urls import path

from almoner.surveys.views import answers, designing

urlpatterns = [
    path("", designing.survey_list, name="survey_list"),
    path("new/", designing.new_survey, name="new_survey"),
    path("<int:questionnaire_id>/", designing.survey_design, name="survey_design"),
    path("<int:questionnaire_id>/draft/", designing.draft_survey, name="draft_survey"),
    path("<int:questionnaire_id>/publish/", designing.publish_survey, name="publish_survey"),
    path("<int:questionnaire_id>/rules/", designing.add_survey_rule, name="add_survey_rule"),
    path("rules/<int:rule_id>/end/", designing.end_survey_rule, name="end_survey_rule"),
    path("figures/", answers.survey_figures, name="survey_figures"),
    path("answers/", answers.survey_answers, name="survey_answers"),
    path("answers/<int:survey_id>/", answers.survey, name="survey"),
    path("patients/<int:patient_id>/", answers.survey_consent, name="survey_consent"),
]
