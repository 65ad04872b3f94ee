"""The editing form of an article. What an editor did not touch is saved exactly as it was."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.http import QueryDict

from articles.editing import bring_up_to_date, latest_revision, meanwhile
from articles.models import Article, FormerSlug

TEXTS = ("title", "description", "body")
TIMES = ("published_at", "updated_at", "publish_at", "ai_expanded_at", "reviewed_at")


class ArticleForm(forms.ModelForm):
    """A browser sends text with other line ends and times without their milliseconds.

    Saved as they come, they would look like an editor's changes, and the next import would find conflicts everywhere.
    """

    # The revision that the form was opened at.
    opened_at = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose
        widgets = {
            "title": forms.TextInput(attrs={"class": "vLargeTextField", "size": 100}),
            "slug": forms.TextInput(attrs={"class": "vLargeTextField", "size": 100}),
            "description": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 3}),
            "body": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 30}),
        }
        help_texts = {
            "slug": "The address of the page. When it changes, whoever comes to the old address is led to the new one.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_at"].initial = latest_revision(self.instance)
        for name in ("description", "body"):
            # The last line end of a text is part of it; a form would take it off.
            if name in self.fields:
                self.fields[name].strip = False  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._refuse_the_address_of_another(cleaned)
        for name in TEXTS:
            if name in cleaned:
                cleaned[name] = _as_stored(cleaned[name], getattr(self.instance, name))
        if self.instance.pk is None:
            return cleaned
        for name in TIMES:
            if name in cleaned and name not in self.changed_data:
                cleaned[name] = getattr(self.instance, name)
        self._merge_what_happened_meanwhile(cleaned)
        return cleaned

    def _merge_what_happened_meanwhile(self, cleaned: dict[str, Any]) -> None:
        opened_at = cleaned.pop("opened_at", None)
        since = meanwhile(self.instance, opened_at) if opened_at else None
        if since is None:
            return
        for field in Article._meta.concrete_fields:
            name = field.name
            if name not in cleaned or not hasattr(since.before, name) or not since.changed(name):
                continue
            sent = cleaned[name]
            if self._says_the_same(name, sent, getattr(since.before, name)):
                cleaned[name] = getattr(since.now, name)
            elif sent != getattr(since.now, name):
                now = str(getattr(since.now, name))
                self.add_error(
                    name,
                    f"Changed meanwhile ({since.reason}): it is now “{now[:200]}”. Nothing was saved; "
                    "what you wrote stands here. Save again to replace it.",
                )
        bring_up_to_date(self.instance, since.now)
        if self.errors:
            # The next attempt knows of it.
            data = cast(QueryDict, self.data).copy()
            data[self.add_prefix("opened_at")] = str(latest_revision(self.instance))
            self.data = data

    def _says_the_same(self, name: str, sent: Any, before: Any) -> bool:
        """Whether the browser sent what the form showed it when it was opened."""
        if name in TIMES:
            return _to_the_second(sent) == _to_the_second(before)
        if name in TEXTS:
            return _with_plain_ends(sent).strip() == _with_plain_ends(before).strip()
        return not self.fields[name].has_changed(self.fields[name].prepare_value(before), self._sent(name))

    def _sent(self, name: str) -> Any:
        return self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    def clean_possible_duplicate_of(self) -> Article | None:
        other: Article | None = self.cleaned_data["possible_duplicate_of"]
        if other is not None and other.pk == self.instance.pk:
            raise forms.ValidationError("An article is no duplicate of itself.")
        return other

    def _refuse_the_address_of_another(self, cleaned: dict[str, Any]) -> None:
        lang, slug = cleaned.get("lang", self.instance.lang), cleaned.get("slug", self.instance.slug)
        former = FormerSlug.objects.filter(lang=lang, slug=slug).exclude(article_id=self.instance.pk or 0)
        holder = former.select_related("article").first()
        if holder is not None:
            self.add_error(
                "slug",
                f"This address led to “{holder.article.title}” before; whoever kept it would come to another story. "
                "Choose another one.",
            )


def _as_stored(sent: str, stored: str) -> str:
    """What is stored, if the browser sent just that; else what it sent, with the line ends of what is stored."""
    plain = _with_plain_ends(sent)
    if plain.strip() == _with_plain_ends(stored).strip():
        return stored
    return plain.replace("\n", "\r\n") if "\r\n" in stored else plain


def _to_the_second(time: dt.datetime | None) -> dt.datetime | None:
    """A form shows no more of a time."""
    return time.replace(microsecond=0) if time else None


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
