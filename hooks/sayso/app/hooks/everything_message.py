"""``sayso-message``: everything that belongs to the message, in one process."""

from __future__ import annotations

from sayso.app import claims, message
from sayso.app.context import Context, Options
from sayso.app.hooks import ai_authorship, secure_claims
from sayso.model import CheckResult

SCANNING_HOOK = "sayso"


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return the results of the two hooks."""

    def judge(draft: message.Draft) -> list[CheckResult]:
        rules = ai_authorship.load()
        found = ai_authorship.markers(draft, rules)
        return [
            ai_authorship.judged(context, options, draft.text, found, rules),
            secure_claims.on_message(context, draft, claims.load(), runs=SCANNING_HOOK),
        ]

    return message.judged(context, options.message or message.default_path(context.repo), judge)
