"""Repositories that try to have a program run: see `hostile_trap`."""

from __future__ import annotations

from tests.support.drawn_repository import Repository
from tests.support.hostile_trap import Trap, case

# -- the configuration -------------------------------------------------------------------------


@case("status")
def a_file_monitor(trap: Trap) -> None:
    trap.config("[core]\n\tfsmonitor = CANARY\n")


@case("status")
def a_file_monitor_in_an_included_file(trap: Trap) -> None:
    (trap.root / "evil").write_text(f"[core]\n\tfsmonitor = {trap.canary}\n")
    trap.config('[include]\n\tpath = ../evil\n[includeIf "gitdir:/"]\n\tpath = ../evil\n')


@case("status")
def a_file_monitor_in_the_configuration_of_the_work_tree(trap: Trap) -> None:
    trap.config("[core]\n\trepositoryformatversion = 1\n[extensions]\n\tworktreeConfig = true\n")
    trap.config("[core]\n\tfsmonitor = CANARY\n", ".git/config.worktree")


@case("update-index", "--refresh", "--force-write-index")
def hooks(trap: Trap) -> None:
    for name in ("post-index-change", "pre-commit", "post-checkout", "reference-transaction"):
        hook = trap.root / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_bytes(trap.canary.read_bytes())
        hook.chmod(0o755)


@case("update-index", "--refresh", "--force-write-index")
def hooks_elsewhere(trap: Trap) -> None:
    (trap.root / "post-index-change").symlink_to(trap.canary)
    trap.config(f"[core]\n\thooksPath = {trap.root}\n")


@case("diff")
def an_external_diff(trap: Trap) -> None:
    trap.config("[diff]\n\texternal = CANARY\n")


@case("diff")
def a_diff_driver(trap: Trap) -> None:
    trap.config('[diff "evil"]\n\tcommand = CANARY\n')
    trap.repository.write({".gitattributes": "* diff=evil\n"})


@case("diff")
def a_text_conversion(trap: Trap) -> None:
    trap.config('[diff "evil"]\n\ttextconv = CANARY\n\tcachetextconv = true\n')
    trap.repository.write({".gitattributes": "* diff=evil\n"})


@case("diff")
def a_clean_filter(trap: Trap) -> None:
    trap.config('[filter "evil"]\n\tclean = CANARY\n\tsmudge = CANARY\n\trequired = true\n')
    trap.attributes("* filter=evil\n")


@case("diff")
def a_filter_process(trap: Trap) -> None:
    trap.config('[FILTER "e.\\"v=i\\\\l é"]\n\tPROCESS = CANARY\n')
    trap.attributes('"*.py" "filter=e.\\"v=i\\\\l é"\n')
    trap.config('[filter "plain.clean"]\n\tprocess = CANARY\n\tclean = CANARY\n')
    trap.repository.write({".gitattributes": "* filter=plain.clean\n"})


@case("diff")
def a_filter_of_an_included_file(trap: Trap) -> None:
    (trap.root / "evil").write_text(f'[filter "evil"]\n\tclean = {trap.canary}\n')
    trap.config("[include]\n\tpath = ../evil\n")
    trap.attributes("* filter=evil\n")


@case("log", "-1")
def a_signature_program(trap: Trap) -> None:
    raw = trap.repository.git("cat-file", "commit", "HEAD").decode()
    head, _, message = raw.partition("\n\n")
    signed = f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    name = trap.repository.git(
        "hash-object", "-t", "commit", "-w", "--stdin", data=f"{signed}\n\n{message}".encode()
    )
    trap.repository.git("update-ref", "HEAD", name.decode().strip())
    trap.config("[log]\n\tshowSignature = true\n[gpg]\n\tprogram = CANARY\n")


@case("evil")
def aliases_of_what_is_asked(trap: Trap) -> None:
    names = ("diff", "rev-parse", "cat-file", "config", "ls-files", "merge-base", "evil")
    trap.config("[alias]\n" + "".join(f"\t{name} = !CANARY\n" for name in names))


