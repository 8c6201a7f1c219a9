"""Markup that pandoc read as words is reported. Text that only looks like markup is not."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chapbook.design.templates import themes
from chapbook.model.dom import element
from chapbook.model.errors import Code
from chapbook.reading.linting import LOST, RULES, unread
from chapbook.reading.linting.slip import Text
from chapbook.reading.manuscript import decode
from chapbook.reading.reader import convert, read

HEAD = "---\ntitle: T\nlang: en\nidentifier: urn:x\n---\n\n"  # the text begins on line 7


def slips_in(text: str) -> list[tuple[int | None, str]]:
    manuscript = decode("essay.md", "essay", f"{HEAD}{text}".encode())
    document = read(convert(manuscript, {}), None, themes({}))
    return [
        (finding.where.line if finding.where else None, finding.message)
        for finding in document.findings
        if finding.code is Code.MARKUP_UNREAD
    ]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a[^x]\n", 7, "write it: [^x]: …"),
        ("a[^note-1] b[^note-2]\n\n[^note-2]: c\n", 7, "did you mean “[^note-2]”?"),
        ("a\n\nb [c][d]\n", 9, "write it: [d]: https://…"),
        ("a\n\n[Some Site][] b\n\n[Same Site]: https://a.org\n", 9, "did you mean “Same Site”?"),
        ("[a] (https://b.org/)\n", 7, "leave no space between ] and ("),
        ("(a)[https://b.org/]\n", 7, "write [a](https://b.org/)"),
        ("a [[B c|d]]\n", 7, "write [d](#…)"),
        ("![[b.png]]\n", 7, "write ![b.png](b.png)"),
        ("a\n**b c\n", 8, "close it with **"),
        ("a ** b ** c\n", 7, "leave no space"),
        ("[a](https://b.org/) {.c}\n", 7, "write it right behind"),
        ("cafÃ© â€œx\n", 7, "“Ã©” was “é”"),
        ("#A\n\nb\n", 7, "write a space after the #"),
        ("- a\n## B\n", 8, "leave an empty line above it"),
        ("a\n\n## {#b}\n\nc\n", 9, "write its words"),
        ("a\n::: b\nc\n:::\n", 8, "leave an empty line above it"),
        ("::: a\nb\n:::\n\n:::\n", 11, "delete it"),
        ("a\n\n~~~\nb\n", 9, "close it with ~~~"),
        ("`a` and\n\n```\nb\n", 9, "close it with ```"),
        ("$$x$$\n\n$$\ny\n\nz\n", 9, "close it with $$"),
        ("<!-- a -->\n\n<!-- b\n", 9, "close it with -->"),
        ("- [x] a\n- [] b\n", 8, "- [ ]"),
        ("| a | b |\n| c | d |\n", 7, "write a line |---|---| below it"),
        ("a | b\n--|--\nc | d\ne | f | g\n", 10, "so “g” is left out: give the head 3 cells too"),
        ("1984. A year.\n2001. A year.\n", 8, "“2001.” is printed as “1985.”"),
        ("1. a\n2. b\n4. c\n5. d\n", 9, "is printed as “3.”"),
        ("1) a\n\n    5) b\n    7) c\n\n2) d\n", 10, "write 7\\) where it begins no item"),
        ("+--+\n| a|\n| bc |\n+--+\n", 9, "as wide as its border"),
    ],
)
def test_a_slip_is_reported_with_its_line_and_what_to_write(
    text: str, line: int, says: str
) -> None:
    [(where, message)] = slips_in(text)
    assert where == line
    assert says in message


@pytest.mark.parametrize(
    "text",
    [
        "a[^x] b[^y]\n\n[^x]: c\n\n[^y]:\n    d\n",
        "\\[^x] and `[^x]` and `[a][b]` and \\[[c]]\n",
        "[a][b] and [c][] and [d]\n\n[b]: https://b.org\n[C]: https://c.org\n[d]: https://d.org\n",
        "x[i][j] and (a)[b] and [a] (b) and f(x)[0]\n",
        "**a** and ***b*** and 2**3 and \\*\\*c and a glob `**` and x/** y\n\n***\n\n* * *\n",
        "[a](https://b.org/){.c} and the set {1, 2} and {{ x }} and a {b}\n",
        "\xc9tude, \xc2ge, na\xefve, \xdcber, 2 \xd7 3, \xabmot\xbb, 5\xa0\xb5m\n",
        "# A\n\nPoint # 4 and #walking and C# and \\# b\n\n#walking #rome\n\n#1 is first\n",
        "# A {#b}\n\n## C #\n",
        "::: a\n:::: b\nc\n::::\n:::\n\nd ::: e\n\n```\n::: f\n```\n\n::: {.g}\n\nh\n\n:::\n",
        "```\na\n```\n\n~~~ {.python}\nb\n~~~\n\nc ~~d~~ e~f~ g ~ h\n",
        "Half: $$\\frac{1}{2}$$ and \\$\\$ and 5$ and\n\n$$\nx\n$$\n",
        "a <!-- b --> c\n\n<!--\nd\n\ne\n-->\n",
        "- [ ] a\n- [x] b\n- [c](https://d.org/)\n",
        "| a | b |\n|---|---|\n| c | d |\n| `e|f` \\| g | h |\n| i |\n\n",
        "1. a\n1. b\n1. c\n\nd\n\n3. e\n4. f\n\n    1. g\n    2. h\n\n5. i\n",
        "1. a\n\n# B\n\n5. c\n- d\n8. e\n\n1) f\n2) g\n1. h\n2. i\n",
        "It was in\n1984. Nobody saw her until\n2001. Then she came.\n",
        "1984\\. A year.\n\n2001\\. A year.\n\n3. a\n",
        "| A verse\n| of two lines\n",
        "+---+----+\n| a | 中 |\n+===+====+\n| b | c  |\n+---+----+\n",
        "a | b and |c|\n\nd | e | f\n",
    ],
)
def test_what_is_as_it_shall_be_is_not_reported(text: str) -> None:
    assert slips_in(text) == []


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.text("#*:[]^()|+-=~`${}<!>a \n\\é"))
def test_no_rule_fails_or_points_outside(text: str) -> None:
    for _, rule in (*RULES, *LOST):
        for slip in rule(Text(text, text)):
            assert 0 <= slip.offset < len(text)
            assert slip.message


def test_code_says_nothing() -> None:
    body = element("article")
    body.append(element("code", "[^1] **"))
    assert list(unread(decode("essay.md", "essay", b"`[^1] **`\n"), 0, body)) == []
