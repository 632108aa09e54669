package samples

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"syscall"

	"github.com/antchfx/xmlquery"
	"github.com/antchfx/xpath"
	"github.com/dop251/goja"
	"github.com/gin-gonic/gin"
	"github.com/go-ldap/ldap/v3"
	"github.com/gorilla/mux"
	"github.com/lib/pq"
	"github.com/robertkrimen/otto"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

type shop struct {
	db     *sql.DB
	people *mongo.Collection
}

func (s *shop) find(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: go-sql-from-request, go-sql-quoted-value, go-sql-built-from-text
	s.db.Query("SELECT id FROM item WHERE name = '" + name + "'")
	// ok: go-sql-from-request, go-sql-quoted-value, go-sql-built-from-text
	s.db.Query("SELECT id FROM item WHERE name = $1", name)
	order := r.FormValue("order")
	// ruleid: go-sql-from-request, go-sql-built-from-text
	s.db.QueryContext(r.Context(), fmt.Sprintf("SELECT id FROM item ORDER BY %s", order))
	id, err := strconv.Atoi(mux.Vars(r)["id"])
	if err != nil {
		return
	}
	// ok: go-sql-from-request, go-sql-built-from-text
	s.db.Exec(fmt.Sprintf("DELETE FROM item WHERE id = %d", id))
	var query strings.Builder
	query.WriteString("SELECT id FROM item WHERE ")
	query.WriteString(r.Header.Get("X-Filter"))
	// ruleid: go-sql-from-request
	s.db.QueryRow(query.String())
	var form struct{ Name string }
	if err := json.NewDecoder(r.Body).Decode(&form); err != nil {
		return
	}
	// ruleid: go-sql-from-request, go-sql-quoted-value, go-sql-built-from-text
	s.db.Exec("UPDATE item SET name = '" + form.Name + "'")
}

func (s *shop) list(c *gin.Context) {
	var filter struct{ City, Column string }
	if err := c.ShouldBindJSON(&filter); err != nil {
		return
	}
	// ruleid: go-sql-from-request, go-sql-built-from-text
	s.db.Query("SELECT id FROM shop ORDER BY " + filter.City)
	allowedColumns := map[string]string{"name": "name", "city": "city"}
	// ok: go-sql-from-request
	s.db.Query("SELECT id FROM shop ORDER BY " + allowedColumns[filter.Column])
}

func (s *shop) byEmail(email string, table string) {
	// ruleid: go-sql-quoted-value, go-sql-built-from-text
	s.db.QueryRow(fmt.Sprintf("SELECT id FROM person WHERE email = '%s'", email))
	query := "SELECT id FROM person WHERE email LIKE '%" + email + "%'"
	// ruleid: go-sql-quoted-value, go-sql-built-from-text
	s.db.Query(query)
	// ok: go-sql-quoted-value, go-sql-built-from-text
	s.db.QueryRow("SELECT id FROM person WHERE email = $1", email)
	// ok: go-sql-built-from-text
	s.db.Exec("DROP TABLE " + pq.QuoteIdentifier(table))
	// ok: go-sql-quoted-value
	s.db.Exec(fmt.Sprintf("SELECT id FROM %s WHERE kind = '%s'", "item", "book"))
}

func convert(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: go-command-from-request, go-shell-command-built
	exec.Command("sh", "-c", "convert "+name).Run()
	// ruleid: go-command-from-request
	exec.Command(r.FormValue("tool"), "--version").Run()
	// ruleid: go-argument-from-request
	exec.Command("convert", name, "out.png").Run()
	// ruleid: go-argument-from-request
	exec.CommandContext(r.Context(), "file", name).Run()
	// ok: go-argument-from-request, go-command-from-request
	exec.Command("convert", "--", name, "out.png").Run()
	// ok: go-argument-from-request
	exec.Command("file", "--brief", "--", name).Run()
	allowedTools := map[string]string{"png": "pngcrush"}
	// ok: go-command-from-request
	exec.Command(allowedTools[name], "in.png").Run()
	// ruleid: go-command-from-request
	syscall.Exec(name, nil, nil)
}

