"""How an edit is asked for: in the smallest unit that can hold it, and in a form that can be held.

Of a docstring the model writes the words, as JSON, and of annotations the types, in the header of
their function; where they belong is computed. Of all else it writes the lines of a unit anew, in
one block of code.
"""

from __future__ import annotations

from inglenook.engine.refactor.code_form import code_form
from inglenook.engine.refactor.form import Form
from inglenook.engine.refactor.wish import Wish
from inglenook.engine.refactor.words_form import docstring_form, types_form
from inglenook_context.syntax import Syntax
from inglenook_context.verify.task import Purpose


def form_of(wish: Wish, syntax: Syntax | None) -> Form:
    """Raises `NotOffered` where there is nothing that the wish could be about."""
    if wish.purpose is Purpose.DOCSTRING:
        return docstring_form(wish, syntax)
    if wish.purpose is Purpose.TYPES:
        return types_form(wish, syntax)
    return code_form(wish, syntax)
