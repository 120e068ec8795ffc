"""What the user chose in the editor: kept in the state directory, by folder."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inglenook.engine.picks import NotKept, Pick, keep_pick, load_picks
from inglenook.engine.settings import Selection


def test_choices_are_kept_by_folder_role_and_language(tmp_path: Path) -> None:
    state = tmp_path / "state"
    keep_pick(state, Pick("/w/a", "autocomplete", "", "Small"))
    keep_pick(state, Pick("/w/a", "autocomplete", "rust", "Oxide"))
    keep_pick(state, Pick("/w/b", "chat", "", "Large"))
    assert load_picks(state) == {
        "/w/a": Selection({"autocomplete": "Small"}, {"rust": {"autocomplete": "Oxide"}}),
        "/w/b": Selection({"chat": "Large"}),
    }
    assert (state / "selections.json").stat().st_mode & 0o777 == 0o600


def test_an_empty_name_takes_a_choice_back(tmp_path: Path) -> None:
    keep_pick(tmp_path, Pick("/w/a", "autocomplete", "rust", "Oxide"))
    keep_pick(tmp_path, Pick("/w/b", "chat", "", "Large"))
    keep_pick(tmp_path, Pick("/w/a", "autocomplete", "rust", ""))
    assert load_picks(tmp_path) == {"/w/b": Selection({"chat": "Large"})}


def test_servers_that_choose_at_once_lose_nothing(tmp_path: Path) -> None:
    def choose(number: int) -> None:
        keep_pick(tmp_path, Pick(f"/w/{number}", "autocomplete", "", f"M{number}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(choose, range(40)))
    assert load_picks(tmp_path) == {
        f"/w/{number}": Selection({"autocomplete": f"M{number}"}) for number in range(40)
    }


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"/w": 3}', '{"/w": {"roles": [1], "languages": {"a": 1}}}']
)
def test_a_damaged_file_says_nothing_and_the_next_choice_mends_it(
    tmp_path: Path, body: str
) -> None:
    file = tmp_path / "selections.json"
    file.write_text(body)
    file.chmod(0o600)
    assert not any(pick.name("autocomplete") for pick in load_picks(tmp_path).values())
    keep_pick(tmp_path, Pick("/w/a", "autocomplete", "", "Small"))
    assert load_picks(tmp_path)["/w/a"] == Selection({"autocomplete": "Small"})


def test_a_file_that_others_could_have_written_says_nothing(tmp_path: Path) -> None:
    keep_pick(tmp_path, Pick("/w/a", "autocomplete", "", "Small"))
    (tmp_path / "selections.json").chmod(0o666)
    assert load_picks(tmp_path) == {}


def test_a_choice_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(NotKept, match="holds until the editor closes: "):
        keep_pick(tmp_path / "state", Pick("/w", "autocomplete", "", "Small"))


def test_the_oldest_folders_go_when_there_are_too_many(tmp_path: Path) -> None:
    for number in range(502):
        keep_pick(tmp_path, Pick(f"/w/{number}", "autocomplete", "", "Small"))
    kept = load_picks(tmp_path)
    assert len(kept) == 500
    assert "/w/0" not in kept
    assert "/w/501" in kept
