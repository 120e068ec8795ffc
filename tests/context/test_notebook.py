"""What a model sees of a notebook: cells in, one text with a visible cursor out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tree_sitter import Parser

from inglenook_context.grammar import grammar_of, load
from inglenook_context.notebook import (
    Cell,
    compose,
    edited,
    line_end_of,
    main_language,
    recomposed,
    within_cell,
    written_in,
)
from inglenook_context.text import Edit, Text
from tests.support.drawn import MARK
from tests.support.notebook_drawn import cells_of


def notebook(drawing: str) -> list[Cell]:
    return [made(cell.language, cell.text) for cell in cells_of(drawing)]


def made(language: str, text: str) -> Cell:
    content = Text.of(text)
    return Cell(written_in(language, language == "markdown", content), content)


def seen(drawing: str) -> str:
    """The view in which the drawn cursor is, with the cursor."""
    cells, drawn = notebook(drawing), cells_of(drawing)
    number = next(at for at, cell in enumerate(drawn) if cell.cursor is not None)
    cursor = drawn[number].cursor
    view = compose(cells[number].language, cells)
    start = view.place(number)
    assert start is not None
    assert cursor is not None
    text = str(view.text)
    return text[: start + cursor] + MARK + text[start + cursor :]


def test_cells_stand_in_order_and_notes_are_comments() -> None:
    drawing = """\
[python]
import math
[markdown]
## Areas

of circles
[python]
def area(r):
    return math.█
[python]
print(area(1))
"""
    assert (
        seen(drawing)
        == """\
# %%
import math

# %% [markdown]
# ## Areas
#
# of circles

# %%
def area(r):
    return math.█

# %%
print(area(1))"""
    )


def test_a_cell_of_another_language_is_a_comment_and_can_be_completed_itself() -> None:
    drawing = """\
[python]
x = 1█
[sql]
SELECT name
FROM people
"""
    assert (
        seen(drawing)
        == """\
# %%
x = 1█

# %% [sql]
# SELECT name
# FROM people"""
    )
    assert (
        seen(drawing.replace(MARK, "").replace("people", "people█"))
        == """\
-- %% [python]
-- x = 1

-- %%
SELECT name
FROM people█"""
    )


def test_markdown_is_completed_among_the_notes_with_code_as_blocks() -> None:
    drawing = """\
[markdown]
# Areas
[python]
x = 1
[markdown]
The value of x is█
"""
    assert (
        seen(drawing)
        == """\
# Areas

```python
x = 1
```

The value of x is█"""
    )


def test_what_only_ipython_knows_is_a_comment_of_the_same_length() -> None:
    drawing = """\
[python]
%matplotlib inline
  !pip install x
?print
a = 7 \\
    % b
ok = (a
      != 1)
[python]
%%time
run()█
"""
    assert (
        seen(drawing)
        == """\
# %%
#matplotlib inline
  #pip install x
#print
a = 7 \\
    % b
ok = (a
      != 1)

# %%
#%time
run()█"""
    )


def test_a_magic_that_holds_another_language_makes_the_cell_one_of_it() -> None:
    drawing = """\
[python]
x = 1█
[python]
%%bash -s
echo "$((
"""
    assert (
        seen(drawing)
        == """\
# %%
x = 1█

# %% [shellscript]
# %%bash -s
# echo "$(("""
    )
    assert seen("[python]\n%%javascript\nlet a█\n") == "// %%\n//javascript\nlet a█"
    for magic, language in (
        ("%%time", "python"),
        ("%%unheard_of -x", "python"),
        ("%%writefile a.py", "python"),
        ("%%writefile a.txt", "plaintext"),
        ("\n%%R", "r"),
        (" x %%R", "python"),
    ):
        assert written_in("python", False, Text.of(magic + "\nx")) == language
    assert written_in("r", False, Text.of("%%bash")) == "r"
    assert written_in("python", True, Text.of("%%bash")) == "markdown"


def test_a_long_note_is_cut_to_its_first_and_last_lines() -> None:
    note = "\n".join(f"line {number} of the note" for number in range(5_000))
    view = compose("python", [made("markdown", note), made("python", "x")])
    text = str(view.text)
    assert len(text) < 600
    assert text.startswith("# %% [markdown]\n# line 0 of the note\n# line 1 of")
    assert "\n# …\n" in text
    assert text.endswith("\n# line 4999 of the note\n\n# %%\nx")


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_notes_do_not_confuse_the_parser(language: str) -> None:
    note = 'don\'t """ \u2028let ( [ {\r*/ "unclosed\x0c class\x85 `${ --> \\'
    view = compose(language, [made("markdown", note), made(language, "a"), made("raw", note)])
    grammar = grammar_of(language)
    tables = load(grammar) if grammar else None
    assert tables is not None
    root = Parser(tables).parse(str(view.text).encode()).root_node
    assert not root.has_error
    assert {node.type for node in root.children} == {"comment", "expression_statement"}


