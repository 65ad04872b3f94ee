"""Markdown to HTML: what an article needs comes through; the pictures, headings, tables and commentary as we want them."""

from __future__ import annotations

import re
from time import process_time

import pytest

from articles.rendering import COMMENTARY_HEADINGS, link_names, plain_text, render, trusted

EN = '<section class="commentary"><h2>AI commentary</h2><p class="commentary-note">Written by a machine. It is no person’s view.</p>'
UK = (
    '<section class="commentary"><h2>Коментар штучного інтелекту</h2>'
    '<p class="commentary-note">Написано машиною. Це не думка людини.</p>'
)
REL = 'rel="nofollow noopener noreferrer"'


def rendered(markdown: str) -> str:
    """The HTML of a text, without the newlines between its blocks."""
    return re.sub(r">\n+|\n+<", lambda match: match.group().strip("\n"), render(markdown)).strip()


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("One *two* **three**", "<p>One <em>two</em> <strong>three</strong></p>"),
        ("~~gone~~", "<p><del>gone</del></p>"),
        ("a  \nb", "<p>a<br>b</p>"),
        ("> quoted", "<blockquote><p>quoted</p></blockquote>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("`x < y`", "<p><code>x &lt; y</code></p>"),
        ("---", "<hr>"),
        (
            "[a](https://e.example/x?a=1&b=2 'T')",
            f'<p><a href="https://e.example/x?a=1&amp;b=2" title="T" {REL}>a</a></p>',
        ),
        ("https://e.example/x", f'<p><a href="https://e.example/x" {REL}>https://e.example/x</a></p>'),
        ("H<sub>2</sub>O and 10<sup>18</sup>", "<p>H<sub>2</sub>O and 10<sup>18</sup></p>"),
        ("<abbr title='exahash'>EH</abbr>", '<p><abbr title="exahash">EH</abbr></p>'),
        ("5 < 6 & 7 > 2", "<p>5 &lt; 6 &amp; 7 &gt; 2</p>"),
        ("Біткоїн ₿ “quoted” …", "<p>Біткоїн ₿ “quoted” …</p>"),
        ("snake_case_word and 2 * 3 * 4", "<p>snake_case_word and 2 * 3 * 4</p>"),
        ("", ""),
    ],
)
def test_markdown_becomes_plain_html(markdown: str, html: str) -> None:
    assert rendered(markdown) == html


def test_headings_begin_at_the_second_level() -> None:
    assert rendered("# A\n\n## B\n\n### C\n\n###### D") == "<h2>A</h2><h2>B</h2><h3>C</h3><h6>D</h6>"
    assert rendered("<h1 class='x'>A</h1>") == "<h2>A</h2>"


def test_a_table_can_scroll_and_keeps_its_alignment() -> None:
    html = rendered("| a | b | c |\n|:--|--:|---|\n| 1 | 2 | 3 |")
    assert html.startswith('<div class="table-scroll" tabindex="0" role="region" aria-label="Table"><table><thead>')
    assert html.endswith("</table></div>")
    assert '<td class="align-left">1</td><td class="align-right">2</td><td>3</td>' in html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("![A hall](https://e.example/h.jpg 'T')", f'<p><a href="https://e.example/h.jpg" {REL}>A hall</a></p>'),
        ("![](https://e.example/h.jpg)", f'<p><a href="https://e.example/h.jpg" {REL}>Picture</a></p>'),
        ("<img src='https://e.example/h.jpg' alt='A hall'>", f'<a href="https://e.example/h.jpg" {REL}>A hall</a>'),
        ("<IMG SRC=https://e.example/h.jpg>", ""),
        ("<img alt='no address'>", ""),
    ],
)
def test_a_picture_in_a_body_becomes_a_link_to_it(markdown: str, html: str) -> None:
    assert rendered(markdown) == html


@pytest.mark.parametrize(
    ("markdown", "has_rel"),
    [
        ("[a](https://e.example)", True),
        ("[a](//e.example)", True),
        ('<a href="/\\e.example">a</a>', True),
        ("[a](mailto:a@e.example)", True),
        ("[a](/companies/fjrd/)", False),
        ("[a](/companies/fjrd/ 'Fjordbyte')", False),
    ],
)
def test_links_to_elsewhere_are_not_followed_and_our_own_are(markdown: str, has_rel: bool) -> None:
    assert (REL in render(markdown)) == has_rel
    assert "href=" in render(markdown)


@pytest.mark.parametrize(
    ("markdown", "head"),
    [
        ("## From author", EN),
        ("## From the author", EN),
        ("## FROM AUTHOR:", EN),
        ("## *From* **author**", EN),
        ("# From author", EN),
        ("From author\n-----------", EN),
        ("<h2 id='x'>From author</h2>\n", EN),
        ("## Від автора", UK),
    ],
)
def test_what_stands_under_a_machines_heading_is_marked_as_commentary(markdown: str, head: str) -> None:
    html = rendered(f"Before.\n\n{markdown}\n\nIt thinks so.\n\n- and so\n\n## Next\n\nAfter.")
    assert (
        html == f"<p>Before.</p>{head}<p>It thinks so.</p><ul><li>and so</li></ul></section><h2>Next</h2><p>After.</p>"
    )


