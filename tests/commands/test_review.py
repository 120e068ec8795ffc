"""``inglenook review`` as a shell runs it: what is reviewed, what is told, and the exit code."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.chat_command import git
from tests.support.fake_backend import fake_backend
from tests.support.review_model import Reviewing, Wrong, commit, repository, review, write
from tests.support.sarif import sarif_remarks, sarif_schema

CART = '''\
def total(items):
    """The sum of the prices."""
    result = 0
    for item in items:
        result += item.price
    return result


def last(items):
    """The last item, or None if there is none."""
    if not items:
        return None
    return items[-1]
'''
BROKEN = CART.replace("items[-1]", "items[len(items)]")
OFF = Wrong("    return items[len(items)]", "off-by-one", "The index is one too high.")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return repository(tmp_path, {"cart.py": CART, "test_cart.py": "import cart\n"})


async def test_a_change_of_the_work_tree(tmp_path: Path, shop: Path) -> None:
    write(shop, {"cart.py": BROKEN})
    model = Reviewing([OFF])
    async with fake_backend(answer=model) as backend:
        done = await review(tmp_path, address=backend.url, cwd=shop)
    assert done.code == 1
    assert done.out.startswith(
        "cart.py:13 error correctness/off-by-one (50%): The index is one too high.\n"
        "     13 | return items[len(items)]\n"
    )
    assert "1 error in the work tree." in done.out
    assert "def total" not in "".join(model.asked)
    assert "-    return items[-1]\n+    return items[len(items)]" in model.asked[0]


async def test_a_change_without_a_finding(tmp_path: Path, shop: Path) -> None:
    write(shop, {"cart.py": BROKEN})
    async with fake_backend(answer=Reviewing()) as backend:
        done = await review(tmp_path, address=backend.url, cwd=shop)
    assert done.code == 0
    assert done.out.startswith("Nothing found in the work tree.\n  1 of 1 pieces of 1 file")


def staged(shop: Path) -> list[str]:
    write(shop, {"cart.py": BROKEN})
    git(shop, "add", "cart.py")
    write(shop, {"cart.py": CART})  # what is staged counts
    return ["--staged"]


def between(shop: Path) -> list[str]:
    git(shop, "switch", "--quiet", "--create", "topic")
    write(shop, {"cart.py": BROKEN})
    commit(shop)
    git(shop, "switch", "--quiet", "main")
    write(shop, {"other.py": "x = 1\n"})
    commit(shop)
    return ["--diff", "main...topic"]


def whole(shop: Path) -> list[str]:
    write(shop, {"cart.py": BROKEN})
    return ["c*.py"]


def new(shop: Path) -> list[str]:
    write(shop, {"cart.py": CART, "deep/new.py": BROKEN})
    return ["--worktree", "deep"]


@pytest.mark.parametrize(
    ("prepare", "path"),
    [(staged, "cart.py"), (between, "cart.py"), (whole, "cart.py"), (new, "deep/new.py")],
)
async def test_what_can_be_reviewed(
    tmp_path: Path, shop: Path, prepare: Callable[[Path], list[str]], path: str
) -> None:
    arguments = prepare(shop)
    async with fake_backend(answer=Reviewing([OFF])) as backend:
        done = await review(tmp_path, *arguments, "--format", "json", address=backend.url, cwd=shop)
    told = json.loads(done.out)
    assert [(each["path"], each["line"]) for each in told["findings"]] == [(path, 13)]
    assert told["exit_code"] == done.code == 1
    assert told["coverage"]["complete"]


@pytest.mark.parametrize("state", ["before", "after", "absent"])
async def test_a_diff_on_standard_input(tmp_path: Path, shop: Path, state: str) -> None:
    """Of a file as it was, as it is, and of one that is not there."""
    write(shop, {"cart.py": BROKEN})
    diff = git(shop, "diff")
    if state != "after":
        write(shop, {"cart.py": CART})
    if state == "absent":
        (shop / "cart.py").unlink()
    async with fake_backend(answer=Reviewing([OFF])) as backend:
        done = await review(
            tmp_path, "--stdin", "--format", "json", address=backend.url, cwd=shop, piped=diff
        )
    told = json.loads(done.out)
    assert [(each["path"], each["line"]) for each in told["findings"]] == [("cart.py", 13)]


async def test_the_second_run_asks_nothing(tmp_path: Path, shop: Path) -> None:
    weights = tmp_path / "qwen2.5-coder.gguf"
    weights.touch()
    os.truncate(weights, 492_000_000)  # the fake's tensors, and what stands before them
    write(shop, {"cart.py": BROKEN})
    model = Reviewing([OFF])
    async with fake_backend(answer=model, weights=str(weights)) as backend:
        first = await review(tmp_path, "--format", "json", address=backend.url, cwd=shop)
        asked = len(model.asked)
        second = await review(tmp_path, "--format", "json", address=backend.url, cwd=shop)
    assert asked == 6
    assert len(model.asked) == asked
    one, two = json.loads(first.out), json.loads(second.out)
    assert (two["coverage"]["asked"], two["coverage"]["cached"]) == (0, asked)
    assert one["findings"] == two["findings"]


async def test_secrets_are_kept_from_the_model_and_what_is_known_stays_known(
    tmp_path: Path, shop: Path
) -> None:
    token = "ghp_" + "a1B2c3D4e5" * 4
    base = str(tmp_path / "known.json")
    write(
        shop,
        {"cart.py": BROKEN.replace("return items[len", f'log("{token}")\n    return items[len')},
    )
    async with fake_backend(answer=Reviewing([OFF])) as backend:
        first = await review(
            tmp_path, "--format", "json", "--write-baseline", base, address=backend.url, cwd=shop
        )
        second = await review(
            tmp_path, "--format", "json", "--baseline", base, address=backend.url, cwd=shop
        )
        assert not any(token.encode() in each.body for each in backend.seen)
    assert token not in first.out + first.errors + Path(base).read_text()
    rules = {each["rule"] for each in json.loads(first.out)["findings"]}
    assert rules == {"code/secret", "correctness/off-by-one"}
    assert (json.loads(second.out)["findings"], second.code) == ([], 0)


async def test_a_review_goes_on_where_it_was_ended(tmp_path: Path, shop: Path) -> None:
    """Also with a model that tells no digest, of which nothing is kept from run to run."""
    write(shop, {"cart.py": BROKEN, "two.py": "x = 1\n"})
    model = Reviewing([OFF])
    async with fake_backend(answer=model) as backend:
        told = ("--format", "json")
        ended = await review(tmp_path, "--max-tokens", "1", *told, address=backend.url, cwd=shop)
        assert json.loads(ended.out)["coverage"]["stopped"].startswith("The tokens that it may")
        asked = len(model.asked)
        done = await review(tmp_path, "--resume", *told, address=backend.url, cwd=shop)
        coverage = json.loads(done.out)["coverage"]
        assert (coverage["cached"], coverage["asked"]) == (asked, 12 - asked)
        assert len(model.asked) == 12
        await review(tmp_path, *told, address=backend.url, cwd=shop)
        assert len(model.asked) == 24


async def test_a_judge_refutes(tmp_path: Path, shop: Path) -> None:
    write(shop, {"cart.py": BROKEN})
    wrong = [Wrong(OFF.quote, OFF.rule, stands=False)]
    async with fake_backend(answer=Reviewing(wrong)) as backend:
        done = await review(tmp_path, "--judge", "--format", "json", address=backend.url, cwd=shop)
    told = json.loads(done.out)
    assert (done.code, told["findings"], told["coverage"]["refuted"]) == (0, [], 1)


async def test_several_formats_at_once(tmp_path: Path, shop: Path) -> None:
    write(shop, {"cart.py": BROKEN})
    formats = [f"--format={name}={tmp_path / name}" for name in ("json", "sarif", "markdown")]
    async with fake_backend(answer=Reviewing([OFF])) as backend:
        done = await review(tmp_path, *formats, "--format=github", address=backend.url, cwd=shop)
    whole, finding = done.out.splitlines()
    assert whole.startswith("::notice title=Inglenook::1 error in the work tree. 1 of 1 pieces")
    assert finding.startswith(
        "::error file=cart.py,line=13,endLine=13,title=correctness/off-by-one (50%25)::The index"
    )
    sarif = json.loads((tmp_path / "sarif").read_text())
    sarif_schema().validate(sarif)
    [remark] = sarif_remarks(json.dumps(sarif), tmp_path)
    assert remark.startswith("SARIF2005: ")  # it misses a home page, and there is none yet
    [result] = sarif["runs"][0]["results"]
    assert result["ruleId"] == "correctness/off-by-one"
    assert "**error** cart.py line 13" in (tmp_path / "markdown").read_text()
    assert json.loads((tmp_path / "json").read_text())["exit_code"] == 1


@pytest.mark.parametrize(
    ("diff", "asked", "code"),
    [
        ("@@ -8,4 +8,2 @@\n def a(x):\n-    if x > 9:\n-        raise Dear\n     pay(x)\n", 1, 0),
        ("@@ -9,2 +8,0 @@\n-    if x > 9:\n-        raise Dear\n", 0, 3),
    ],
)  # fmt: skip
async def test_what_is_taken_out_of_a_file_that_is_not_here_is_reviewed(
    tmp_path: Path, shop: Path, diff: str, asked: int, code: int
) -> None:
    head = "--- a/gone.py\n+++ b/gone.py\n"
    options = ("--stdin", "--format", "json", "--reviewers", "correctness")
    async with fake_backend(answer=(model := Reviewing())) as backend:
        done = await review(tmp_path, *options, address=backend.url, cwd=shop, piped=head + diff)
    assert (done.code, len(model.asked)) == (code, asked)
    assert all("raise Dear" in each for each in model.asked)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--diff", "nosuch"], "There is no commit 'nosuch' here."),
        (["--diff=--output=x"], "There is no commit '--output=x' here."),
        (["none.py"], "There is no file none.py."),
        (["*.nope"], "No source file matches '*.nope'."),
        (["../x"], "../x is not below"),
        (["--format", "pdf"], "'pdf' is no format"),
        (["--format", "json", "--format", "text"], "Only one format"),
        (["--reviewers", "nobody"], "There is no reviewer 'nobody'"),
        (["--baseline", "none.json"], "There is no baseline none.json"),
        (["--diff", "HEAD..HEAD", "misspelt.py"], "There is no file or folder misspelt.py"),
        (["--worktree", "*.py"], "There is no file or folder *.py"),
        (["--diff", ""], "--diff must name a commit"),
        (["--diff", "..."], "--diff must name a commit"),
        (["--max-time", "0"], "--max-time must be more than 0."),
        (["--stdin", "cart.py"], "no PATHs"),
    ],
)
async def test_what_cannot_be_asked(
    tmp_path: Path, shop: Path, arguments: list[str], sentence: str
) -> None:
    done = await review(tmp_path, *arguments, address="http://127.0.0.1:9", cwd=shop)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.errors
    assert done.errors.count("\n") == 1


async def test_without_a_model_nothing_is_clean(tmp_path: Path, shop: Path) -> None:
    write(shop, {"cart.py": BROKEN})
    done = await review(tmp_path, address="http://127.0.0.1:9", cwd=shop)
    assert done.code == 3
    assert "Not all of the work tree could be reviewed" in done.out
    write(shop, {"cart.py": "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> x\n"})
    done = await review(tmp_path, address="http://127.0.0.1:9", cwd=shop)
    assert done.code == 1
    assert "cart.py:1 error code/conflict-marker:" in done.out


async def test_a_file_whose_name_cannot_be_shown_is_not_called_clean(
    tmp_path: Path, shop: Path
) -> None:
    (shop / os.fsdecode(b"caf\xe9.py")).write_text(BROKEN)
    write(shop, {"cart.py": CART + "\nx = 1\n"})
    for arguments in ([], ["."]):
        async with fake_backend(answer=Reviewing()) as backend:
            done = await review(
                *(tmp_path, *arguments, "--format", "json"), address=backend.url, cwd=shop
            )
        coverage = json.loads(done.out)["coverage"]
        assert (done.code, coverage["complete"]) == (3, False)
        assert [each["reason"] for each in coverage["skipped"]] == ["Its name cannot be shown."]


@pytest.mark.parametrize("name", ["資料\u3000x.py", "a\xa0b.py", "Screen\u202fAM.py"])
async def test_a_name_may_have_blanks_of_any_script(tmp_path: Path, shop: Path, name: str) -> None:
    write(shop, {name: BROKEN, os.fsdecode(b"caf\xe9.png"): "x"})
    async with fake_backend(answer=Reviewing([OFF])) as backend:
        for arguments in ([], ["."], [name]):
            done = await review(
                *(tmp_path, *arguments, "--format", "json"), address=backend.url, cwd=shop
            )
            report = json.loads(done.out)
            assert (done.code, report["coverage"]["complete"]) == (1, True)
            assert [each["path"] for each in report["findings"]] == [name]


@pytest.mark.parametrize("option", ["--format=markdown={}", "--write-baseline={}"])
@pytest.mark.parametrize("name", ["out.md", "there/out.md", "dangling"])
async def test_no_link_of_what_is_reviewed_leads_a_report_out(
    tmp_path: Path, shop: Path, name: str, option: str
) -> None:
    mine, home = tmp_path / "mine", tmp_path / "home"
    mine.write_text("precious")
    home.mkdir()
    (shop / "out.md").symlink_to(mine)
    (shop / "there").symlink_to(home)
    (shop / "dangling").symlink_to(tmp_path / "new")
    done = await review(
        tmp_path, "--no-model", option.format(name), address="http://127.0.0.1:9", cwd=shop
    )
    assert (done.code, mine.read_text(), list(home.iterdir())) == (2, "precious", [])
    assert f"{name} is a link out of what is reviewed; name another file." in done.errors
    assert not (tmp_path / "new").exists()


async def test_a_report_is_as_private_as_the_file_that_was_there(
    tmp_path: Path, shop: Path
) -> None:
    secret, new = tmp_path / "secret.md", tmp_path / "new.md"
    secret.touch(0o600)
    options = ("--no-model", f"--format=markdown={secret}", f"--format=json={new}")
    await review(tmp_path, *options, address="http://127.0.0.1:9", cwd=shop)
    (mask := tmp_path / "mask").touch(0o666)
    modes = [each.stat().st_mode & 0o777 for each in (secret, new)]
    assert modes == [0o600, mask.stat().st_mode & 0o777]
    assert secret.read_text()


async def test_a_report_goes_through_a_link_and_into_a_pipe(tmp_path: Path, shop: Path) -> None:
    pipe, link, told = tmp_path / "pipe", tmp_path / "link", tmp_path / "told"
    os.mkfifo(pipe)
    told.write_text("old")
    link.symlink_to(told)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    options = ("--no-model", f"--format=json={pipe}", f"--format=json={link}")
    done = await review(tmp_path, *options, address="http://127.0.0.1:9", cwd=shop)
    assert (done.code, done.errors) == (0, "")
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert json.loads(os.read(reading, 1 << 16)) == json.loads(told.read_text())
    os.close(reading)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--format=sarif=nowhere/x.sarif", "there is no directory 'nowhere'"),
        ("--format=json=deep", "deep is a directory"),
        ("--write-baseline=nowhere/known.json", "there is no directory 'nowhere'"),
        ("--write-baseline=", "--write-baseline must name a file"),
        ("--baseline=", "--baseline must name a file"),
    ],
)
async def test_where_nothing_can_be_written_nobody_is_asked(
    tmp_path: Path, shop: Path, option: str, said: str
) -> None:
    write(shop, {"cart.py": BROKEN, "deep/x.py": ""})
    model = Reviewing([OFF])
    async with fake_backend(answer=model) as backend:
        done = await review(tmp_path, option, address=backend.url, cwd=shop)
    assert (done.code, done.out, model.asked) == (2, "", [])
    assert said in done.errors


async def test_a_report_that_cannot_be_written_is_told_all_the_same(
    tmp_path: Path, shop: Path
) -> None:
    """As when a disk is full; here its directory goes while the model is asked."""
    write(shop, {"cart.py": BROKEN})
    gone = tmp_path / "gone"
    gone.mkdir()

    def going(_question: str) -> None:
        if gone.exists():
            gone.rmdir()

    there, sarif = tmp_path / "there.json", tmp_path / "x.sarif"
    options = [f"--format=json={each}" for each in (there, gone / "x.json")]
    options += [f"--format=sarif={sarif}", "--format=json"]
    async with fake_backend(answer=Reviewing([OFF], instead=going)) as backend:
        done = await review(tmp_path, *options, address=backend.url, cwd=shop)
    assert done.code == 2
    assert "x.json cannot be written: No such file or directory." in done.errors
    assert "cart.py:13 error correctness/off-by-one" in done.errors
    assert done.out == there.read_text()
    assert json.loads(done.out)["exit_code"] == 2  # also in what was written before it was known
    [run] = json.loads(sarif.read_text())["runs"]
    assert (len(run["results"]), run["invocations"][0]["exitCode"]) == (1, 2)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("cart.py", BROKEN.encode() + b"#" * (2 << 20), 3),
        ("cart.py", b"\0" + BROKEN.encode(), 3),
        ("cart.py", BROKEN.encode("utf-16"), 3),
        ("logo.png", b"\x89PNG\0", 0),
    ],
)
async def test_source_that_cannot_be_read_is_not_called_clean(
    tmp_path: Path, shop: Path, name: str, data: bytes, code: int
) -> None:
    (shop / name).write_bytes(data)
    for arguments in ([], [name], ["."]):
        done = await review(
            tmp_path, "--no-model", *arguments, address="http://127.0.0.1:9", cwd=shop
        )
        assert done.code == code, done.out


async def test_a_model_that_was_ill_once_is_asked_again(tmp_path: Path, shop: Path) -> None:
    weights = tmp_path / "qwen2.5-coder.gguf"
    weights.touch()
    os.truncate(weights, 492_000_000)  # the fake's tensors, and what stands before them
    write(shop, {"cart.py": BROKEN})
    model = Reviewing([OFF], instead=lambda _question: "No problem.")
    async with fake_backend(answer=model, weights=str(weights)) as backend:
        ill = await review(tmp_path, address=backend.url, cwd=shop)
        model.instead = lambda _question: None
        well = await review(tmp_path, address=backend.url, cwd=shop)
    assert (ill.code, well.code) == (3, 1)


async def test_a_folder_without_source_is_not_called_clean(tmp_path: Path, shop: Path) -> None:
    write(shop, {"docs/a.md": "# A\n", "docs/b.png": ""})
    done = await review(tmp_path, "--no-model", "docs", address="http://127.0.0.1:9", cwd=shop)
    assert (done.code, done.out) == (2, "")
    assert "In docs there is no source file that is not ignored." in done.errors


async def test_what_a_folder_has_beside_source_is_told(tmp_path: Path, shop: Path) -> None:
    write(shop, {"docs/a.md": "# A\n", "docs/b.kt": "<<<<<<< HEAD\n=======\n>>>>>>> x\n"})
    done = await review(tmp_path, "--no-model", "docs", address="http://127.0.0.1:9", cwd=shop)
    assert done.code == 1
    assert "docs/b.kt:1 error code/conflict-marker" in done.out
    assert "docs: 1 other files in it are no source text." in done.out


async def test_no_excerpt_is_of_a_file_that_is_left_out(tmp_path: Path, shop: Path) -> None:
    """Neither as a caller nor as what is gone of it, now that it is called otherwise."""
    calls = "import cart\n\n\ndef secret():\n    return cart.last([1])  # CONFIDENTIAL\n"
    write(shop, {"hidden.py": calls, "shown.py": calls.replace("CONFIDENTIAL", "PUBLIC")})
    commit(shop)
    write(shop, {"cart.py": BROKEN})
    config = tmp_path / "ignoring.yaml"
    model = Reviewing()
    async with fake_backend(answer=model) as backend:
        config.write_text(
            f"models: [{{name: m, provider: llama.cpp, model: m, apiBase: '{backend.url}'}}]\n"
            "inglenook: {ignore: [hidden.py]}\n"
        )
        await review(tmp_path, address=backend.url, cwd=shop, INGLENOOK_CONFIG=str(config))
        git(shop, "mv", "hidden.py", "seen.py")
        write(shop, {"seen.py": calls.replace("  # CONFIDENTIAL", "")})
        await review(tmp_path, address=backend.url, cwd=shop, INGLENOOK_CONFIG=str(config))
    assert "PUBLIC" in model.asked[0]
    assert "CONFIDENTIAL" not in "".join(model.asked)


@pytest.mark.parametrize("where", [".inglenook/config.yaml", ".continue/config.yaml"])
async def test_a_change_does_not_take_itself_out_of_the_review(
    tmp_path: Path, shop: Path, where: str
) -> None:
    """What the folder leaves out is shown to no model, and checked all the same."""
    conflict = "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> x\n"
    ignoring = "inglenook: {ignore: ['*.py']}\n"
    write(shop, {"evil.py": conflict, "sly.py": "a = 1\n", where: ignoring})
    model = Reviewing()

    async def reviewed(*arguments: str) -> tuple[int, list[str], list[str]]:
        told = ("--format", "json", *arguments)
        async with fake_backend(answer=model) as backend:
            done = await review(tmp_path, *told, address=backend.url, cwd=shop)
        report = json.loads(done.out)
        missed = [each["path"] for each in report["coverage"]["skipped"] if each["missed"]]
        return done.code, [each["path"] for each in report["findings"]], missed

    assert await reviewed() == (1, ["evil.py"], ["evil.py", "sly.py"])
    assert await reviewed(".") == (1, ["evil.py"], [])
    commit(shop)
    write(shop, {"evil.py": "a = 1\n", "sly.py": conflict})
    assert await reviewed() == (1, ["sly.py"], [])
    assert not any("evil.py" in each or "sly.py" in each for each in model.asked)


async def test_a_model_that_is_not_there_is_not_missed_where_nothing_is_to_be_asked(
    tmp_path: Path, shop: Path
) -> None:
    nobody = {"address": "http://127.0.0.1:9", "cwd": shop}
    assert (await review(tmp_path, **nobody)).code == 0
    (shop / "cart.py").unlink()
    (shop / "logo.png").write_bytes(b"\0")
    assert (await review(tmp_path, **nobody)).code == 0
    write(shop, {"cart.py": BROKEN})
    assert (await review(tmp_path, **nobody)).code == 3


async def test_a_repository_in_the_work_tree_is_named(tmp_path: Path, shop: Path) -> None:
    (shop / "nested").mkdir()
    git(shop / "nested", "init", "--quiet")
    done = await review(tmp_path, "--no-model", address="http://127.0.0.1:9", cwd=shop)
    assert "nested/: It is a repository of its own." in done.out


async def test_a_rule_is_left_out_alone(tmp_path: Path, shop: Path) -> None:
    write(shop, {".env": "KEY = 'AKIA" + "QYLPMN5HHHFPZAM2'\n"})
    git(shop, "add", "--force", ".env")
    for options, rule in ([], "code/secret"), (["--without=code/secret"], "code/secret-file"):
        told = ("--no-model", "--staged", "--format", "json", *options)
        done = await review(tmp_path, *told, address="http://127.0.0.1:9", cwd=shop)
        assert [each["rule"] for each in json.loads(done.out)["findings"]] == [rule]


async def test_what_the_model_did_not_see_is_not_called_clean(tmp_path: Path, shop: Path) -> None:
    """A backend that cuts a prompt without a word but for its count."""
    write(shop, {"cart.py": BROKEN})
    async with fake_backend(answer=Reviewing(), prompt_tokens=30) as backend:
        done = await review(tmp_path, "--format", "json", address=backend.url, cwd=shop)
    coverage = json.loads(done.out)["coverage"]
    assert (done.code, coverage["reviewed"], coverage["failed"]) == (3, 0, 1)


@pytest.mark.parametrize(("options", "code"), [([], 3), (["--no-model"], 0)])
async def test_a_line_that_no_model_can_be_shown(
    tmp_path: Path, shop: Path, options: list[str], code: int
) -> None:
    write(shop, {"cart.py": f"x = [{'1, ' * 100_000}]\n"})
    model = Reviewing()
    async with fake_backend(answer=model) as backend:
        done = await review(tmp_path, *options, address=backend.url, cwd=shop)
    assert (done.code, model.asked) == (code, [])
    assert "cart.py: A line of it is too long for the model." in done.out


async def test_only_checks(tmp_path: Path, shop: Path) -> None:
    write(shop, {"cart.py": BROKEN})
    done = await review(tmp_path, "--no-model", address="http://127.0.0.1:9", cwd=shop)
    assert done.code == 0


async def test_a_folder_without_a_repository(tmp_path: Path) -> None:
    done = await review(tmp_path, address="http://127.0.0.1:9", cwd=tmp_path)
    assert done.code == 2
    assert "is not in the work tree of a git repository" in done.errors


# What a model may say


FENCE = "```"
BAD = {
    "empty": "",
    "prose": "The code looks good to me.",
    "truncated": '{"findings": [{"quote": "    return it',
    "schema": '{"issues": []}',
    "endless": json.dumps({"findings": [{"quote": "x"}] * 10_000}),
    "rule": '{"findings": [{"quote": "x = 1", "message": "m", "rule": "nonsense"}]}',
}


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD)
async def test_an_answer_that_is_none(tmp_path: Path, shop: Path, answer: str) -> None:
    """It is asked for once more, and then it is not taken for clean."""
    write(shop, {"cart.py": BROKEN})
    async with fake_backend(text=answer) as backend:
        done = await review(
            tmp_path, "--reviewers", "correctness", "--format", "json",
            address=backend.url, cwd=shop,
        )  # fmt: skip
        assert len(backend.generations) == 2
    coverage = json.loads(done.out)["coverage"]
    assert done.code == 3
    assert (coverage["unparsed"], coverage["reviewed"], coverage["units"]) == (1, 0, 1)


async def test_a_second_answer_counts(tmp_path: Path, shop: Path) -> None:
    write(shop, {"cart.py": BROKEN})
    said = iter(["No problem.", f"{FENCE}json\n" + '{"findings": []}' + f"\n{FENCE}"])
    async with fake_backend(answer=lambda _number, _request: next(said)) as backend:
        done = await review(tmp_path, "--reviewers", "correctness", address=backend.url, cwd=shop)
    assert done.code == 0


async def test_findings_without_a_place_and_without_number(tmp_path: Path, shop: Path) -> None:
    write(shop, {"cart.py": BROKEN})
    entry = {"quote": "no such line", "message": "m", "rule": "off-by-one", "line": 0}
    there = {"quote": OFF.quote, "message": "\x1b[31m<b>`x`</b>\u202e", "rule": "off-by-one"}
    many = json.dumps({"findings": [entry, {**there, "path": "/etc/passwd"}, *[entry] * 6]})
    async with fake_backend(text=many) as backend:
        done = await review(
            tmp_path, "--reviewers", "correctness", "--format", "json",
            address=backend.url, cwd=shop,
        )  # fmt: skip
    told = json.loads(done.out)
    [finding] = told["findings"]
    assert (finding["path"], finding["line"]) == ("cart.py", 13)
    assert finding["message"] == r"\x1b[31m<b>`x`</b>\u{202E}"
    assert (told["coverage"]["unlocated"], told["coverage"]["cut"]) == (4, 3)


async def test_an_answer_that_is_read_in_part_is_not_taken_for_clean(
    tmp_path: Path, shop: Path
) -> None:
    """What is good of it is told, and it is asked for again the next time."""
    weights = tmp_path / "qwen2.5-coder.gguf"
    weights.touch()
    os.truncate(weights, 492_000_000)  # the fake's tensors, and what stands before them
    write(shop, {"cart.py": BROKEN})
    good = {"quote": OFF.quote, "message": "m", "rule": "off-by-one", "severity": "note"}
    part = json.dumps({"findings": [good, {**good, "rule": "nonsense"}]})
    model = Reviewing([OFF], instead=lambda _question: part)
    options = ("--reviewers", "correctness", "--format", "json")
    async with fake_backend(answer=model, weights=str(weights)) as backend:
        ill = await review(tmp_path, *options, address=backend.url, cwd=shop)
        model.instead = lambda _question: None
        well = await review(tmp_path, *options, address=backend.url, cwd=shop)
    told, coverage = json.loads(ill.out), json.loads(ill.out)["coverage"]
    assert (ill.code, well.code) == (3, 1)
    assert [(each["line"], each["severity"]) for each in told["findings"]] == [(13, "note")]
    assert (coverage["unparsed"], coverage["reviewed"], coverage["cut"]) == (1, 0, 0)


async def test_a_backend_that_dies_keeps_what_was_found(tmp_path: Path, shop: Path) -> None:
    write(shop, {"cart.py": BROKEN, "two.py": BROKEN})
    model = Reviewing([OFF])
    async with fake_backend(answer=model) as backend:

        def dying(question: str) -> str | None:
            if "two.py" in question:
                backend.script.status = 500
            return None

        model.instead = dying
        done = await review(tmp_path, "--format", "json", address=backend.url, cwd=shop)
    told = json.loads(done.out)
    assert done.code == 1
    assert [each["path"] for each in told["findings"]] == ["cart.py"]
    assert not told["coverage"]["complete"]
    assert told["coverage"]["failed"] >= 1


async def test_it_ends_in_time(tmp_path: Path, shop: Path) -> None:
    write(shop, {"cart.py": BROKEN})
    async with fake_backend(text="word ", endless=True, token_ms=5) as backend:
        done = await review(
            tmp_path, "--max-time", "1", "--format", "json", address=backend.url, cwd=shop
        )
    told = json.loads(done.out)
    assert done.code == 3
    assert told["coverage"]["stopped"] == "The time that it may take was over (--max-time)."
