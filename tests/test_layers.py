"""Policy files: what is read of each, how they merge, and what a hostile one can do."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sayso import layers, policyfile, settings
from sayso.model import DataError
from sayso.policykeys import BY_NAME, KEYS, LISTS, Direction, Key
from sayso.settings import DEFAULT, Duty, Person, Policy

TODAY = "2026-06-01"
RELAX = "[[relax]]\nrule = '{}'\nreason = 'a trial'\nowner = 'Dev Eloper'\nexpires = {}\n"
PERSON = "[[person]]\nname = 'Rita Viewer'\nemails = ['rita@example.org']\n"
DUTY = "[[duty]]\nid = 'money-review'\nwhen = ['sensitive-payments']\nevidence = ['second-review']\n"

EXAMPLE = "[[example]]\nname = 'x'\nexpect = 'pass'\n"

# For each key: a value stricter than the default, one stricter still, and both as TOML.
STRICTER: dict[str, tuple[Any, Any]] = {
    "sensitive-paths.refuse": (True, True),
    "ai-authorship.policy": ("require", "forbid"),
    "ai-authorship.accepted": (("Assisted-by", "Generated-by"), ("Assisted-by",)),
    "dependency-scan.max-age-days": (5, 2),
    "gate.unverified": ("refuse", "refuse"),
    "gate.required-hooks": (("code-scan",), ("code-scan", "secret-scan")),
    "gate.minimum-rev": ("v1.2.0", "v1.10.0"),
    "change-size.lines": (500, 100),
    "change-size.files": (30, 10),
    "change-size.areas": (3, 1),
    "change-size.ai-lines": (200, 50),
    "change-size.ai-files": (10, 5),
    "change-size.ai-areas": (2, 1),
    "review.separation": (True, True),
    "review.signed": ("all", "all"),
    "review.max-age-days": (60, 30),
}
LOOSER: dict[str, Any] = {
    "secure-claims.refuse-warnings-of-ai-commits": False,
    "dependency-scan.refuse-unpinned": False,
    "dependency-scan.max-age-days": 30,
    "gate.enforce": "ai",
    "gate.tests-change": "ai",
    "gate.unverified": "off",
    "change-size.lines": 601,
    "change-size.files": 41,
    "change-size.areas": 5,
    "change-size.ai-lines": 301,
    "change-size.ai-files": 21,
    "change-size.ai-areas": 4,
    "review.signed": "none",
    "review.max-age-days": 91,
}


def toml(key: str, value: Any) -> str:
    section, _, name = key.partition(".")
    shown = str(list(value)) if isinstance(value, tuple) else str(value).lower()
    return f"[{section}]\n{name} = {repr(value) if isinstance(value, str) else shown}\n"


def layer(text: str, source: str = "sayso.toml", title: str = "repository") -> policyfile.Layer:
    return policyfile.read(text, source, title=title)


def merge(*texts: str, today: str = TODAY) -> layers.Merged:
    names = ("team.toml", "sayso.toml")
    return layers.merge([layer(text, names[-len(texts) :][index]) for index, text in enumerate(texts)], today)


def refused(*texts: str) -> str:
    with pytest.raises(DataError) as caught:
        merge(*texts)
    assert caught.value.code == 2
    return str(caught.value)


def _leaves(value: Any, part: str = "") -> set[tuple[str, str]]:
    """The fields of a policy that hold values of keys, as part and field."""
    found: set[tuple[str, str]] = set()
    derived = {"loosened", "lapsed", "teams"} if isinstance(value, Policy) else set()
    for name, item in value._asdict().items():
        if name in derived or (not part and name in LISTS.values()):
            continue
        found |= _leaves(item, name) if hasattr(item, "_asdict") else {(part, name)}
    return found


def test_every_setting_has_a_direction() -> None:
    assert {(key.part, key.field) for key in KEYS} == _leaves(DEFAULT)
    assert len(BY_NAME) == len(KEYS)
    listed = {"Person", "Duty", "TestMap", "Acceptance", "Relaxation", "Example"}
    tuples = {name for name, value in vars(settings).items() if isinstance(value, type) and hasattr(value, "_fields")}
    assert tuples == {*listed, "Policy", "Gate", "Review", "Limits", "Dependencies"}


def test_every_key_is_tried_in_each_direction_that_it_has() -> None:
    at_an_end = {"secure-claims.refuse-warnings-of-ai-commits", "dependency-scan.refuse-unpinned", "gate.enforce"}
    at_an_end |= {"gate.tests-change"}
    placed = {key.name for key in KEYS if key.direction is Direction.PLACE}
    assert STRICTER.keys() | at_an_end | placed == BY_NAME.keys()


@pytest.mark.parametrize("key", STRICTER)
def test_a_layer_may_tighten_and_may_not_take_it_back(key: str) -> None:
    first, second = STRICTER[key]
    result = merge(toml(key, first), toml(key, second))
    assert BY_NAME[key].value(result.policy) == second
    assert result.origins[key] == f"repository {'sayso' if first != second else 'team'}.toml:2"
    if first != second and BY_NAME[key].direction is not Direction.MORE:
        assert "is looser than" in refused(toml(key, second), toml(key, first))


@pytest.mark.parametrize("key", STRICTER)
def test_silence_keeps_what_the_layer_below_says(key: str) -> None:
    result = merge(toml(key, STRICTER[key][0]), "")
    assert BY_NAME[key].value(result.policy) == STRICTER[key][0]
    assert result.origins[key] == "repository team.toml:2"


@pytest.mark.parametrize("key", LOOSER)
def test_loosening_a_default_needs_a_relaxation(key: str) -> None:
    text = toml(key, LOOSER[key])
    said = refused(text)
    assert said.startswith(f"sayso.toml:2: {key}: ")
    assert f'add to sayso.toml: [[relax]] with rule = "{key}"' in said
    assert "expires = 2026-07-01" in said
    result = merge(text + RELAX.format(key, "2026-06-01"))
    assert BY_NAME[key].value(result.policy) == LOOSER[key]
    assert f"sayso.toml: {key} is relaxed until 2026-06-01 by Dev Eloper: a trial" in result.policy.loosened
    assert [item.rule for item in result.policy.relaxed] == [key]


@pytest.mark.parametrize("key", LOOSER)
def test_a_relaxation_that_has_run_out_leaves_the_stricter_value(key: str) -> None:
    result = merge(toml(key, LOOSER[key]) + RELAX.format(key, "2026-05-31"))
    assert BY_NAME[key].value(result.policy) == BY_NAME[key].default
    assert result.policy.lapsed == (
        f"sayso.toml: the relaxation of {key} by Dev Eloper ran out on 2026-05-31: a trial",
    )
    assert (result.policy.relaxed, result.policy.loosened) == ((), ())


def test_a_relaxation_that_was_renewed_has_not_run_out() -> None:
    text = RELAX.format("change-size.lines", "2026-01-01") + RELAX.format("change-size.lines", "2026-12-31")
    policy = merge(text + toml("change-size.lines", 900)).policy
    assert (policy.limits.lines, policy.lapsed) == (900, ())


def test_a_relaxation_counts_in_its_own_file_only() -> None:
    relaxed = RELAX.format("change-size.lines", "2026-12-31")
    assert "900 is looser than 600 (built-in)" in refused(relaxed, toml("change-size.lines", 900))


def test_one_relaxation_covers_one_key() -> None:
    text = toml("change-size.lines", 900) + RELAX.format("change-size.files", "2026-12-31")
    assert "change-size.lines" in refused(text)


def test_lists_that_are_longer_the_stricter_they_are_are_united() -> None:
    result = merge(toml("gate.required-hooks", ("code-scan",)), toml("gate.required-hooks", ("secret-scan",)))
    assert result.policy.gate.required_hooks == ("code-scan", "secret-scan")
    relaxed = RELAX.format("gate.required-hooks", "2026-12-31")
    result = merge(toml("gate.required-hooks", ("code-scan",)), "[gate]\nrequired-hooks = []\n" + relaxed)
    assert result.policy.gate.required_hooks == ()


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("dependency-scan.osv-export", "~/a.zip", "/b.zip"),
        ("dependency-scan.osv-url", "https://a.example.org/", "https://b.example.org/"),
        ("review.allowed-signers", "a/signers", "b/signers"),
        ("review.approvals", "a/approvals", "b/approvals"),
    ],
)
def test_a_place_belongs_to_the_layer_that_names_it_first(key: str, one: str, other: str) -> None:
    assert BY_NAME[key].value(merge(toml(key, one)).policy) == one
    assert BY_NAME[key].value(merge("", toml(key, one)).policy) == one
    assert "is looser than" in refused(toml(key, one), toml(key, other))
    text = toml(key, other) + RELAX.format(key, "2026-12-31")
    assert BY_NAME[key].value(merge(toml(key, one), text).policy) == other


def test_entries_of_all_layers_are_united() -> None:
    other = PERSON.replace("Rita Viewer", "Dev Eloper").replace("rita@", "dev@")
    tests = "[[test-map]]\nsource = 'src/**/*.py'\ntests = ['tests/{dir}/test_{name}.py']\n"
    result = merge(PERSON + DUTY, PERSON + other + tests)
    assert result.policy.people == (
        Person("Rita Viewer", ("rita@example.org",)),
        Person("Dev Eloper", ("dev@example.org",)),
    )
    assert result.policy.duties == (Duty("money-review", ("sensitive-payments",), (), ("second-review",)),)
    assert result.policy.tests == (settings.TestMap("src/**/*.py", ("tests/{dir}/test_{name}.py",)),)
    assert result.origins["person.Rita Viewer"] == "repository team.toml:1"
    assert result.origins["person.Dev Eloper"] == "repository sayso.toml:4"


@pytest.mark.parametrize(
    ("below", "above", "said"),
    [
        pytest.param(
            PERSON,
            PERSON.replace("Rita Viewer", "Dev Eloper"),
            "rita@example.org is Rita Viewer's already",
            id="address",
        ),
        pytest.param(PERSON, PERSON.replace("rita@example", "Rita@Example"), "Rita Viewer's already", id="case"),
        pytest.param(PERSON, f"{PERSON}may = ['security-review']\n", "Rita Viewer's already", id="more-to-review"),
        pytest.param(DUTY, DUTY.replace("second-review", "lint"), "another duty 'money-review'", id="duty"),
    ],
)
def test_a_layer_cannot_redefine_what_another_has_settled(below: str, above: str, said: str) -> None:
    assert said in refused(below, above)
    assert said in refused(below + above)


@given(
    st.sampled_from([key for key in KEYS if key.direction is not Direction.PLACE]),
    st.data(),
)
def test_without_a_relaxation_no_file_makes_anything_looser(key: Key, data: st.DataObject) -> None:
    chosen = {
        Direction.TRUE: st.booleans(),
        Direction.SMALLER: st.integers(key.least, min(key.most, 2000)),
        Direction.RANKED: st.sampled_from(key.allowed or ("x",)),
        Direction.FEWER: st.lists(st.sampled_from(key.allowed or ("x",)), unique=True).map(tuple),
        Direction.MORE: st.lists(st.sampled_from(("code-scan", "secret-scan")), unique=True).map(tuple),
        Direction.NEWER: st.sampled_from(("", "v1", "1.2.0", "v1.10")),
    }[key.direction]
    texts = [toml(key.name, value) for value in data.draw(st.lists(chosen, min_size=1, max_size=2))]
    try:
        after = key.value(merge(*texts).policy)
    except DataError:
        return
    assert not key.is_looser(after, key.default)
    below = merge(texts[0]).policy
    assert not key.is_looser(after, key.value(below))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "[gate]\nenforced = 'all'\n", "sayso.toml:2: gate.enforced: unknown key, did you mean 'enforce'?", id="key"
        ),
        pytest.param("[gates]\n", "sayso.toml:1: gates: unknown key, did you mean 'gate'?", id="section"),
        pytest.param(
            "[gate]\nenforce = 'some'\n", "sayso.toml:2: gate.enforce: 'some' is not one of all, ai, none", id="choice"
        ),
        pytest.param(
            "[gate]\nrequired-hooks = ['A b']\n", "sayso.toml:2: gate.required-hooks: 'A b' is not the id", id="hook"
        ),
        pytest.param("[gate]\nminimum-rev = 'main'\n", "sayso.toml:2: gate.minimum-rev: expected a version", id="rev"),
        pytest.param(
            "[change-size]\nlines = -1\n", "sayso.toml:2: change-size.lines: expected a number, not less", id="less"
        ),
        pytest.param("[change-size]\nlines = 1e3\n", "sayso.toml:2: change-size.lines: expected integer", id="float"),
        pytest.param(
            "[review]\nmax-age-days = 9999\n", "sayso.toml:2: review.max-age-days: expected a number of", id="age"
        ),
        pytest.param("[review]\napprovals = '../x'\n", "sayso.toml:2: review.approvals: expected a path", id="path"),
        pytest.param(
            "[review]\nallowed-signers = '/etc/x'\n", "sayso.toml:2: review.allowed-signers: expec", id="root"
        ),
        pytest.param(
            f"{PERSON}mail = 'x'\n", "sayso.toml:4: person.mail: unknown key, did you mean 'emails'?", id="person-key"
        ),
        pytest.param(
            PERSON.replace("rita@", "rita"), "sayso.toml:3: person.emails: 'ritaexample.org' is not", id="address"
        ),
        pytest.param(f"{PERSON}may = ['all']\n", "sayso.toml:4: person.may: 'all' is not one of", id="may"),
        pytest.param(DUTY.replace("money-review", "money"), "sayso.toml:2: duty.id: 'money' is not an id", id="id"),
        pytest.param(
            DUTY.replace("second-review", "luck"), "sayso.toml:4: duty.evidence: 'luck' is not one", id="kind"
        ),
        pytest.param(
            DUTY.replace("sensitive-p", "Sensitive p"), "sayso.toml:3: duty.when: 'Sensitive pay", id="signal"
        ),
        pytest.param(DUTY.replace("sensitive-p", ".*"), "sayso.toml:3: duty.when: '.*ayments' is not", id="expression"),
        pytest.param(f"{DUTY}paths = ['/x']\n", "sayso.toml:5: duty.paths: '/x' must be a path", id="glob"),
        pytest.param(f"{DUTY}cases = ['deny']\n", "sayso.toml:5: duty.cases: only tests have cases", id="cases"),
        pytest.param(f"{DUTY}files = ['prose']\n", "sayso.toml:5: duty.files: 'prose' is not one of", id="files"),
        pytest.param(
            RELAX.format("gate.enforced", "2026-12-31"),
            "sayso.toml:2: relax.rule: 'gate.enforced' is not a key, a duty or a rule, did you mean 'gate.enforce'?",
            id="relax-key",
        ),
        pytest.param(RELAX.format("*", "2026-12-31"), "sayso.toml:2: relax.rule: '*' is not a key", id="relax-all"),
        pytest.param(
            RELAX.format("policy-loosened", "2026-12-31"),
            "sayso.toml:2: relax.rule: 'policy-loosened' cannot be relaxed",
            id="relax-guard",
        ),
        pytest.param(
            RELAX.format("claim-absolute", "2026-12-31"),
            "sayso.toml:2: relax.rule: 'claim-absolute' cannot",
            id="relax-absolute",
        ),
        pytest.param(
            RELAX.format("x-y", "2026-12-31").replace("a trial", " "),
            "sayso.toml:3: relax.reason: is empty",
            id="reason",
        ),
        pytest.param(
            RELAX.format("x-y", "'never'"), "sayso.toml:5: relax.expires: expected date, got string", id="expiry"
        ),
        pytest.param("[[relax]]\nrule = 'x-y'\n", "sayso.toml:1: relax: missing key 'reason'", id="no-reason"),
        pytest.param("[team]\npolicy = 'x'\n", "sayso.toml:1: team: missing key 'sha256'", id="unpinned-team"),
        pytest.param(
            f"[team]\npolicy = '../x'\nsha256 = '{'a' * 64}'\n",
            "sayso.toml:2: team.policy: expected a path",
            id="team-path",
        ),
        pytest.param(
            f"[team]\npolicy = 'https://x'\nsha256 = '{'a' * 64}'\n",
            "sayso.toml:2: team.policy: expected",
            id="team-address",
        ),
        pytest.param(
            "[team]\npolicy = 'x'\nsha256 = 'abc'\n", "sayso.toml:3: team.sha256: expected the SHA-256", id="digest"
        ),
        pytest.param(
            "[[example]]\nname = 'x'\npaths = []\nexpect = 'pass'\n",
            "sayso.toml:3: example.paths: expected 1",
            id="no-paths",
        ),
        pytest.param(
            "[[example]]\nname = 'x'\npaths = ['a']\nexpect = 'fail'\n", "sayso.toml:4: example.expect", id="expect"
        ),
        pytest.param(
            PERSON.replace("'rita@example.org'", ""), "sayso.toml:3: person.emails: names no", id="no-address"
        ),
        pytest.param(DUTY.replace("'second-review'", ""), "sayso.toml:4: duty.evidence: names no kind", id="no-kind"),
        pytest.param(f"{DUTY}cases = ['A B']\n", "sayso.toml:5: duty.cases: 'A B' is not a case", id="case"),
        pytest.param(f"{DUTY}title = ' '\n", "sayso.toml:5: duty.title: is empty", id="title"),
        pytest.param(
            "[[test-map]]\nsource = 'src/**'\ntests = []\n",
            "sayso.toml:3: test-map.tests: names no tests",
            id="no-tests",
        ),
        pytest.param(
            "[[test-map]]\nsource = 'src/**'\ntests = ['../{name}']\n",
            "sayso.toml:3: test-map.tests: '../{name}' has an empty segment",
            id="tests-elsewhere",
        ),
        pytest.param(f"{EXAMPLE}paths = ['../a']\n", "sayso.toml:4: example.paths: '../a' is not a path", id="outside"),
        pytest.param(
            f"{EXAMPLE}paths = {{ a = '{'x' * 20_001}' }}\n", "sayso.toml:4: example.paths: 'a' has more", id="content"
        ),
        pytest.param(
            f"{EXAMPLE}paths = ['a']\nmessage = '{'x' * 20_001}'\n", "sayso.toml:5: example.message: has", id="message"
        ),
        pytest.param(f"{EXAMPLE}paths = ['a']\nauthor = ''\n", "sayso.toml:5: example.author: is empty", id="author"),
        pytest.param(f"{EXAMPLE}paths = ['a']\nowed = ['x']\n", "sayso.toml:5: example.owed: 'x' is not", id="owed"),
        pytest.param("a = 1\na = 2\n", "sayso.toml:2: not valid TOML", id="duplicate-key"),
        pytest.param("[gate]\n[gate]\n", "sayso.toml:2: not valid TOML", id="duplicate-table"),
    ],
)
def test_errors_name_file_line_and_key(text: str, said: str) -> None:
    assert refused(text).startswith(said)


def test_pyproject_has_the_same_keys_in_its_own_table() -> None:
    text = "[project]\nname = 'x'\n[tool.other]\na = 1\n[tool.sayso.change-size]\nlines = 100\n"
    found = policyfile.within_pyproject(text)
    assert found
    assert layers.merge([found]).policy == DEFAULT._replace(limits=DEFAULT.limits._replace(lines=100))
    with pytest.raises(
        DataError, match=r"^pyproject\.toml:6: tool\.sayso\.change-size\.lines: .*\[\[tool\.sayso\.relax\]\]"
    ):
        layers.merge([policyfile.within_pyproject(text.replace("100", "1000")) or found])


@pytest.mark.parametrize(
    "text",
    [
        "[tool.sayso]\n",
        "[tool.'sayso'.gate]\n",
        "[ tool . sayso ]\n",
        "tool.sayso.gate.enforce = 'all'\n",
        "[tool]\nsayso = {}\n",
        "tool = { sayso = {} }\n",
    ],
)
def test_every_form_of_the_table_is_found(text: str) -> None:
    assert policyfile.within_pyproject(text) is not None


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'sayso'\n", "[tool.x]\ndependencies = ['sayso']\n", "[tool.sayso-other]\n"]
)
def test_a_pyproject_without_us(text: str) -> None:
    assert policyfile.within_pyproject(text) is None


def test_an_unusable_pyproject_is_no_business_of_ours_unless_it_speaks_of_us() -> None:
    assert policyfile.within_pyproject("[nonsense\nsayso\n") is None
    with pytest.raises(DataError, match=r"^pyproject\.toml:2: not valid TOML"):
        policyfile.within_pyproject("[tool.sayso]\n[nonsense\n")


_DEEP = ".".join("a" * 900)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[[duty]]\n" * 28_000, id="entries"),
        pytest.param("x = " + "[" * 200_000, id="nesting"),
        pytest.param("\n".join(f"x{n}.{_DEEP} = 1" for n in range(140)), id="dotted-keys"),
        pytest.param("x = 1" + "0" * 200_000, id="huge-number"),
        pytest.param("gate = {" + "a = {" * 5000 + "}" * 5001, id="nested-tables"),
        pytest.param("[gate]\nrequired-hooks = [" + "'code-scan'," * 20_000 + "]\n", id="items"),
        pytest.param(DUTY + f"paths = ['{'*a' * 140}', '{'**/' * 40}']\n", id="globs"),
        pytest.param(DUTY + f"paths = ['{'{a,b}' * 40}']\n", id="braces"),
        pytest.param(DUTY + "cases = [" + "'deny'," * 101 + "]\n", id="cases"),
        pytest.param(DUTY + f"title = '{'x' * 200_000}'\n", id="long-text"),
        pytest.param(PERSON.replace("rita@", "a" * 200_000), id="long-address"),
        pytest.param(RELAX.format("a-" * 50_000, "2026-12-31"), id="long-rule"),
        pytest.param("\n".join(f"k{n} = 1" for n in range(25_000)), id="unknown-keys"),
        pytest.param("[gate]\nenforce = 'none\u202e'\n", id="direction-of-text"),
        pytest.param(PERSON.replace("Rita", "Ri\\u0000ta").replace("'Ri", '"Ri').replace("er'", 'er"'), id="nul"),
    ],
)
def test_a_hostile_file_is_refused_in_bounded_time(text: str) -> None:
    started = time.process_time()
    with pytest.raises(DataError):
        merge(text)
    assert time.process_time() - started < 5


_WORDS = st.sampled_from(
    (
        *(
            "gate",
            "enforce",
            "all",
            "none",
            "duty",
            "id",
            "relax",
            "rule",
            "true",
            "person",
            "emails",
            "when",
            "refuse",
        ),
        *("[", "]", "[[", "]]", "=", ".", "-", "1", "2026-01-01", "{", "}", ",", "é", "sensitive-paths"),
        *('"', "'", "\n", "\x00", "\ud800"),
    )
)


@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=60).map(" ".join), st.lists(_WORDS).map("".join)))
@example("\ud800 = 1")
@example("[sensitive-paths]\nrefuse = true\n" * 2)
def test_any_text_is_read_or_refused(text: str) -> None:
    placed = {key for key in KEYS if key.direction is Direction.PLACE}
    with suppress(DataError):
        policy = merge(text).policy
        assert policy.relaxed or not any(key.is_looser(key.value(policy), key.default) for key in {*KEYS} - placed)
    with suppress(DataError):
        policyfile.within_pyproject(f"[tool.sayso]\n{text}")
