package samples

import (
	"net/http"
	"text/template"
)

var page = template.Must(template.ParseFiles("page.html"))

func index(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-text-template-for-html
	page.Execute(w, nil)
	// ruleid: go-text-template-for-html
	page.ExecuteTemplate(w, "footer", nil)
}
