from django.urls import path

from almoner.coverage.views import eligibility, policies

urlpatterns = [
    path("", eligibility.work, name="coverage_work"),
    path("patients/<int:patient_id>/", policies.coverage, name="patient_coverage"),
    path("patients/<int:patient_id>/panel", eligibility.panel, name="coverage_panel"),
    path("patients/<int:patient_id>/add", policies.add_policy, name="add_policy"),
    path("policies/<int:policy_id>/change", policies.change_policy, name="change_policy"),
    path("policies/<int:policy_id>/end", policies.end_policy, name="end_policy"),
    path("policies/<int:policy_id>/first", policies.put_first, name="put_policy_first"),
    path("policies/<int:policy_id>/retire", policies.retire_policy, name="retire_policy"),
    path("policies/<int:policy_id>/ask", eligibility.ask, name="ask_payer"),
    path("policies/<int:policy_id>/cards/<str:side>", policies.card, name="card"),
    path("policies/<int:policy_id>/cards/<str:side>/keep", policies.keep_card, name="keep_card"),
    path("checks/<int:check_id>", eligibility.check, name="eligibility_check"),
]
