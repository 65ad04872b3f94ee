"""What the front page of the editors' desk says."""

from django import template

from articles.models import Article

register = template.Library()


@register.simple_tag
def articles_in_conflict() -> int:
    return Article.objects.filter(in_conflict=True).count()
