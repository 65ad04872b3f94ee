"""The editing form of an article. What an editor did not touch is saved exactly as it was."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import QueryDict
from django.utils.functional import cached_property

from articles.editing import (
    RELATED,
    Meanwhile,
    bring_up_to_date,
    is_opened_with,
    latest_revision,
    meanwhile,
    related_of,
)
from articles.fields import (
    MAXIMUM_ADDRESS,
    NEWEST_YEAR,
    OLDEST_YEAR,
    description_of,
    is_address,
    score_of,
    texts_of,
    title_of,
)
from articles.front_matter import MAXIMUM_HEADER_BYTES
from articles.header_writing import written
from articles.models import Article, FormerSlug
from articles.tag_text import as_shown

TEXTS = ("title", "description", "body")
TIMES = ("published_at", "updated_at", "publish_at", "ai_expanded_at", "reviewed_at")
_TIMES_OF_FILES = ("published_at", "updated_at", "ai_expanded_at")
_ADDRESSES = ("source_url", "canonical_url")
# What a header says beside the description takes far less.
_ROOM_FOR_THE_REST = 8 * 1024
_LONGEST_TAG = 100


class AddressField(forms.CharField):
    """Takes what an import takes, so that no article arrives with an address that cannot be saved here."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not is_address(value):
            raise ValidationError(f"This must be an http or https address of at most {MAXIMUM_ADDRESS:,} characters.")


