"""The form of a cover: addresses as an import would take them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles.fields import COVER_SIZES, is_address
from articles.models import Cover


class CoverForm(forms.ModelForm):
    class Meta:
        model = Cover
        fields = "__all__"  # noqa: DJ007 - the admin chooses

    def clean_urls(self) -> Any:
        """What is no mapping of texts is left to the model's own check."""
        urls = self.cleaned_data["urls"]
        if not isinstance(urls, dict) or not all(isinstance(url, str) for url in urls.values()):
            return urls
        for size, url in urls.items():
            if size not in COVER_SIZES:
                raise ValidationError(f"There is no size {size!r}; there are {', '.join(COVER_SIZES)}.")
            if url and not is_address(url):
                raise ValidationError(f"{size} must be an http or https address.")
        return {size: url for size, url in urls.items() if url}
