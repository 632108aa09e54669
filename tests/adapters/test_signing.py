"""Signatures by real keys, and what ssh-keygen must not be talked into."""

from __future__ import annotations

import os
import stat
import subprocess
import time
from pathlib import Path

import pytest

from sayso import approvals, signers
from sayso.adapters import signing
from sayso.adapters.process import ProcessError
from sayso.adapters.signing import SigningError, Verifier
from sayso.model import DataError, UsageError

NAMESPACE = approvals.NAMESPACE
DAY = "2026-11-26"
RITA = "rita@example.org"
DATA = b'{"a":1}\n'


def keygen(*args: object) -> None:
    subprocess.run(["ssh-keygen", "-q", *map(str, args)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One key of each kind, one more, an authority and a certificate by it."""
    folder = tmp_path_factory.mktemp("keys")
    for kind in ("ed25519", "ecdsa", "rsa"):
        keygen("-t", kind, "-N", "", "-C", kind, "-f", folder / kind)
    for name in ("other", "authority", "certified"):
        keygen("-t", "ed25519", "-N", "", "-C", name, "-f", folder / name)
    keygen("-s", folder / "authority", "-I", "rita", "-n", RITA, "-V", "20260101:20261231", folder / "certified.pub")
    return folder


def public(keys: Path, name: str) -> str:
    return (keys / f"{name}.pub").read_text().strip()


def verified(
    allowed: str,
    signature: bytes,
    principal: str = RITA,
    *,
    data: bytes = DATA,
    day: str = DAY,
    revoked: bytes | None = None,
) -> bool:
    """Whether it holds, by us reading the list first, as in a run."""
    signers.parse(allowed.encode(), "signers", NAMESPACE)
    with Verifier(allowed.encode(), revoked) as verifier:
        return verifier.verify(data, signature, principal, NAMESPACE, day).good


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_every_kind_of_key(keys: Path, kind: str) -> None:
    signature = signing.sign(DATA, NAMESPACE, str(keys / kind))
    head = approvals.header(signature, "x")
    assert head.namespace == NAMESPACE
    allowed = f"{RITA} {public(keys, kind)}"
    assert signers.parse(allowed.encode(), "x", NAMESPACE)[0].key == head.key
    assert verified(allowed, signature)


@pytest.mark.parametrize(
    ("options", "good"),
    [
        pytest.param("", True, id="plain"),
        pytest.param(f'namespaces="git,{NAMESPACE}" ', True, id="namespace"),
        pytest.param('namespaces="sayso-*" ', True, id="namespace-pattern"),
        pytest.param('namespaces="git" ', False, id="other-namespace"),
        pytest.param('valid-before="20261126" ', False, id="expired-this-morning"),
        pytest.param('valid-before="20261127" ', True, id="expires-tonight"),
        pytest.param('valid-before="20261126120000Z" ', False, id="expires-at-noon"),
        pytest.param('valid-after="20261126120000Z" ', True, id="holds-from-noon"),
        pytest.param('valid-after="20261127" ', False, id="holds-from-tomorrow"),
        pytest.param('valid-after="20260101",valid-before="20301231" ', True, id="between"),
        pytest.param("cert-authority ", False, id="a-plain-key-is-no-certificate"),
    ],
)
def test_options_hold(keys: Path, options: str, good: bool) -> None:
    signature = signing.sign(DATA, NAMESPACE, str(keys / "ed25519"))
    assert verified(f"{RITA} {options}{public(keys, 'ed25519')}", signature) is good


@pytest.mark.parametrize(
    ("names", "principal", "good"),
    [
        pytest.param(RITA, RITA, True, id="name"),
        pytest.param("*@example.org", RITA, True, id="pattern"),
        pytest.param("*@example.org,!rita@example.org", RITA, False, id="all-but-her"),
        pytest.param("dev@example.org", RITA, False, id="somebody-else's-key"),
        pytest.param(RITA, "dev@example.org", False, id="somebody-else's-name"),
        pytest.param(f'"dev@example.org,{RITA}"', RITA, True, id="quoted"),
    ],
)
def test_names_hold_as_we_read_them(keys: Path, names: str, principal: str, good: bool) -> None:
    signature = signing.sign(DATA, NAMESPACE, str(keys / "ed25519"))
    allowed = f"{names} {public(keys, 'ed25519')}"
    assert verified(allowed, signature, principal) is good
    assert signers.parse(allowed.encode(), "x", NAMESPACE)[0].names(principal) is good


@pytest.mark.parametrize(
    ("allowed", "principal", "day", "good"),
    [
        pytest.param(f"{RITA} cert-authority ", RITA, DAY, True, id="authority"),
        pytest.param("*@example.org cert-authority ", RITA, DAY, True, id="authority-over-a-domain"),
        pytest.param("*@example.org cert-authority ", "dev@example.org", DAY, False, id="certificate-of-another"),
        pytest.param("*@example.com cert-authority ", RITA, DAY, False, id="authority-over-others"),
        pytest.param(f"{RITA} ", RITA, DAY, False, id="authority's-key-as-a-person's"),
        pytest.param(f"{RITA} cert-authority ", RITA, "2027-01-02", False, id="certificate-expired"),
    ],
)
def test_certificates(keys: Path, allowed: str, principal: str, day: str, good: bool) -> None:
    signature = signing.sign(DATA, NAMESPACE, str(keys / "certified-cert.pub"))
    assert "-cert-" in approvals.header(signature, "x").type
    assert verified(f"{allowed}{public(keys, 'authority')}", signature, principal, day=day) is good


def test_a_revoked_key_is_none(keys: Path, tmp_path: Path) -> None:
    signature = signing.sign(DATA, NAMESPACE, str(keys / "ed25519"))
    allowed = f"{RITA} {public(keys, 'ed25519')}"
    keygen("-k", "-f", tmp_path / "krl", keys / "ed25519.pub")
    keygen("-k", "-f", tmp_path / "others", keys / "other.pub")
    assert verified(allowed, signature, revoked=(tmp_path / "others").read_bytes())
    assert not verified(allowed, signature, revoked=(tmp_path / "krl").read_bytes())
    assert not verified(allowed, signature, revoked=f"{public(keys, 'ed25519')}\n".encode())
    assert verified(allowed, signature, revoked=f"{public(keys, 'other')}\n".encode())
    assert not verified(allowed, signature, revoked=b"no list of keys")
    assert not verified(allowed, signature, revoked=(tmp_path / "krl").read_bytes()[:-5])


def test_a_revoked_certificate_is_none(keys: Path, tmp_path: Path) -> None:
    signature = signing.sign(DATA, NAMESPACE, str(keys / "certified-cert.pub"))
    keygen("-k", "-f", tmp_path / "krl", keys / "certified-cert.pub")
    allowed = f"{RITA} cert-authority {public(keys, 'authority')}"
    assert not verified(allowed, signature, revoked=(tmp_path / "krl").read_bytes())


def test_other_bytes_another_namespace_and_junk_do_not_hold(keys: Path) -> None:
    allowed = f"{RITA} {public(keys, 'ed25519')}"
    good = signing.sign(DATA, NAMESPACE, str(keys / "ed25519"))
    assert not verified(allowed, good, data=DATA + b"\n")
    assert not verified(allowed, signing.sign(DATA, "git", str(keys / "ed25519")))
    assert not verified(allowed, signing.sign(DATA, NAMESPACE, str(keys / "other")))
    assert not verified(allowed, b"")
    assert not verified(allowed, good[: len(good) // 2])
    assert not verified(allowed, b"\0" * 10_000)


def test_the_reason_names_no_temporary_file(keys: Path) -> None:
    signature = signing.sign(DATA, NAMESPACE, str(keys / "ed25519"))
    allowed = f'{RITA} valid-before="20250101" {public(keys, "ed25519")}'
    with Verifier(allowed.encode(), None) as verifier:
        answer = verifier.verify(DATA, signature, RITA, NAMESPACE, DAY)
    assert answer.reason.startswith("allowed_signers:1: key has expired")


def test_nothing_of_the_environment_reaches_the_check(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the time zone nor a program beside the repository decides."""
    (tmp_path / "ssh-keygen").write_text("#!/bin/sh\necho Good\n")
    (tmp_path / "ssh-keygen").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.environ["PATH"]]))
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        monkeypatch.setenv("TZ", zone)
        signature = signing.sign(DATA, NAMESPACE, str(keys / "ed25519"))
        for written in ("20261127", "20261127000000Z"):
            assert verified(f'{RITA} valid-before="{written}" {public(keys, "ed25519")}', signature)
        for written in ("20261126", "20261126235958Z"):
            assert not verified(f'{RITA} valid-before="{written}" {public(keys, "ed25519")}', signature)
    assert signing.executable("ssh-keygen") != str(tmp_path / "ssh-keygen")


