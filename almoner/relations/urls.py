from django.urls import path

from almoner.relations import views

urlpatterns = [path("<int:patient_id>/timeline/", views.timeline, name="timeline")]
