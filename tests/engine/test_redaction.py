"""What is sent holds no secret, and is still the code that it was."""

from __future__ import annotations

import logging
import random
import re
import socket
import string
import subprocess
import sys
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.engine import redaction
from inglenook.engine.redaction import Redactor, redacted
from inglenook.engine.redaction_patterns import _DETECTORS, Secret, known_patterns, secrets_in
from inglenook.models.render import Layout, last_piece, render
from inglenook.models.templates import TEMPLATES
from inglenook_context.prompt import Prompt, Snippet
from tests.support.drawn import MARK
from tests.support.planted import PRIVATE, forms_of, jwt, pem_rows, planted, some

CHANCE = random.Random(14)
WORD = some(CHANCE, string.ascii_lowercase, 8) + "27"  # what people take for a password
TOKEN = some(CHANCE, string.ascii_letters + string.digits, 32)
OTHER = some(CHANCE, string.ascii_letters + string.digits, 32)
ROWS = pem_rows(CHANCE)
PLACEHOLDER = re.compile(r"REDACTED_([A-Z]+)_[a-z]{5}")


def prompt_of(drawing: str, *others: str, typed: int = 0) -> Prompt:
    """A prompt for a drawn file; the last ``typed`` characters before the cursor are typed."""
    before, _, after = drawing.partition(MARK)
    cut = len(before) - typed
    snippets = tuple(Snippet(f"other{number}.py", text) for number, text in enumerate(others))
    return Prompt("own.py", "python", snippets, before[:cut], before[cut:], after)


def drawn(prompt: Prompt | None) -> str:
    """The file as it is shown, with the kinds of what was taken out."""
    assert prompt is not None
    shown = prompt.prefix + prompt.typed + MARK + prompt.suffix
    return PLACEHOLDER.sub(r"<\1>", shown)


def whole(prompt: Prompt | None) -> str:
    assert prompt is not None
    return "\n".join([*(each.text for each in prompt.snippets), drawn(prompt)])


@pytest.fixture(scope="module")
def ready() -> Redactor:
    return Redactor(known_patterns())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("loaded", [True, False], ids=["all", "ours"])
def test_no_planted_secret_is_shown(seed: int, loaded: bool) -> None:
    redactor = Redactor(known_patterns() if loaded else None)
    everything = planted(seed)
    assert sum(len(each.secrets) for each in everything) > 60
    assert len({each.kind for each in everything}) > 25
    for each in everything:
        other = redacted(prompt_of("x = 1█\n", each.text), redactor)
        own = redacted(prompt_of(f"{each.text}\n\nx = 1█\n"), redactor)
        below = redacted(prompt_of(f"x = 1█\n\n{each.text}\n"), redactor)
        for shown in map(whole, (other, own, below)):
            assert PLACEHOLDER.search(shown) or "<" in shown
            for secret in each.secrets:
                assert not any(form in shown for form in forms_of(secret)), each.kind


KEPT = [
    ('password = "{word}"', 'password = "<PASSWORD>"'),
    ("const apiKey: string = '{token}';", "const apiKey: string = '<KEY>';"),
    ("DB_PASSWORD={word}", "DB_PASSWORD=<PASSWORD>"),
    ("export API_TOKEN={token}  # mine", "export API_TOKEN=<TOKEN>  # mine"),
    ("  - DB_PASSWORD={word}", "  - DB_PASSWORD=<PASSWORD>"),
    ("  password: {word}  # of the shop", "  password: <PASSWORD>  # of the shop"),
    ('{{"user": "ada", "password": "{word}"}}', '{{"user": "ada", "password": "<PASSWORD>"}}'),
    ('"{{\\"token\\": \\"{token}\\"}}"', '"{{\\"token\\": \\"<TOKEN>\\"}}"'),
    ('url = "postgres://ada:{word}@db/shop"', 'url = "postgres://ada:<PASSWORD>@db/shop"'),
    ("redis://:{word}@cache:6379/0", "redis://:<PASSWORD>@cache:6379/0"),
    ("curl -u ada:{word} https://shop", "curl -u ada:<PASSWORD> https://shop"),
    ("-H 'Authorization: Bearer {token}'", "-H 'Authorization: Bearer <TOKEN>'"),
    ("'https://shop/a?token={token}&b=1'", "'https://shop/a?token=<TOKEN>&b=1'"),
    ('"Server=db;Password={word};Encrypt=1"', '"Server=db;Password=<PASSWORD>;Encrypt=1"'),
    ("mysql --password={word} -h db", "mysql --password=<PASSWORD> -h db"),
    ("<password>{word}</password>", "<password><PASSWORD></password>"),
    ('<add key="Password" value="{word}" />', '<add key="Password" value="<PASSWORD>" />'),
    ("ENV API_TOKEN {token}", "ENV API_TOKEN <TOKEN>"),
    ("machine a login ada password {word}", "machine a login ada password <PASSWORD>"),
    ('SECRET_KEY = os.getenv("K") or "{token}"', 'SECRET_KEY = os.getenv("K") or "<KEY>"'),
    ('SECRET_KEY = (\n    "{token}"\n)', 'SECRET_KEY = (\n    "<KEY>"\n)'),
    ('get(auth=("ada", "{word}"))', 'get(auth=("ada", "<PASSWORD>"))'),
    ('client = Client("sk-{token}")', 'client = Client("<OPENAI>")'),
    ("https://hooks.slack.com/services/T0/B0/{token}", "https://hooks.slack.com/<SLACK>"),
    ('"AccountKey={base}==;"', '"AccountKey=<AZURE>;"'),
    ("key = '{jwt}'", "key = '<JWT>'"),
]


