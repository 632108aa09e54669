"""Credentials given to a name or standing where passwords stand, in every notation, and what only looks like one."""

from __future__ import annotations

import base64

import pytest

import specimens
from sayso.adapters.resources import read_table
from sayso.credentials import assigned
from sayso.credentials.tokens import Place
from sayso.credentials.values import Judge

JUDGE = Judge(read_table("secret_values.toml"))
PW = "Tr4" + "-" + specimens.random_text("pw", 9)
KEY = specimens.random_text("key", 32)
HEX = specimens.drawn("hex", 32, "hex")
WORD = "sword" + "fish"
BASIC = base64.b64encode(f"jane:{PW}".encode()).decode()


def found(text: str, suffix: str = ".txt") -> list[tuple[str, str]]:
    """Return rule and value of what is found; of two that overlap the first stands."""
    places: list[Place] = []
    for place in assigned.find(JUDGE, text, suffix):
        if not any(place.start < kept.end and kept.start < place.end for kept in places):
            places.append(place)
    return [(place.rule.removeprefix("secret-"), text[place.start : place.end]) for place in places]


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        (f'password = "{PW}"', ".py"),
        (f"password='{PW}'", ".py"),
        (f'connect(host="x", password="{PW}", port=1)', ".py"),
        (f'{{"db_password": "{PW}"}}', ".txt"),
        (f'"{{\\"password\\": \\"{PW}\\"}}"', ".js"),
        (f"password: '{PW}',", ".ts"),
        (f'String password = "{PW}";', ".java"),
        (f'private static final String DB_PASSWORD="{PW}";', ".java"),
        (f'const password: string = "{PW}"', ".ts"),
        (f'password := "{PW}"', ".go"),
        (f'Password:   "{PW}",', ".go"),
        (f"$password = '{PW}';", ".code"),
        (f"'password' => '{PW}',", ".code"),
        (f":password => '{PW}'", ".code"),
        (f'setPassword("{PW}")', ".java"),
        (f'.password("{PW}")', ".java"),
        (f'if (password == "{PW}") {{', ".c"),
        (f"define('DB_PASSWORD', '{PW}');", ".code"),
        (f'os.environ["DB_PASSWORD"] = "{PW}"', ".py"),
        (f"DB_PASSWORD={PW}", ".properties"),
        (f"export DB_PASSWORD={PW}", ".txt"),
        (f"ENV MYSQL_ROOT_PASSWORD={PW}", ".txt"),
        (f"  - POSTGRES_PASSWORD={PW}", ".yml"),
        (f"password: {PW}", ".yml"),
        (f"  db.password : {PW}", ".yml"),
        (f"spring.datasource.password={PW}", ".properties"),
        (f"<password>{PW}</password>", ".txt"),
        (f'<add key="Password" value="{PW}" />', ".txt"),
        (f"Server=db;User Id=sa;Password={PW};Encrypt=true", ".txt"),
        (f"# password: {PW}", ".txt"),
        (f"The admin password is\npassword = {PW}", ".txt"),
        (f"passphrase: {PW}", ".yml"),
        (f"pwd={PW}", ".ini"),
    ],
)
def test_a_password_is_found(text: str, suffix: str) -> None:
    assert found(text, suffix) == [("password", PW)]


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        (f'SECRET_KEY = "{KEY}"', ".py"),
        (f'api_key: "{KEY}"', ".yml"),
        (f'apiKey: "{KEY}",', ".js"),
        (f"API_TOKEN={HEX}", ".properties"),
        (f'"access_token":"{HEX}"', ".txt"),
        (f'"tokens":["{HEX}","x"]', ".txt"),
        (f'x-api-key: "{KEY}"', ".txt"),
        (f"client_secret={KEY}&grant_type=x", ".txt"),
        (f'cipher.setCipherKey(Base64.decode("{KEY}"))', ".java"),
        (f'signing_key = b"{KEY}"', ".py"),
        (f'someGeneratedKey = "{HEX}"', ".java"),
        (f"APP_KEY=base64:{KEY}", ".properties"),
    ],
)
def test_a_key_is_found(text: str, suffix: str) -> None:
    assert [rule for rule, _ in found(text, suffix)] == ["credential"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f"postgres://app:{PW}@db.example.org:5432/app", "url-password"),
        (f"mongodb+srv://app:{PW}@cluster.example.org/", "url-password"),
        (f"redis://:{PW}@cache:6379/0", "url-password"),
        (f"amqps://app:{PW}@mq/vhost", "url-password"),
        (f"https://user:{PW}@example.org/repo.git", "url-password"),
        (f"jdbc:postgresql://u:{PW}@h/d", "url-password"),
        (f"Authorization: Basic {BASIC}", "basic-authorization"),
        (f'"auth": "{BASIC}"', "basic-authorization"),
        (f"-H 'Authorization: Bearer {KEY}'", "bearer-token"),
        (f"curl -u jane:{PW} https://example.org", "command-line-password"),
        (f"sshpass -p {PW} ssh x", "command-line-password"),
        (f"mysql -uroot -p{PW} db", "command-line-password"),
        (f"openssl rsa -passin pass:{PW} -in x", "password"),
        (f"CREATE USER x IDENTIFIED BY '{PW}';", "command-line-password"),
        (f"ALTER ROLE x WITH PASSWORD '{PW}';", "password"),
        (f"tool --password {PW} run", "command-line-password"),
        (f"machine example.org login jane password {PW}", "command-line-password"),
        (f"localhost:5432:db:jane:{PW}", "password"),
        ("jane:$apr1$" + specimens.random_text("salt", 8) + "$" + specimens.random_text("hash", 22), "password-hash"),
        (
            "root:$6$" + specimens.random_text("salt", 8) + "$" + specimens.random_text("hash", 86) + ":18000:0:::::",
            "password-hash",
        ),
    ],
)
def test_what_stands_where_passwords_stand_is_found(text: str, rule: str) -> None:
    assert [name for name, _ in found(f"x\n{text}\ny")] == [rule]