def test_files_are_private_and_gone_afterwards(keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    signature = signing.sign(DATA, NAMESPACE, str(keys / "ed25519"))
    assert list(tmp_path.iterdir()) == []
    with Verifier(f"{RITA} {public(keys, 'ed25519')}".encode(), None) as verifier:
        assert list(tmp_path.iterdir()) == []
        verifier.verify(DATA, signature, RITA, NAMESPACE, DAY)
        (folder,) = tmp_path.iterdir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert list(tmp_path.iterdir()) == []


def fake(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch, name: str = "ssh-keygen") -> None:
    """Another program under this name, first on PATH."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("exit 0", id="says-nothing"),
        pytest.param("echo 'Good \"git\" signature for rita@example.org with x'", id="another-namespace"),
        pytest.param(f"echo 'Good \"{NAMESPACE}\" signature for dev@example.org with x'", id="another-name"),
        pytest.param(f"echo 'Good \"{NAMESPACE}\" signature for {RITA} with x'; exit 1", id="good-and-fails"),
        pytest.param("echo unknown option -- O >&2; exit 255", id="too-old"),
    ],
)
def test_an_answer_that_is_none_decides_nothing(tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, script, monkeypatch)
    with Verifier(b"", None) as verifier, pytest.raises(SigningError, match="could not verify"):
        verifier.verify(DATA, b"", RITA, NAMESPACE, DAY)


def test_a_check_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "sleep 60", monkeypatch)
    monkeypatch.setattr(signing, "_VERIFY_SECONDS", 0.3)
    begun = time.monotonic()
    with Verifier(b"", None) as verifier, pytest.raises(ProcessError, match="timed out"):
        verifier.verify(DATA, b"", RITA, NAMESPACE, DAY)
    assert time.monotonic() - begun < 10


def test_without_openssh_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SigningError, match="ssh-keygen is not installed"):
        signing.sign(DATA, NAMESPACE, "key")


def test_a_key_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SigningError, match="did not sign with"):
        signing.sign(DATA, NAMESPACE, str(tmp_path / "none"))


def test_the_agent_signs_with_a_key_that_is_given_as_text(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = subprocess.run(["ssh-agent", "-s"], check=True, capture_output=True, text=True).stdout
    settings = dict(part.split("=", 1) for part in started.replace("\n", "").split(";") if part.startswith("SSH_"))
    try:
        monkeypatch.setenv("SSH_AUTH_SOCK", settings["SSH_AUTH_SOCK"])
        assert signing.default_key({"user.signingkey": str(keys / "rsa")}) == str(keys / "rsa")
        subprocess.run(["ssh-add", "-q", str(keys / "ed25519")], check=True, capture_output=True)
        held = signing.default_key({})
        assert held == public(keys, "ed25519")
        for key in (held, f"key::{held}"):
            assert signing.is_literal(key)
            assert verified(f"{RITA} {held}", signing.sign(DATA, NAMESPACE, key))
        with pytest.raises(SigningError):
            signing.sign(DATA, NAMESPACE, f"key::{public(keys, 'other')}")
    finally:
        os.kill(int(settings["SSH_AGENT_PID"]), 15)


def test_the_usual_files_are_found_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with pytest.raises(UsageError, match="ssh-keygen -t ed25519"):
        signing.default_key({"user.signingkey": "0123ABCD"})
    (tmp_path / ".ssh").mkdir()
    for name in ("id_rsa", "id_ed25519"):
        (tmp_path / ".ssh" / name).touch()
        assert signing.default_key({}) == str(tmp_path / ".ssh" / name)
    (tmp_path / "mine").touch()
    assert signing.default_key({"user.signingkey": "~/mine"}) == "~/mine"


def test_what_we_refuse_ssh_keygen_never_sees(keys: Path) -> None:
    signature = signing.sign(DATA, NAMESPACE, str(keys / "ed25519"))
    with pytest.raises(DataError, match="fits anybody"):
        verified(f"* {public(keys, 'ed25519')}", signature)


def test_ssh_keygen_that_writes_no_signature_has_not_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "exit 0", monkeypatch)
    with pytest.raises(SigningError, match="did not sign"):
        signing.sign(DATA, NAMESPACE, "key")


def test_a_person_who_interrupts_has_not_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    (tmp_path / "files").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "files"))
    fake(tmp_path, "kill -INT $PPID; sleep 0.2; exit 1", monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        signing.sign(DATA, NAMESPACE, "key")
    assert list((tmp_path / "files").iterdir()) == []


def test_without_room_for_files_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(SigningError, match="cannot write a temporary file"):
        signing.sign(DATA, NAMESPACE, "key")


def test_an_agent_that_cannot_be_asked_has_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="no SSH key"):
        signing.default_key({})
