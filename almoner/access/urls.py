from allauth.account import views as account
from django.urls import path

from almoner.access.views import doors, officers, passwords

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", doors.sign_out, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("lock/", doors.lock, name="lock"),
    path("unlock/", doors.unlock, name="unlock"),
    path("unsent/", doors.unsent, name="unsent"),
    path("password/", passwords.change_password, name="change_password"),
    path("palette/", doors.palette, name="palette"),
    path("prefer/", doors.prefer, name="prefer"),
]

staff = [
    path("", officers.officers, name="officers"),
    path("add/", officers.add_officer, name="add_officer"),
    path("<int:officer_id>/", officers.officer, name="officer"),
    path("<int:officer_id>/password/", officers.give_password, name="give_password"),
    path("<int:officer_id>/unlock/", officers.unlock_officer, name="unlock_officer"),
    path("<int:officer_id>/end/", officers.end_officer, name="end_officer"),
]
"""The administrators' pages."""
