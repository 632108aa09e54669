"""Print how well ``secure-claims`` tells claims from what is none.

python tests/measure/claims.py CLAIMS.jsonl [COMMITS.jsonl] [-v] [--eighths 0123]
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from sayso.checks import secure_claims

POSITIVE = ("claim", "scanner_claim")
CONTEXTS = {"code_comment": "comment", "doc": "prose", "changelog": "prose"}


def rows(path: str, key: str, half: str) -> list[dict[str, Any]]:
    """Read rows; ``half`` names the eighths, by hash of ``key``, to keep."""
    found = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
    return [row for row in found if not half or str(int(hashlib.sha256(row[key].encode()).hexdigest(), 16) % 8) in half]


def measure_claims(path: str, rules: secure_claims.ClaimRules, half: str, *, verbose: bool) -> None:
    """Print precision and recall of both tiers together and of "refuse" alone."""
    counts = dict.fromkeys([(tier, truth) for tier in ("refuse", "warn", "") for truth in (True, False)], 0)
    for row in rows(path, "text", half):
        found = secure_claims.find_claims(row["text"], rules, CONTEXTS.get(row["where"], "message"))
        tier = min((claim.tier for claim in found), default="")
        truth = row["label"] in POSITIVE
        if row["label"] != "ambiguous":
            counts[tier, truth] += 1
        if verbose and (row["label"] == "ambiguous" or bool(tier) != truth):
            kind = "AMBIGUOUS" if row["label"] == "ambiguous" else "MISS" if truth else "FALSE"
            print(f"{kind:9} {tier or '-':6} {row['where']:14} {[c.rule for c in found]} {row['text'][:220]!r}")
    total = sum(count for (_, truth), count in counts.items() if truth)
    for name, tiers in (("both tiers", ("refuse", "warn")), ("refuse", ("refuse",))):
        hits, wrong = (sum(counts[tier, truth] for tier in tiers) for truth in (True, False))
        print(f"{name}: precision {hits / max(1, hits + wrong):.3f}, recall {hits / max(1, total):.3f}, {wrong} wrong")


def measure_commits(path: str, rules: secure_claims.ClaimRules, half: str, *, verbose: bool) -> None:
    """Print how many messages by people have a refusal or any claim, and how many messages a second that takes."""
    for label in ("human", "ai", "lookalike"):
        messages = [row["message"] for row in rows(path, "message", half) if row["label"] == label]
        start = time.perf_counter()
        found = [secure_claims.find_claims(message, rules, "message") for message in messages]
        spent = time.perf_counter() - start
        refused = sum(any(claim.tier == "refuse" for claim in claims) for claims in found)
        hit = sum(map(bool, found))
        print(
            f"{label}: {len(messages)} messages, {refused} refused, {hit} with a claim, {len(messages) / spent:.0f}/s"
        )
        if verbose and label != "lookalike":
            for claim in (claim for claims in found for claim in claims):
                print(f"  {claim.tier:6} {claim.rule} {claim.text!r}")


def main() -> None:
    """Read the arguments and print."""
    verbose = "-v" in sys.argv
    half = sys.argv[sys.argv.index("--eighths") + 1] if "--eighths" in sys.argv else ""
    files = [arg for arg in sys.argv[1:] if arg.endswith(".jsonl")]
    text = (Path(__file__).parents[2] / "rules" / "claims.toml").read_text("utf-8")
    rules = secure_claims.parse_rules(text)
    measure_claims(files[0], rules, half, verbose=verbose)
    if len(files) > 1:
        measure_commits(files[1], rules, half, verbose=verbose)


if __name__ == "__main__":
    main()
