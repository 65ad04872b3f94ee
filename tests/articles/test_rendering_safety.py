"""The sanitiser in pairs, strips X and preserves Y; and for any text: only allowed tags, no script, no handler."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.rendering import link_names, render

ALLOWED = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "section", "small", "strong", "sub", "sup", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "rel", "class"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"class"},
    "th": {"class"},
    "section": {"class"},
    "p": {"class"},
    "div": {"class", "tabindex", "role", "aria-label"},
}
OUR_CLASSES = {"commentary", "commentary-note", "table-scroll", "align-left", "align-right", "align-center", "company"}


class Audit(HTMLParser):
    """Reads HTML as a browser would and complains of whatever must not be in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert tag in ALLOWED, tag
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()), (tag, name)
            assert not name.startswith("on")
            if name == "class":
                assert value in OUR_CLASSES
            if name == "href":
                scheme = "".join((value or "").split()).lower().partition(":")[0]
                assert scheme not in ("javascript", "data", "vbscript", "file")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    handle_pi = handle_decl


def audit(html: str) -> list[str]:
    auditor = Audit()
    auditor.feed(html)
    auditor.close()
    return auditor.tags


@pytest.mark.parametrize(
    ("stripped", "left"),
    [
        ("<script>alert(1)</script>", ""),
        ("a <script>alert(1)</script> b", "a  b"),
        ("<style>p{display:none}</style>", ""),
        ("<iframe src='https://e.example'></iframe>", ""),
        ("<object data='x'></object><embed src='x'>", ""),
        ("<svg><script>alert(1)</script><circle/></svg>", ""),
        ("<math><mi xlink:href='javascript:1'>x</mi></math>", ""),
        ("<form action='/x'><input name='a'><button>go</button></form>", "go"),
        ("<video src='x'></video><audio src='x'></audio>", ""),
        ("<link rel='stylesheet' href='x'><meta http-equiv='refresh' content='0;url=x'><base href='//e.example'>", ""),
        ("<!-- a comment -->", ""),
        ("<p onclick='x()' style='color:red' class='commentary' id='top'>text</p>", "text"),
        ("<section class='commentary'>mine</section>", "mine"),
        ("<a href='javascript:alert(1)'>a</a>", "a"),
        ("[a](javascript:alert(1))", "a"),
        ("[a](JaVaScRiPt:alert(1))", "a"),
        ("<a href='&#106;avascript:alert(1)'>a</a>", "a"),
        ("<a href='java\tscript:alert(1)'>a</a>", "a"),
        ("<a href='\x01javascript:alert(1)'>a</a>", "a"),
        ("[a](data:text/html;base64,PHN2Zz4=)", "a"),
        ("[a](vbscript:x)", "a"),
        ("[a](file:///etc/passwd)", "a"),
        ("![a](javascript:alert(1))", "a"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<a href='https://e.example' target='_top' ping='x' download>a</a>", "a"),
        ("<details open ontoggle=alert(1)><summary>s</summary>t</details>", "st"),
        ("<font color='red'>t</font>", "t"),
    ],
)
def test_strips_what_could_run_load_or_disguise(stripped: str, left: str) -> None:
    html = render(stripped)
    audit(html)
    for word in ("script:", "onerror", "onclick", "style", "class=", "id=", "target", "ping", "<svg", "data:", "file:"):
        assert word not in html.lower()
    assert "".join(part.partition(">")[2] for part in f">{html}".split("<")).strip() == left


@pytest.mark.parametrize(
    ("tag", "preserved"),
    [
        *((tag, f"<p>a <{tag}>b</{tag}> c</p>") for tag in
          ["abbr", "b", "code", "del", "em", "i", "kbd", "mark", "q", "s", "small", "strong", "sub", "sup"]),
        *((tag, f"<{tag}>b</{tag}>") for tag in ["h2", "h3", "h4", "h5", "h6", "p", "pre", "blockquote"]),
        ("ul", "<ul><li>b</li></ul>"),
        ("ol", '<ol start="2"><li>b</li></ol>'),
        ("dl", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("hr", "<hr>"),
        ("a", '<p><a href="/companies/fjrd/" title="T">b</a></p>'),
        ("mailto", '<p><a href="mailto:a@e.example" rel="nofollow noopener noreferrer">b</a></p>'),
    ],
)  # fmt: skip
def test_preserves_the_html_of_an_article(tag: str, preserved: str) -> None:
    assert render(preserved).strip() == preserved


@pytest.mark.parametrize(
    "text",
    [
        "javascript: is a scheme, onclick= an attribute",
        "`<script>alert(1)</script>`",
        "5 &lt; 6",
        "&amp;lt;script&amp;gt;",
    ],
)
def test_preserves_text_that_only_speaks_of_such_things(text: str) -> None:
    html = render(text)
    audit(html)
    assert "script" in html or "&lt;" in html


@pytest.mark.parametrize(
    "title",
    [
        "<h2>From author</h2><script>alert(1)</script>",
        "<table><script>alert(1)</script></table>",
        '<td align="left">',
        "</a><script>alert(1)</script>",
        "> Fjordbyte <",
    ],
)
def test_markup_inside_an_attribute_stays_inside_it(title: str) -> None:
    """What is put in after the sanitiser must not be taken in by an attribute that looks like markup."""
    for markdown in (f"[x](/y '{title}')", f"<abbr title='{title}'>x</abbr>", f"<a href='/y' title='{title}'>x</a>"):
        html = link_names(render(markdown), [("Fjordbyte", "/companies/fjrd/")])
        assert audit(html) in (["p", "a"], ["p", "abbr"], ["p"])
        assert "Fjordbyte</a>" not in html


PIECES = [
    "<", ">", "</", "/>", "script", "<script>", "</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<a href=",
    "javascript:alert(1)", "JAVASCRIPT:", "&#x6a;avascript:", "'", '"', "](", "[", "![", ")", "`", "```\n", "\n", "\n\n", "    ",
    "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<style>", "<table>", "<td align='left' onclick=x>", "|a|\n|-|\n|b|\n", "> ",
    "- ", "## From author\n", "<h2>", "</h2>", "<section class='commentary'>", "on", "click=x ", " title='", " style=x ", "&lt;",
    "&quot;", "\0", "\x01", "\u2028", "<math><mtext></table><mglyph><style>", "<noscript>", "<template>", "<base href=//e>",
    "Fjordbyte", "https://e.example/", "www.e.example", "a@e.example", "<iframe srcdoc='", "<p id=x>", "xlink:href=", "<textarea>",
]  # fmt: skip


@settings(max_examples=300, deadline=None, database=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25))
def test_any_text_gives_only_allowed_tags_and_attributes(pieces: list[str]) -> None:
    html = render("".join(pieces))
    audit(html)
    audit(link_names(html, [("Fjordbyte", "/companies/fjrd/")]))


@settings(max_examples=150, deadline=None, database=None)
@given(st.text(max_size=200))
def test_any_text_at_all_is_rendered_safely(text: str) -> None:
    audit(render(text))


@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(st.sampled_from(["Fjordbyte", "rose", "fell", "600", "megawatts", "Біткоїн"]), min_size=1, max_size=20))
def test_plain_words_come_through_as_they_are(words: list[str]) -> None:
    assert render(" ".join(words)) == f"<p>{' '.join(words)}</p>\n"
