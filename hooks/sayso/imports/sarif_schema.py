"""The part of the SARIF 2.1.0 schema that evidence rests on: which keys an object may have, and which it must.

A key that SARIF does not know is refused wherever it could be one that was meant,
so that no slip of the pen makes a hash, a suppression or an error disappear.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sayso.imports.report import ReportError
from sayso.jsondoc import Node


class Kind(NamedTuple):
    """A kind of object: ``parts`` are keys with objects, or lists of objects, that are checked themselves."""

    keys: frozenset[str]
    needs: tuple[str, ...] = ()
    parts: Mapping[str, str] = {}


def _kind(keys: str, needs: str = "", **parts: str) -> Kind:
    return Kind(frozenset((*keys.split(), *parts, "properties")), tuple(needs.split()), parts)


_KINDS: Mapping[str, Kind] = {
    "report": _kind("$schema version inlineExternalProperties", "version runs", runs="run"),
    "run": _kind(
        "conversion language originalUriBaseIds logicalLocations graphs automationDetails runAggregates "
        "baselineGuid redactionTokens defaultEncoding defaultSourceLanguage newlineSequences columnKind "
        "externalPropertyFileReferences threadFlowLocations taxonomies addresses translations policies "
        "webRequests webResponses specialLocations",
        "tool results",
        tool="tool",
        invocations="invocation",
        artifacts="artifact",
        results="result",
        versionControlProvenance="revision",
    ),
    "tool": _kind("", "driver", driver="component", extensions="component"),
    "component": _kind(
        "guid name organization product productSuite shortDescription fullDescription fullName version "
        "semanticVersion dottedQuadFileVersion releaseDateUtc downloadUri informationUri globalMessageStrings "
        "notifications taxa locations language contents isComprehensive localizedDataSemanticVersion "
        "minimumRequiredLocalizedDataSemanticVersion associatedComponent translationMetadata supportedTaxonomies",
        "name",
        rules="rule",
    ),
    "rule": _kind(
        "id deprecatedIds guid deprecatedGuids name deprecatedNames shortDescription fullDescription "
        "messageStrings helpUri help relationships",
        "id",
        defaultConfiguration="configuration",
    ),
    "configuration": _kind("enabled level rank parameters"),
    "invocation": _kind(
        "commandLine arguments responseFiles startTimeUtc endTimeUtc exitCode "
        "notificationConfigurationOverrides exitCodeDescription exitSignalName exitSignalNumber "
        "processStartFailureMessage executionSuccessful machine account processId environmentVariables",
        "executionSuccessful",
        ruleConfigurationOverrides="override",
        toolExecutionNotifications="notification",
        toolConfigurationNotifications="notification",
        workingDirectory="address",
        executableLocation="address",
        stdin="address",
        stdout="address",
        stderr="address",
        stdoutStderr="address",
    ),
    "override": _kind("", "descriptor configuration", descriptor="reference", configuration="configuration"),
    "notification": _kind(
        "message level threadId timeUtc exception",
        "",
        locations="location",
        descriptor="reference",
        associatedRule="reference",
    ),
    "artifact": _kind(
        "description parentIndex offset length roles mimeType encoding sourceLanguage hashes lastModifiedTimeUtc",
        "",
        location="address",
        contents="content",
    ),
    "content": _kind("text binary rendered"),
    "result": _kind(
        "ruleId ruleIndex kind level message analysisTarget guid correlationGuid occurrenceCount "
        "partialFingerprints fingerprints stacks codeFlows graphs graphTraversals relatedLocations baselineState "
        "rank attachments hostedViewerUri workItemUris provenance fixes taxa webRequest webResponse",
        "message",
        rule="reference",
        locations="location",
        suppressions="suppression",
    ),
    "suppression": _kind("guid kind status justification location"),
    "reference": _kind("id index guid", "", toolComponent="componentReference"),
    "componentReference": _kind("name index guid"),
    "location": _kind("id logicalLocations message annotations relationships", "", physicalLocation="place"),
    "place": _kind("address contextRegion", "", artifactLocation="address", region="region"),
    "address": _kind("uri uriBaseId index description"),
    "region": _kind(
        "startLine startColumn endLine endColumn charOffset charLength byteOffset byteLength snippet message "
        "sourceLanguage"
    ),
    "revision": _kind("repositoryUri revisionId branch revisionTag asOfTimeUtc mappedTo"),
}


def check(document: Node) -> None:
    """Refuse a report with a key that SARIF does not have, or without one that evidence needs.

    Raises:
        ReportError: the first place that is wrong.
    """
    stack: list[tuple[Any, str, str]] = [(document.value, "report", document.place)]
    while stack:
        value, name, place = stack.pop()
        if isinstance(value, list):
            stack += [(item, name, f"{place}[{index}]") for index, item in enumerate(value)]
        elif isinstance(value, dict):
            kind = _KINDS[name]
            if not kind.keys >= value.keys():
                unknown = min(value.keys() - kind.keys)
                raise ReportError(
                    f"{place}: {unknown[:60]!r} is no part of SARIF 2.1.0 there: a slip, or edited by hand"
                )
            for key in kind.needs:
                if key not in value:
                    raise ReportError(f"{place}: missing key {key!r}")
            stack += [(value[key], part, f"{place}.{key}") for key, part in kind.parts.items() if key in value]
