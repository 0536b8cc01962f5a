from django.apps import AppConfig


class Scheduling(AppConfig):
    name = "almoner.scheduling"