func unpack(archive string, command string) {
	// ruleid: go-shell-command-built
	exec.Command("bash", "-c", fmt.Sprintf("tar xzf %s", archive)).Run()
	// ok: go-shell-command-built
	exec.Command("bash", "-c", "tar xzf release.tar.gz").Run()
	// ok: go-shell-command-built, go-command-from-parameter
	exec.Command("tar", "xzf", archive).Run()
	// ruleid: go-command-from-parameter
	exec.Command(command, "--version").Run()
}

func shell(ctx context.Context, program string) error {
	// ok: go-command-from-parameter
	exec.Command("ls").Run()
	// ruleid: go-command-from-parameter
	return exec.CommandContext(ctx, program).Run()
}

func group(r *http.Request, conn *ldap.Conn) {
	user := r.FormValue("user")
	// ruleid: go-ldap-from-request, go-ldap-filter-built
	conn.Search(ldap.NewSearchRequest("dc=example", 2, 0, 0, 0, false, "(uid="+user+")", nil, nil))
	// ruleid: go-ldap-from-request
	conn.Search(ldap.NewSearchRequest("ou="+user+",dc=example", 2, 0, 0, 0, false, "(objectClass=person)", nil, nil))
	// ok: go-ldap-from-request, go-ldap-filter-built
	conn.Search(ldap.NewSearchRequest("dc=example", 2, 0, 0, 0, false, "(uid="+ldap.EscapeFilter(user)+")", nil, nil))
	// ok: go-ldap-from-request, go-ldap-filter-built
	conn.Search(ldap.NewSearchRequest("dc=example", 2, 0, 0, 0, false, "(objectClass=person)", nil, nil))
}

func members(conn *ldap.Conn, team string) {
	filter := fmt.Sprintf("(&(objectClass=group)(cn=%s))", team)
	// ruleid: go-ldap-filter-built
	conn.Search(ldap.NewSearchRequest("dc=example", 2, 0, 0, 0, false, filter, nil, nil))
}

func book(r *http.Request, doc *xmlquery.Node) {
	title := r.FormValue("title")
	// ruleid: go-xpath-from-request, go-xpath-built
	xmlquery.Find(doc, "//book[title='"+title+"']")
	// ruleid: go-xpath-from-request, go-xpath-built
	xpath.MustCompile(fmt.Sprintf("//book[author='%s']/title", title))
	// ok: go-xpath-from-request, go-xpath-built
	xmlquery.Find(doc, "//book")
	// ok: go-xpath-from-request, go-xpath-built
	for _, node := range xmlquery.Find(doc, "//book[@lang='en']") {
		if node.SelectAttr("title") == title {
			return
		}
	}
}

func (s *shop) person(w http.ResponseWriter, r *http.Request) {
	script := r.FormValue("match")
	// ruleid: go-nosql-from-request
	s.people.Find(r.Context(), bson.M{"$where": script})
	var filter map[string]interface{}
	if err := json.NewDecoder(r.Body).Decode(&filter); err != nil {
		return
	}
	// ruleid: go-nosql-from-request
	s.people.FindOne(r.Context(), filter)
	// ok: go-nosql-from-request
	s.people.Find(r.Context(), bson.M{"name": r.FormValue("name")})
	// ok: go-nosql-from-request
	s.people.Find(r.Context(), bson.M{"active": true})
}

func evaluate(w http.ResponseWriter, r *http.Request) {
	code := r.FormValue("formula")
	vm := otto.New()
	// ruleid: go-code-from-request
	vm.Run(code)
	vm.Set("input", code)
	// ok: go-code-from-request
	vm.Run("input.length * 2")
	runtime := goja.New()
	// ruleid: go-code-from-request
	runtime.RunString(code)
	// ok: go-code-from-request
	runtime.RunString("1 + 1")
	// ruleid: go-code-from-request
	reflect.ValueOf(&shop{}).MethodByName(r.FormValue("action")).Call(nil)
}