def test_a_note_cannot_end_the_comment_that_it_stands_in() -> None:
    view = compose("html", [made("markdown", "a --> <script>"), made("html", "<b>")])
    assert str(view.text) == "<!-- %% [markdown] -->\n<!-- a - -> <script> -->\n\n<!-- %% -->\n<b>"


def test_a_cell_whose_text_is_not_known_is_left_out() -> None:
    view = compose("python", [Cell("", None), made("python", "x")])
    assert str(view.text) == "# %%\n\n\n# %%\nx"
    assert view.place(0) is None


def test_an_edit_of_a_cell_is_the_same_edit_of_the_view() -> None:
    cells = notebook("[python]\nab\n[python]\nxy\n")
    view = compose("python", cells)
    changed = replace(cells[1], text=Text.of("xZZy"))
    view, edit = edited(view, 1, changed, Edit(1, 1, 3))
    assert edit == Edit(15, 15, 17)
    assert str(view.text) == "# %%\nab\n\n# %%\nxZZy"


def test_typing_a_magic_changes_its_line() -> None:
    cells = notebook("[python]\nx\ntime f\n")
    view = compose("python", cells)
    view, _ = edited(view, 0, replace(cells[0], text=Text.of("x\n%time f")), Edit(2, 2, 3))
    assert str(view.text) == "# %%\nx\n#time f"
    view, _ = edited(view, 0, replace(cells[0], text=Text.of("xtime f")), Edit(1, 3, 1))
    assert str(view.text) == "# %%\nxtime f"
    view, edit = edited(view, 0, replace(cells[0], text=Text.of("x\rtime f")), Edit(1, 1, 2))
    assert edit == Edit(6, 6, 7)
    view, _ = edited(view, 0, replace(cells[0], text=Text.of("x\r!time f")), Edit(2, 2, 3))
    assert str(view.text) == "# %%\nx\r#time f"


def test_an_edit_far_down_in_a_note_changes_nothing() -> None:
    cells = [made("markdown", "x\n" * 1_000), made("python", "y")]
    view = compose("python", cells)
    changed = replace(cells[0], text=Text.of("x\n" * 500 + "y\n" + "x\n" * 500))
    after, edit = edited(view, 0, changed, Edit(1_000, 1_000, 1_002))
    assert edit is None
    assert after.text is view.text


def test_a_moved_cell_is_one_edit_between_the_first_and_the_last_that_moved() -> None:
    cells = notebook("[python]\na\n[python]\nb\n[python]\nc\n[python]\nd\n")
    view, edit = recomposed(compose("python", cells), [cells[0], cells[2], cells[1], cells[3]])
    assert str(view.text) == "# %%\na\n\n# %%\nc\n\n# %%\nb\n\n# %%\nd"
    assert edit == Edit(8, 24, 24)
    view, edit = recomposed(view, [cells[0], cells[2], cells[1], cells[3]])
    assert edit is None
    view, edit = recomposed(view, cells[:1])
    assert str(view.text) == "# %%\na"
    view, edit = recomposed(view, [])
    assert (str(view.text), edit) == ("", Edit(0, 6, 0))


def test_the_main_language_is_that_of_most_code_cells() -> None:
    cells = notebook("[markdown]\na\n[markdown]\nb\n[sql]\nc\n[python]\nd\n[python]\ne\n")
    assert main_language(cells) == "python"
    assert main_language(cells[:2]) is None


def test_an_answer_ends_where_another_cell_would_begin() -> None:
    def cut(answer: str, line_before: str = "", language: str = "python") -> str:
        return within_cell(answer, language, line_before)

    assert cut("x = 1\n\n\n# %%\nprint(x)") == "x = 1"
    assert cut("x = 1\n#%% [markdown]\n# note") == "x = 1"
    assert cut("\n\n# %%\nprint(x)", "x = 1") == ""
    assert cut(" %%\nprint(x)", "#") == ""
    assert cut("x = 1  # %% is no separator") == "x = 1  # %% is no separator"
    assert cut("a # %%", "b ") == "a # %%"
    assert cut("x = 1\n\n") == "x = 1\n\n"
    assert cut("f();\n// %%\ng();", language="javascript") == "f();"
    assert cut("text\n# %%\n", language="markdown") == "text\n# %%\n"


@pytest.mark.parametrize(
    ("text", "end"), [("a", None), ("a\nb", "\n"), ("a\r\nb\n", "\r\n"), ("\rb", "\r")]
)
def test_the_line_end_of_a_cell(text: str, end: str | None) -> None:
    assert line_end_of(Text.of(text)) == end
