"""Addresses that texts lead to: short, since they stand in a text."""

from django.urls import path

from almoner.portal.views import video, visit

urlpatterns = [
    path("<str:token>/", visit.visit_link, name="visit_link"),
    path("<str:token>/visit/", visit.visit_page, name="visit_page"),
    path("<str:token>/coming/", visit.visit_confirm, name="visit_confirm"),
    path("<str:token>/times/", visit.visit_times, name="visit_times"),
    path("<str:token>/cancel/", visit.visit_cancel, name="visit_cancel"),
    path("<str:token>/video/", video.video_where_now, name="visit_video"),
    path("<str:token>/video/consent/", video.video_consent, name="visit_video_consent"),
    path("<str:token>/video/test/", video.video_test, name="visit_video_test"),
    path("<str:token>/video/tested/", video.video_tested, name="visit_video_tested"),
    path("<str:token>/video/enter/", video.video_enter, name="visit_video_enter"),
]
