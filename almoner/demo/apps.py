from django.apps import AppConfig


class Demo(AppConfig):
    name = "almoner.demo"
