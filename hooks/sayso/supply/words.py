"""The words without which a text needs no closer look: they cost nothing, unlike the patterns behind them."""

from __future__ import annotations

FETCHES = ("curl", "wget", "aria2c", "iex", "invoke-expression")
"""One of these stands in every text that runs what it fetches, in lower case."""

_SETTINGS = (
    *("index-url", "index_url", "default-index", "default_index", "uv_index", "--registry", "_registry"),
    *("config set", "registry set", "goproxy", "gosumdb", "gonosum", "goinsecure", "goprivate", "goflags"),
    *("trusted-host", "strict-ssl"),
)
TERRAFORM = (".tf", ".tofu", ".hcl", ".tf.json")
PAGES = (
    *(".html", ".htm", ".xhtml", ".ejs", ".erb", ".hbs", ".jinja", ".jinja2", ".j2", ".twig", ".vue", ".svelte"),
    *(".cshtml", ".jsp", ".njk", ".liquid", ".php", ".gohtml", ".tmpl"),
)
_TEXTS = (".md", ".rst", ".txt", ".adoc", ".mdx", ".po")
_COMPILED = (".go", ".rs", ".java", ".kt", ".cs", ".c", ".cc", ".cpp", ".h", ".swift", ".scala", ".lock", ".sum")
_TESTS = ("test_", "_test.", ".test.", ".spec.", "_spec.")


def fetches(text: str) -> bool:
    """Tell whether a text in lower case may run what it fetches."""
    return any(word in text for word in FETCHES)


def remote(path: str, text: str) -> bool:
    """Tell whether a file may name a registry, a module or a script elsewhere; both are in lower case."""
    if path.endswith(_TEXTS):
        return False
    if path.endswith(TERRAFORM) or (path.endswith(PAGES) and "<script" in text):
        return True
    name = path.rpartition("/")[2]
    if path.endswith(_COMPILED) or any(mark in name for mark in _TESTS):
        return False
    return sets(text)


def sets(text: str) -> bool:
    """Tell whether a text in lower case may set where packages come from, or what is verified."""
    return any(word in text for word in _SETTINGS)
