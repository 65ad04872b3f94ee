"""The editing form of an article. What an editor did not touch is saved exactly as it was."""

from __future__ import annotations

from typing import Any

from django import forms

from articles.models import Article


class ArticleForm(forms.ModelForm):
    """A browser sends text with other line ends and times without their milliseconds.

    Saved as they come, they would look like an editor's changes, and the next import would find conflicts everywhere.
    """

    class Meta:
        model = Article
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose
        widgets = {
            "title": forms.TextInput(attrs={"class": "vLargeTextField", "size": 100}),
            "slug": forms.TextInput(attrs={"class": "vLargeTextField", "size": 100}),
            "description": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 3}),
            "body": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 30}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk is None:
            return cleaned
        for name in ("title", "description", "body"):
            stored = getattr(self.instance, name)
            if name in cleaned and _same_text(cleaned[name], stored):
                cleaned[name] = stored
        for name in ("published_at", "updated_at", "publish_at", "ai_expanded_at", "reviewed_at"):
            if name in cleaned and name not in self.changed_data:
                cleaned[name] = getattr(self.instance, name)
        return cleaned


def _same_text(sent: str, stored: str) -> bool:
    return sent.replace("\r\n", "\n").strip() == stored.replace("\r\n", "\n").strip()
