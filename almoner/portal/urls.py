"""Addresses that texts lead to: short, since they stand in a text."""

from django.urls import path

from almoner.portal.views import early, paying, visit

urlpatterns = [
    path("<str:token>/", visit.visit_link, name="visit_link"),
    path("<str:token>/visit/", visit.visit_page, name="visit_page"),
    path("<str:token>/coming/", visit.visit_confirm, name="visit_confirm"),
    path("<str:token>/times/", visit.visit_times, name="visit_times"),
    path("<str:token>/cancel/", visit.visit_cancel, name="visit_cancel"),
    path("<str:token>/check-in/", early.visit_check_in, name="visit_check_in"),
    path("<str:token>/check-in/say/", early.visit_say, name="visit_say"),
    path("<str:token>/check-in/card/", early.visit_card, name="visit_card"),
    path("<str:token>/here/", early.visit_here, name="visit_here"),
    path("<str:token>/pay/", paying.visit_pay, name="visit_pay"),
]