@pytest.mark.parametrize(
    ("text", "suffix"),
    [(f'password = "{WORD}"', ".py"), (f"DB_PASS={WORD}", ".properties"), (f"redis://:{WORD}@cache/0", ".txt")],
)
def test_a_word_as_a_password_is_told_apart(text: str, suffix: str) -> None:
    assert found(text, suffix) == [("plain-password", WORD)]


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ('password = os.environ["DB_PASSWORD"]', ".py"),
        ("password = get_password()", ".py"),
        ("password = settings.DB_PASSWORD", ".py"),
        ("login(user=user, password=password)", ".py"),
        ("password = new_password", ".py"),
        ("self.token = token1 or token2", ".py"),
        ('password = request.form["password"]', ".py"),
        ('password = "changeme"', ".py"),
        ('SECRET_KEY = "dev"', ".py"),
        ('SECRET_KEY = "secret"', ".py"),
        ('api_key = "your-api-key-here"', ".py"),
        ('token = "<token>"', ".py"),
        ("password: ${PASSWORD}", ".yml"),
        ("password: ${PASSWORD:root123}", ".yml"),
        ("password: {{ vault_password }}", ".yml"),
        ("password: !vault x", ".yml"),
        ("token: ${{ secrets.GITHUB_TOKEN }}", ".yml"),
        ('password: "Enter your password"', ".yml"),
        ('passwordLabel: "Kennwort1"', ".yml"),
        ('"password": "Passwort ändern"', ".txt"),
        ('<input type="password" id="password1" name="password1">', ".txt"),
        ('password_file = "/run/secrets/db_password1"', ".py"),
        ('token_url = "https://id.example.org/oauth2/token"', ".py"),
        ('"tokenType": "Bearer2Abc9"', ".txt"),
        ('PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]', ".py"),
        ('secretName: "app-tls-2"', ".yml"),
        (f'"public_key": "{KEY}"', ".txt"),
        (f'"publicKey": "{KEY}"', ".txt"),
        ('key = "sort_by_name_2"', ".py"),
        (f'primary_key="{"id2"}"', ".py"),
        (f'{{"key": "{HEX[:12]}"}}', ".txt"),
        (f'csrf_token = "{HEX}"', ".py"),
        ('bypass = "Tr4-abcdX9"', ".py"),
        ('compass = "Tr4-abcdX9"', ".py"),
        ("passed: 12a4B6c8D0", ".yml"),
        ("tests passed: all-42-Tests", ".txt"),
        ('state ? "pass" : "skip"', ".js"),
        ("password.decode('utf8')", ".py"),
        ('log.info("login_and_password_removed", "User-Agent1")', ".py"),
        ('os.getenv("HUB_PASSWORD2")', ".py"),
        ('PASSWORD = System.getenv("HUB_PASSWORD2");', ".java"),
        ("https://user:password@example.org/", ".txt"),
        ("https://user:${PASSWORD}@example.org/", ".txt"),
        ("https://user:<password>@example.org/", ".txt"),
        ("http://localhost:8080/@scope/package", ".txt"),
        ("https://example.org:443/a?b=c@d", ".txt"),
        ("Authorization: Basic " + base64.b64encode(b"username:password").decode(), ".txt"),
        ("Authorization: Bearer <token>", ".txt"),
        ("Authorization: Bearer ${TOKEN}", ".txt"),
        ("curl -u $USER:$PASSWORD https://example.org", ".txt"),
        ("mysql -u root -p", ".txt"),
        ("tool --password-file secret.txt", ".txt"),
        ("takes non-secret Environment1 variables", ".txt"),
        ("the password policy: Minimum8 characters", ".txt"),
        ("Use token: `abc` for this", ".txt"),
        ('uuid_token = "7f1c0e4e-59a5-4c1e-9a1e-2d9a3a6c7b10"', ".py"),
    ],
)
def test_what_is_none_is_left_alone(text: str, suffix: str) -> None:
    assert found(text, suffix) == []


def test_a_value_is_placed_in_a_text_that_lower_case_would_shift() -> None:
    text = f'\u0130\u0130 = 1\npassword = "{PW}"\n'
    assert found(text, ".py") == [("password", PW)]


def test_a_long_line_costs_no_more_than_its_length() -> None:
    for line in (
        "password" * 20_000,
        "password=" * 20_000,
        "password " * 20_000,
        "://" * 50_000,
        "://a:" * 40_000,
        "-p" * 50_000,
    ):
        assert found(line) == [] or found(line)
