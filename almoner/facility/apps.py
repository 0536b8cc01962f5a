from django.apps import AppConfig


class Facility(AppConfig):
    name = "almoner.facility"
