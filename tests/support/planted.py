"""Secrets that open nothing, made anew from a seed: no scanner shall find one in a file."""

from __future__ import annotations

import json
import random
import string
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple
from urllib.parse import quote

_LOWER: Final = string.ascii_lowercase
_UPPER: Final = string.ascii_uppercase
_ALNUM: Final = string.ascii_letters + string.digits
_HEX: Final = "0123456789abcdef"
_WEB: Final = _ALNUM + "-_"
_BASE: Final = _ALNUM + "+/"
PRIVATE: Final = "PRIV" + "ATE KEY"


class Planted(NamedTuple):
    kind: str
    secrets: tuple[str, ...]  # what may be seen nowhere
    text: str  # code that holds them


def planted(seed: int) -> list[Planted]:
    """More than sixty secrets of more than thirty kinds, in the code that they come in."""
    chance = random.Random(seed)
    return list(_all(chance))


def forms_of(secret: str) -> set[str]:
    """A secret as it can stand in a body or a file."""
    coded = secret.encode()
    alike = {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]}
    for shift in range(3):  # base64 of a text depends on where in it the secret begins
        code = b64encode(b"\0" * shift + coded).decode()
        alike.add(code[-(-shift * 8 // 6) : len(code) - 4])
        alike.add(code[-(-shift * 8 // 6) : len(code) - 4].replace("+", "-").replace("/", "_"))
    return alike


def some(chance: random.Random, letters: str, count: int) -> str:
    """``count`` of ``letters``, with a digit and letters of both cases among them, if they can."""
    while True:
        text = "".join(chance.choices(letters, k=count))
        shapes = (str.isdigit, str.isupper, str.islower)
        if all(any(map(is_in, text)) for is_in in shapes if any(map(is_in, letters))):
            return text


def pem_rows(chance: random.Random, rows: int = 6) -> list[str]:
    return [*(some(chance, _BASE, 64) for _ in range(rows)), some(chance, _BASE, 22) + "=="]


def jwt(chance: random.Random) -> str:
    parts = [{"alg": "HS256", "typ": "JWT"}, {"sub": some(chance, string.digits, 10)}]
    coded = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*coded, some(chance, _WEB, 43)])


_TOKENS: Final[dict[str, Callable[[random.Random], str]]] = {
    "anthropic": lambda c: "sk-" + "ant-api03-" + some(c, _WEB, 93) + "AA",
    "openai": lambda c: "sk-" + some(c, _ALNUM, 48),
    "openai project": lambda c: "sk-" + "proj-" + some(c, _WEB, 100),
    "hugging face": lambda c: "hf" + "_" + some(c, string.ascii_letters, 34),
    "google": lambda c: "AI" + "za" + some(c, _WEB, 35),
    "stripe live": lambda c: "sk_" + "live_" + some(c, _ALNUM, 24),
    "stripe test": lambda c: "rk_" + "test_" + some(c, _ALNUM, 99),
    "github": lambda c: "gh" + "p_" + some(c, _ALNUM, 36),
    "github fine": lambda c: "github" + "_pat_" + some(c, _ALNUM, 22) + "_" + some(c, _ALNUM, 59),
    "gitlab": lambda c: "gl" + "pat-" + some(c, _WEB, 20),
    "slack": lambda c: "xo" + "xb-" + some(c, string.digits, 12) + "-" + some(c, _ALNUM, 24),
    "npm": lambda c: "np" + "m_" + some(c, _ALNUM, 36),
    "pypi": lambda c: "py" + "pi-AgE" + some(c, _WEB, 150),
    "sendgrid": lambda c: "S" + "G." + some(c, _WEB, 22) + "." + some(c, _WEB, 43),
    "twilio": lambda c: "S" + "K" + some(c, _HEX, 32),
    "digitalocean": lambda c: "do" + "p_v1_" + some(c, _HEX, 64),
    "aws": lambda c: "AK" + "IA" + some(c, _UPPER + "234567", 16),
    "jwt": jwt,
    "discord": lambda c: (
        "M" + some(c, _ALNUM, 23) + "." + some(c, _WEB, 6) + "." + some(c, _WEB, 27)
    ),
    "telegram": lambda c: some(c, "123456789", 10) + ":A" + "A" + some(c, _WEB, 33),
    "mailchimp": lambda c: some(c, _HEX, 32) + "-u" + "s12",
    "square": lambda c: "sq0" + "csp-" + some(c, _WEB, 43),
    "shopify": lambda c: "shp" + "at_" + some(c, _HEX, 32),
    "databricks": lambda c: "da" + "pi" + some(c, _HEX, 32),
    "grafana": lambda c: "gl" + "sa_" + some(c, _ALNUM, 32) + "_" + some(c, _HEX, 8),
    "vault": lambda c: "hv" + "s." + some(c, _WEB, 24),
    "groq": lambda c: "gs" + "k_" + some(c, _ALNUM, 52),
    "django": lambda c: "django-" + "insecure-" + some(c, _LOWER + "0123456789!@#^&*(-_=+)", 50),
}
_CODE: Final = (
    'client = Client("{}")',
    "headers: {{ 'X-Api': '{}' }},",
    "  run --with {} \\",
    "# was {} before",
)
_NAMED: Final[tuple[tuple[str, str, Callable[[random.Random], str]], ...]] = (
    ("password", 'password = "{}"', lambda c: some(c, _LOWER, 7) + some(c, string.digits, 2)),
    ("password", "const dbPassword = '{}';", lambda c: some(c, _ALNUM, 14)),
    ("password", "DB_PASSWORD={}", lambda c: some(c, _ALNUM + "!@^*", 14)),
    ("password", "  password: {}", lambda c: some(c, _ALNUM, 12)),
    ("password", '{{"user": "ada", "password": "{}"}}', lambda c: some(c, _LOWER, 10)),
    ("password", "passwd: str = '{}'  # changed", lambda c: some(c, _ALNUM + "!#%", 11)),
    ("password", 'body = "{{\\"password\\": \\"{}\\"}}"', lambda c: some(c, _ALNUM, 15)),
    ("password", "mysql --password={} -h db", lambda c: some(c, _ALNUM, 13)),
    ("password", "<db:password>{}</db:password>", lambda c: some(c, _ALNUM, 13)),
    ("password", "define('DB_PASSWORD', '{}');", lambda c: some(c, _ALNUM, 13)),
    ("connection", '"Server=db;User=sa;Password={};Encrypt=1"', lambda c: some(c, _ALNUM, 16)),
    ("database", 'url = "postgres://ada:{}@db.shop/shop"', lambda c: some(c, _ALNUM, 18)),
    ("database", "DATABASE_URL=mysql://ada:{}@db:3306/shop", lambda c: some(c, _LOWER, 12)),
    ("basic", "curl https://ada:{}@shop.example/x", lambda c: some(c, _ALNUM + "~", 16)),
    ("basic", "curl -u ada:{} https://shop.example", lambda c: some(c, _ALNUM, 12)),
    ("basic", 'h["Authorization"] = "Basic {}"', lambda c: some(c, _ALNUM, 32) + "=="),
    ("bearer", "-H 'Authorization: Bearer {}'", lambda c: some(c, _WEB, 40)),
    ("query", 'get("https://shop.example/a?b=1&access_token={}")', lambda c: some(c, _ALNUM, 32)),
    ("aws secret", "export AWS_SECRET_ACCESS_KEY={}", lambda c: some(c, _BASE, 40)),
    ("aws secret", "aws_secret_access_key = {}", lambda c: some(c, _BASE, 40)),
    ("aws secret", 'boto3.client("s3", aws_secret_access_key="{}")', lambda c: some(c, _BASE, 40)),
    (
        "azure",
        '"AccountName=a;AccountKey={};EndpointSuffix=x"',
        lambda c: some(c, _BASE, 86) + "==",
    ),
    ("azure", "AZURE_CLIENT_SECRET={}", lambda c: some(c, _ALNUM, 3) + "8Q~" + some(c, _WEB, 34)),
    (
        "slack hook",
        'post("https://hooks.slack.com/services/{}")',
        lambda c: f"T{some(c, _UPPER, 8)}/B{some(c, _UPPER, 8)}/{some(c, _ALNUM, 24)}",
    ),
    ("api key", 'api_key: "{}"', lambda c: some(c, _HEX, 32)),
    ("api key", "process.env.API_KEY = '{}'", lambda c: some(c, _ALNUM, 32)),
    ("client secret", "client_secret={}", lambda c: some(c, _ALNUM + "-_", 32)),
    ("token", 'os.environ.setdefault("SERVICE_TOKEN", "{}")', lambda c: some(c, _ALNUM, 40)),
    ("token", "auth_token => '{}'", lambda c: some(c, _HEX, 40)),
    ("npm", "//registry.example/:_authToken={}", lambda c: some(c, _ALNUM, 36)),
    ("k8s", "  db-password: {}", lambda c: b64encode(some(c, _ALNUM, 16).encode()).decode()),
)


def _all(chance: random.Random) -> Iterator[Planted]:
    for number, (kind, make) in enumerate(_TOKENS.items()):
        secret = make(chance)
        yield Planted(kind, (secret,), _CODE[number % len(_CODE)].format(secret))
    for kind, text, make in _NAMED:
        secret = make(chance)
        yield Planted(kind, (secret,), text.format(secret))
    for kind, head, tail in (("RSA ", '"""', '"""'), ("OPENSSH ", "", ""), ("", "`", "`;")):
        rows = pem_rows(chance)
        block = [f"{head}-----BEGIN {kind}{PRIVATE}-----", *rows, f"-----END {kind}{PRIVATE}-----"]
        yield Planted("private key", tuple(rows), "\n".join(block) + tail)
    rows = pem_rows(chance)
    block = [f"-----BEGIN {PRIVATE}-----", *rows, f"-----END {PRIVATE}-----", ""]
    yield Planted("private key", tuple(rows), '"private_key": "' + "\\n".join(block) + '",')
    rows = pem_rows(chance)
    quoted = [f'    "{row}\\n"' for row in [f"-----BEGIN EC {PRIVATE}-----", *rows]]
    yield Planted("private key", tuple(rows), "\n".join(["KEY = (", *quoted, ")"]))
