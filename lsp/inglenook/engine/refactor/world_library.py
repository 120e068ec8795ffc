"""The standard library, as its own source tells: that of the Python that runs this.

Nothing of it is imported; a module that this program uses is asked itself. Where the workspace's
Python is of another version, or may be, only what is there counts: what is not may have come
since, or gone.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import Final

from inglenook.workspace.source import Root
from inglenook.workspace.standing import Standing

MINOR: Final = sys.version_info[1]
_NEWEST: Final = max(14, MINOR)  # of which it is known what came with it
# Modules that some Python from 3.8 to 3.14 has and another has not.
_COME_AND_GONE: Final = frozenset(
    """aifc annotationlib asynchat asyncore audioop binhex cgi cgitb chunk compression crypt
    distutils dummy_threading formatter graphlib imghdr imp lib2to3 macpath mailcap msilib nis
    nntplib ossaudiodev parser pipes profiling smtpd sndhdr spwd sre_compile sre_constants sre_parse
    sunau symbol telnetlib tomllib uu xdrlib zoneinfo""".split()
)
# What the platforms' own modules have on some of them only; constants (in capitals) aside.
_ELSEWHERE: Final = frozenset(
    """CMSG_LEN CMSG_SPACE ItimerError WIFEXITED abiflags abort activate_stack_trampoline
    add_dll_directory alarm bind_textdomain_codeset bindtextdomain chflags chroot clock_getres
    clock_gettime clock_gettime_ns clock_settime clock_settime_ns confstr confstr_names
    copy_file_range ctermid dcgettext deactivate_stack_trampoline devpoll dgettext dllhandle
    dump_traceback_later enum_certificates enum_crls environb epoll eventfd eventfd_read
    eventfd_write fchdir fchmod fchown fcopyfile fdatasync fork fork_exec forkpty fpathconf
    fromshare fstatvfs fwalk get_blocking get_handle_inheritable get_osfhandle getandroidapilevel
    getdlopenflags getegid getenvb geteuid getgid getgrouplist getgroups gethostid getitimer
    getloadavg getlogin getobjects getpagesize getpgid getpgrp getpriority getrandom getresgid
    getresuid getrlimit getrusage getsid gettext gettotalrefcount getuid getwindowsversion
    getxattr grantpt if_indextoname if_nameindex if_nametoindex initgroups ioctl
    is_stack_trampoline_active isatty kevent kill killpg kqueue last_exc last_traceback last_type
    last_value lchflags lchmod lchown link listdrives listmounts listvolumes listxattr lockf
    login_tty major makedev memfd_create minor mkfifo mknod nice nl_langinfo open_osfhandle
    openpty pathconf pathconf_names pause pidfd_open pidfd_send_signal pipe pipe2 plock poll
    posix_fadvise posix_fallocate posix_openpt posix_spawn posix_spawnp pread preadv prlimit
    process_cpu_count ps1 ps2 pthread_getcpuclockid pthread_kill pthread_sigmask ptsname pwrite
    pwritev readinto readlink readv recv_fds register register_at_fork removexattr
    sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getparam
    sched_getscheduler sched_param sched_rr_get_interval sched_setaffinity sched_setparam
    sched_setscheduler sched_yield send_fds sendfile set_blocking set_handle_inheritable
    setdlopenflags setegid seteuid setgid setgroups sethostname setitimer setns setpgid setpgrp
    setpriority setregid setresgid setresuid setreuid setrlimit setsid setuid setxattr share
    siginterrupt signalfd sigpending sigtimedwait sigwait sigwaitinfo socketpair spawnlp spawnlpe
    spawnvp spawnvpe splice startfile statvfs statvfs_result statx statx_result struct_rusage
    struct_siginfo symlink sync sysconf sysconf_names tcgetpgrp tcsetpgrp textdomain
    timerfd_create timerfd_gettime timerfd_gettime_ns timerfd_settime timerfd_settime_ns
    times_result tracebacklimit ttyname tzset umask uname uname_result unlockpt unregister unshare
    wait wait3 wait4 waitid waitid_result winver writev
    """.split()
)


REPLACED: Final = frozenset({"distutils"})  # by what is installed (setuptools)
_PLATFORMS: Final = frozenset({"nt", "posix"})  # of which one is there


def library() -> Standing:
    """Where its sources are."""
    return Standing(Root.of(Path(sysconfig.get_path("stdlib"))))


def is_known(top: str, minor: int | None) -> bool | None:
    """Whether the library of Python 3.``minor`` has this module at its top."""
    there = top in sys.stdlib_module_names
    if minor == MINOR:
        return there
    if top in _COME_AND_GONE or minor is None or minor > _NEWEST:
        return True if there and top not in _COME_AND_GONE else None
    return there


def is_loaded(module: str) -> bool:
    """Whether this program has a module of the library in use, so that it can be asked itself."""
    return module.partition(".")[0] in sys.stdlib_module_names and module in sys.modules


def is_made_of(module: str) -> bool:
    """Whether there is a module of the library without a source."""
    return module in sys.builtin_module_names or is_loaded(module) or module in _PLATFORMS


def asked(module: str, name: str) -> bool:
    """Whether a module that is loaded has a name."""
    if not is_loaded(module):
        return False
    try:
        return hasattr(sys.modules[module], name)
    except Exception:  # what is made when it is asked for may fail in any way
        return True


def built_in(module: str, name: str) -> bool | None:
    """Whether a module without a source has a name, on whatever platform."""
    if asked(module, name):
        return True
    if not is_loaded(module) and module not in _PLATFORMS:
        return None
    return None if name.isupper() or name in _ELSEWHERE or name.startswith("_") else False