@pytest.mark.parametrize(
    "heading", ["## From authors", "## A letter from author Quill", "### From author", "From author"]
)
def test_other_headings_are_no_commentary(heading: str) -> None:
    assert "commentary" not in render(f"{heading}\n\nText.")


def test_every_heading_of_commentary_is_folded() -> None:
    assert all(heading == heading.lower().strip() for heading in COMMENTARY_HEADINGS)


def test_plain_text_is_the_words_of_the_html() -> None:
    assert plain_text(render("## A & B\n\n*one* [two](https://e.example)")).split() == ["A", "&", "B", "one", "two"]


def test_trusted_html_is_not_escaped_again() -> None:
    assert trusted("<p>x</p>").__html__() == "<p>x</p>"


LINKS = [("Fjordbyte", "/companies/fjrd/"), ("Fjordbyte Mining", "/companies/fjrd/"), ("H&W", "/companies/hw/")]


def linked(markdown: str) -> str:
    return re.sub(
        r'<a class="company" href="([^"]*)">(.*?)</a>', r"[\2→\1]", link_names(render(markdown), LINKS)
    ).strip()


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("Fjordbyte rose.", "<p>[Fjordbyte→/companies/fjrd/] rose.</p>"),
        ("Fjordbyte Mining rose.", "<p>[Fjordbyte Mining→/companies/fjrd/] rose.</p>"),
        ("Fjordbyte, or Fjordbyte Mining", "<p>[Fjordbyte→/companies/fjrd/], or Fjordbyte Mining</p>"),
        ("H&W rose.", "<p>[H&amp;W→/companies/hw/] rose.</p>"),
        ("Fjordbytes and $Fjordbyte and xFjordbyte", "<p>Fjordbytes and $Fjordbyte and xFjordbyte</p>"),
        ("`Fjordbyte`", "<p><code>Fjordbyte</code></p>"),
        ("## Fjordbyte", "<h2>Fjordbyte</h2>"),
        ("*Fjordbyte*", "<p><em>[Fjordbyte→/companies/fjrd/]</em></p>"),
    ],
)
def test_the_first_of_a_companys_names_is_linked(markdown: str, html: str) -> None:
    assert linked(markdown) == html


def test_a_name_is_linked_once_in_each_section() -> None:
    assert linked("Fjordbyte. Fjordbyte.\n\n## Next\n\nFjordbyte. Fjordbyte.").count("→") == 2


def test_a_name_inside_a_link_or_an_attribute_is_left_alone() -> None:
    html = link_names(render('[Fjordbyte](https://e.example "a > Fjordbyte b") and Fjordbyte'), LINKS)
    assert html.count('<a class="company"') == 1
    assert html.endswith('and <a class="company" href="/companies/fjrd/">Fjordbyte</a></p>\n')


def test_without_names_nothing_is_linked() -> None:
    assert link_names("<p>Fjordbyte</p>", []) == "<p>Fjordbyte</p>"
    assert link_names("<p>Fjordbyte</p>", [("", "/x/")]) == "<p>Fjordbyte</p>"


def test_blocks_nested_as_in_no_article_are_shown_as_their_source() -> None:
    assert render("> " * 90 + "deep").count("<blockquote>") == 90
    assert render("> " * 200 + "deep <b>") == "<p>" + "&gt; " * 200 + "deep &lt;b&gt;</p>"


@pytest.mark.parametrize(
    "markdown",
    ["> " * 50_000, "[" * 100_000, "[a](" * 25_000, "<div>\n\n" * 15_000, "<div>\n" + "<img " * 20_000, "*a **a " * 14_000,
     "<div>\n" + "<img src='" * 10_000, "`a``a" * 16_000, "a|b\n-|-\n" + "|x\n" * 10_000, "|a" * 30_000, "![" * 50_000,
     "<table>" * 14_000, "- " * 50_000, "## a\n" * 20_000, "$1," * 20_000, "(NASDAQ: " * 20_000, "(" * 100_000, "a" * 100_000,
     "<b>" * 33_000, "<" * 100_000, "<!--" * 25_000, "&" * 100_000, "a@" * 50_000, "[a]: b\n" * 14_000],
    ids=lambda markdown: re.sub(r"\s", "·", markdown[:12]),
)  # fmt: skip
def test_hostile_texts_of_100_kilobytes_are_rendered_quickly(markdown: str) -> None:
    started = process_time()
    html = render(markdown)
    link_names(html, LINKS)
    plain_text(html)
    assert process_time() - started < 2
