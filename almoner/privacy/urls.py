from django.urls import path

from almoner.privacy import views

urlpatterns = [
    path("", views.looks, name="looks"),
    path("verify/", views.verify, name="verify_log"),
]