@pytest.mark.parametrize(("code", "shown"), KEPT, ids=[code[:32] for code, _ in KEPT])
def test_only_the_value_is_taken_out(ready: Redactor, code: str, shown: str) -> None:
    base = some(random.Random(1), string.ascii_letters + string.digits + "+/", 86)
    given = code.format(word=WORD, token=TOKEN, base=base, jwt=jwt(random.Random(2)))
    expected = shown.format()
    assert drawn(redacted(prompt_of(f"{given}\nx█\n"), ready)) == f"{expected}\nx█\n"


CLEAN = """password = None
password = input("Password: ")
password = get_password(user_id=12)
self.password = password1
password_field = "password1"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
template_name = "registration/password_reset_form2.html"
<input type="password" name="new_password2">
token = token_urlsafe(32)
token: Token2
def refresh(access_token: str, expires_in: int = 3600) -> None: ...
{"token_type": "bearer", "secret_name": "projects/12/secrets/db"}
DATABASE_URL = f"postgres://{user}:{password}@{host}:5432/shop"
url = "https://user:password@example.com/"
API_KEY=${API_KEY}
API_KEY = os.environ["API_KEY"]
api_key = settings.OPENAI_API_KEY
password: string;
"password": "Enter your password",
PASSWORD = "<your password>"
algorithm = "HMAC-SHA256"; key_size = 2048
digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
commit = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
uuid = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
auth = import_module("django.contrib.auth.backends2")
sk_learn = "sk-learn-contrib"; css = ".sk-chasing-dots-animation"
if line.startswith("-----BEGIN {private}-----"): return line.endswith("-----END {private}-----")
key_getter = lambda item: item.sort_key1
risky_task_with_a_very_long_name_that_goes_on_and_on_1(tasks)
src = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
const bearer = "Bearer " + token;""".split("\n")


@pytest.mark.parametrize("line", CLEAN)
def test_ordinary_code_is_left_as_it_is(ready: Redactor, line: str) -> None:
    prompt = prompt_of(f"{line.replace('{private}', PRIVATE)}\nx█\n")
    assert redacted(prompt, ready) is prompt


def test_equal_secrets_look_equal_whatever_stands_above(ready: Redactor) -> None:
    line = f'api_key = "{TOKEN}"\n'
    first = redacted(prompt_of(f"{line}x█"), ready)
    again = redacted(prompt_of(f'db_key = "{OTHER}"\n{line}x█', line), ready)
    assert first is not None
    assert again is not None
    assert again.prefix.endswith(first.prefix)
    assert again.snippets[0].text == line.replace(TOKEN, first.prefix[11:-3])
    assert again.prefix.count(first.prefix[11:-3]) == 1  # the other looks otherwise


def test_a_placeholder_tells_nothing_outside_of_the_process() -> None:
    one, two = Redactor().placeholder(TOKEN, "KEY"), Redactor().placeholder(TOKEN, "KEY")
    assert one != two
    assert re.fullmatch(PLACEHOLDER, one)


def test_a_placeholder_is_no_part_of_a_templates_frame() -> None:
    template = TEMPLATES["qwen-coder"]
    shown = Redactor().placeholder(TOKEN, "KEY")
    assert template.neutralise(shown) == shown


