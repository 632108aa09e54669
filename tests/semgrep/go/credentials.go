package samples

import (
	"database/sql"
	"net/http"
	"os"

	"github.com/golang-jwt/jwt/v5"
)

// ruleid: go-hardcoded-credential
const dbPassword = "kR7!vQ2pZ"

// ruleid: go-hardcoded-credential
var apiKey = "Zx81-spectrum-48k"

// ok: go-hardcoded-credential
var passwordField = "kR7vQ2p1Z"

type options struct {
	Password string
	Name     string
}

func connect(request *http.Request, token *jwt.Token) {
	// ruleid: go-hardcoded-credential
	_ = options{Name: "app", Password: "Zx81-spectrum"}
	// ok: go-hardcoded-credential
	_ = options{Name: "app", Password: os.Getenv("DB_PASSWORD")}
	// ruleid: go-hardcoded-credential
	request.SetBasicAuth("app", "Zx81-spectrum")
	// ok: go-hardcoded-credential
	request.SetBasicAuth("app", dbSecret())
	// ruleid: go-hardcoded-credential
	token.SignedString([]byte("h7Gk2mQ9xW"))
	// ok: go-hardcoded-credential
	secret := "changeme"
	use(secret)
}

func forge() {
	// ruleid: go-hardcoded-token
	deployToken := "correct-horse-battery-staple-7"
	// ruleid: go-hardcoded-token
	headers := map[string]string{"X-Bearer": "correct-horse-battery-staple-7"}
	// ok: go-hardcoded-token
	tokenURL := "correct-horse-battery-staple-7/oauth"
	// ok: go-hardcoded-token
	startToken := "begin"
	send(deployToken, headers, tokenURL, startToken)
}

func open() {
	// ruleid: go-credential-in-connection-string
	sql.Open("pgx", "postgres://app:kR7vQ2pZ@db.example.org/app")
	// ruleid: go-credential-in-connection-string
	sql.Open("mysql", "app:kR7vQ2pZ@tcp(10.0.0.5:3306)/app")
	// ok: go-credential-in-connection-string
	sql.Open("pgx", os.Getenv("DATABASE_URL"))
	// ok: go-credential-in-connection-string
	sql.Open("pgx", "postgres://app@db.example.org/app?sslmode=verify-full")
	// ok: go-credential-in-connection-string
	sql.Open("pgx", "postgres://postgres:postgres@localhost/app")
}
