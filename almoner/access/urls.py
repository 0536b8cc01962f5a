from allauth.account import views as account
from django.urls import path

from almoner.access import views

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("lock/", views.lock, name="lock"),
    path("unlock/", views.unlock, name="unlock"),
    path("palette/", views.palette, name="palette"),
    path("prefer/", views.prefer, name="prefer"),
]
