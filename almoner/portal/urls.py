"""Addresses that texts lead to: short, since they stand in a text."""

from django.urls import path

from almoner.portal.views import forms, visit

urlpatterns = [
    path("<str:token>/", visit.visit_link, name="visit_link"),
    path("<str:token>/visit/", visit.visit_page, name="visit_page"),
    path("<str:token>/coming/", visit.visit_confirm, name="visit_confirm"),
    path("<str:token>/times/", visit.visit_times, name="visit_times"),
    path("<str:token>/cancel/", visit.visit_cancel, name="visit_cancel"),
    path("<str:token>/form/", forms.visit_form, name="visit_form"),
    path("<str:token>/paper/", forms.visit_paper, name="visit_paper"),
]
