from django.urls import path

from almoner.outreach.views import calls, campaigns, segments

urlpatterns = [
    path("", campaigns.outreach, name="outreach"),
    path("calls/", calls.outreach_calls, name="outreach_calls"),
    path("calls/take/", calls.outreach_take, name="outreach_take"),
    path("calls/back/", calls.outreach_give_back, name="outreach_give_back"),
    path("calls/<int:enrolment_id>/", calls.outreach_called, name="outreach_called"),
    path("segments/new/", segments.new_segment, name="new_segment"),
    path("segments/count/", segments.count_segment, name="count_segment"),
    path("segments/<int:segment_id>/", segments.segment, name="segment"),
    path("segments/<int:segment_id>/campaign/", campaigns.new_campaign, name="new_campaign"),
    path("<int:campaign_id>/", campaigns.campaign, name="campaign"),
    path("<int:campaign_id>/plan/", campaigns.plan_campaign, name="plan_campaign"),
    path("<int:campaign_id>/words/", campaigns.approve_words, name="approve_words"),
    path("<int:campaign_id>/start/", campaigns.start_campaign, name="start_campaign"),
    path("<int:campaign_id>/pause/", campaigns.pause_campaign, name="pause_campaign"),
    path("<int:campaign_id>/resume/", campaigns.resume_campaign, name="resume_campaign"),
    path("<int:campaign_id>/finish/", campaigns.finish_campaign, name="finish_campaign"),
]
