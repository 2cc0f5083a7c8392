package web_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

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
		c.texts = append(c.texts, e.Entry.Text+" "+e.Entry.URL)
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

// asks is the value of a script expression.
func asks[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	holds(t, ctx, "document.documentElement") // on a busy machine a page is there before its document
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// holds waits until the page is loaded and a script expression is true, and fails when it does not become so within a generous while.
func holds(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	limited, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	for limited.Err() == nil {
		if ok, err := chromedp.Run(limited, chromedp.Evaluate[bool](`document.readyState === "complete" && Boolean(`+expression+")")); err == nil && ok {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%s never holds", expression)
}

// screen sets the width and the colours that the system asks for.
func screen(width int64, theme string) []chromedp.Action[chromedp.Void] {
	return []chromedp.Action[chromedp.Void]{
		chromedp.EmulateViewport(width, 900),
		chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}},
			})
			return err
		}),
	}
}
