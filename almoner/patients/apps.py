from django.apps import AppConfig


class Patients(AppConfig):
    name = "almoner.patients"