@pytest.mark.parametrize(
    "drawing",
    [
        'api_key = "{0}█{1}"\n',
        'api_key = "{0}{1}█"\n',
        'api_key = "{0}{1}█\n',
        "API_KEY={0}{1}█\n",
        'api_key = "{0}█\n',
        'password = "{2}█"\n',
        'password = "{2}█\n',
        'Client("sk-{0}{1}█")\n',
    ],
)
def test_nothing_is_asked_in_or_right_behind_a_secret(ready: Redactor, drawing: str) -> None:
    prompt = prompt_of(drawing.format(TOKEN[:20], TOKEN[20:], WORD), typed=5)
    assert redacted(prompt, ready) is None


@pytest.mark.parametrize(
    ("drawing", "piece"),
    [
        ('api_key = "{0}"█\n', '"'),
        ('api_key = "{0}", retr█\n', " retr"),
        ("API_KEY={0}\nDEBUG█\n", "DEBUG"),
        ('password = "█\n', ' "'),
        ('password = "pa█\n', '"pa'),
        ('api_key = "█{0}"\n', ' "'),
    ],
)
def test_behind_and_before_a_secret_the_last_piece_is_real_text(
    ready: Redactor, drawing: str, piece: str
) -> None:
    drawing = drawing.format(TOKEN)
    prompt = redacted(prompt_of(drawing, typed=drawing.index(MARK)), ready)
    assert prompt is not None
    assert last_piece(prompt.typed) == piece
    template = TEMPLATES["qwen-coder"]
    rendered = render(prompt, template, Layout.FROZEN_LINE)
    assert rendered.heal == piece
    assert TOKEN not in rendered.text


def test_a_secret_over_the_edge_of_what_is_frozen(ready: Redactor) -> None:
    """It is shown where it begins, so what is frozen does not change while the line grows."""
    for letters in ("", "x", "xy"):
        line = f'api_key = "{TOKEN}" {letters}'
        prompt = redacted(prompt_of(f"{line}█\n", typed=len(line) - 20), ready)
        assert prompt is not None
        assert PLACEHOLDER.sub("<>", prompt.prefix) == 'api_key = "<>'
        assert prompt.typed == f'" {letters}'


KEY_BLOCKS = {
    "whole": ["-----BEGIN RSA {p}-----", *ROWS, "-----END RSA {p}-----"],
    "without its end": ["-----BEGIN {p}-----", *ROWS[:3]],
    "without its beginning": [*ROWS[4:], "-----END OPENSSH {p}-----"],
    "rows only": ROWS[1:5],
    "encrypted": ["-----BEGIN {p}-----", "Proc-Type: 4,ENCRYPTED", "", *ROWS, "-----END {p}-----"],
    "in quotes": ["KEY = (", *(f"    '{row}\\n'" for row in ["-----BEGIN {p}-----", *ROWS]), ")"],
    "indented": ["key: |", *("  " + row for row in ["-----BEGIN {p}-----", *ROWS])],
    "as a comment": [f"# {row}" for row in ["-----BEGIN {p}-----", *ROWS, "-----END {p}-----"]],
}


@pytest.mark.parametrize("name", KEY_BLOCKS)
@pytest.mark.parametrize("where", ["above", "below", "elsewhere"])
def test_a_private_key_over_several_lines(ready: Redactor, name: str, where: str) -> None:
    block = "\n".join(KEY_BLOCKS[name]).replace("{p}", PRIVATE)
    drawing = {"above": f"{block}\n\nx = 1█\n", "below": f"x = 1█\n\n{block}\n"}.get(where, "x█")
    shown = whole(redacted(prompt_of(drawing, block), ready))
    assert not any(row in shown for row in ROWS)
    assert not any(row[8:24] in shown for row in ROWS)
    assert "x█" in shown or "x = 1█" in shown
    assert shown.count(PRIVATE) >= block.count(PRIVATE)


def test_the_code_round_a_private_key_stays(ready: Redactor) -> None:
    block = "\n".join([f"-----BEGIN {PRIVATE}-----", *ROWS, f"-----END {PRIVATE}-----"])
    shown = drawn(redacted(prompt_of(f'a = 1\nKEY = """{block}"""\nb = 2\nx█\n'), ready))
    left = block.replace("\n".join(ROWS), "<KEY>")
    assert shown == f'a = 1\nKEY = """{left}"""\nb = 2\nx█\n'


