from django.urls import path, re_path

from articles import views

urlpatterns = [
    path("articles/", views.archive, name="archive"),
    path("articles/<int:year>/<int:month>/", views.month, name="month"),
    path("articles/<slug:slug>/", views.article_detail, name="article"),
    path("category/<slug:slug>/", views.category, name="category"),
    # Tags that an editor types get Unicode slugs from taggit; the importer's are ASCII.
    re_path(r"^tags/(?P<slug>[-\w]+)/$", views.tag, name="tag"),
    re_path(r"^sentiment/(?P<mood>positive|negative|neutral)/$", views.sentiment, name="sentiment"),
    path("sources/<slug:key>/", views.source, name="source"),
]
