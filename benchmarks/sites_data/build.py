"""Rebuild the source trees that completion sites refer to, and read the sites from them.

    python -m benchmarks.sites_data.build DEST

downloads every archive that ``dev.jsonl`` names into DEST with ``pip download`` or ``npm pack``,
checks its SHA-256, unpacks it (nothing is installed or run), and says how many sites read back
as they were recorded. A second run downloads nothing. Exit code 1 if a site does not check out.
README.md describes the fields.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

SITES: Final = Path(__file__).with_name("dev.jsonl")


def group_of(resolution: str, use: str) -> str:
    """The row of the balance and recall tables that a use counts in."""
    if use != "call":
        return "non_call"
    return {"from_import": "imported_call", "self_method": "inherited_call"}.get(
        resolution, f"{resolution}_call"
    )


@dataclass(frozen=True)
class Gold:
    """The definition that one name of the masked part stands for."""

    name: str
    definition_name: str
    kind: str
    resolution: str
    use: str
    tags: tuple[str, ...]
    def_path: str
    def_line: int
    signature_names: tuple[str, ...]
    span_lines: int
    signature_path: str
    signature_line: int
    signature_lines: int
    first_line_enough: bool
    owners: tuple[str, ...]

    @property
    def group(self) -> str:
        return group_of(self.resolution, self.use)


@dataclass(frozen=True)
class Site:
    """One masked line end. Lines and columns are 0-based; columns count code points."""

    id: str
    lang: str
    package: str
    version: str
    archive_sha256: str
    path: str
    line: int
    col: int
    masked_length: int
    masked_sha256: str
    group: str
    names: tuple[str, ...]
    gold: tuple[Gold, ...]
    mid_token: bool
    receiver_visible: bool
    name_in_file: bool

    @property
    def archive(self) -> Archive:
        return Archive(self.lang, self.package, self.version, self.archive_sha256)


@dataclass(frozen=True)
class Text:
    """The file of a site, cut at the cursor and at the end of the masked part."""

    prefix: str
    masked: str
    suffix: str


@dataclass(frozen=True)
class Archive:
    """One release of one package: a wheel (python) or an npm tarball (typescript)."""

    lang: str
    package: str
    version: str
    sha256: str

    @property
    def folder(self) -> str:
        return f"{self.package.removeprefix('@').replace('/', '+')}-{self.version}"


class BuildError(Exception):
    """An archive that cannot be had, or is not the one that was recorded."""


def load_sites(path: Path = SITES) -> list[Site]:
    """Read a sites file; a missing or unknown field is a ValueError with its line number."""
    sites = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        record = json.loads(line)
        try:
            gold = tuple(Gold(**_with_tuples(item)) for item in record.pop("gold"))
            sites.append(Site(**_with_tuples(record), gold=gold))
        except (KeyError, TypeError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from error
    return sites


def _with_tuples(record: dict[str, Any]) -> dict[str, Any]:
    return {
        key: tuple(value) if isinstance(value, list) else value for key, value in record.items()
    }


def workspace(site: Site, dest: str | Path) -> Path:
    """The folder that an editor would open for this site."""
    return Path(dest) / "trees" / site.archive.folder


def read_site(site: Site, dest: str | Path) -> Text:
    """The site's file, cut in three; IndexError or OSError if the tree is not the recorded one."""
    source = (workspace(site, dest) / site.path).read_bytes().decode("utf-8")
    lines = source.split("\n")
    start = sum(len(line) + 1 for line in lines[: site.line]) + site.col
    end = start - site.col + len(lines[site.line])
    return Text(source[:start], source[start:end], source[end:])


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def checks_out(site: Site, dest: str | Path) -> bool:
    """Whether the masked part of the rebuilt file is the recorded one."""
    try:
        masked = read_site(site, dest).masked
    except (OSError, IndexError, UnicodeDecodeError):
        return False
    return len(masked) == site.masked_length and digest(masked) == site.masked_sha256


def build(archives: Iterable[Archive], dest: str | Path) -> None:
    """Download, verify and unpack each archive below `dest`, unless it is there already."""
    for archive in sorted(set(archives), key=lambda a: a.folder):
        tree = Path(dest) / "trees" / archive.folder
        done = tree.with_name(tree.name + ".sha256")
        if done.is_file() and done.read_text() == archive.sha256:
            continue
        with tempfile.TemporaryDirectory() as folder:
            file = download(archive, Path(folder))
            found = hashlib.sha256(file.read_bytes()).hexdigest()
            if found != archive.sha256:
                raise BuildError(f"{file.name}: SHA-256 is {found}, recorded was {archive.sha256}")
            unpack(file, tree)
        done.write_text(archive.sha256)


def download(archive: Archive, folder: Path) -> Path:
    """Fetch one archive with the ecosystem's own client. Pure wheels only: nothing is built."""
    if archive.lang == "python":
        options = "--no-deps --only-binary :all: --ignore-requires-python"
        options += " --platform any --implementation py --abi none"
        client = [sys.executable, "-m", "pip", "download", "--quiet", *options.split()]
        command = [*client, f"{archive.package}=={archive.version}"]
    else:
        command = ["npm", "pack", "--silent", f"{archive.package}@{archive.version}"]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    files = [file for file in folder.iterdir() if file.suffix in (".whl", ".tgz")]
    if result.returncode or len(files) != 1:
        reason = (result.stderr.strip() or result.stdout.strip() or "no archive came").splitlines()[
            -1
        ]
        raise BuildError(f"{archive.package} {archive.version}: {reason}")
    return files[0]


def unpack(file: Path, tree: Path) -> None:
    """Unpack a wheel or a tarball; members that point outside `tree` are refused."""
    tree.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            wheel.extractall(tree)
    else:
        with tarfile.open(file) as tarball:
            tarball.extractall(tree, filter="data")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m benchmarks.sites_data.build DEST", file=sys.stderr)
        return 2
    dest = arguments[0]
    sites = load_sites()
    try:
        build((site.archive for site in sites), dest)
    except (OSError, BuildError) as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    broken = [site.id for site in sites if not checks_out(site, dest)]
    print(f"{len(sites) - len(broken)} of {len(sites)} sites check out")
    for name in broken:
        print(f"  {name} does not")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
