from __future__ import annotations

import pytest

from inglenook.engine.sensitive import is_sensitive

SECRET = """.env .env.local .envrc prod.env id_rsa id_ed25519 server.pem tls.key keys.kdbx .netrc
terraform.tfstate terraform.tfstate.backup credentials credentials.json .npmrc .pypirc .pgpass
deploy/.env a\\b\\.env secrets.yaml client.p12
.env-local .env_prod .env~ .envrc.local id_ed25519.bak id_rsa.pub
.dockerconfigjson id_ecdsa_sk credentials-prod.json x.tfstate.12.backup x.pem.bak .env?ref=1
.ENV Server.PEM service-account-prod.json
.my.cnf .s3cfg .boto kubeconfig .vault_pass.txt .bash_history AuthKey_1.p8 host.keytab x.jceks
prod.tfvars.json application_default_credentials.json aws-credentials.csv secrets.prod.yaml
secret_values.json app.secrets wp-config.php local.settings.json sftp.json rootkey.csv
my-service-account.json htpasswd office.ovpn""".split()
HARMLESS = """main.py environment.py env.py keyboard.ts id.py identity.py id_map.py key.go penv.js
README.md secrets.py tokens.rs dotenv/parser.py
secrets_manager.py credential_form.tsx keymap.json settings.json package.json kube_config.py
service_account.py history.py wp-config-sample.md secretary.txt""".split()


@pytest.mark.parametrize("path", SECRET)
def test_names_of_secrets(path: str) -> None:
    assert is_sensitive(path)


@pytest.mark.parametrize("path", HARMLESS)
def test_names_of_ordinary_files(path: str) -> None:
    assert not is_sensitive(path)


@pytest.mark.parametrize("path", ["C#/.env", "what?/id_rsa", "a/.env?ref=1#x", "a/.env#x"])
def test_a_folder_may_have_any_name(path: str) -> None:
    assert is_sensitive(path)
