package samples

import (
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httputil"
	_ "net/http/pprof"
	"net/smtp"
	"net/url"
	"os"
	"runtime/debug"
	"strings"

	"github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"
	"github.com/gorilla/sessions"
	"github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"
	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/oauth2"
	"gorm.io/gorm"
)

func hello(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: go-html-from-request
	fmt.Fprintf(w, "<h1>Hello %s</h1>", name)
	// ruleid: go-html-from-request, go-html-built-for-response
	w.Write([]byte("<h1>" + name + "</h1>"))
	// ok: go-html-from-request, go-html-built-for-response
	io.WriteString(w, fmt.Sprintf("<p>%s</p>", html.EscapeString(name)))
	// ok: go-html-from-request
	fmt.Fprintf(w, "<h1>Hello %s</h1>", template.HTMLEscapeString(name))
	// ok: go-html-from-request, go-html-built-for-response
	fmt.Fprint(w, "<h1>Hello</h1>")
}

func plain(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// ok: go-html-from-request
	fmt.Fprintf(w, "hello %s", r.FormValue("name"))
}

func greet(c echo.Context) error {
	// ruleid: go-html-from-request
	return c.HTML(200, "<b>"+c.QueryParam("name")+"</b>")
}

func row(w http.ResponseWriter, title string) {
	// ruleid: go-html-built-for-response
	fmt.Fprint(w, "<td>"+title+"</td>")
}

func comment(w http.ResponseWriter, r *http.Request) {
	text := r.FormValue("comment")
	// ruleid: go-template-escaping-off, go-template-trusted-text
	show(template.HTML(text))
	// ruleid: go-template-escaping-off
	show(template.JS("var t = '" + r.FormValue("title") + "'"))
	// ok: go-template-escaping-off, go-template-trusted-text
	show(template.HTML(bluemonday.UGCPolicy().Sanitize(text)))
	// ok: go-template-escaping-off, go-template-trusted-text
	show(template.HTML("<b>fixed</b>"))
}

func trusted(stored string) any {
	// ruleid: go-template-trusted-text
	return template.HTML(stored)
}

func pages(w http.ResponseWriter, r *http.Request) {
	source := r.FormValue("template")
	// ruleid: go-template-from-request
	template.Must(template.New("page").Parse(source)).Execute(w, nil)
	page := template.New("other")
	// ruleid: go-template-from-request
	page.Parse("<p>" + r.FormValue("footer") + "</p>")
	// ok: go-template-from-request, go-text-template-for-html
	template.Must(template.New("page").Parse("<p>{{.}}</p>")).Execute(w, source)
	// ok: go-template-from-request
	page.Parse("<p>{{.Footer}}</p>")
	// ok: go-text-template-for-html
	page.ExecuteTemplate(w, "other", nil)
}

func login(w http.ResponseWriter, r *http.Request) {
	next := r.URL.Query().Get("next")
	// ruleid: go-redirect-from-request
	http.Redirect(w, r, next, http.StatusFound)
	// ruleid: go-redirect-from-request
	w.Header().Set("Location", r.FormValue("to"))
	// ok: go-redirect-from-request
	http.Redirect(w, r, "/login?next="+url.QueryEscape(next), http.StatusFound)
	// ok: go-redirect-from-request
	http.Redirect(w, r, "https://example.org/items/"+next, http.StatusFound)
	// ok: go-redirect-from-request
	http.Redirect(w, r, "https://"+r.Host+r.URL.Path, http.StatusMovedPermanently)
	if isLocalPath(next) {
		// ok: go-redirect-from-request
		http.Redirect(w, r, next, http.StatusFound)
	}
}

func back(c *gin.Context) {
	// ruleid: go-redirect-from-request
	c.Redirect(http.StatusFound, c.Query("back"))
	// ok: go-redirect-from-request
	c.Redirect(http.StatusFound, "/items")
}

func fetch(w http.ResponseWriter, r *http.Request) {
	target := r.FormValue("url")
	// ruleid: go-url-from-request
	http.Get(target)
	// ruleid: go-url-from-request
	http.NewRequest("GET", "http://"+r.FormValue("host")+"/status", nil)
	// ok: go-url-from-request
	http.Get("https://api.example.org/items?name=" + url.QueryEscape(target))
	// ok: go-url-from-request
	http.Get("https://api.example.org/items")
	client := &http.Client{}
	// ruleid: go-url-from-request
	client.Post(target, "text/plain", nil)
	parsed, err := url.Parse(target)
	if err != nil || parsed.Host != "api.example.org" {
		return
	}
	// ok: go-url-from-request
	client.Get(parsed.String())
}

