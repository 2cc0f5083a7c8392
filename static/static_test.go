package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func get(path string, header ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	Handler().ServeHTTP(answer, request)
	return answer
}

func TestURLsCarryTheHashOfWhatIsServed(t *testing.T) {
	pattern := regexp.MustCompile(`^/static/[a-z0-9-]+(\.min)?\.([0-9a-f]{8})\.(css|js|woff2|svg|txt)$`)
	for _, name := range Names() {
		found := pattern.FindStringSubmatch(URL(name))
		if found == nil {
			t.Errorf("%s is at %s", name, URL(name))
			continue
		}
		sum := sha256.Sum256(get(URL(name)).Body.Bytes())
		if got := hex.EncodeToString(sum[:4]); got != found[2] {
			t.Errorf("%s: content hashes to %s", URL(name), got)
		}
	}
}

func TestFilesAreServedForEver(t *testing.T) {
	for name, contentType := range map[string]string{
		"app.css": "text/css; charset=utf-8", "htmx.min.js": "text/javascript; charset=utf-8",
		"inter-latin-wght-normal.woff2": "font/woff2", "weir.svg": "image/svg+xml",
	} {
		answer := get(URL(name))
		if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != contentType {
			t.Errorf("%s: status %d, type %q", name, answer.Code, answer.Header().Get("Content-Type"))
		}
		if got := answer.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
	}
}

func TestOtherAddressesAreNotFound(t *testing.T) {
	stale := strings.Replace(URL("app.css"), "app.", "app.0", 1)
	for _, path := range []string{"/static/", "/static/app.css", stale, "/static/../static.go", "/static/icon/x.svg", "/"} {
		if answer := get(path); answer.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, answer.Code)
		}
	}
}

func TestOnlyReadingIsAllowed(t *testing.T) {
	answer := httptest.NewRecorder()
	Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodPost, URL("app.css"), nil))
	if answer.Code != http.StatusMethodNotAllowed || answer.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST answers %d, Allow %q", answer.Code, answer.Header().Get("Allow"))
	}
	answer = httptest.NewRecorder()
	Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodHead, URL("app.css"), nil))
	if answer.Code != http.StatusOK || answer.Body.Len() != 0 {
		t.Errorf("HEAD answers %d with %d bytes", answer.Code, answer.Body.Len())
	}
}

func TestGzip(t *testing.T) {
	plain := get(URL("app.css")).Body.Bytes()
	zipped := get(URL("app.css"), "Accept-Encoding", "br, gzip;q=0.8")
	if zipped.Header().Get("Content-Encoding") != "gzip" || zipped.Header().Get("Vary") != "Accept-Encoding" {
		t.Fatalf("headers %v", zipped.Header())
	}
	reader, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	unzipped, err := io.ReadAll(reader)
	if err != nil || !bytes.Equal(unzipped, plain) {
		t.Errorf("gzip form differs from the plain one: %v", err)
	}
	for _, refusal := range []string{"", "br", "gzip;q=0", "gzip; q=0.0", "gzip;q=x"} {
		if got := get(URL("app.css"), "Accept-Encoding", refusal).Header().Get("Content-Encoding"); got != "" {
			t.Errorf("Accept-Encoding %q is answered with %q", refusal, got)
		}
	}
	if got := get(URL("inter-latin-wght-normal.woff2"), "Accept-Encoding", "gzip").Header().Get("Content-Encoding"); got != "" {
		t.Errorf("the font is compressed twice: %s", got)
	}
}

func TestSheetsNameTheHashedFont(t *testing.T) {
	sheet := get(URL("tokens.css")).Body.String()
	if !strings.Contains(sheet, `url("`+URL("inter-latin-wght-normal.woff2")+`")`) {
		t.Error("tokens.css does not load the font by its hashed address")
	}
	for _, name := range []string{"tokens.css", "app.css", "pages.css", "basecoat.min.css"} {
		for _, at := range regexp.MustCompile(`url\(["']?([^"')]*)`).FindAllStringSubmatch(get(URL(name)).Body.String(), -1) {
			if target := at[1]; !strings.HasPrefix(target, Prefix) && !strings.HasPrefix(target, "data:") && !strings.HasPrefix(target, "#") {
				t.Errorf("%s loads %q", name, target)
			}
		}
	}
}

func TestVendoredFilesAreWhatTheScriptFetched(t *testing.T) {
	sums, err := os.ReadFile("vendor/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	listed := 0
	for line := range strings.Lines(string(sums)) {
		want, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		body, err := os.ReadFile("vendor/" + strings.TrimPrefix(name, "./"))
		if err != nil {
			t.Error(err)
			continue
		}
		sum := sha256.Sum256(body)
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("%s was changed by hand: %s", name, got)
		}
		listed++
	}
	if listed < 7 {
		t.Errorf("%d files are listed, want 3 files and 4 licences at least", listed)
	}
}

func TestIconsAreTheListedOnesAndHoldShapesOnly(t *testing.T) {
	list, err := os.ReadFile("icon/icons.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Fields(string(list))
	if !slices.IsSorted(names) {
		t.Error("icons.txt is not sorted")
	}
	if len(names) != len(icons) {
		t.Errorf("%d icons are listed, %d are vendored", len(names), len(icons))
	}
	shape := regexp.MustCompile(`^(<(path|circle|rect|line|polyline|polygon|ellipse)( [a-z0-9-]+="[^"<>]*")* /> ?)+$`)
	for _, name := range names {
		if !HasIcon(name) {
			t.Errorf("%s is listed but not vendored", name)
		} else if !shape.MatchString(Icon(name)) {
			t.Errorf("%s holds more than shapes: %s", name, Icon(name))
		}
	}
}

func TestUnknownNamesPanic(t *testing.T) {
	for name, call := range map[string]func(){"URL": func() { URL("nope.css") }, "Icon": func() { Icon("nope") }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s accepts an unknown name", name)
				}
			}()
			call()
		}()
	}
}

func TestLoadRefusesABrokenTree(t *testing.T) {
	twice := fstest.MapFS{"css/a.css": {Data: []byte("x")}, "vendor/a.css": {Data: []byte("y")}}
	if _, err := load(twice); err == nil {
		t.Error("two files of one name are accepted")
	}
	for _, svg := range []string{"no svg", "<svg", "<svg><path/>"} {
		if _, err := readIcons(fstest.MapFS{"icon/a.svg": {Data: []byte(svg)}}); err == nil {
			t.Errorf("%q is accepted as an icon", svg)
		}
	}
}
