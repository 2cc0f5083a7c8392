package views_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"weir/static"
	"weir/views/link"
)

// policy is the content security policy that the pages have to live with.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

// site serves the sample pages by name, and the ones that scripts ask for at their real addresses.
func site(t *testing.T) *httptest.Server {
	all := pages()
	byPath := map[string]string{"/": "home", "/search": "search", "/lineage": "lineage", "/domains": "domains"}
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("POST "+link.Theme(), func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	// The search box asks for suggestions when it is focused, and the list of them may be empty.
	mux.HandleFunc("GET "+link.Suggest(), func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if known, ok := byPath[r.URL.Path]; ok {
			name = known
		}
		page, ok := all[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		var out bytes.Buffer
		if err := page.Render(r.Context(), &out); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(out.Bytes())
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// complaints collects what the browser has to say: refused inline code, failed loads, script errors.
type complaints struct {
	mu    sync.Mutex
	texts []string
}

func (c *complaints) listen(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		c.texts = append(c.texts, e.Entry.Text)
	case *runtime.EventExceptionThrown:
		c.texts = append(c.texts, e.ExceptionDetails.Text)
	}
}

func (c *complaints) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.texts
	c.texts = nil
	return taken
}

// browser starts Chromium, or skips: where WEIR_TEST_REQUIRE names chromium, a missing one is a failure.
func browser(t *testing.T) (context.Context, *complaints) {
	t.Helper()
	if os.Getenv("WEIR_TEST_WITHOUT") == "chromium" {
		t.Skip("WEIR_TEST_WITHOUT says to go without chromium")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		if strings.Contains(os.Getenv("WEIR_TEST_REQUIRE"), "chromium") {
			t.Fatalf("chromium is required: %v", err)
		}
		t.Skipf("no chromium to look at the pages with: %v", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1440, 900))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stopTab := chromedp.NewContext(allocated)
	t.Cleanup(stopTab)
	heard := &complaints{}
	if err := chromedp.Listen(ctx, heard.listen); err != nil {
		t.Fatal(err)
	}
	return ctx, heard
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	limited, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	if err := chromedp.Do(limited, steps...); err != nil {
		t.Fatal(err)
	}
}

func script(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](text)
}

// holds waits until a script expression is true, and fails when it does not become so within a generous while.
func holds(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	limited, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	for limited.Err() == nil {
		if ok, err := chromedp.Run(limited, chromedp.Evaluate[bool]("Boolean("+expression+")")); err == nil && ok {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%s never holds", expression)
}

func TestBrowserRefusesNothing(t *testing.T) {
	ctx, heard := browser(t)
	server := site(t)
	for name := range pages() {
		do(t, ctx, chromedp.Navigate(server.URL+"/"+name))
		wide, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("document.documentElement.scrollWidth > innerWidth"))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range heard.take() {
			t.Errorf("%s: %s", name, text)
		}
		if wide {
			t.Errorf("%s scrolls sideways", name)
		}
	}
}

func TestKeysInTheBrowser(t *testing.T) {
	ctx, heard := browser(t)
	server := site(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/"), chromedp.KeyEvent("/"))
	holds(t, ctx, `document.activeElement.name === "q"`)
	do(t, ctx, script(`document.activeElement.blur()`), chromedp.KeyEvent("?"))
	holds(t, ctx, `document.getElementById("keys").matches(":popover-open")`)
	do(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.Click("button[name=theme]"))
	holds(t, ctx, `document.documentElement.classList.contains("light")`)
	do(t, ctx, script(`document.activeElement.blur()`), chromedp.KeyEvent("g"), chromedp.KeyEvent("d"))
	holds(t, ctx, `location.pathname === "/domains"`)
	if texts := heard.take(); len(texts) > 0 {
		t.Errorf("the browser complains: %q", texts)
	}
}

func TestLineageInTheBrowser(t *testing.T) {
	ctx, _ := browser(t)
	server := site(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/lineage?root=ds_mart"), chromedp.WaitVisible(".lin-zoom"), script(`window.stays = true; document.querySelector("a.root").focus()`))
	holds(t, ctx, `document.querySelectorAll('svg[data-picture] a[tabindex="0"]').length === 1`)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowRight))
	holds(t, ctx, `document.activeElement.getAttribute("aria-label").startsWith("features")`)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowRight))
	holds(t, ctx, `document.activeElement.dataset.node === "ds_feat"`)
	do(t, ctx, chromedp.Click(`[data-zoom="in"]`))
	holds(t, ctx, `document.querySelector("svg[data-picture]").getAttribute("width") === "1730"`)
	do(t, ctx, script(`document.querySelector("a.handle").focus()`), chromedp.KeyEvent(kb.Enter))
	holds(t, ctx, `location.search.includes("open=ds_crm") && window.stays === true`)
	holds(t, ctx, `document.querySelectorAll("#lin").length === 1`)
}

func TestSearchFormReplacesItselfInTheBrowser(t *testing.T) {
	ctx, _ := browser(t)
	server := site(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/search?q=churn"), script(`window.stays = true`), chromedp.Click(`input[name=kind][value=dataset]`))
	holds(t, ctx, `location.search.includes("kind=dataset") && window.stays === true && document.querySelectorAll("form#search").length === 1`)
}