func proxy(c *gin.Context) {
	backend, _ := url.Parse(c.Query("backend"))
	// ruleid: go-url-from-request
	httputil.NewSingleHostReverseProxy(backend).ServeHTTP(c.Writer, c.Request)
}

func load(feedURL string, title string) {
	// ruleid: go-url-from-parameter
	http.Get(feedURL)
	// ok: go-url-from-parameter
	http.Get("https://" + title + ".example.org")
	// ok: go-url-from-parameter
	http.Get("https://feeds.example.org/main")
}

func ping(host string) {
	// ruleid: go-url-from-parameter
	http.Head("http://" + host + "/health")
}

func raw(w http.ResponseWriter, r *http.Request) {
	conn, buffer, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	// ruleid: go-header-from-request
	buffer.WriteString("X-Name: " + r.FormValue("name") + "\r\n")
	// ok: go-header-from-request
	buffer.WriteString("X-Name: " + url.QueryEscape(r.FormValue("name")) + "\r\n")
	conn.Close()
}

func invite(w http.ResponseWriter, r *http.Request) {
	subject := "Subject: " + r.FormValue("subject") + "\r\n\r\n"
	// ruleid: go-header-from-request
	smtp.SendMail("mail:25", nil, "a@example.org", nil, []byte(subject))
	// ok: go-header-from-request
	smtp.SendMail("mail:25", nil, "a@example.org", nil, []byte("Subject: invitation\r\n\r\n"))
}

func logged(w http.ResponseWriter, r *http.Request) {
	user := r.FormValue("user")
	// ruleid: go-log-from-request
	log.Printf("login of %s", user)
	// ruleid: go-log-from-request
	slog.Info("login of " + user)
	// ok: go-log-from-request
	log.Printf("login of %q", user)
	// ok: go-log-from-request
	log.Print("login of " + strings.ReplaceAll(user, "\n", ""))
}

func list(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if problem := recover(); problem != nil {
			// ruleid: go-error-detail-to-client
			http.Error(w, string(debug.Stack()), http.StatusInternalServerError)
			// ok: go-error-detail-to-client
			log.Print(string(debug.Stack()))
		}
	}()
	content, err := os.ReadFile("list")
	if err != nil {
		// ruleid: go-internal-error-to-client
		http.Error(w, err.Error(), http.StatusInternalServerError)
		// ruleid: go-internal-error-to-client
		http.Error(w, err.Error(), 500)
		// ok: go-internal-error-to-client
		http.Error(w, "internal error", http.StatusInternalServerError)
		// ok: go-internal-error-to-client
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Write(content)
}

func crash(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-error-detail-to-client
	fmt.Fprintf(w, "failed: %s", debug.Stack())
	// ok: go-error-detail-to-client
	http.Error(w, "internal error", http.StatusInternalServerError)
}

func run() {
	// ruleid: go-profiler-exposed
	http.ListenAndServe(":8080", nil)
	// ruleid: go-profiler-exposed
	http.ListenAndServeTLS(":8443", "cert.pem", "key.pem", nil)
	// ok: go-profiler-exposed
	http.ListenAndServe("127.0.0.1:6060", nil)
	// ok: go-profiler-exposed
	http.ListenAndServe(":8080", http.NewServeMux())
}

func modes() {
	// ruleid: go-debug-mode
	gin.SetMode(gin.DebugMode)
	// ok: go-debug-mode
	gin.SetMode(gin.ReleaseMode)
	e := echo.New()
	// ruleid: go-debug-mode
	e.Debug = true
	// ok: go-debug-mode
	e.Debug = false
}

