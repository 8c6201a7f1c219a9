"""Other dialects in pandoc's Markdown: each line stays in its place, other texts as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.model.document import Manuscript
from chapbook.reading.dialects import translate, with_gaps

KEYS = frozenset({"hale1998", "good-book", "orme"})


def _translated(text: str, keys: frozenset[str] = KEYS) -> tuple[str, list[str]]:
    """Return the text that pandoc gets for *text*, and the findings with their lines."""
    manuscript = Manuscript("main.md", "main", text.encode(), text)
    result = translate(manuscript, 0, keys)
    assert result.manuscript.text.count("\n") == text.count("\n"), "a line moved"
    findings = [
        f"{finding.where.line} {finding.message}" for finding in result.findings if finding.where
    ]
    return with_gaps(result.manuscript.text, result.gaps), findings


def _pandocs(text: str) -> str:
    return _translated(text)[0]


# Keys ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("[^a]: @hale1998. The second.\n", "[^a]: @{hale1998}. The second.\n"),
        ("(@hale1998) is right.\n", "(@{hale1998}) is right.\n"),
        ("> - @good-book. It is.\n", "> - @{good-book}. It is.\n"),
        ("1. (@orme)\n", "1. (@{orme})\n"),
        ("@smith2001. Nobody has it.\n", "@{smith2001}. Nobody has it.\n"),
        ("(@good) A real example.\n", "(@good) A real example.\n"),
        ("@hale1998: a colon.\n", "@hale1998: a colon.\n"),
        ("    @hale1998. code\n", "    @hale1998. code\n"),
    ],
)
def test_a_key_at_the_beginning_is_a_citation(typed: str, read: str) -> None:
    assert _pandocs(typed) == read


def test_without_a_bibliography_a_name_is_words() -> None:
    text, _ = _translated("@hale1998. The second.\n", frozenset())
    assert text == "\\@hale1998. The second.\n"


# Lists and breaks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Buy:\n- flour\n",
        "Buy this\n- flour\n- eggs\n",
        "Do this\n1. wash\n2. cut\n   into halves\n3. cook\n",
        "**Ingredients**\n* flour\n",
        "Still open\n- [ ] flour\n",
        "So it goes\na) one\nb) two\n",
        "> Buy:\n> - flour\n> - eggs\n",
        "> [!NOTE]\n> - flour\n",
        "[^1]: Buy:\n    - flour\n",
        "Two sentences\n(@good) One.\n(@bad) Two.\n",
    ],
)
def test_a_clear_list_may_interrupt_a_paragraph(text: str) -> None:
    read, findings = _translated(text)
    assert read.count("\n") == text.count("\n") + 1
    assert findings == []


@pytest.mark.parametrize(
    "text",
    [
        "She left in\n1984. Nobody saw her\n- as she had promised - until\n2011. No stamp.\n",
        "It was he who came in\n2019. And she\n",
        "born in\n1984. dead in\n1985. so it goes\n",
        "Letters came\n- as promised - in\nspring.\n",
        "- a\n  - b\n- c\n",
        "Term\n: definition\n- a\n- b\n",
        "a | b\n--|--\n1 | 2\n- c\n- d\n",
        "```\ncode:\n- a\n- b\n```\n",
        "<!-- Buy:\n- a\n- b\n-->\n",
    ],
)
def test_prose_is_no_list(text: str) -> None:
    assert _pandocs(text) == text


def test_what_looks_like_a_list_is_reported_with_its_line() -> None:
    read, findings = _translated("Buy flour\n- and eggs\n")
    assert read == "Buy flour\n- and eggs\n"
    assert len(findings) == 1
    assert findings[0].startswith("2 “- and eggs” continues the paragraph")


@pytest.mark.parametrize(
    ("text", "read", "line"),
    [
        ("He left.\n---\nShe came.\n", "He left.\n\n* * *\nShe came.\n", 2),
        ("He left\nat six\n---\nShe.\n", "He left\nat six\n\n* * *\nShe.\n", 3),
        ("“Go!”\n-----\nShe went.\n", "“Go!”\n\n* * *\nShe went.\n", 2),
        ("He left.\n***\nShe came.\n", "He left.\n\n* * *\nShe came.\n", 2),
        (f"{'word ' * 20}\n---\n", f"{'word ' * 20}\n\n* * *\n", 2),
        ("- a\n- b\n---\nc\n", "- a\n- b\n\n* * *\nc\n", 3),
        ("- He left.\n  ---\n  She.\n", "- He left.\n\n  * * *\n  She.\n", 2),
        ("> He left\n---\nShe.\n", "> He left\n\n* * *\nShe.\n", 2),
        ("> He left.\n> ---\n> She.\n", "> He left.\n>\n> * * *\n> She.\n", 2),
    ],
)
def test_a_break_below_a_paragraph_is_a_break(text: str, read: str, line: int) -> None:
    result, findings = _translated(text)
    assert result == read
    assert [finding.split()[0] for finding in findings] == [str(line)]


@pytest.mark.parametrize(
    "text",
    [
        "A heading\n---\n\nText.\n",
        "What is a rope?\n===\n\nText.\n",
        "Text.\n\n---\n\nText.\n",
        "Name  Port\n----- ------\nRuth  Ory\n",
        "----------\nName Port\n----- ----\nRuth Ory\n----------\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "::: note\n---\n:::\n",
    ],
)
def test_headings_and_tables_stay(text: str) -> None:
    assert _translated(text) == (text, [])


def test_a_break_right_above_text_begins_no_table() -> None:
    assert _pandocs("a\n\n---\nNext.\n\nShe.\n\n---\n\nb\n").startswith("a\n\n* * *\nNext.")


# What is hidden --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Seen. %%SECRET%% Seen.\n",
        "`Seen` and %%SECRET%% seen.\n",
        "Seen.%% SECRET %%\n",
        "Seen %% SECRET\nSECRET %% seen.\n",
        "%%\nSECRET\n\nSECRET\n%%\n\nSeen.\n",
        "%% SECRET\n\nSECRET %%\n\nSeen.\n",
        "> Seen %% SECRET\n> SECRET %% seen.\n",
        "- Seen\n  %% SECRET %%\n- Seen\n",
        "Seen.\n\n[//]: # (SECRET)\n\nSeen.\n",
        "Seen.\n[comment]: # (SECRET\nSECRET)\n",
        "[//]: <> (SECRET)\n\nSeen.\n",
        "Seen {% comment %} SECRET {% endcomment %} seen.\n",
        "Seen.\n\n{%- comment -%}\nSECRET\n\nSECRET\n{%- endcomment -%}\n",
        "{{< comment >}}\nSECRET\n{{< /comment >}}\n\nSeen.\n",
        "Seen {{/* SECRET */}} seen {/* SECRET */} seen {# SECRET #}.\n",
        "Seen.\n\n% SECRET\n% SECRET\n\nSeen.\n",
        "%% SECRET of Leanpub\n\nSeen.\n\n%% SECRET too\n\nSeen.\n",
    ],
)
def test_what_is_hidden_is_left_out_and_reported(text: str) -> None:
    read, findings = _translated(text)
    assert "SECRET" not in read
    assert read.casefold().count("seen") == text.casefold().count("seen")
    line = text[: text.index("SECRET")].count("\n") + 1
    assert findings
    assert int(findings[0].split()[0]) <= line


@pytest.mark.parametrize(
    "text",
    [
        "It was 50%% of 20%% of it.\n",
        "`%%a%%` and \\%\\%b\\%\\%\n",
        "```\n%% c %%\n```\n",
        "$a %% b$ and $c %% d$\n",
        "<https://a.example/%%20/%%20>\n",
        "[a]: https://a.example (title)\n\n[a]\n",
        "# A {#id}\n\nWords {#x} here.\n",
        "% Title\n% Author\n\nWords.\n",
    ],
)
def test_what_is_no_comment_stays(text: str) -> None:
    assert _translated(text) == (text, [])


def test_a_percent_sign_within_a_paragraph_is_reported() -> None:
    read, findings = _translated("Text.\n% comment\nMore.\n")
    assert read == "Text.\n% comment\nMore.\n"
    assert findings[0].startswith("2 a line that begins with %")


def test_a_comment_without_end_is_reported() -> None:
    read, findings = _translated("A lone %% stays.\n\nMore {% comment %} words.\n")
    assert read == "A lone %% stays.\n\nMore {% comment %} words.\n"
    assert [finding.split()[0] for finding in findings] == ["1", "3"]


# Cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opening", "read"),
    [
        ("```{python}", "``` {.python}"),
        ("~~~{python}", "~~~ {.python}"),
        ('````{r, fig.cap="a {b} c"}', "```` {.r}"),
        ("``` {r label, results='hide'}", "``` {.r}"),
        ('```{r, fig.cap="a } b"}', "``` {.r}"),
        ("```{code-cell} ipython3", "``` {.python}"),
        ("```{code-block} yaml", "``` {.yaml}"),
        ("```{note}", "``` {.text}"),
        ("```{python .numberLines #lst-a}", "``` {.python .numberLines #lst-a}"),
        ("```{{python}}", "``` {.python}"),
        ("> ```{python}", "> ``` {.python}"),
        ("- ```{python}", "- ``` {.python}"),
        ("```{r, echo=FALSE}", "``` {=cb-hidden}"),
    ],
)
def test_a_cell_is_a_fence(opening: str, read: str) -> None:
    fence = next(part for part in opening.split() if part[0] in "`~").partition("{")[0]
    fence = opening[opening.index(fence[0]) :].partition("{")[0].strip()
    indent = {">": "> ", "-": "  "}.get(opening[0], "")
    text = f"{opening}\n{indent}x = 1\n{indent}{fence}\n"
    result, _ = _translated(text)
    assert result == f"{read}\n{indent}x = 1\n{indent}{fence}\n"


@pytest.mark.parametrize(
    "text",
    [
        "```python\nx\n```\n",
        "```{.python #a}\nx\n```\n",
        "```{=html}\n<b>x</b>\n```\n",
        '```{key="value"}\nx\n```\n',
        "````\n```{python}\nx\n```\n````\n",
        "Code `{python}` inline.\n",
    ],
)
def test_other_fences_stay(text: str) -> None:
    assert _translated(text) == (text, [])


def test_options_become_attributes_or_are_counted() -> None:
    text = '```{python}\n#| lst-label: lst-a\n#| lst-cap: "A \\" b"\nx = 1\n```\n'
    result, findings = _translated(text)
    assert result.startswith('``` {.python cb-options="2" #lst-a lst-cap="A ')
    assert "2 lines of options" in findings[0]


def test_conditions_are_reported_with_their_lines() -> None:
    text = '::: {.content-hidden}\na\n:::\n\n::: {.content-visible when-format="pdf"}\nb\n:::\n'
    text += '\n[c]{.content-visible when-profile="x"} `[d]{.content-hidden}`\n'
    result, findings = _translated(text)
    assert result == text
    assert [finding.split()[0] for finding in findings] == ["1", "5", "9"]
    assert "only in pdf" in findings[1]
    assert "profile=“x” cannot be evaluated" in findings[2]


# Everything else -------------------------------------------------------------------------------

_LINES = st.lists(
    st.one_of(
        st.text("abc ,!éß—", min_size=1, max_size=30).map(str.strip),
        st.sampled_from(["", "# Heading", "- item", "> quote", "1. one", "| a | b |", "::: note"]),
    ),
    max_size=12,
)


@given(_LINES)
def test_texts_without_such_marks_keep_every_line(lines: list[str]) -> None:
    """Only empty lines are added, and only before a list."""
    text = "\n\n".join(lines)
    assert _translated(text) == (text, [])


@given(st.text("%{}[]/#*-_`~<>! \n1.:@ab|", max_size=60))
def test_no_line_moves(text: str) -> None:
    _translated(text)  # asserts it
