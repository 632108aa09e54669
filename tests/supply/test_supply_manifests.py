"""What each reader takes from its kind of file."""
# ruff: noqa: E501 - samples of other formats read best on one line

from __future__ import annotations

import json
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model import DataError
from sayso.supply import declared, files, servers
from sayso.supply.declared import Reading

SHA = "0123456789abcdef0123456789abcdef01234567"


def read(path: str, text: str) -> Reading:
    form = files.format_of(path)
    assert form is not None
    reading: Reading = getattr(import_module(f"sayso.supply.{form.module}"), form.reader)(text, path)
    return reading


def asked(path: str, text: str) -> set[tuple[str, str, str]]:
    return {(item.name, item.spec, item.origin) for item in read(path, text).dependencies}


REGISTRY, GIT, URL, PATH, OWN, MANAGED = "registry", "git", "url", "path", "own", "managed"


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param(
            "pyproject.toml",
            "[project]\nname='me'\ndependencies=['A_b[x]>=1; python_version<\"3\"', 'me[extra]']\n"
            "[project.optional-dependencies]\ncli=['c (==2)']\n[dependency-groups]\ndev=['d',{include-group='x'}]\n"
            "[build-system]\nrequires=['hatchling']",
            {("a-b", ">=1", REGISTRY), ("c", "==2", REGISTRY), ("d", "", REGISTRY), ("hatchling", "", REGISTRY)},
            id="pyproject",
        ),
        pytest.param(
            "pyproject.toml",
            f"[project]\ndependencies=['a','b','c','d @ git+https://e.org/d@{SHA}','e @ https://e.org/e.whl']\n"
            "[tool.uv.sources]\na={git='https://e.org/a',branch='main'}\nb={workspace=true}\nc={path='../c.whl'}",
            {("a", "", GIT), ("b", "", OWN), ("c", "", PATH), ("d", "", GIT), ("e", "", URL)},
            id="pyproject-sources",
        ),
        pytest.param(
            "pyproject.toml",
            "[tool.poetry.dependencies]\npython='^3.11'\na='^1'\nb={version='2',extras=['x']}\nc={git='https://e.org/c'}\n"
            "d=[{version='1',python='<3'},{version='2'}]\n[tool.poetry.group.dev.dependencies]\ne='*'",
            {
                *{("a", "^1", REGISTRY), ("b", "2", REGISTRY), ("c", "", GIT), ("d", "1", REGISTRY)},
                *{("d", "2", REGISTRY), ("e", "*", REGISTRY)},
            },
            id="poetry",
        ),
        pytest.param(
            "requirements/dev.txt",
            "# c\na==1 --hash=sha256:x \\\n  --hash=sha256:y\nb>=1  # why\n-r other.txt\n-e .\n./x.whl\n-e git+https://e.org/g.git#egg=g\n",
            {("a", "==1", REGISTRY), ("b", ">=1", REGISTRY), (".", "", OWN), ("./x.whl", "", PATH), ("g", "", GIT)},
            id="requirements",
        ),
        pytest.param(
            "Pipfile",
            "[packages]\na='==1'\nb={git='https://e.org/b',ref='x'}\n[dev-packages]\nc='*'\n[scripts]\nx='y'",
            {("a", "==1", REGISTRY), ("b", "", GIT), ("c", "*", REGISTRY)},
            id="pipfile",
        ),
        pytest.param(
            "setup.cfg",
            "[options]\ninstall_requires =\n    a>=1\n    b; python_version<'3'\n[options.extras_require]\nx = c\n",
            {("a", ">=1", REGISTRY), ("b", "", REGISTRY), ("c", "", REGISTRY)},
            id="setup-cfg",
        ),
        pytest.param(
            "package.json",
            '{"dependencies":{"a":"^1","b":"npm:real@2","c":"workspace:*","d":"github:u/d","e":"u/e#main","f":"https://e.org/f.tgz",'
            '"g":"file:./g","h":"file:../../h","i":"git+ssh://git@e.org/i.git#v1","j":"catalog:"},"devDependencies":{"k":"1"},'
            '"peerDependencies":{"l":"*","m":"1"},"peerDependenciesMeta":{"m":{"optional":true}},"optionalDependencies":{"n":"1"}}',
            {
                *{("a", "^1", REGISTRY), ("real", "2", REGISTRY), ("c", "", OWN), ("d", "", GIT), ("e", "", GIT)},
                *{("f", "", URL), ("g", "", OWN), ("h", "", PATH), ("i", "", GIT), ("j", "", MANAGED)},
                *{("k", "1", REGISTRY), ("l", "*", REGISTRY), ("n", "1", REGISTRY)},
            },
            id="package-json",
        ),
        pytest.param(
            "package.json",
            '{"overrides":{"a":{"b":"1"},"@s/c@2":"npm:d@3"},"resolutions":{"**/e":"4"},"pnpm":{"overrides":{"f>g":"5"}}}',
            {("b", "1", REGISTRY), ("d", "3", REGISTRY), ("e", "4", REGISTRY), ("g", "5", REGISTRY)},
            id="overrides",
        ),
        pytest.param(
            "pnpm-workspace.yaml",
            "packages: [a]\ncatalog:\n  a: ^1\ncatalogs:\n  old:\n    b: '2'\n",
            {("a", "^1", REGISTRY), ("b", "2", REGISTRY)},
            id="pnpm-catalogs",
        ),
        pytest.param(
            "go.mod",
            "module m\ngo 1.22\nrequire a.org/a v1.0.0\nrequire (\n\tb.org/b v1.0.0 // indirect\n)\n"
            "replace a.org/a => ../a\nreplace b.org/b => b.org/b v1.1.0\nreplace c.org/c v1.0.0 => ./c\nexclude x.org/x v1.0.0\n",
            {("a.org/a", "v1.0.0", REGISTRY), ("b.org/b", "v1.0.0", REGISTRY), ("a.org/a", "", PATH)}
            | {("b.org/b", "v1.1.0", REGISTRY), ("c.org/c", "", OWN)},
            id="go-mod",
        ),
        pytest.param(
            "crates/x/Cargo.toml",
            "[dependencies]\na='1'\nb={version='2',package='real_b'}\nc={path='../c'}\nd={workspace=true}\n"
            "[target.'cfg(unix)'.dependencies]\ne='1'\n[build-dependencies]\nf={git='https://e.org/f',rev='abc'}\n"
            "[workspace.dependencies]\ng='3'\n[patch.crates-io]\nh={git='https://e.org/h'}",
            {
                *{("a", "1", REGISTRY), ("real-b", "2", REGISTRY), ("c", "", OWN), ("d", "", MANAGED)},
                *{("e", "1", REGISTRY), ("f", "", GIT), ("g", "3", REGISTRY), ("h", "", GIT)},
            },
            id="cargo",
        ),
        pytest.param(
            "pom.xml",
            '<?xml version="1.0" encoding="UTF-16"?><project><properties><v>1.0</v></properties><dependencies>'
            "<dependency><groupId>g</groupId><artifactId>a</artifactId><version>${v}</version></dependency>"
            "<dependency><groupId>g</groupId><artifactId>b</artifactId></dependency>"
            "<dependency><groupId>g</groupId><artifactId>s</artifactId><version>1</version><systemPath>x.jar</systemPath></dependency>"
            "</dependencies><build><plugins><plugin><artifactId>p</artifactId><version>2</version></plugin></plugins></build></project>",
            {
                *{("g:a", "1.0", REGISTRY), ("g:b", "", MANAGED), ("g:s", "1", PATH)},
                ("org.apache.maven.plugins:p", "2", REGISTRY),
            },
            id="pom",
        ),
        pytest.param(
            "src/x.csproj",
            '<Project><ItemGroup><PackageReference Include="A.B" Version="1.0"/><PackageReference Include="C"/>'
            '<PackageReference Include="D"><Version>[2.0]</Version></PackageReference></ItemGroup></Project>',
            {("a.b", "1.0", REGISTRY), ("c", "", MANAGED), ("d", "[2.0]", REGISTRY)},
            id="csproj",
        ),
        pytest.param(
            "packages.config",
            '<packages><package id="A" version="1.0"/></packages>',
            {("a", "1.0", REGISTRY)},
            id="packages-config",
        ),
        pytest.param(
            "Directory.Packages.props",
            '<Project><ItemGroup><PackageVersion Include="A" Version="1.0"/></ItemGroup></Project>',
            {("a", "1.0", REGISTRY)},
            id="central-versions",
        ),
        pytest.param(
            "Gemfile",
            'source "https://rubygems.org"\n# gem "no"\ngem "a", "~> 1.0", ">= 1.0.2"\ngem "b", git: "https://e.org/b", branch: "x"\n'
            'gem "c", github: "u/c"\ngem "d", path: "./d"\ngem "e",\n  "2"\ngroup :test do\n  gem "f"\nend\n'
            'git "https://e.org/g" do\n  gem "g"\nend\ngem "h"\ngem "i", RUBY_VERSION > "2" ? "~> 1" : "~> 2"\n',
            {
                *{("a", "~> 1.0, >= 1.0.2", REGISTRY), ("b", "", GIT), ("c", "", GIT), ("d", "", OWN)},
                *{("e", "2", REGISTRY), ("f", "", REGISTRY), ("g", "", GIT), ("h", "", REGISTRY), ("i", "", MANAGED)},
            },
            id="gemfile",
        ),
        pytest.param(
            "x.gemspec",
            'Gem::Specification.new do |s|\n  s.add_dependency "a", "~> 1"\n  s.add_development_dependency("b".freeze, "2")\nend\n',
            {("a", "~> 1", REGISTRY), ("b", "2", REGISTRY)},
            id="gemspec",
        ),
        pytest.param(
            "composer.json",
            '{"require":{"php":">=8","ext-json":"*","A/b":"^1","c/d":"dev-main"},"require-dev":{"e/f":"1.0"}}',
            {("a/b", "^1", REGISTRY), ("c/d", "", GIT), ("e/f", "1.0", REGISTRY)},
            id="composer",
        ),
        pytest.param(
            "build.gradle.kts",
            'plugins { id("p.q") version "1.0" }\ndependencies {\n  implementation("g.h:a:1.0")\n  // implementation("no:no:1")\n'
            "  testImplementation group: 'g', name: 'b', version: '2'\n  implementation files(\"libs/x.jar\")\n}",
            {
                *{("p.q:plugin", "1.0", REGISTRY), ("g.h:a", "1.0", REGISTRY), ("g:b", "2", REGISTRY)},
                ("libs/x.jar", "", PATH),
            },
            id="gradle",
        ),
        pytest.param(
            "gradle/libs.versions.toml",
            "[versions]\nv='1'\n[libraries]\na={module='g:a',version.ref='v'}\nb='g:b:2'\n[plugins]\np={id='p.q',version='3'}",
            {("g:a", "1", REGISTRY), ("g:b", "2", REGISTRY), ("p.q:plugin", "3", REGISTRY)},
            id="version-catalog",
        ),
        pytest.param(
            "gradle/libs.versions.toml",
            "[libraries]\na={module='g:a',version={strictly='1'}}",
            {("g:a", "1", REGISTRY)},
            id="strict-version",
        ),
        pytest.param("go.mod", "replace  => x", set(), id="go-replaces-nothing"),
        pytest.param("Cargo.toml", "[replace]\n'a:1.0'={git='https://e.org/a'}", {("a", "", GIT)}, id="cargo-replace"),
        pytest.param("Pipfile", "[packages]\na={url='https://e.org/a.whl'}", {("a", "", URL)}, id="pipfile-address"),
        pytest.param(
            "pom.xml",
            "<project><parent><groupId>g</groupId><artifactId>p</artifactId><version>1</version><relativePath>..</relativePath></parent></project>",
            {("g:p", "1", OWN)},
            id="parent-beside",
        ),
        pytest.param(
            ".gitmodules",
            '[submodule "x"]\n\tpath = x\n\turl = https://e.org/x.git\n[submodule "y"]\n\turl = ../y.git\n',
            {("x", "", GIT), ("y", "", OWN)},
            id="submodules",
        ),
    ],
)
def test_dependencies(path: str, text: str, expected: set[tuple[str, str, str]]) -> None:
    assert asked(path, text) == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("pyproject.toml", "[[tool.poetry.source]]\nname='x'\nurl='https://e.org/'", {("source", "https://e.org/")}),
        ("pyproject.toml", "[tool.uv]\nindex-url='https://e.org/'", {("source", "https://e.org/")}),
        ("uv.toml", "[[index]]\nurl='https://e.org/'", {("source", "https://e.org/")}),
        ("Pipfile", "[[source]]\nurl='https://e.org/'\nverify_ssl=false", {("source", "https://e.org/"), ("unverified", "false")}),
        ("requirements.txt", "-i https://e.org/\n-r https://e.org/r.txt", {("source", "https://e.org/"), ("source", "https://e.org/r.txt")}),
        ("pip.conf", "[global]\nindex-url = https://e.org/\n    https://f.org/", {("source", "https://e.org/"), ("source", "https://f.org/")}),
        (".npmrc", "@s:registry=https://e.org/\n//e.org/:_authToken=x", {("source", "https://e.org/")}),
        (".yarnrc", 'registry "https://e.org/"', {("source", "https://e.org/")}),
        (".yarnrc.yml", "npmRegistryServer: https://e.org/\nenableScripts: true", {("source", "https://e.org/"), ("script", "true")}),
        (".cargo/config.toml", "[source.crates-io]\nreplace-with='x'", {("source", "x")}),
        (".cargo/config.toml", "[build]\nrustc-wrapper='./w'", {("script", "./w")}),
        ("Gemfile", 'source "https://e.org" do\n  gem "a"\nend', {("source", "https://e.org")}),
        ("pom.xml", "<project><repositories><repository><id>x</id><url>https://e.org</url></repository></repositories></project>", {("source", "https://e.org")}),
        ("pom.xml", "<project><distributionManagement><repository><url>https://e.org</url></repository></distributionManagement></project>", set()),
        ("nuget.config", '<configuration><packageSources><add key="x" value="https://e.org"/></packageSources></configuration>', {("source", "https://e.org")}),
        ("composer.json", '{"repositories":[{"type":"vcs","url":"https://e.org"}]}', {("source", "https://e.org")}),
        ("composer.json", '{"repositories":{"x":{"type":"composer","url":"https://e.org"}}}', {("source", "https://e.org")}),
        ("composer.json", '{"config":{"allow-plugins":true},"minimum-stability":"dev"}', {("script", "allowed"), ("unverified", "dev")}),
        ("build.gradle", 'maven { url = uri("https://e.org/m") }', {("source", "https://e.org/m")}),
        ("build.gradle", "jcenter()\nallowInsecureProtocol = true", {("source", "https://jcenter.bintray.com"), ("unverified", "true")}),
        ("x.csproj", "<Project><RestoreSources>https://e.org; https://f.org</RestoreSources></Project>", {("source", "https://e.org"), ("source", " https://f.org")}),
        ("composer.json", '{"repositories":[{"type":"package","package":{"name":"a/b"}}],"config":{"disable-tls":true}}', {("source", "a/b"), ("unverified", "true")}),
        ("uv.toml", "allow-insecure-host=['e.org']\nextra-index-url=['https://e.org/']", {("unverified", "e.org"), ("source", "https://e.org/")}),
        ("Gemfile", 'gem "a", source: "https://e.org"', {("source", "https://e.org")}),
        ("Gemfile", 'source "https://e.org"\ngem "a",', {("source", "https://e.org")}),
        (".cargo/config.toml", "[http]\ncheck-revoke=false", {("unverified", "false")}),
        ("package.json", '{"publishConfig":{"registry":"https://e.org"}}', {("source", "https://e.org")}),
        (".npmrc", "# registry=https://e.org/", set()),
        ("package.json", '{"scripts":{"postinstall":"node x","test":"y"},"trustedDependencies":["z"]}', {("script", "node x"), ("script", "z")}),
        ("setup.py", "# exec(x)\nsetup(cmdclass={})\nos.system('x')", {("script", "setup(cmdclass={})"), ("script", "os.system('x')")}),
    ],
)  # fmt: skip
def test_entries(path: str, text: str, expected: set[tuple[str, str]]) -> None:
    entries = {(entry.kind, entry.value) for entry in read(path, text).entries}
    assert entries == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", "[project"),
        ("Cargo.toml", "a=" + "[" * 100_000),
        ("package.json", "[]"),
        ("package.json", '{"a":1,"a":2}'),
        ("package.json", '{"a":' + "[" * 100_000),
        ("composer.json", ""),
        ("pom.xml", "<a>" * 100),
        ("pom.xml", "<a><b></a>"),
        ("pom.xml", '<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>&a;</p>'),
        ("x.csproj", "<p>" + "<a/>" * 60_000 + "</p>"),
        ("setup.cfg", "[a]\n[a]\n"),
        ("pnpm-workspace.yaml", "a: [\n"),
        ("pnpm-workspace.yaml", "a: 1\na: 2\n"),
        ("requirements.txt", "a\n" * 600_000),
    ],
)
def test_what_cannot_be_read_says_so(path: str, text: str) -> None:
    with pytest.raises(DataError) as caught:
        read(path, text)
    assert str(caught.value).startswith(path)


