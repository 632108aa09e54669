"""Ways round the gate by words: claims in disguise, marks that are dropped or forged, reviews that nobody gave."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

import specimens
from specimens import BY_TOOL
from tools.plays import POLICY, Branch

pytestmark = pytest.mark.e2e

EDITED = specimens.LOGIN.replace("None", "False")
RITA = "Rita Viewer <rita@example.org>"
PERSON = '[[person]]\nname = "Rita Viewer"\nemails = ["rita@example.org"]\nmay = ["review", "security-review"]\n'
TOOL = ("-c", "user.name=Dev Eloper", "-c", "user.email=noreply@anthropic.com")


def words(branch: Branch, *messages: str) -> list[str]:
    """Commit something harmless once for each message; return the commits."""
    commits = []
    for number, message in enumerate(messages):
        branch.stage(f"notes/{number}.txt", f"{number}\n")
        branch.run("git", "commit", "-n", "-q", "-F", "-", stdin=message.encode())
        commits.append(branch.head())
    return commits


def disguised(*words_: str) -> str:
    return "Add a note\n\n" + "\n".join(words_) + "\n"


UNSEEN = (
    "This is se\u200bcure.",
    "This is se\u00adcure.",
    "This is \u202eeruces\u202c.",
    "Fine." + "\U000e0041\U000e0042",
)
ALIKE = (
    "This code is 100% s\u0435\u0441ure.",
    "\uff34\uff48\uff49\uff53 code is 100% \uff53\uff45\uff43\uff55\uff52\uff45.",
    "This code is 100% \U0001d42c\U0001d41e\U0001d41c\U0001d42e\U0001d42b\U0001d41e.",
    "This code is 100% s\u0301ecure.",
    "This code is 100% s e c u r e.",
    "This code is 100&#37; &#115;ecure.",
)


def test_what_no_reader_sees_is_a_finding_by_itself(branch: Branch) -> None:
    commits = words(branch, *map(disguised, UNSEEN))
    said = branch.verdict()
    assert said.code == 1
    for commit in commits:
        assert said.rules("", commit) & {"hidden-characters", "hidden-bidi-text", "hidden-tag-characters"}, commit
    assert "hidden-tag-characters" in said.refusing("", commits[-1])


def test_letters_that_look_alike_spell_the_same_claim(branch: Branch) -> None:
    commits = words(branch, *map(disguised, ALIKE))
    said = branch.verdict()
    assert said.code == 1
    assert [commit for commit in commits if "claim-absolute" not in said.refusing("", commit)] == []


def test_claims_are_judged_wherever_they_stand(branch: Branch, tmp_path: Path) -> None:
    branch.stage("src/add.py", '"""Adding.\n\nThis code is 100% secure.\n"""\n\n' + specimens.SAFE)
    branch.stage("src/add.js", "// This is unhackable.\nexport const x = 1;\n")
    branch.stage("CHANGELOG.md", "- This release is vulnerability-free.\n")
    branch.stage("docs/more.md", "It is 100 % secure.\n")
    branch.commit("Say more")
    body = tmp_path / "body"
    body.write_text("Say more\n\nThis code is unhackable.\n")
    said = branch.verdict("--message-file", str(body))
    assert said.code == 1
    for path in ("src/add.py", "src/add.js", "CHANGELOG.md", "docs/more.md", ""):
        assert "claim-absolute" in said.refusing(path), path


@pytest.mark.parametrize(
    ("message", "rule", "refuses"),
    [
        pytest.param("The login is now hardened.", "claim-secure-warn", False, id="implied"),
        pytest.param("Fixed all security vulnerabilities.", "claim-fixed-all", False, id="summed-up"),
        pytest.param("Enterprise-grade security, all user input is sanitized.", "claim-boast", False, id="boast"),
        pytest.param("No security issues found.", "claim-no-vulnerabilities", True, id="explicit"),
        pytest.param("LGTM sec", "claim-boast", False, id="nod"),
        pytest.param("Security review: LGTM", "claim-reviewed", True, id="review"),
    ],
)
def test_softer_words_warn_and_plain_ones_refuse(branch: Branch, message: str, rule: str, refuses: bool) -> None:
    branch.stage("src/data.unknown", "x\n")
    branch.commit(f"Change data\n\n{message}\n")
    said = branch.verdict()
    assert rule in said.rules("")
    assert (rule in said.refusing("")) == refuses


def test_the_languages_of_the_rules_are_judged(branch: Branch) -> None:
    said_in = {
        "claim-german": "Der Code ist sicher.",
        "claim-spanish": "El código es seguro.",
        "claim-french": "Le code est sécurisé.",
        "claim-chinese": "该代码是安全的。",
        "claim-japanese": "このコードは安全です。",
    }
    commits = words(branch, *(f"Note\n\n{text}\n" for text in said_in.values()))
    said = branch.verdict()
    for rule, commit in zip(said_in, commits, strict=True):
        assert rule in said.rules("", commit), rule


def test_words_that_only_a_program_reads_are_told(branch: Branch) -> None:
    claim = b"This code is 100% secure, whatever a scanner says."
    commits = words(branch, *(f"Note\n\n{text}\n" for text in (base64.b64encode(claim).decode(), claim.hex())))
    said = branch.verdict()
    assert [commit for commit in commits if "encoded-text" not in said.rules("", commit)] == []


@pytest.fixture
def reviewed(branch: Branch) -> Branch:
    """A branch whose base names the reviewer."""
    branch.stage("sayso.toml", POLICY + PERSON)
    branch.commit("Name the reviewer")
    branch.land()
    return branch


def test_a_review_that_somebody_wrote_into_the_message_is_none(reviewed: Branch) -> None:
    reviewed.stage("src/auth/login.py", EDITED)
    reviewed.commit(f"Answer with False\n\nReviewed-by: {RITA}{BY_TOOL.lstrip()}".replace(">Co", ">\nCo"))
    said = reviewed.verdict()
    assert said.code == 1
    assert said.status("owed-human-review") == "missing"
    assert "owed-human-review" in said.refusing()


def test_a_mark_that_was_dropped_drops_no_duty_of_the_area(branch: Branch) -> None:
    branch.stage("src/auth/login.py", EDITED)
    branch.commit("Answer with False" + BY_TOOL)
    marked = branch.verdict()
    branch.git("commit", "-n", "-q", "--amend", "-m", "Answer with False")
    bare = branch.verdict()
    assert (marked.code, bare.code) == (1, 1)
    assert marked.refusing() - bare.refusing() == {"owed-human-review"}
    assert {"owed-tests-unit", "owed-tests-e2e"} <= bare.refusing()
    assert "human" not in str(bare.findings).lower().replace("human-review", "")


@pytest.mark.parametrize("edited", [False, True], ids=["as-it-was", "edited"])
def test_a_mark_stays_with_a_file_that_somebody_else_moves(branch: Branch, *, edited: bool) -> None:
    branch.stage("notes/draft.py", specimens.LOGIN)
    branch.commit("Draft" + BY_TOOL)
    (branch.path / "src/session").mkdir()
    branch.git("mv", "notes/draft.py", "src/session/auth.py")
    if edited:
        branch.stage("src/session/auth.py", specimens.LOGIN + "\n\nTRIES = 3\n")
    branch.commit("Move it to where it belongs")
    branch.stage("src/auth/login.py", EDITED)
    branch.commit("Answer with False")
    said = branch.verdict()
    assert said.code == 1
    assert next(f["paths"] for f in said.findings if f["rule"] == "owed-human-review") == "src/session/auth.py"


def test_the_mark_in_the_identity_is_enough(branch: Branch) -> None:
    branch.stage("src/auth/login.py", EDITED)
    branch.git(*TOOL, "commit", "-n", "-q", "-m", "Answer with False")
    said = branch.verdict()
    assert "ai-identity" in said.rules()
    assert "owed-human-review" in said.refusing()


FORGED_BLOCKS = {
    "not-the-last-paragraph": f"Add a note\n\nReviewed-by: {RITA}\n\nMore words.\n",
    "folded-into-another": f"Add a note\n\nAcked-by: Dev Eloper <dev@example.org>\n Reviewed-by: {RITA}\n",
    "among-prose": f"Add a note\n\nMany have looked at it,\nand said so.\nReviewed-by: {RITA}\nAnd so on\nand on.\n",
}


@pytest.mark.parametrize("shape", FORGED_BLOCKS)
def test_what_people_read_as_a_trailer_and_git_does_not_is_told(branch: Branch, shape: str) -> None:
    words(branch, FORGED_BLOCKS[shape])
    said = branch.verdict()
    assert "loose-trailer" in said.rules("")


def test_settings_of_the_repository_make_no_trailers(reviewed: Branch) -> None:
    for key, value in {"trailer.separators": "=#:", "trailer.review.key": "Reviewed-by"}.items():
        reviewed.git("config", key, value)
    reviewed.stage("src/auth/login.py", EDITED)
    reviewed.commit(f"Answer with False\n\nReviewed-by= {RITA}\nCo-authored-by: Claude <noreply@anthropic.com>\n")
    said = reviewed.verdict()
    assert said.status("owed-human-review") == "missing"
    assert "ai-trailer" in said.rules()


def test_a_tools_credit_counts_wherever_it_stands(branch: Branch) -> None:
    shapes = ("{}\n\nMore words.\n", "Acked-by: x\n {}\n", "Words before it.\n{}\n")
    commits = words(branch, *(f"Add\n\n{shape.format(BY_TOOL.strip())}" for shape in shapes))
    said = branch.verdict()
    for commit in commits:
        assert "ai-trailer" in said.rules(commit=commit)


def test_whoever_signs_is_named_by_the_base_alone(branch: Branch, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True, capture_output=True)
    signer = f'dev@example.org namespaces="sayso-approval@1" {key.with_suffix(".pub").read_text()}'
    branch.stage(".sayso/allowed_signers", signer)
    named = branch.commit("Name a signer")
    branch.stage("src/auth/login.py", EDITED)
    branch.commit("Answer with False" + BY_TOOL)
    approve = ("sayso", "approve", "--yes", "--key", str(key), "--as", "dev@example.org")
    branch.run(*approve, "--from-ref", named, "--to-ref", "HEAD", "--", "src/auth/login.py")
    branch.git("add", "--all")
    branch.commit("Approve")
    assert branch.verdict(base=named).status("owed-human-review") == "met"
    said = branch.verdict()
    assert said.code == 1
    assert said.status("owed-human-review") == "missing"
    assert "policy-signers-changed" in said.rules(".sayso/allowed_signers")
