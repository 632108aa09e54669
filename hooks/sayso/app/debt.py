"""Apply the baseline: which findings it covers, which entries nothing needs any more, and whether it has grown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, cached_property

from sayso import baseline, ruletables
from sayso.adapters.git import Repository
from sayso.adapters.resources import read_table
from sayso.app.scope import Request
from sayso.baseline import Entry, Seen
from sayso.lines import decode
from sayso.model import DataError, Finding, Rule


class Debt:
    """The baseline as the change leaves it, and as it was before.

    Where only a part of the change is looked at, ``whole`` is false, and the baseline itself is not judged. Of a
    range the baseline of its start decides what is debt: a change cannot bring a finding and its entry together.
    """

    def __init__(self, repo: Repository, request: Request, *, whole: bool = True) -> None:
        self._repo = repo
        self._request = request
        self._whole = whole
        self._gone: dict[str, bool] = {}

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The entries as the change leaves them: those of the range's end, else those staged."""
        return _read(self._repo, self._request.to_ref) or ()

    @cached_property
    def _in_force(self) -> tuple[Entry, ...]:
        start = self._request.from_ref
        if not self._request.to_ref or not start.strip("0"):
            return self.entries
        return _read(self._repo, start) or ()

    def covered(self, check: str, found: Sequence[Seen]) -> tuple[set[int], list[Entry]]:
        """Return which of the findings of a check are covered, and the entries of that check that are left."""
        if not self.entries and not self._in_force:
            return set(), []
        mine = [entry for entry in self.entries if baseline.check_of(entry.rule) == check]
        taken = baseline.assign(mine, found, self.gone)
        used = set(taken.values())
        left = [entry for index, entry in enumerate(mine) if index not in used]
        if self._in_force != self.entries:
            mine = [entry for entry in self._in_force if baseline.check_of(entry.rule) == check]
            taken = baseline.assign(mine, found, self.gone)
        return set(taken), left

    def gone(self, path: str) -> bool:
        """Tell whether a path is not tracked any more."""
        if path not in self._gone:
            self._gone[path] = not any(self._repo.listed(self._request.to_ref, [path]))
        return self._gone[path]

    def problems(self, check: str, left: Sequence[Entry], examined: Mapping[str, object]) -> list[Finding]:
        """Return what is wrong with the baseline itself: entries without use, and growth without a reason.

        Only a run of a CI job can tell the first: one over a range, or over all files. At a commit it is a matter of
        the next ``sayso baseline``.
        """
        if not self._whole:
            return []
        problems = []
        if self._request.all_files or self._request.to_ref:
            problems = [_about("baseline-unused", entry) for entry in left if self._settled(entry, examined)]
        return problems + [_about("baseline-grown", entry) for entry in self._grown(check)]

    def _settled(self, entry: Entry, examined: Mapping[str, object]) -> bool:
        """Tell whether the run has looked wherever the finding of an entry could be."""
        return self._request.all_files or entry.path in examined or self.gone(entry.path)

    def _grown(self, check: str) -> list[Entry]:
        mine = [entry for entry in self.entries if baseline.check_of(entry.rule) == check]
        if not any(not entry.reason for entry in mine):
            return []
        base = self._request.from_ref if self._request.to_ref else "HEAD"
        old = _read(self._repo, base) if base.strip("0") else None
        if old is None:  # the first baseline is where a repository starts from
            return []
        return [entry for entry in baseline.grown(mine, old) if not entry.reason]


def _read(repo: Repository, revision: str) -> tuple[Entry, ...] | None:
    data = repo.file(f"{revision}:{baseline.FILE}")
    if data is None:
        return None
    text = decode(data).text
    if text is None:
        raise DataError(f"{baseline.FILE}: not text")
    return baseline.parse(text)


@cache
def rules() -> Mapping[str, Rule]:
    """Return the rules about the baseline itself by id."""
    table = read_table("baseline.toml")
    found = {rule.id: rule for rule in ruletables.rules(table)}
    table.done()
    return found


def _about(rule_id: str, entry: Entry) -> Finding:
    rule = rules()[rule_id]
    message = f"{rule.summary.rstrip('.')}: {entry.rule} in {entry.path}"
    return Finding(rule.id, baseline.FILE, 0, message, rule.severity, (("fix", rule.fix),))
