"""All that is done with ghost text, edits and the chat, in one session of a real VS Code.

It is driven by vscode/work.js, which tells the fake model what to say; each test judges a part of
what it saw.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.editors_stub import COMPLAINS, stub_extension
from tests.support.editors_vscode import VSCode
from tests.support.editors_watched import Watched, watched_server
from tests.support.editors_workbench import COUNTED, TOTAL, workbench

pytestmark = pytest.mark.editor

PROMPTS: Final = "prompts:\n  - {name: zorblat, description: ours, prompt: Say zorblat.}\n"
# Three hundred keys, 60 ms apart, at a model that needs 300 ms for an answer.
KEYS: Final = "".join(f"total_{n} = first + second * {n}\n" for n in range(11))
FILES = {
    "words.py": "def first(values):\n    \n",
    "others.py": "def second(values):\n    \n",
    "slow.py": "def third(values):\n    \n",
    "paused.py": "def fourth(values):\n    \n",
    "folder.py": "def fifth(values):\n    \n",
    "long.py": "",
    "edited.py": TOTAL,
    "refused.py": TOTAL,
    "chatted.py": TOTAL,
    "inserted.py": "# the end",
    "extracted.py": "def cost(price, count):\n    return price * count + 1\n",
    "wrong.py": "def first_of(items):\n    return itms[0]\n",
    "simplified.py": "def f(a):\n    if a:\n        return True\n    return False\n",
}


@dataclass(frozen=True, slots=True)
class Session:
    seen: dict[str, Any]
    folder: Path
    watched: Watched

    def on_disk(self, name: str) -> str:
        return (self.folder / "ws" / name).read_bytes().decode()


def drive(editor: VSCode, extension: Path, folder: Path) -> Session:
    files = {name: text.encode() for name, text in FILES.items()}
    with watched_server(folder, "value_{n}") as watched:
        config = Path(watched.server.env["INGLENOOK_CONFIG"])
        config.write_text(f"{config.read_text()}{PROMPTS}")
        bench = workbench(editor, watched.server, files, folder / "session", {})
        bench.install(extension, stub_extension("stub", "complains", folder, COMPLAINS))
        seen = bench.drive("work", backend=watched.backend, axe=str(editor.axe), keys=KEYS)
    return Session(seen, folder / "session", watched)


def test_a_word_is_accepted_and_then_the_line(session: Session) -> None:
    seen = session.seen
    assert seen["whole"] == "alpha(beta, gamma)"
    assert seen["whole"].endswith(seen["afterWord"])
    assert session.on_disk("words.py") == "def first(values):\n    return alpha(beta, gamma)\n"


def test_there_is_a_next_suggestion_and_it_can_be_put_away(session: Session) -> None:
    seen = session.seen
    assert seen["next"] != seen["first"]
    assert seen["next"].startswith("value_")
    assert seen["dismissed"] == ""
    assert session.on_disk("others.py") == "def second(values):\n    return \n"


def test_no_answer_of_a_slow_model_is_drawn_for_what_was_typed_before(session: Session) -> None:
    seen = session.seen
    assert len(seen["drawn"]) == 1
    assert seen["drawnFor"].strip() == "abc"
    assert session.on_disk("slow.py") == "def third(values):\n    abc\n"


@pytest.mark.parametrize(
    ("what", "why"),
    [("pausedLanguage", "in python files"), ("pausedFolder", "in the folder ws")],
)
def test_where_it_is_paused_nothing_is_completed_and_nothing_is_asked(
    session: Session, what: str, why: str
) -> None:
    told = session.seen[what]
    said = f"Inglenook: paused: nothing is completed {why}, qwen2.5-coder:0.5b"
    assert told["status"].startswith(said)
    assert told["ghost"] == ""
    assert told["asked"] == 0
    assert told["resumed"].startswith("Inglenook: ")
    assert told["after"] != ""


def test_of_many_keys_the_file_holds_what_was_typed(session: Session) -> None:
    assert len(KEYS) >= 300
    assert session.on_disk("long.py") == KEYS
    assert session.seen["toasts"] == []


def test_every_request_was_answered_once(session: Session) -> None:
    asked = [each for each in session.watched.received() if {"id", "method"} <= each.keys()]
    completions = [each for each in asked if each["method"] == "textDocument/inlineCompletion"]
    of = [each["params"]["textDocument"]["uri"].rpartition("/")[2] for each in completions]
    assert of.count("long.py") > 50  # at nearly every key, unless the machine is busy
    answered = [each["id"] for each in session.watched.sent() if "method" not in each]
    last = [each["id"] for each in asked if each["method"] == "shutdown"]
    # VS Code does not wait long for the answer to its last request, nor for the server's end.
    assert {each["id"] for each in asked} - set(last) <= set(answered)
    assert len(set(answered)) == len(answered)


def test_an_edit_is_shown_and_a_discarded_one_leaves_the_file_alone(session: Session) -> None:
    assert "net += item.price * item.count" in session.seen["diff"]
    assert session.seen["discarded"].rstrip("\n") == TOTAL.rstrip("\n")


def test_an_accepted_edit_is_one_step(session: Session) -> None:
    assert session.seen["accepted"].rstrip("\n") == COUNTED.rstrip("\n")
    assert session.seen["undone"].rstrip("\n") == TOTAL.rstrip("\n")
    assert session.on_disk("edited.py") == COUNTED


def test_an_edit_that_fails_a_check_is_refused_with_the_reason(session: Session) -> None:
    assert "fails the check" in session.seen["refused"]
    assert session.on_disk("refused.py") == TOTAL


def test_a_refactor_is_applied_and_taken_back_in_one_step(session: Session) -> None:
    assert session.seen["extracted"].count("price * count") == 1
    assert session.seen["extracted"].count("\n") == 3
    assert session.seen["extractedUndone"] == FILES["extracted.py"]


def test_what_a_model_wrote_goes_through_the_editors_own_preview(session: Session) -> None:
    assert session.on_disk("simplified.py") == "def f(a):\n    return bool(a)\n"


def test_a_diagnostic_has_a_quick_fix(session: Session) -> None:
    assert session.on_disk("wrong.py") == "def first_of(items):\n    return items[0]\n"


def test_an_answer_streams_and_nothing_in_it_is_active(session: Session) -> None:
    seen = session.seen
    assert seen["about"] == "About chatted.py, lines 3 to 4"
    assert len(seen["lengths"]) > 4  # it grew
    assert "It adds up the prices" in seen["answer"]
    assert "for item in items:" in seen["answer"]
    assert "Copy" in seen["answer"]
    assert seen["links"] == 0


def test_the_page_itself_makes_nothing_active_either(session: Session) -> None:
    assert session.seen["hostile"] == {"found": [], "isShown": True}


def test_reasoning_is_folded_and_what_was_sent_is_listed(session: Session) -> None:
    assert session.seen["reasoningIsFolded"]
    assert session.seen["reasoning"] == "First the price."
    assert "chatted.py (selection)" in session.seen["used"]


def test_slash_prompts_are_offered(session: Session) -> None:
    assert session.seen["prompts"] == ["/explain"]
    assert session.seen["ownPrompts"] == ["/zorblat"]
    assert session.seen["promptTaken"] == "/explain "


def test_code_of_an_answer_is_copied_inserted_and_put_in_place(session: Session) -> None:
    code = "for item in items:\n    net += item.price * item.count\n"
    assert session.seen["copied"] == code
    assert "item.price * item.count" in session.seen["replacing"]
    assert session.on_disk("chatted.py") == COUNTED
    assert session.on_disk("inserted.py") == f"# the end{code}"


def test_another_file_is_sent_with_one_question(session: Session) -> None:
    seen = session.seen
    assert seen["attached"] == ["words.py ✕"]
    assert seen["detached"] == []
    assert "words.py (file)" in seen["attachedUsed"]
    assert seen["attachedSent"]
    assert seen["filesAfterwards"] == []


def test_the_focus_goes_to_the_question_when_what_had_it_is_gone(session: Session) -> None:
    assert session.seen["focusAfterDetaching"] == "question"
    assert session.seen["focusAfterStopping"] == "question"


def test_an_answer_is_stopped_by_a_key(session: Session) -> None:
    assert session.seen["stopped"] == "Stopped."


def test_the_chat_keeps_nobody_out(session: Session) -> None:
    seen = session.seen
    assert seen["rules"] > 10
    assert seen["violations"] == []
    assert seen["violationsInContrast"] == []
    assert seen["overflow"] <= 0  # at 200 %
    assert seen["sendIsVisible"]


def test_nothing_but_loopback_was_asked_for(session: Session) -> None:
    assert session.seen["blocked"] == []