def test_a_certificate_is_public(ready: Redactor) -> None:
    block = "\n".join(["-----BEGIN CERTIFICATE-----", *ROWS, "-----END CERTIFICATE-----"])
    prompt = prompt_of(f"{block}\nx█\n")
    assert redacted(prompt, ready) is prompt


def test_a_secret_without_its_beginning_at_the_start_of_the_window(ready: Redactor) -> None:
    shown = drawn(redacted(prompt_of(f'{TOKEN[4:]}", retries=3)\nx█\n'), ready))
    assert shown == '<KEY>", retries=3)\nx█\n'


def test_a_secret_without_its_end_at_the_end_of_the_window(ready: Redactor) -> None:
    shown = drawn(redacted(prompt_of(f'x█\napi_key = "{TOKEN[:20]}'), ready))
    assert shown == 'x█\napi_key = "<KEY>'


def test_a_known_secret_is_taken_out_wherever_else_it_stands(ready: Redactor) -> None:
    from base64 import b64encode
    from urllib.parse import quote

    secret = TOKEN[:16] + "+/" + TOKEN[16:]
    coded = b64encode(secret.encode()).decode()
    other = f'login("ada", "{secret}")\nurl = "https://a/b/{quote(secret, safe="")}"\nh = "{coded}"'
    shown = redacted(prompt_of("x█", f'api_key = "{secret}"', other), ready)
    assert shown is not None
    texts = PLACEHOLDER.sub("<>", "\n".join(each.text for each in shown.snippets))
    assert texts.split("\n")[:3] == [
        'api_key = "<>"',
        'login("ada", "<>")',
        'url = "https://a/b/<>"',
    ]
    assert not any(form in texts for form in forms_of(secret))


