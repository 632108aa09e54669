"""Sign and verify with ``ssh-keygen``, which alone sees a key.

Signing runs in the user's own terminal and environment: the passphrase is typed
there, an agent and a hardware key are found as always. Verifying runs with nothing
of that: files in a private folder, a scrubbed environment, a clock that is told, and
a time limit. Nothing of the repository is handed over but bytes that were read from
git.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple, Self

from sayso.adapters import process
from sayso.model import SaysoError, UsageError

_SIGPIPE = 13
_VERIFY_SECONDS = 20.0
_MOST_SIGNATURE = 64 << 10
_MOST_KEYS = 64
_LITERAL = ("key::", "ssh-", "ecdsa-", "sk-")
_USUAL = ("id_ed25519", "id_ecdsa", "id_ed25519_sk", "id_ecdsa_sk", "id_rsa")
_AGENT_SECONDS = 10.0


class SigningError(SaysoError):
    """``ssh-keygen`` is missing, or could not do what it was asked for."""


class Answer(NamedTuple):
    """What ``ssh-keygen`` says of a signature, and why not."""

    good: bool
    reason: str = ""


class Verifier:
    """Check signatures against one list of signers, and one of revoked keys if there is one.

    Use it in a ``with`` statement: the files exist from the first check to its end.
    """

    def __init__(self, signers: bytes, revoked: bytes | None) -> None:
        self._files = {"allowed_signers": signers} | ({} if revoked is None else {"revoked": revoked})
        self._folder = ""

    def __enter__(self) -> Self:
        """Do nothing yet: most runs check nothing."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Remove the files."""
        if self._folder:
            from shutil import rmtree  # noqa: PLC0415 - most runs check nothing

            rmtree(self._folder, ignore_errors=True)

    def verify(self, statement: bytes, signature: bytes, principal: str, namespace: str, day: str) -> Answer:
        """Ask whether ``principal`` has signed ``statement`` with a key that holds at the end of ``day``, in UTC.

        Raises:
            SigningError: ``ssh-keygen`` is missing or gives no answer.
        """
        if not self._folder:
            self._folder = _private_folder(self._files)
        where = {name: os.path.join(self._folder, name) for name in (*self._files, "signature")}
        _write(where["signature"], signature)
        command = [
            *(executable("ssh-keygen"), "-Y", "verify", "-f", where["allowed_signers"], "-I", principal),
            *("-n", namespace, "-s", where["signature"], "-O", f"verify-time={day.replace('-', '')}235959"),
            *(("-r", where["revoked"]) if "revoked" in where else ()),
        ]
        env = {**process.scrubbed(self._folder), "LC_ALL": "C", "TZ": "UTC"}
        done = process.run(command, stdin=statement, env=env, timeout=_VERIFY_SECONDS)
        said = done.err.decode("utf-8", "replace").replace(f"{self._folder}/", "").strip().split("\n")[0]
        if not done.code and done.out.startswith(f'Good "{namespace}" signature for {principal} with '.encode()):
            return Answer(good=True)
        if b"Could not verify signature" in done.out:
            return Answer(good=False, reason=said[:200])
        raise SigningError(f"ssh-keygen could not verify a signature: {said or f'exit code {done.code}'}")


def sign(statement: bytes, namespace: str, key: str) -> bytes:
    """Have ``ssh-keygen`` sign, in the user's terminal; ``key`` is a file, or a public key that the agent has.

    Raises:
        SigningError: it is missing, was interrupted, or did not sign.
    """
    files = {"statement": statement} | ({"key.pub": f"{_public(key)}\n".encode()} if is_literal(key) else {})
    folder = _private_folder(files)
    try:
        path = os.path.join(folder, "key.pub") if is_literal(key) else os.path.expanduser(key)
        target = os.path.join(folder, "statement")
        code = _foreground([executable("ssh-keygen"), "-q", "-Y", "sign", "-f", path, "-n", namespace, target])
        if code:
            raise SigningError(f"ssh-keygen did not sign with {key[:80]}: its reason stands above")
        with open(f"{target}.sig", "rb") as file:
            return file.read(_MOST_SIGNATURE)
    except OSError as exc:
        raise SigningError(f"ssh-keygen did not sign with {key[:80]}: {exc.strerror}") from exc
    finally:
        from shutil import rmtree  # noqa: PLC0415 - a person signs, and waits for himself

        rmtree(folder, ignore_errors=True)


def default_key(settings: Mapping[str, str]) -> str:
    """Return the key to sign with: what git signs with, else the agent's first, else the first file of the usual names.

    Raises:
        UsageError: there is none.
    """
    configured = settings.get("user.signingkey", "")
    if configured and (is_literal(configured) or os.path.isfile(os.path.expanduser(configured))):
        return configured
    held = _held()
    if held:
        return held
    for name in _USUAL:
        path = os.path.join(os.path.expanduser("~"), ".ssh", name)
        if os.path.isfile(path):
            return path
    raise UsageError("no SSH key to sign with: make one with ssh-keygen -t ed25519, or name one with --key FILE")


def is_literal(key: str) -> bool:
    """Tell a public key, as git's ``user.signingKey`` may hold one, from the name of a file."""
    return key.startswith(_LITERAL) and (key.startswith("key::") or " " in key)


def executable(name: str) -> str:
    """Find a program in the absolute entries of PATH: a relative one would let the repository supply its own.

    Raises:
        SigningError: it is not there.
    """
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)
        if os.path.isabs(folder) and os.access(path, os.X_OK):
            return path
    raise SigningError(f"{name} is not installed, or not on PATH: it comes with OpenSSH 8.9 and later")


def _held() -> str:
    """Return the first key of the agent, or "" where there is no agent, or one without keys."""
    try:
        program = executable("ssh-add")
        done = process.run([program, "-L"], env=os.environ, timeout=_AGENT_SECONDS)
    except SaysoError:
        return ""
    lines = done.out.decode("utf-8", "replace").split("\n")[:_MOST_KEYS]
    return next((line for line in lines if is_literal(line)), "") if not done.code else ""


def _public(key: str) -> str:
    return key.removeprefix("key::").strip()


def _foreground(command: list[str]) -> int:
    """Run a program in our own process group, so that it may read the terminal; it prints where our errors go."""
    pid = os.posix_spawn(
        command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)], setsigdef=(_SIGPIPE,)
    )
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except KeyboardInterrupt:
        with suppress(ChildProcessError):  # it may have been waited for in the same moment
            os.waitpid(pid, 0)  # Ctrl-C reaches it as well
        raise


def _private_folder(files: Mapping[str, bytes]) -> str:
    from tempfile import mkdtemp  # noqa: PLC0415 - most runs check nothing

    try:
        folder = mkdtemp(prefix="sayso-")
        for name, data in files.items():
            _write(os.path.join(folder, name), data)
    except OSError as exc:
        raise SigningError(f"cannot write a temporary file: {exc.strerror}: {exc.filename}") from exc
    return folder


def _write(path: str, data: bytes) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with open(fd, "wb") as file:
        file.write(data)
