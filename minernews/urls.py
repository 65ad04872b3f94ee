"""Every address of the site. Public pages exist once a language: English without a prefix, /uk/… in Ukrainian."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.static import serve

from articles.views import drawn_cover
from minernews import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("covers/<int:pk>-<slug:digest>-<int:width>.webp", drawn_cover, name="drawn_cover"),
    path("media/covers/<path:path>", serve, {"document_root": settings.MEDIA_ROOT / "covers"}, name="local_cover"),
]
urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("", include("articles.urls")),
    path("", include("companies.urls")),
    prefix_default_language=False,
)

handler404 = "minernews.views.not_found"
handler500 = "minernews.views.server_error"
