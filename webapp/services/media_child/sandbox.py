"""The limits and the locks that this process puts on itself before it imports a parser."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import stat
import sys

# Numbers of linux/landlock.h and linux/prctl.h; the system calls have the same number on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_QUESTION = 1
_RULE_PATH_BENEATH = 1
_READ_FILE, _READ_DIRECTORY = 1 << 2, 1 << 3
# Filesystem rights each version of Landlock knows: 13 bits, then REFER, TRUNCATE and IOCTL_DEV.
_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}
_RIGHTS_NEWEST = 16
_NET_BIND_AND_CONNECT = 0b11
_SCOPE_SOCKETS_AND_SIGNALS = 0b11
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def set_limits(address_space_bytes: int, cpu_seconds: int) -> None:
    """Bound memory, time, open files and writing; a file that wants more ends this process and nothing else."""
    for limit, value in (
        (resource.RLIMIT_AS, address_space_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def lock_up(fonts: list[str]) -> int:
    """Allow reading Python, libraries and the files `fonts`; no other file, no program, no connection.

    Returns the version of Landlock in force, 0 where the kernel has none. The process also dies with its parent.
    """
    if platform.system() != "Linux":
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return 0
    version = libc.syscall(_CREATE_RULESET, None, 0, _VERSION_QUESTION)
    if version < 1:
        return 0
    ruleset = _Ruleset(fs=(1 << _RIGHTS_BY_VERSION.get(version, _RIGHTS_NEWEST)) - 1)
    size = 8
    if version >= 4:
        ruleset.net, size = _NET_BIND_AND_CONNECT, 16
    if version >= 6:
        ruleset.scoped, size = _SCOPE_SOCKETS_AND_SIGNALS, 24
    descriptor = libc.syscall(_CREATE_RULESET, ctypes.byref(ruleset), size, 0)
    if descriptor < 0:
        return 0
    for path in {os.path.realpath(each) for each in (*_readable(), *fonts)}:
        _allow_reading(libc, descriptor, path)
    locked = libc.syscall(_RESTRICT_SELF, descriptor, 0) == 0
    os.close(descriptor)
    return version if locked else 0


def _readable() -> tuple[str, ...]:
    """List what imports need: this folder, the folders of modules, the shared libraries."""
    libraries = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
    return (*sys.path, *libraries, f"{sys.base_prefix}/lib")


def _allow_reading(libc: ctypes.CDLL, ruleset: int, path: str) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not every system has every folder
    folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
    rule = _PathBeneath(_READ_FILE | _READ_DIRECTORY if folder else _READ_FILE, descriptor)
    libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    os.close(descriptor)
