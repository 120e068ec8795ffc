"""An explanation as text to read, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from inglenook.engine.accounts import Account, Outcome
from inglenook.engine.explain import Cut, Explanation, Item, Piece
from inglenook_context.prompt import Prompt

MARK: Final = "█"  # where the model writes, in a prompt that has no frame
HEADING: Final = "=== "  # before each part of what is sent; the last part goes to the end


def as_text(explanation: Explanation) -> str:
    """All of it, and last the exact prompt: nothing comes behind its last character."""
    sections = [_head(explanation.account), _shown(explanation), _cut(explanation)]
    sections += [_steps(explanation.account), _sizes(explanation)]
    return "\n".join([*("".join(f"{line}\n" for line in lines) for lines in sections), ""]) + (
        prompt_text(explanation)
    )


def prompt_text(explanation: Explanation) -> str:
    """What a model was shown, or would be, under a heading for each part."""
    if explanation.sent is None:
        return f"{HEADING}prompt, in no model's frame\n{neutral(explanation.account.prompt)}"
    parts = explanation.sent.parts
    return "\n".join(f"{HEADING}{part.name}\n{part.text}" for part in parts)


def prompt_only(explanation: Explanation) -> str:
    """`prompt_text`, without a heading if there is but one part."""
    sent = explanation.sent
    if sent is None:
        return neutral(explanation.account.prompt)
    return sent.parts[0].text if len(sent.parts) == 1 else prompt_text(explanation)


def neutral(prompt: Prompt) -> str:
    """A prompt in no model's frame."""
    files = [f"--- {snippet.path}\n{snippet.text}" for snippet in prompt.snippets]
    own = f"--- {prompt.path}\n{prompt.prefix}{prompt.typed}{MARK}{prompt.suffix}"
    return "\n".join([*files, own])


def as_json(explanation: Explanation) -> dict[str, Any]:
    """All of it; the prompt's own fields are at the top."""
    account, sent = explanation.account, explanation.sent
    model, timings = account.model, account.timings
    return asdict(account.prompt) | {
        "line": account.line,
        "column": account.column,
        "model": {"name": model.name, "backend": model.backend, "family": model.family,
                  "fill": str(model.fill), "layout": str(model.layout)} if model else None,
        "sent": [asdict(part) for part in sent.parts] if sent else None,
        "heal": sent.heal if sent else "",
        "shown": [_json_of(piece, explanation) for piece in explanation.pieces],
        "cut": [{"path": cut.path, **_json_item(cut.item), "characters": cut.characters,
                 "kept_out": cut.kept_out} for cut in explanation.cut],
        "left": explanation.left,
        "ms": dict(account.steps),
        "sizes": asdict(explanation.sizes),
        "budget": asdict(account.budget),
        "outcome": str(account.outcome),
        "timings": asdict(timings) if timings else None,
    }  # fmt: skip


def _json_of(piece: Piece, explanation: Explanation) -> dict[str, Any]:
    return {
        "path": piece.path,
        "characters": piece.characters,
        "tokens": explanation.sizes.tokens_of(piece.characters),
        "definitions": [_json_item(item) for item in piece.items],
    }


def _json_item(item: Item) -> dict[str, Any]:
    return {"name": item.name, "reason": item.reason, "why": item.why, "score": item.score}


# -- the sections ----------------------------------------------------------------------------------


def _head(account: Account) -> Iterator[str]:
    place = f"line {account.line}, column {account.column}"
    yield f"The prompt for {account.prompt.path}, {place}"
    yield ""
    model, timings = account.model, account.timings
    if model is not None:
        frame = f"{model.fill}, {model.family or 'no family'}, {model.layout}"
        yield f"  model    {model.name} on {model.backend} ({frame})"
    yield f"  outcome  {_outcome(account)}"
    if timings is not None:
        told = {
            "tokens": timings.prompt_tokens,
            "evaluated": timings.evaluated,
            "reused": timings.reused,
        }
        yield "  prompt   " + ", ".join(_number(name, count) for name, count in told.items())
        rate = timings.predicted_per_second
        if timings.predicted_tokens is not None:
            speed = f", {rate:.0f} a second" if rate else ""
            yield f"  answer   {timings.predicted_tokens} tokens{speed}"
        if timings.truncated:
            yield "  note     the backend saw less of the prompt than was sent"
    if account.repeated:
        times = "once" if account.repeated == 1 else f"{account.repeated} times"
        yield f"  since    the document was answered {times} from what is known"


def _outcome(account: Account) -> str:
    words = str(account.outcome)
    if account.first_token_ms is not None:
        words += f"; its first token came after {account.first_token_ms:.0f} ms"
    if account.total_ms is not None and account.outcome is not Outcome.ASKING:
        words += f"; it took {account.total_ms:.0f} ms"
    return words


def _number(name: str, count: int | None) -> str:
    return f"{name} not told" if count is None else f"{count} {name}"


def _shown(explanation: Explanation) -> Iterator[str]:
    pieces, sizes = explanation.pieces, explanation.sizes
    if not pieces:
        yield "Of other files nothing is shown"
        return
    size = f"{sizes.snippets} characters, about {sizes.tokens_of(sizes.snippets)} tokens"
    yield f"Shown of other files: {size} (score, definition, reason)"
    for piece in pieces:
        tokens = sizes.tokens_of(piece.characters)
        yield f"  {piece.path}: {piece.characters} characters, about {tokens} tokens"
        for item in piece.items:
            yield f"    {item.score:6.2f}  {item.name}: {item.why}"


def _cut(explanation: Explanation) -> Iterator[str]:
    cut = explanation.cut
    if not cut:
        yield "Nothing that could be wanted was cut"
        return
    yield f"Cut: the best {len(cut)} of {explanation.left}, as their files are now"
    for each in cut:
        yield f"    {each.item.score:6.2f}  {_named(each)}: {each.item.why}; {each.kept_out}"


def _named(cut: Cut) -> str:
    name = f"{cut.item.name} in {cut.path}" if cut.item.name else cut.path
    return f"{name} ({cut.characters} characters)" if cut.characters else name


def _steps(account: Account) -> Iterator[str]:
    yield f"Time: {sum(account.steps.values()):.2f} ms"
    for step, milliseconds in account.steps.items():
        yield f"    {milliseconds:6.2f}  {step}"


def _sizes(explanation: Explanation) -> Iterator[str]:
    sizes, budget = explanation.sizes, explanation.account.budget
    about = "counted by the model" if sizes.counted else f"at {sizes.density:.1f} characters each"
    yield f"Size: {sizes.total} characters, {sizes.tokens} tokens ({about})"
    yield f"    other files {sizes.snippets} (budget {budget.snippets})"
    yield f"    above the cursor {sizes.prefix} frozen, {sizes.typed} being typed"
    yield f"        (budget {budget.prefix} to {budget.prefix + budget.step})"
    yield f"    below the cursor {sizes.suffix} (budget {budget.suffix})"
    if explanation.sent is not None and explanation.sent.heal:
        yield f"The answer has to begin with {explanation.sent.heal!r}, which is left out below."