func cookies(w http.ResponseWriter, r *http.Request, id string) {
	// ruleid: go-cookie-insecure
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: id, Secure: false, HttpOnly: true})
	// ruleid: go-cookie-insecure
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: id, Secure: true, HttpOnly: false})
	// ruleid: go-session-cookie-unprotected
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id})
	// ruleid: go-session-cookie-unprotected
	http.SetCookie(w, &http.Cookie{Name: "auth_token", Value: id, HttpOnly: true})
	// ok: go-session-cookie-unprotected, go-cookie-insecure
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Secure: true, HttpOnly: true})
	// ok: go-session-cookie-unprotected, go-cookie-insecure
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: id})
	// ok: go-session-cookie-unprotected
	http.SetCookie(w, &http.Cookie{Name: "session", Value: "", MaxAge: -1})
	later := &http.Cookie{Name: "theme", Value: id}
	// ruleid: go-cookie-insecure
	later.HttpOnly = false
	store := sessions.NewCookieStore(key())
	// ruleid: go-session-cookie-unprotected
	store.Options = &sessions.Options{Path: "/"}
	// ok: go-session-cookie-unprotected
	store.Options = &sessions.Options{Path: "/", Secure: true, HttpOnly: true}
}

func ginCookies(c *gin.Context, id string) {
	// ruleid: go-session-cookie-unprotected
	c.SetCookie("session", id, 3600, "/", "", false, true)
	// ok: go-session-cookie-unprotected
	c.SetCookie("session", id, 3600, "/", "", true, true)
}

func origins(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-cors-any-origin-with-credentials
	origin := r.Header.Get("Origin")
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func checkedOrigins(w http.ResponseWriter, r *http.Request) {
	// ok: go-cors-any-origin-with-credentials
	origin := r.Header.Get("Origin")
	if !knownOrigin(origin) {
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func anyOrigin(w http.ResponseWriter) {
	// ruleid: go-cors-any-origin
	w.Header().Set("Access-Control-Allow-Origin", "*")
	// ok: go-cors-any-origin
	w.Header().Set("Access-Control-Allow-Origin", "https://app.example.org")
	// ruleid: go-cors-any-origin
	cors.New(cors.Config{AllowAllOrigins: true})
	// ruleid: go-cors-any-origin, go-cors-any-origin-with-credentials
	cors.New(cors.Config{AllowAllOrigins: true, AllowCredentials: true})
	// ok: go-cors-any-origin, go-cors-any-origin-with-credentials
	cors.New(cors.Config{AllowOrigins: []string{"https://app.example.org"}, AllowCredentials: true})
}

func sockets() {
	// ruleid: go-websocket-any-origin
	_ = websocket.Upgrader{CheckOrigin: func(r *http.Request) bool { return true }}
	// ok: go-websocket-any-origin
	upgrader := websocket.Upgrader{}
	// ruleid: go-websocket-any-origin
	upgrader.CheckOrigin = func(r *http.Request) bool { return true }
	// ok: go-websocket-any-origin
	upgrader.CheckOrigin = func(r *http.Request) bool { return knownOrigin(r.Host) }
}

func oauth(config *oauth2.Config, state string) {
	// ruleid: go-oauth-state-constant
	config.AuthCodeURL("state")
	// ruleid: go-oauth-state-constant
	config.AuthCodeURL("xyz", oauth2.AccessTypeOffline)
	// ok: go-oauth-state-constant
	config.AuthCodeURL(state)
	// ok: go-oauth-state-constant
	config.AuthCodeURL(newState(), oauth2.AccessTypeOffline)
}

func profile(db *gorm.DB, r *http.Request) {
	var changes map[string]interface{}
	if err := json.NewDecoder(r.Body).Decode(&changes); err != nil {
		return
	}
	// ruleid: go-mass-assignment-to-model
	db.Updates(changes)
	// ok: go-mass-assignment-to-model
	db.Updates(map[string]interface{}{"name": changes["name"]})
}

func settings(db *gorm.DB, c *gin.Context) {
	var columns map[string]any
	if err := c.BindJSON(&columns); err != nil {
		return
	}
	// ruleid: go-mass-assignment-to-model
	db.Updates(columns)
	// ok: go-mass-assignment-to-model
	db.Updates(map[string]any{"seen": true})
}

func body(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-body-unlimited
	io.ReadAll(r.Body)
}

func bodyToo(w http.ResponseWriter, req *http.Request) {
	// ruleid: go-body-unlimited
	content, err := io.ReadAll(req.Body)
	consume(content, err)
}

func bounded(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	// ok: go-body-unlimited
	io.ReadAll(r.Body)
}

func answer(w http.ResponseWriter, response *http.Response) {
	// ok: go-body-unlimited
	io.ReadAll(response.Body)
}
