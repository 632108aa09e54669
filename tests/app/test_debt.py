"""``sayso baseline`` and what the scanning hooks make of it, in real repositories."""

from __future__ import annotations

import pytest

from specimens import BROKEN, CODE_RULE, INSECURE, SAFE
from tools.repo import Repo

FILE = "sayso.baseline"


@pytest.fixture
def indebted(repo: Repo) -> Repo:
    """A repository with one finding, and a baseline that covers it, committed."""
    repo.stage("a.py", INSECURE)
    assert repo.sayso("baseline").returncode == 0
    repo.stage(FILE, repo.read(FILE))
    repo.commit("Start")
    return repo


def scan(repo: Repo, *args: str) -> tuple[int, str]:
    return repo.output("sayso", "code-scan", *args)


def test_a_baseline_lets_a_whole_scan_pass_and_shows_what_it_covers(repo: Repo) -> None:
    repo.stage("a.py", INSECURE)
    assert scan(repo, "--all-files")[0] == 1
    code, said = repo.output("sayso", "baseline")
    assert (code, said.splitlines()) == (
        0,
        [f"{FILE}: 0 kept, 1 added, 0 dropped", f"  now: git add {FILE}"],
    )
    repo.stage(FILE, repo.read(FILE))
    code, said = scan(repo, "--all-files")
    assert code == 0
    assert f"note: [{CODE_RULE}] in {FILE}: " in said
    assert f"1 in {FILE}, which can only shrink" in said


def test_the_staged_baseline_counts_and_not_the_one_of_the_work_tree(repo: Repo) -> None:
    repo.stage("a.py", INSECURE)
    assert repo.sayso("baseline").returncode == 0
    assert scan(repo, "--all-files")[0] == 1


def test_a_second_finding_is_new(indebted: Repo) -> None:
    indebted.stage("b.py", INSECURE)
    code, said = scan(indebted)
    assert (code, f"b.py:{said.split('b.py:')[1].split(':')[0]}: error: [{CODE_RULE}]" in said) == (1, True)
    code, said = scan(indebted, "--all-files")
    assert (code, said.count("error:"), said.count("note:")) == (1, 1, 1)


def test_a_renamed_file_keeps_its_entry(indebted: Repo) -> None:
    indebted.git("mv", "a.py", "b.py")
    assert scan(indebted)[0] == 0
    assert scan(indebted, "--all-files")[0] == 0


def test_an_entry_without_use_fails_in_ci_and_not_at_a_commit(indebted: Repo) -> None:
    start = indebted.head()
    indebted.stage("a.py", SAFE)
    assert scan(indebted)[0] == 0
    code, said = scan(indebted, "--all-files")
    assert (code, "[baseline-unused] A line of the baseline covers nothing any more: " in said) == (1, True)
    end = indebted.commit("Repair a")
    code, said = scan(indebted, "--from-ref", start, "--to-ref", end)
    assert (code, "[baseline-unused]" in said) == (1, True)
    assert indebted.output("sayso", "baseline")[1].startswith(f"{FILE}: 0 kept, 0 added, 1 dropped")
    indebted.stage(FILE, indebted.read(FILE))
    end = indebted.commit("Shrink the baseline")
    assert scan(indebted, "--from-ref", start, "--to-ref", end)[0] == 0


def test_a_deleted_file_leaves_an_entry_without_use(indebted: Repo) -> None:
    start = indebted.head()
    indebted.git("rm", "-q", "a.py")
    end = indebted.commit("Remove a")
    code, said = scan(indebted, "--from-ref", start, "--to-ref", end)
    assert (code, "[baseline-unused]" in said) == (1, True)


def test_a_range_cannot_bring_a_finding_and_its_entry_together(indebted: Repo) -> None:
    start = indebted.head()
    indebted.stage("b.py", INSECURE)
    assert indebted.sayso("baseline", "--reason", "as everywhere").returncode == 0
    indebted.stage(FILE, indebted.read(FILE))
    assert scan(indebted)[0] == 0
    end = indebted.commit("Add b, with its debt")
    code, said = scan(indebted, "--from-ref", start, "--to-ref", end)
    assert (code, said.count("error:"), "[baseline-unused]" in said) == (1, 1, False)
    indebted.stage("b.py", INSECURE + "\n\nMORE = 1\n")
    assert scan(indebted, "--from-ref", end, "--to-ref", indebted.commit("More"))[0] == 0


def test_it_grows_only_with_a_reason(indebted: Repo) -> None:
    indebted.stage("b.py", INSECURE)
    code, said = indebted.output("sayso", "baseline")
    assert code == 1
    assert f"not added: {CODE_RULE} in b.py" in said
    assert "--reason" in said
    code, said = indebted.output("sayso", "baseline", "--reason", "the server is replaced in May")
    assert (code, said.splitlines()[0]) == (0, f"{FILE}: 1 kept, 1 added, 0 dropped")
    assert " -- the server is replaced in May" in indebted.read(FILE)
    indebted.stage(FILE, indebted.read(FILE))
    assert scan(indebted)[0] == 0


def test_an_entry_that_was_written_by_hand_without_a_reason_is_refused(indebted: Repo) -> None:
    indebted.stage("b.py", INSECURE)
    mine = indebted.read(FILE).splitlines()[-1].replace("a.py", "b.py")
    indebted.stage(FILE, indebted.read(FILE) + mine + "\n")
    code, said = scan(indebted)
    assert (code, f"[baseline-grown] The baseline has grown without a reason: {CODE_RULE} in b.py" in said) == (1, True)


def test_a_baseline_that_is_broken_is_an_error_with_its_line(indebted: Repo) -> None:
    indebted.stage(FILE, "# x\n<<<<<<< ours\n")
    code, said = scan(indebted)
    assert (code, f"{FILE}:2: not an entry of a baseline" in said) == (2, True)


def test_a_file_that_cannot_be_examined_keeps_the_baseline_from_being_written(indebted: Repo) -> None:
    before = indebted.read(FILE)
    indebted.stage("b.py", BROKEN)
    code, said = indebted.output("sayso", "baseline")
    assert (code, "b.py: not examined" in said) == (3, True)
    assert indebted.read(FILE) == before


def test_a_covered_finding_still_contradicts_a_claim(indebted: Repo) -> None:
    indebted.stage("a.py", INSECURE + "x = 1\n")
    assert scan(indebted)[0] == 0
    indebted.write(".git/COMMIT_EDITMSG", "Change a\n\nThis code is secure.\n")
    code, said = indebted.output("sayso", "secure-claims", ".git/COMMIT_EDITMSG")
    assert (code, "contradicted" in said) == (1, True)
