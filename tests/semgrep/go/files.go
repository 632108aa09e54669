package samples

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"encoding/gob"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/lestrrat-go/libxml2/parser"
)

const base = "/srv/files"

func download(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: go-path-from-request
	http.ServeFile(w, r, filepath.Join(base, name))
	// ruleid: go-path-from-request
	os.ReadFile(base + "/" + name)
	// ok: go-path-from-request
	os.ReadFile(filepath.Join(base, filepath.Base(name)))
	// ruleid: go-path-from-request
	os.Remove(r.URL.Path)
	// ok: go-path-from-request
	os.Open(filepath.Join(base, "index.html"))
	if !filepath.IsLocal(name) {
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	// ok: go-path-from-request
	os.Open(filepath.Join(base, name))
}

func report(c *gin.Context) {
	// ruleid: go-path-from-request
	c.File(base + "/" + c.Param("report"))
	// ok: go-path-from-request
	c.File(base + "/report.pdf")
}

func contained(w http.ResponseWriter, r *http.Request) {
	path := filepath.Join(base, r.FormValue("name"))
	if strings.HasPrefix(path, base+"/") {
		// ok: go-path-from-request
		os.Open(path)
	}
}

func readPage(directory, filename string) ([]byte, error) {
	path := filepath.Join(directory, filename)
	// ruleid: go-path-joined-unchecked
	return os.ReadFile(path)
}

func dropPage(filename string) error {
	// ruleid: go-path-joined-unchecked
	return os.Remove("/srv/pages/" + filename)
}

func readChecked(directory, filename string) ([]byte, error) {
	if !filepath.IsLocal(filename) {
		return nil, os.ErrNotExist
	}
	// ok: go-path-joined-unchecked
	return os.ReadFile(filepath.Join(directory, filename))
}

func readBase(directory, filename string) ([]byte, error) {
	// ok: go-path-joined-unchecked
	return os.ReadFile(filepath.Join(directory, filepath.Base(filename)))
}

func unzip(archive *zip.Reader, directory string) error {
	for _, entry := range archive.File {
		// ruleid: go-archive-entry-path
		file, err := os.Create(filepath.Join(directory, entry.Name))
		if err != nil {
			return err
		}
		content, err := entry.Open()
		if err != nil {
			return err
		}
		// ruleid: go-decompression-unlimited
		io.Copy(file, content)
		// ok: go-decompression-unlimited
		io.Copy(file, io.LimitReader(content, 1<<20))
	}
	for _, entry := range archive.File {
		if !filepath.IsLocal(entry.Name) {
			continue
		}
		// ok: go-archive-entry-path
		os.Create(filepath.Join(directory, entry.Name))
	}
	for _, entry := range archive.File {
		// ok: go-archive-entry-path
		os.Create(filepath.Join(directory, filepath.Base(entry.Name)))
	}
	return nil
}

func untar(stream io.Reader, directory string) error {
	unzipped, err := gzip.NewReader(stream)
	if err != nil {
		return err
	}
	archive := tar.NewReader(unzipped)
	header, err := archive.Next()
	if err != nil {
		return err
	}
	// ruleid: go-archive-entry-path
	os.Symlink(header.Linkname, filepath.Join(directory, header.Name))
	// ok: go-temporary-file-predictable
	file, err := os.CreateTemp("", "entry-*")
	if err != nil {
		return err
	}
	// ruleid: go-decompression-unlimited
	io.Copy(file, archive)
	// ok: go-decompression-unlimited
	io.CopyN(file, archive, 1<<20)
	return nil
}

func serve() {
	// ruleid: go-directory-served
	http.Handle("/", http.FileServer(http.Dir("/")))
	// ruleid: go-directory-served
	http.Handle("/s/", http.FileServer(http.Dir(".")))
	// ok: go-directory-served
	http.Handle("/p/", http.FileServer(http.Dir("public")))
	// ok: go-directory-served
	http.Handle("/q/", http.FileServer(http.Dir(base)))
}

func permissions(data []byte) {
	// ruleid: go-file-open-to-all
	os.WriteFile("state.json", data, 0o666)
	// ruleid: go-file-open-to-all
	os.MkdirAll("/var/lib/shop", os.ModePerm)
	// ruleid: go-file-open-to-all
	os.Chmod("run.sh", 0777)
	// ok: go-file-open-to-all
	os.WriteFile("state.json", data, 0o600)
	// ok: go-file-open-to-all
	os.MkdirAll("/var/lib/shop", 0o750)
	// ok: go-file-open-to-all
	os.Chmod("run.sh", 0755)
}

func temporary(data []byte) {
	// ruleid: go-temporary-file-predictable
	os.WriteFile("/tmp/report.csv", data, 0o600)
	// ruleid: go-temporary-file-predictable
	os.Create(filepath.Join(os.TempDir(), "report.csv"))
	// ok: go-temporary-file-predictable
	os.OpenFile("/tmp/lock", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	// ok: go-temporary-file-predictable
	os.WriteFile("/var/lib/shop/report.csv", data, 0o600)
}

func entities() {
	// ruleid: go-xml-external-entities
	parser.New(parser.XMLParseNoEnt)
	// ruleid: go-xml-external-entities
	parser.New(parser.XMLParseDTDLoad)
	// ok: go-xml-external-entities
	parser.New(parser.XMLParseNoNet)
	// ok: go-xml-external-entities
	parser.New()
}

func receive(w http.ResponseWriter, r *http.Request) {
	var order struct{ ID int }
	// ruleid: go-decode-into-any-type
	gob.NewDecoder(r.Body).Decode(&order)
	// ok: go-decode-into-any-type
	json.NewDecoder(r.Body).Decode(&order)
	file, err := os.Open("orders.gob")
	if err != nil {
		return
	}
	// ok: go-decode-into-any-type
	gob.NewDecoder(file).Decode(&order)
}

func receiveForm(c *gin.Context) {
	data, err := c.GetRawData()
	if err != nil {
		return
	}
	var order struct{ ID int }
	// ruleid: go-decode-into-any-type
	gob.NewDecoder(strings.NewReader(string(data))).Decode(&order)
}

func upload(w http.ResponseWriter, r *http.Request) {
	file, header, err := r.FormFile("picture")
	if err != nil {
		return
	}
	defer file.Close()
	// ruleid: go-upload-name-used, go-path-from-request
	os.Create(filepath.Join(base, header.Filename))
	// ruleid: go-upload-name-used, go-path-from-request
	os.OpenFile(base+"/"+header.Filename, os.O_CREATE, 0o600)
	// ok: go-upload-name-used
	os.Create(filepath.Join(base, filepath.Base(header.Filename)))
	// ok: go-upload-name-used
	os.Create(filepath.Join(base, uuid.NewString()+filepath.Ext(header.Filename)))
}
