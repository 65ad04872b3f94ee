"""Settling what both sides changed: field by field, with a revision, and for good."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from articles.conflicts import Conflict, open_conflicts, settle
from articles.models import Article
from articles.options import Settle
from articles.revisions import Revision
from tests.articles.test_importer import ARTICLE, run
from tests.cast import make_company
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

THEIRS = (
    ARTICLE.replace("It opened one.", "It opened two.").replace("NEGATIVE", "POSITIVE").replace("  - Markets\n", "")
)


@pytest.fixture
def revision() -> Revision:
    return Revision(NOW, "conflict settled", User.objects.create_user("editor"))


def article_in_conflict() -> Article:
    """Description, sentiment and tags were changed by an editor and by the file."""
    run(ARTICLE)
    article = Article.objects.get()
    article.description, article.sentiment = "Mine.", "NEUTRAL"
    article.save()
    article.tags.set(["BTC", "Halls"])
    run(THEIRS)
    return Article.objects.get()


def test_each_conflict_has_what_the_file_said_what_is_here_and_what_the_file_says() -> None:
    assert open_conflicts(article_in_conflict()) == [
        Conflict("description", "It opened one.", "Mine.", "It opened two."),
        Conflict("tags", ["btc", "markets"], ["btc", "halls"], ["btc"]),
        Conflict("sentiment", "NEGATIVE", "NEUTRAL", "POSITIVE"),
    ]


def test_an_article_without_conflicts_has_none() -> None:
    run(ARTICLE)
    assert open_conflicts(Article.objects.get()) == []


def test_each_field_is_settled_for_the_side_that_was_chosen_and_the_rest_stays_open(revision: Revision) -> None:
    pk = article_in_conflict().pk
    article = settle(pk, {"description": Settle.THEIRS, "tags": Settle.OURS}, revision)
    assert (article.description, sorted(article.tags.names()), article.sentiment) == (
        "It opened two.", ["BTC", "Halls"], "NEUTRAL",
    )  # fmt: skip
    article = Article.objects.get()
    assert [conflict.field for conflict in open_conflicts(article)] == ["sentiment"]
    newest = article.history.first()
    assert (newest.description, newest.history_change_reason, newest.history_user) == (
        "It opened two.", "conflict settled", revision.user,
    )  # fmt: skip


@pytest.mark.parametrize("side", [Settle.OURS, Settle.THEIRS])
def test_what_is_settled_stays_settled_when_the_same_file_comes_again(revision: Revision, side: Settle) -> None:
    pk = article_in_conflict().pk
    settle(pk, dict.fromkeys(("description", "tags", "sentiment"), side), revision)
    article = Article.objects.get()
    assert not article.in_conflict
    assert open_conflicts(article) == []
    assert run(THEIRS).summary() == "created 0, updated 0, unchanged 1, conflicts 0, failed 0"
    assert Article.objects.get().description == ("Mine." if side == Settle.OURS else "It opened two.")
    report = run(THEIRS.replace("It opened two.", "It opened three."))
    assert report.outcomes == ({"conflict": 1} if side == Settle.OURS else {"updated": 1})


def test_the_files_text_is_rendered_linked_and_found(revision: Revision) -> None:
    make_company(), make_company("Ostrava Hash Works", "OHW")
    run(ARTICLE)
    article = Article.objects.get()
    article.body = "Mine."
    article.save()
    run(ARTICLE.replace("Fjordbyte Mining (NASDAQ: FJRD) opened", "Ostrava Hash Works *opened*"))
    settle(article.pk, {"body": Settle.THEIRS}, revision)
    article = Article.objects.get()
    assert "Ostrava Hash Works <em>opened</em>" in article.body_html
    assert "ostrava" in article.search_text
    assert "OHW" in [mention.company.ticker for mention in article.mentions.all()]


def test_a_field_that_is_not_in_conflict_is_left_alone(revision: Revision) -> None:
    pk = article_in_conflict().pk
    settle(pk, {"title": Settle.THEIRS, "nothing": Settle.THEIRS}, revision)
    assert [conflict.field for conflict in open_conflicts(Article.objects.get())] == [
        "description",
        "tags",
        "sentiment",
    ]
    assert Article.objects.get().history.first().history_change_reason != "conflict settled"
