from django.urls import path

from companies import views

urlpatterns = [
    path("companies/", views.company_list, name="companies"),
    path("companies/<slug:slug>/", views.company_detail, name="company"),
    path("targets/", views.targets, name="targets"),
    path("methodology/", views.methodology_page, name="methodology"),
]
