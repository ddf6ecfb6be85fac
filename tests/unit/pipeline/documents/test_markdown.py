r"""Markdown: which texts are translated, that nothing else changes, and that translations stay texts."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.documents.document import Document, Part
from pipeline.documents.markdown import parse_markdown
from pipeline.errors import InvalidDocument

ARTICLE = r"""---
title: Mayor frees 107
description: >
  A long
  summary
tags: [politics, crime]
---
# The mayor *left*

He said [the **vote**](https://x.org/a_(b) "Title") is in July[^1] and
it rains in `New York`.  
Nobody came.
{{< youtube abc >}}

> A quoted line
> and another.
>
> - [ ] To do \* now
> - Done &amp; gone

| Name | Vote |
|------|:----:|
| Ann \| Bob | *yes* |

![A man in a hat](hat.jpg "A hat") and ![](x.png)

<figure><img src="a" alt="A view">
<figcaption>The caption</figcaption></figure>

    code block

Read <https://x.org> <kbd>Ctrl</kbd> now.

[^1]: A note about it.

[ref]: https://x.org "Title"
"""


def texts(document: Document) -> list[str]:
    return [document.text_of(block) for block in document.blocks]


def filled(document: Document, targets: dict[str, str]) -> str:
    """The document with the blocks of these texts replaced."""
    assert document.template is not None
    parts = {
        number: [Part(0, len(text), text, targets.get(text, text))]
        for number, text in enumerate(texts(document))
    }
    return document.template.fill(document.blocks, parts).text


def test_the_texts_of_an_article_are_found_with_their_kinds() -> None:
    document = parse_markdown(ARTICLE)
    assert [(block.kind.value, document.text_of(block)) for block in document.blocks] == [
        ("title", "Mayor frees 107"),
        ("deck", "A long summary"),
        ("title", "The mayor left"),
        ("paragraph", "He said the vote is in July and it rains in New York."),
        ("paragraph", "Nobody came. {{< youtube abc >}}"),
        ("paragraph", "A quoted line and another."),
        ("list item", "To do * now"),
        ("list item", "Done & gone"),
        ("heading", "Name"),
        ("heading", "Vote"),
        ("table cell", "Ann | Bob"),
        ("table cell", "yes"),
        ("caption", "A man in a hat"),
        ("paragraph", " and "),
        ("caption", "A view"),
        ("caption", "The caption"),
        ("paragraph", "Read https://x.org Ctrl now."),
        ("note", "A note about it."),
    ]


def test_without_a_translation_every_character_stays() -> None:
    for source in (ARTICLE, ARTICLE.replace("\n", "\r\n"), "\ufeff# A\r\rB\0C *d*", ""):
        assert filled(parse_markdown(source), {}) == source


def test_translations_stand_in_the_markup_of_the_source() -> None:
    written = filled(
        parse_markdown(ARTICLE),
        {
            "Mayor frees 107": 'El "alcalde" libera a 107',
            "A long summary": "Un resumen",
            "He said the vote is in July and it rains in New York.": "Dice que the vote es en "
            "julio y llueve en New York.",
            "A quoted line and another.": "Una cita.",
            "To do * now": "Hacer * ahora",
            "Done & gone": "Hecho & ido",
            "Ann | Bob": "Bob | Ann",
            "A man in a hat": "Un hombre con [sombrero]",
            "The caption": "El pie & más",
            "A note about it.": "Una nota.",
        },
    )
    for expected in (
        'title: "El \\"alcalde\\" libera a 107"\n',
        'description: "Un resumen\\n"\ntags: [politics, crime]\n',
        'Dice que [the **vote**](https://x.org/a_(b) "Title") es en',
        " `New York`.  \nNobody came.\n{{< youtube abc >}}",
        "> Una cita.\n>\n> - [ ] Hacer \\* ahora\n> - Hecho &amp; ido",
        "| Bob \\| Ann | *yes* |",
        '![Un hombre con \\[sombrero\\]](hat.jpg "A hat") and ![](x.png)',
        "<figcaption>El pie &amp; más</figcaption>",
        "[^1]: Una nota.\n",
    ):
        assert expected in written


@pytest.mark.parametrize(
    "target",
    ["1986. Un año", "- no", "# no", "> no", "*no*", "_no_ y snake_case", "[no](x)", "<b>no</b>", "`no`",
     "a &amp; b", "![no](x)", "\\*no", "~~no~~", "+ no", "---", "===", "5 * 3 = 15", "<https://x.org>"],
)  # fmt: skip
@pytest.mark.parametrize("source", ["It rains", "- It rains", "> It rains", "# It rains"])
def test_a_translation_is_never_read_as_markup(source: str, target: str) -> None:
    written = filled(parse_markdown(source), {"It rains": target})
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(written)
    document = parse_markdown(written)
    assert texts(document) == ([target] if any(map(str.isalpha, target)) else [])
    assert html.count("<") == MarkdownIt("commonmark").render(source).count("<")


def test_a_line_break_parts_texts_unless_a_sentence_goes_on_after_it() -> None:
    assert texts(parse_markdown("Main Street 1  \nLondon")) == ["Main Street 1", "London"]
    assert texts(parse_markdown("It rains\\\nin London.")) == ["It rains in London."]


def test_emphasis_without_a_word_is_left_out() -> None:
    source = "It rains on *it*."
    document = parse_markdown(source)
    assert document.template is not None
    parts = {0: [Part(0, 8, "It rains", "Llueve"), Part(8, 15, " on it.", ".")]}
    written = document.template.fill(document.blocks, parts).text
    assert "**" not in written


def test_toml_front_matter_is_read_too() -> None:
    source = (
        '+++\ntitle = "It rains" # now\ndate = 2026-01-01\n[params]\ntitle = "No"\n+++\nText.\n'
    )
    document = parse_markdown(source)
    assert texts(document) == ["It rains", "Text."]
    assert 'title = "Llueve" # now' in filled(document, {"It rains": "Llueve"})


@pytest.mark.parametrize("fields", ["title: [", "a: " + "[" * 3000, "a: b\n" * 20_000])
def test_front_matter_that_cannot_be_read_is_refused(fields: str) -> None:
    with pytest.raises(InvalidDocument, match="front matter"):
        parse_markdown(f"---\n{fields}\n---\nText")


MARKUP = st.lists(
    st.sampled_from(
        ["Word ", "two", "*", "**", "_", "`", "``", "[", "](x)", "](", ")", "![", "[^1]", "[^1]: ",
         "\n", "\n\n", "  \n", "\\\n", "> ", "- ", "1. ", "# ", " #", "|", "\\|", "\n|-|-|\n", "\t",
         "    ", "<b>", "</b>", "<!-- x -->", "<div>", "\\*", "&amp;", "&#x41;", "~~", "{{ x }}", "é",
         "<https://x.org>", "\0", "\r\n", "[a]: b\n", "===", "---\n", "+++\n", "title: x\n", "</kbd>",
         "<kbd>", "\f", "\u00a0", "\u2028"]
    ), max_size=25,
).map("".join)  # fmt: skip


@given(MARKUP)
@example("> | a \\| b | c |\n> |-|-|\n> | d | e \\| f |\n")
@example("- <div>\n  Text\n  </div>\n")
@example("[![A *b*](c) d](e)")
@example("# a #\n")
def test_any_source_comes_back(source: str) -> None:
    try:
        document = parse_markdown(source)
    except InvalidDocument:
        return
    assert filled(document, {}) == source
    filled(document, {text: f"¿{text}?" for text in texts(document)})
