from django.apps import AppConfig


class MinernewsConfig(AppConfig):
    name = "minernews"

    def ready(self) -> None:
        from minernews import checks  # noqa: F401
