from __future__ import annotations

import pytest

from inglenook.engine.sensitive import is_sensitive

SECRET = """.env .env.local .envrc prod.env id_rsa id_ed25519 server.pem tls.key keys.kdbx .netrc
terraform.tfstate terraform.tfstate.backup credentials credentials.json .npmrc .pypirc .pgpass
deploy/.env a\\b\\.env secrets.yaml client.p12
.env-local .env_prod .env~ .envrc.local id_ed25519.bak id_rsa.pub
.dockerconfigjson id_ecdsa_sk credentials-prod.json x.tfstate.12.backup x.pem.bak .env?ref=1
.ENV Server.PEM service-account-prod.json""".split()
HARMLESS = """main.py environment.py env.py keyboard.ts id.py identity.py id_map.py key.go penv.js
README.md secrets.py tokens.rs dotenv/parser.py""".split()


@pytest.mark.parametrize("path", SECRET)
def test_names_of_secrets(path: str) -> None:
    assert is_sensitive(path)


@pytest.mark.parametrize("path", HARMLESS)
def test_names_of_ordinary_files(path: str) -> None:
    assert not is_sensitive(path)