ALL_PATHS = (
    *(
        "pyproject.toml",
        "uv.toml",
        "Pipfile",
        "setup.cfg",
        "setup.py",
        "pip.conf",
        "package.json",
        "pnpm-workspace.yaml",
    ),
    *(
        ".npmrc",
        "go.mod",
        "Cargo.toml",
        ".cargo/config.toml",
        "pom.xml",
        "x.csproj",
        "nuget.config",
        "Gemfile",
        "x.gemspec",
    ),
    *("composer.json", "build.gradle", "libs.versions.toml", ".mcp.json", ".codex/config.toml", "requirements.txt"),
    *(".continue/config.yaml", ".gitmodules", "packages.config"),
)


@pytest.mark.parametrize("path", ALL_PATHS)
@given(text=st.text(max_size=300))
def test_any_text_is_read_or_refused(path: str, text: str) -> None:
    try:
        read(path, text)
    except DataError as exc:
        said = str(exc)
    else:
        said = path
    assert said.startswith(path)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *(
                        "dependencies",
                        "devDependencies",
                        "overrides",
                        "scripts",
                        "postinstall",
                        "repositories",
                        "require",
                    ),
                    *(
                        "mcpServers",
                        "a",
                        "command",
                        "args",
                        "url",
                        "env",
                        "config",
                        "allow-plugins",
                        "pnpm",
                        "resolutions",
                    ),
                    *("onlyBuiltDependencies", "publishConfig", "registry", "peerDependenciesMeta", "mcp", "servers"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "path", ["package.json", "composer.json", ".mcp.json", "opencode.json", ".vscode/settings.json"]
)
@given(
    value=st.dictionaries(
        st.sampled_from(["dependencies", "scripts", "mcpServers", "mcp", "require", "config"]), VALUES
    )
)
def test_any_shape_of_document_is_read(path: str, value: dict[str, object]) -> None:
    for entry in read(path, json.dumps(value)).entries:
        if entry.kind == declared.SERVER:
            servers.unpinned(entry.value)
            servers.address(entry.value)


