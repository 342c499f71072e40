"""What a worker process gives up before it meets its first page. Linux only, as are the deployments.

Always: processor time, memory, open files and the size of files written (`setrlimit`), and sockets and programs, as
far as Python makes them (an audit hook). Where the kernel offers it, also against code that a hostile page may have
smuggled into a C library: files but those of the program and of one folder, TCP and other processes (Landlock, since
Linux 5.13, 6.7 and 6.12), and every network but an empty one of its own (a network namespace).
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crawler.workers.limits import Limits

# linux/prctl.h, linux/sched.h
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x1000_0000, 0x4000_0000
_SIGKILL = 9
# linux/landlock.h; the numbers of the system calls are the same on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH = 1
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_RIGHTS_OF_ABI = {1: 13, 2: 14, 3: 15, 4: 15}
_TCP = 0b11
_SCOPES = 0b11  # abstract sockets, signals

_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "os.kill",
    "pty.",
)


def die_with_parent() -> None:
    """Let the kernel end this process when the one that started it ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def enter(limits: Limits, readable: Iterable[Path]) -> None:
    """Give up, for good, all that reading does not need; files below `readable` can still be read."""
    # Libraries complain there of what they are fed; the log is no file that a worker may write.
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, sys.stderr.fileno())
    os.close(silent)
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if kernel.unshare(_CLONE_NEWNET) != 0:
        kernel.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    _only_read(kernel, (*_program(), *readable))
    # Late imports must not try to write what the limit of file size forbids.
    sys.dont_write_bytecode = True
    for what, least in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (least, least))
    sys.addaudithook(_refuse)


def allow_cpu(seconds: float) -> None:
    """Let the kernel end this process (SIGXCPU) after so many more seconds of processor, rounded up."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    until = int(spent.ru_utime + spent.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not for a reader")


def _program() -> set[Path]:
    """Return where the interpreter, its libraries and this project's code lie: not the folder they lie in."""
    roots = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    roots |= {Path(place) for place in ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo")}
    roots |= {Path(place) for place in ("/etc/ld.so.cache", "/dev/null", "/dev/urandom")}
    roots |= {Path(sys.modules[name].__path__[0]) for name in ("crawler", "portal_archive")}
    return roots


def _only_read(kernel: ctypes.CDLL, places: Iterable[Path]) -> None:
    version = kernel.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return  # no Landlock in this kernel
    rights = (1 << _RIGHTS_OF_ABI.get(version, 16)) - 1
    attributes = struct.pack("=QQQ", rights, _TCP, _SCOPES)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = kernel.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        return
    for place in places:
        try:
            descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        allowed = _EXECUTE | _READ_FILE | (_READ_DIR if place.is_dir() else 0)
        rule = struct.pack("=Qi", allowed, descriptor)
        kernel.syscall(_ADD_RULE, rules, _PATH_BENEATH, rule, 0)
        os.close(descriptor)
    kernel.syscall(_RESTRICT_SELF, rules, 0)
    os.close(rules)
