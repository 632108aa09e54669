"""Gather what ``sayso doctor`` judges: the machine, the configuration of the runner, policy, owners, signers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from sayso import codeowners, diagnosis, hookconfig, signers
from sayso.adapters import installation, signing
from sayso.adapters.receiptstore import UnverifiedLog
from sayso.adapters.records import LedgerError
from sayso.adapters.resources import read_table
from sayso.app.context import Context
from sayso.app.scope import Request
from sayso.approvals import NAMESPACE
from sayso.checks import sensitive_paths
from sayso.diagnosis import Problem
from sayso.hookconfig import HookConfig
from sayso.lines import decode
from sayso.model import DataError, SaysoError
from sayso.policy import DEFAULT, Policy

_CONFIG_BYTES = 1 << 20
_MOST_NAMED = 3
_MOST_COMMITS = 20


class Look(NamedTuple):
    """One thing that was looked at: what to say where nothing is wrong, and the problems."""

    fine: str
    problems: tuple[Problem, ...]


class Patient:
    """One repository on one machine, looked at as it is now: the work tree's configuration, the staged policy."""

    def __init__(self) -> None:
        self.context = Context(Request())
        self.repo = self.context.repo
        if self.repo.bare:
            raise SaysoError("a bare repository has no hooks of commits: run sayso doctor in a clone with a work tree")
        self.machine = installation.inspect(self.repo)

    def looks(self) -> Iterator[Look]:
        """Look at everything, in the order in which a person would set it right."""
        machine, policy = self.machine, self.policy
        name, config = self.configs[0] if self.configs else ("", None)
        runner = "prek" if name == hookconfig.TOML_NAME else "pre-commit"
        yield _look("git's settings leave the hooks alone", diagnosis.settings(machine))
        yield _look("the environment skips nothing", diagnosis.environment(machine))
        yield _look("the configuration of the hooks runs what it should", self._configurations())
        kinds = ", ".join(diagnosis.needed(config))
        yield _look(f"installed in {machine.folder}: {kinds}", diagnosis.scripts(machine, config, runner))
        yield _look("no commit here has passed the hooks by", self._unverified())
        yield _look("the policy can be read", self._policy_problems())
        yield _look("sayso has its scanners, git and a place for records", diagnosis.surroundings(machine))
        yield _look("every sensitive path has an owner", self._owners())
        if policy.people:
            yield _look("everybody whose review counts can sign", self._signers(policy))
        if policy.review.signed != "none" and (policy.people or self._has_signers):
            yield _look("ssh-keygen is there to check who signed", self._verifier())

    @cached_property
    def policy(self) -> Policy:
        """The policy as staged, or the defaults where it cannot be read."""
        try:
            return self.context.policy
        except SaysoError:
            return DEFAULT

    @property
    def _has_signers(self) -> bool:
        return self.repo.file(f":{self.policy.review.allowed_signers}") is not None

    @cached_property
    def configs(self) -> tuple[tuple[str, HookConfig], ...]:
        """The configurations that a runner reads here, by name."""
        return tuple((name, read) for name, read in self._read if isinstance(read, HookConfig))

    @cached_property
    def _read(self) -> tuple[tuple[str, HookConfig | Problem], ...]:
        found: list[tuple[str, HookConfig | Problem]] = []
        for name in hookconfig.NAMES:
            try:
                data = installation.on_disk(self.repo, name, _CONFIG_BYTES)
                if data is not None:
                    text = decode(data).text
                    found.append((name, hookconfig.read(name, "\0" if text is None else text)))
            except SaysoError as exc:
                found.append((name, Problem("doctor-config-unreadable", str(exc))))
        return tuple(found)

    def _configurations(self) -> Iterator[Problem]:
        gate = self.policy.gate
        if not self._read:
            said = f"there is no {hookconfig.YAML_NAMES[0]} and no {hookconfig.TOML_NAME} at the top"
            yield Problem("doctor-config-missing", said)
        for name, found in self._read:
            problems: Iterable[Problem] = (
                (found,)
                if isinstance(found, Problem)
                else diagnosis.configured(found, gate.required_hooks, gate.minimum_rev)
            )
            yield from (problem._replace(message=f"{name}: {problem.message}") for problem in problems)

    def _unverified(self) -> Iterator[Problem]:
        try:
            noted = [entry.commit for entry in UnverifiedLog(self.repo.common_dir).entries()]
        except LedgerError as exc:
            yield Problem("doctor-ledger", str(exc))
            return
        if noted:
            here = installation.unpublished(self.repo)
            yield from diagnosis.unverified([commit for commit in noted if commit in here][-_MOST_COMMITS:])

    def _policy_problems(self) -> Iterator[Problem]:
        try:
            policy = self.context.policy
        except SaysoError as exc:
            yield Problem("doctor-policy", str(exc))
            return
        yield from (Problem("doctor-policy-lapsed", sentence) for sentence in policy.lapsed)
        if policy.gate.unverified == "off":
            yield Problem("doctor-unverified-off", "gate.unverified is off: nothing notices --no-verify")

    def _owners(self) -> Iterator[Problem]:
        owners = self._codeowners()
        if owners is None:
            yield Problem("doctor-owners-missing", f"there is no {codeowners.LOCATIONS[0]}")
            return
        yield from (
            Problem("doctor-owners-faulty", f"{owners.source}:{problem.line}: {problem.message}")
            for problem in owners.problems
        )
        rules = sensitive_paths.read_rules(read_table("sensitive_areas.toml"))
        unowned: dict[str, list[str]] = {}
        for item in self.repo.listed():
            areas = sensitive_paths.areas_of(item.path, rules)
            if areas and not owners.owners(item.path):
                for area in areas:
                    unowned.setdefault(area, []).append(item.path)
        for area, paths in sorted(unowned.items()):
            more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
            yield Problem("doctor-path-unowned", f"{area}: nobody owns {', '.join(paths[:_MOST_NAMED])}{more}")

    def _codeowners(self) -> codeowners.Owners | None:
        for place in codeowners.LOCATIONS:
            data = self.repo.file(f":{place}")
            if data is not None:
                return codeowners.parse(decode(data).text or "", place)
        return None

    def _signers(self, policy: Policy) -> Iterator[Problem]:
        place = policy.review.allowed_signers
        if policy.review.signed == "none":
            return
        data = self.repo.file(f":{place}")
        if data is None:
            yield Problem("doctor-signers-missing", f"there is no {place}, and the policy counts signed reviews")
            return
        try:
            known = signers.parse(data, place, NAMESPACE)
        except DataError as exc:
            yield Problem("doctor-signers-missing", str(exc))
            return
        able = [signer for signer in known if signer.holds_for(NAMESPACE)]
        for person in policy.people:
            if not any(signer.names(email) for signer in able for email in person.emails):
                yield Problem("doctor-person-without-key", f"{place} has no key for {person.name}")

    @staticmethod
    def _verifier() -> Iterator[Problem]:
        try:
            signing.executable("ssh-keygen")
        except signing.SigningError as exc:
            yield Problem("doctor-signing-missing", str(exc))


def _look(fine: str, problems: Iterable[Problem]) -> Look:
    return Look(fine, tuple(problems))