class ArticleForm(forms.ModelForm):
    """A browser sends text with other line ends and times without their milliseconds.

    Saved as they come, they would look like an editor's changes, and the next import would find conflicts everywhere.
    What an editor did write is kept as an import would keep it, for the same reason.
    """

    # The revision that the form was opened at, and what revisions do not tell.
    opened_at = forms.IntegerField(required=False, widget=forms.HiddenInput)
    opened_with = forms.JSONField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose
        widgets = {
            "title": forms.TextInput(attrs={"class": "vLargeTextField", "size": 100}),
            "slug": forms.TextInput(attrs={"class": "vLargeTextField", "size": 100}),
            "description": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 3}),
            "body": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 30}),
        }
        field_classes = dict.fromkeys(_ADDRESSES, AddressField)
        help_texts = {
            "slug": "The address of the page. When it changes, whoever comes to the old address is led to the new one.",
            "tags": "With commas between them. A tag that holds a comma stands in quotes.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_at"].initial = latest_revision(self.instance)
        self.fields["opened_with"].initial = related_of(self.instance)
        for name in ("description", "body"):
            # The last line end of a text is part of it; a form would take it off.
            if name in self.fields:
                self.fields[name].strip = False  # type: ignore[attr-defined]

    @cached_property
    def changed_data(self) -> list[str]:
        """What an editor changed: the log of the admin tells it to people."""
        return [name for name in super().changed_data if name not in ("opened_at", "opened_with")]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._refuse_the_address_of_another(cleaned)
        self._clean_texts(cleaned)
        self._clean_times(cleaned)
        if self.instance.pk is not None:
            opened_at, opened_with = cleaned.pop("opened_at", None), cleaned.pop("opened_with", None)
            if not is_opened_with(opened_with):
                opened_with = None
            self._merge_what_happened_meanwhile(cleaned, opened_at, opened_with)
        return cleaned

    def clean_score(self) -> float | None:
        return score_of(self.cleaned_data["score"])

    def clean_cta(self) -> Any:
        texts = self.cleaned_data["cta"]
        sound = isinstance(texts, list) and all(isinstance(text, str) for text in texts)
        return list(texts_of(texts)) if sound else texts

    def clean_tags(self) -> list[str]:
        names: list[str] = self.cleaned_data["tags"]
        long = next((name for name in names if len(name) > _LONGEST_TAG), None)
        if long is not None:
            raise ValidationError(f"A tag has no more than {_LONGEST_TAG} characters: {long[:40]}…")
        return names

    def clean_possible_duplicate_of(self) -> Article | None:
        other: Article | None = self.cleaned_data["possible_duplicate_of"]
        if other is not None and other.pk == self.instance.pk:
            raise ValidationError("An article is no duplicate of itself.")
        return other

    def _get_validation_exclusions(self) -> set[str]:
        """Addresses were checked as an import checks them; the model's check is another."""
        return {*super()._get_validation_exclusions(), *_ADDRESSES}  # type: ignore[misc]

    def _clean_texts(self, cleaned: dict[str, Any]) -> None:
        for name in TEXTS:
            if name not in cleaned:
                continue
            sent, stored = cleaned[name], getattr(self.instance, name)
            if _is_what_was_shown(name, sent, stored):
                cleaned[name] = stored
            elif name == "body":
                cleaned[name] = _with_plain_ends(sent).replace("\n", "\r\n" if "\r\n" in stored else "\n")
            else:
                cleaned[name] = title_of(sent) if name == "title" else description_of(_with_plain_ends(sent))
                if name == "title" and not cleaned[name]:
                    self.add_error(name, "A title needs letters.")
                elif len(written({name: cleaned[name]}, "").encode()) > MAXIMUM_HEADER_BYTES - _ROOM_FOR_THE_REST:
                    limit = (MAXIMUM_HEADER_BYTES - _ROOM_FOR_THE_REST) // 1024
                    self.add_error(name, f"No file could hold this: it may have {limit} kB.")

    def _clean_times(self, cleaned: dict[str, Any]) -> None:
        for name in TIMES:
            if name not in cleaned:
                continue
            if self.instance.pk is not None and name not in self.changed_data:
                cleaned[name] = getattr(self.instance, name)
            elif name in _TIMES_OF_FILES and cleaned[name] and not OLDEST_YEAR <= cleaned[name].year <= NEWEST_YEAR:
                self.add_error(name, f"A year from {OLDEST_YEAR} to {NEWEST_YEAR}, please.")

    def _merge_what_happened_meanwhile(
        self, cleaned: dict[str, Any], opened_at: int | None, opened_with: dict[str, Any] | None
    ) -> None:
        warned = opened_with.get("warned", {}) if opened_with else {}
        since = meanwhile(self.instance, opened_at, warned) if opened_at else None
        if since:
            warned = warned | self._merge_columns(cleaned, since)
        related = self._merge_related(cleaned, opened_with, since.reason if since else "a change")
        if since:
            bring_up_to_date(self.instance, since.now)
        if opened_with is not None and self.errors:
            # The next attempt knows what this one was warned of, and of nothing else.
            data = cast(QueryDict, self.data).copy()
            known = self.fields["opened_with"].prepare_value({**opened_with, **related, "warned": warned})
            data[self.add_prefix("opened_with")] = known
            self.data = data

    def _merge_columns(self, cleaned: dict[str, Any], since: Meanwhile) -> dict[str, int]:
        """Gives the revision of which the editor was warned, by the field that both sides changed."""
        warned = {}
        for field in Article._meta.concrete_fields:
            name = field.name
            if name not in cleaned or not hasattr(since.before, field.attname) or not since.changed(name):
                continue
            sent, now = cleaned[name], since.value_now(name)
            if self._says_the_same(name, sent, since.value_before(name)):
                cleaned[name] = getattr(since.now, name)
            elif (sent.pk if isinstance(sent, Model) else sent) != now:
                self._warn(name, since.reason, str(getattr(since.now, name)))
                warned[name] = since.newest
        return warned

    def _merge_related(
        self, cleaned: dict[str, Any], opened_with: dict[str, Any] | None, reason: str
    ) -> dict[str, list[Any]]:
        """The same of tags and documents; gives what is there now of those about which the editor was warned."""
        now, warned = related_of(self.instance), {}
        for name in RELATED:
            if name not in cleaned:
                continue
            rows = list(getattr(self.instance, name).all())
            sent = _comparable(name, cleaned[name])
            present = _comparable(name, now[name])
            opened = _comparable(name, opened_with[name]) if opened_with else present
            if sent in (opened, present):
                cleaned[name] = rows
            elif present != opened:
                self._warn(name, reason, ", ".join(sorted(str(row) for row in rows)))
                warned[name] = now[name]
            elif name == "tags":
                # A form cannot show everything that may be in a name: those that stay are taken as they are.
                here = {as_shown(tag.name): tag for tag in rows}
                cleaned[name] = [here.get(as_shown(sent_name), sent_name) for sent_name in cleaned[name]]
        return warned

    def _warn(self, name: str, reason: str, now: str) -> None:
        self.add_error(
            name,
            f"Changed meanwhile ({reason}): it is now “{now[:200]}”. Nothing was saved; "
            "what you wrote stands here. Save again to replace it.",
        )

    def _says_the_same(self, name: str, sent: Any, before: Any) -> bool:
        """Whether the browser sent what the form showed it when it was opened."""
        if name in TIMES:
            return _to_the_second(sent) == _to_the_second(before)
        if name in TEXTS:
            return _is_what_was_shown(name, sent, before)
        return not self.fields[name].has_changed(self.fields[name].prepare_value(before), self._sent(name))

    def _sent(self, name: str) -> Any:
        return self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

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


def _is_what_was_shown(name: str, sent: str, stored: str) -> bool:
    """Whether a browser that was shown `stored` sends `sent`. One line end at the end of a text is nothing to see."""
    if name == "title":
        return sent.strip() == stored.strip()
    return _with_plain_ends(sent).removesuffix("\n") == _with_plain_ends(stored).removesuffix("\n")


def _comparable(name: str, values: Any) -> set[Any]:
    if name == "tags":
        return {as_shown(value) for value in values}
    return {value if isinstance(value, int) else value.pk for value in values}


def _to_the_second(time: dt.datetime | None) -> dt.datetime | None:
    """A form shows no more of a time."""
    return time.replace(microsecond=0) if time else None


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