@case()
def pagers_and_editors(trap: Trap) -> None:
    keys = (
        "pager = CANARY",
        "editor = CANARY",
        "askPass = CANARY",
        "alternateRefsCommand = CANARY",
    )
    trap.config("[core]\n" + "".join(f"\t{key}\n" for key in keys))
    trap.config("[pager]\n\tdiff = CANARY\n\trev-parse = CANARY\n\tconfig = CANARY\n")
    trap.config("[interactive]\n\tdiffFilter = CANARY\n[sequence]\n\teditor = CANARY\n")


# -- what a partial clone would fetch ----------------------------------------------------------


def _promised(trap: Trap, remote: str) -> None:
    """Take an old blob away, which a remote has promised."""
    name = trap.repository.git("rev-parse", "HEAD~1:app.py").decode().strip()
    (trap.root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    trap.config("[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = evil\n")
    trap.config(f'[remote "evil"]\n\tpromisor = true\n\tpartialclonefilter = blob:none\n{remote}')


@case("diff", "HEAD~1", "HEAD")
def a_promise_of_ssh(trap: Trap) -> None:
    _promised(trap, "\turl = ssh://127.0.0.1/x\n[core]\n\tsshCommand = CANARY\n")


@case("diff", "HEAD~1", "HEAD")
def a_promise_of_a_program(trap: Trap) -> None:
    _promised(trap, "\turl = ext::CANARY %S\n[protocol]\n\tallow = always\n")
    trap.config('[protocol "ext"]\n\tallow = always\n')


@case("diff", "HEAD~1", "HEAD")
def a_promise_of_a_pack_program(trap: Trap) -> None:
    _promised(trap, f"\turl = {trap.root}\n\tuploadpack = CANARY\n")


@case()
def a_promise_that_asks_for_passwords(trap: Trap) -> None:
    _promised(
        trap, "\turl = http://127.0.0.1:9/x\n\tvcs = evil\n[credential]\n\thelper = !CANARY\n"
    )
    trap.config("[core]\n\taskPass = CANARY\n\tgitProxy = CANARY\n")


# -- submodules and repositories in the tree ---------------------------------------------------


@case("status")
def a_submodule_with_a_configuration(trap: Trap) -> None:
    inner = Repository.made(trap.root / "inner")
    name = inner.commit({"x.py": "x\n"})
    trap.repository.git("update-index", "--add", "--cacheinfo", f"160000,{name},inner")
    trap.config("[core]\n\tfsmonitor = CANARY\n", "inner/.git/config")
    trap.config('[filter "inner"]\n\tclean = CANARY\n', "inner/.git/config")
    inner.write({".git/info/attributes": "* filter=inner\n"})
    inner.write({"x.py": "y\n"})


@case()
def submodules_with_addresses(trap: Trap) -> None:
    modules = '[submodule "a"]\n\tpath = a\n\turl = -u./canary\n\tupdate = !CANARY\n'
    modules += '[submodule "../../x"]\n\tpath = -p\n\turl = ext::CANARY\n\tfetchRecurseSubmodules\n'
    trap.config(modules, ".gitmodules")
    trap.config('[submodule "a"]\n\turl = ext::CANARY\n\tupdate = !CANARY\n\tactive = true\n')
    trap.config("[submodule]\n\trecurse = true\n[protocol]\n\tallow = always\n")
    name = trap.repository.git("rev-parse", "HEAD").decode().strip()
    for path in ("a", "-p"):
        trap.repository.git("update-index", "--add", "--cacheinfo", f"160000,{name},{path}")


@case()
def a_bare_repository_in_the_tree(trap: Trap) -> None:
    """Whoever works in ``bare`` asks git about it, not about the tree that it is in."""
    trap.repository.git("init", "-q", "--bare", "bare")
    trap.config("[core]\n\tbare = false\n\tworktree = ..\n\tfsmonitor = CANARY\n", "bare/config")