@pytest.mark.parametrize(
    ("address", "host", "clean"),
    [
        ("https://user:secret@e.org:8443/x?token=secret#f", "e.org", "https://e.org:8443/x"),
        ("https://user:se/cret@e.org/x", "e.org", "https://e.org/x"),
        ("https://user:se?cret@e.org/x", "e.org", "https://e.org/x"),
        ("https://secret@e.org", "e.org", "https://e.org"),
        ("git+ssh://git@e.org/x.git", "e.org", "git+ssh://e.org/x.git"),
        ("git@e.org:x/y.git", "e.org", "e.org:x/y.git"),
        ("//e.org/x", "e.org", "//e.org/x"),
        ("HTTPS://E.ORG/x", "e.org", "HTTPS://E.ORG/x"),
        ("https://e.org\\@f.org/x", "e.org", "https://f.org/x"),
        ("https://[::1]:80/x", "[::1]", "https://[::1]:80/x"),
        ("./x", "", "./x"),
        ("^1.2", "", "^1.2"),
        ("1.2.3", "", "1.2.3"),
    ],
)
def test_addresses(address: str, host: str, clean: str) -> None:
    assert declared.host(address) == host
    assert declared.clean(address) == clean


@pytest.mark.parametrize(
    ("folder", "target", "outside"),
    [
        ("", "./a", False),
        ("", "../a", True),
        ("a/b", "../../c", False),
        ("a/b", "../../../c", True),
        ("a", "/etc", True),
        ("a", "~/x", True),
        ("a", "C:\\x", True),
        ("a", "..\\..\\x", True),
        ("", "file:../x", True),
    ],
)
def test_leaves(folder: str, target: str, outside: bool) -> None:
    assert declared.leaves(folder, target) is outside