def test_a_long_line_is_looked_at_in_pieces_that_overlap(ready: Redactor) -> None:
    for at in range(0, 2600, 97):
        line = "a, " * (at // 3) + f'{{"api_key": "{TOKEN}"}}' + ", b" * 900
        shown = drawn(redacted(prompt_of(f"x█\n{line}\n"), ready))
        assert shown == f"x█\n{line.replace(TOKEN, '<KEY>')}\n"


def test_a_private_key_on_one_long_line(ready: Redactor) -> None:
    rows = pem_rows(random.Random(3), 50)
    line = "\\n".join([f"-----BEGIN {PRIVATE}-----", *rows, f"-----END {PRIVATE}-----"])
    for cut in (0, 60, 1000):
        shown = drawn(redacted(prompt_of(f'{line[cut:]}", "a": 1}}\nx█\n'), ready))
        assert not any(row[5:40] in shown for row in rows)
        assert shown.endswith(f'-----END {PRIVATE}-----", "a": 1}}\nx█\n')


def test_a_key_costs_the_line_that_it_changed(
    ready: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def looking(line: str, known: object) -> list[Secret]:
        looked.append(line)
        return secrets_in(line, ())

    monkeypatch.setattr(redaction, "secrets_in", looking)
    above = "".join(f'secret_{number} = "{TOKEN}"\ntoken_{number} = f()\n' for number in range(30))
    redacted(prompt_of(f"{above}key_█\n"), ready)
    assert len(looked) == 61
    looked.clear()
    redacted(prompt_of(f"{above}key_of█\n"), ready)
    assert looked == ["key_of"]


def test_what_is_remembered_holds_no_secret(ready: Redactor) -> None:
    for each in planted(77):
        redacted(prompt_of(f"{each.text}\nx█\n"), ready)
        for secret in each.secrets:
            assert secret not in repr(ready)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_LINES", 10)
    redactor = Redactor(())
    for number in range(100):
        redacted(
            prompt_of(f'a_{number}\nkey_{number}\napi_key = "{TOKEN}{number}"\nx█\n'), redactor
        )
    assert len(redactor._plain) <= 10
    assert len(redactor._seen) <= 10


# -- detect-secrets ----------------------------------------------------------------------------


def test_it_is_not_imported_before_it_is_needed() -> None:
    code = (
        "import sys, inglenook.engine.redaction as r; from inglenook_context.prompt import Prompt\n"
        "r.redacted(Prompt('a.py', 'python', (), 'def f():', '    x = 1', ''), r.Redactor())\n"
        "print([name for name in ('detect_secrets', 'requests', 'yaml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_it_is_loaded_for_a_prompt_that_may_hold_a_secret() -> None:
    redactor = Redactor()
    await redactor.prepare(prompt_of("def f():\n    return 1█\n"))
    assert not redactor.loaded
    await redactor.prepare(prompt_of("x█", "password = None\n"))
    assert not redactor.loaded  # it knows no secret without a digit
    await redactor.prepare(prompt_of("x█", "password = 1\n"))
    assert redactor.loaded


async def test_it_finds_what_only_it_knows() -> None:
    """And what was clean by our own patterns is looked at again."""
    line = f'x = "AP5{TOKEN[:20]}"'  # an encrypted password of Artifactory
    redactor = Redactor()
    prompt = prompt_of(f"{line}\nx█\n")
    assert redacted(prompt, redactor) is prompt
    await redactor.load()
    assert "<ARTIFACTORY>" in drawn(redacted(prompt, redactor))


async def test_without_it_our_own_patterns_go_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ImportError(TOKEN)

    monkeypatch.setattr(redaction, "known_patterns", broken)
    redactor = Redactor()
    with caplog.at_level(logging.DEBUG):
        await redactor.prepare(prompt_of(f'api_key = "{TOKEN}"\nx█\n'))
    assert [record.getMessage() for record in caplog.records if record.name != "asyncio"] == [
        "detect-secrets cannot be used: ImportError"
    ]
    shown = drawn(redacted(prompt_of(f'api_key = "{TOKEN}"\nx█\n'), redactor))
    assert shown == 'api_key = "<KEY>"\nx█\n'


@pytest.fixture
def verifying(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who tried to ask a secret's maker about it."""
    asked: list[str] = []
    for name in _DETECTORS:
        module, _, detector = name.partition(".")
        kind = getattr(import_module(f"detect_secrets.plugins.{module}"), detector)
        monkeypatch.setattr(kind, "verify", lambda *_, **__: asked.append("verify"))
    monkeypatch.setattr(socket.socket, "connect", lambda *_: asked.append("connect"))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: asked.append("getaddrinfo"))
    return asked


async def test_no_secret_is_verified(verifying: list[str]) -> None:
    redactor = Redactor()
    await redactor.load()
    for each in planted(3):
        assert redacted(prompt_of(f"{each.text}\nx█\n"), redactor) is not None
    assert verifying == []


def test_its_detectors_find_nothing_in_what_is_shown(ready: Redactor) -> None:
    for each in planted(5):
        shown = whole(redacted(prompt_of(f"{each.text}\nx█\n"), ready))
        for kind, regex, group in known_patterns():
            found = [match[group] for match in regex.finditer(shown)]
            assert all("<" in text for text in found), kind


def test_each_of_its_detectors_is_used() -> None:
    kinds = {kind for kind, _, _ in known_patterns()}
    assert len(kinds) >= 20
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    found: dict[str, type] = get_mapping_from_secret_type_to_class()
    all_of_them = {detector.__name__ for detector in found.values()}
    ours = {name.partition(".")[2] for name in _DETECTORS}
    left_out = {
        *("Base64HighEntropyString", "HexHighEntropyString"),
        *("KeywordDetector", "IPPublicDetector", "PrivateKeyDetector"),
    }
    assert all_of_them == ours | left_out


# -- any text ----------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *("password", ' = "', "token", ": ", "\n", "\n", '"', "'", "-----BEGIN ", PRIVATE, "-----"),
        *("-----END ", ROWS[0], ROWS[-1], "\\n", "sk-", "eyJ", TOKEN, "://a:", "@", "é", "\ud800"),
        *("    ", "x", "(", ")", "=", "<", "{", "1", "\0", "𝄞", ",", "|", "# "),
    ]
)


@given(st.lists(PIECES, max_size=40), st.integers(0, 200), st.integers(0, 200))
def test_any_text_is_shown_whole_but_for_its_secrets(
    ready: Redactor, pieces: list[str], frozen: int, cursor: int
) -> None:
    text = "".join(pieces)
    frozen, cursor = sorted((min(frozen, len(text)), min(cursor, len(text))))
    prompt = Prompt("a", "python", (), text[:frozen], text[frozen:cursor], text[cursor:])
    shown = redacted(prompt, ready)
    if shown is None:
        return
    result = shown.prefix + shown.typed + shown.suffix
    pattern = ".*".join(map(re.escape, PLACEHOLDER.split(result)[::2]))
    assert re.fullmatch(pattern, text, re.DOTALL)
    assert not shown.typed.endswith("REDACTED")
