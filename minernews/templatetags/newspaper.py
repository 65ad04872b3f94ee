"""How values are printed on the pages: money, shares of a hundred, moods, covers."""

from decimal import ROUND_HALF_UP, Decimal

from django import template

from articles.covers import CoverImages, cover_images
from articles.models import Article

register = template.Library()

_SIGNS = {"USD": "$", "CAD": "C$", "AUD": "A$", "HKD": "HK$", "GBP": "£", "EUR": "€"}


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """$18, $10.50, C$7.25, 120p; "—" for what is not known."""
    if amount is None:
        return "—"
    cents = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"{cents:,.0f}" if cents == cents.to_integral_value() else f"{cents:,.2f}"
    return f"{text}p" if currency == "GBX" else f"{_SIGNS.get(currency, currency + ' ')}{text}"


@register.filter
def signed_percent(fraction: Decimal | None) -> str:
    """+28 %, −27.8 %; "—" for what is not known."""
    if fraction is None:
        return "—"
    percent = (fraction * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    text = f"{abs(percent):,.0f}" if percent == percent.to_integral_value() else f"{abs(percent):,.1f}"
    sign = "+" if percent > 0 else "−" if percent < 0 else "±"
    return f"{sign}{text} %"


@register.filter
def images(article: Article) -> CoverImages:
    return cover_images(article)
