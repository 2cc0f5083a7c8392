package layout

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"weir/views/link"
)

func TestThemeGoesRound(t *testing.T) {
	for theme, next := range map[string]string{"": "light", "light": "dark", "dark": "system", "odd": "light"} {
		if got := (Shell{Theme: theme}).nextTheme(); got != next {
			t.Errorf("after %q comes %q, want %q", theme, got, next)
		}
	}
	if got := (Shell{}).themeLabel(); got != "Theme: follow system. Change to light" {
		t.Error(got)
	}
}

func TestRootPinsThemeAndKeys(t *testing.T) {
	page := render(t, Shell{Theme: "dark", KeysOff: true})
	if !strings.Contains(page, `class="dark"`) || !strings.Contains(page, `data-keys="off"`) {
		t.Errorf("%.200s", page)
	}
	page = render(t, Shell{Theme: `"><script>`})
	if strings.Contains(page[:200], "class=") {
		t.Errorf("an unknown theme reaches the page: %.200s", page)
	}
}

func TestPlaygroundIsLinkedInTheDemoOnly(t *testing.T) {
	if strings.Contains(render(t, Shell{}), link.Playground()) {
		t.Error("a dead link to the playground")
	}
	if !strings.Contains(render(t, Shell{Demo: true}), link.Playground()) {
		t.Error("the demo does not link the playground")
	}
}

func TestForbiddenAndMissingReadTheSame(t *testing.T) {
	forbiddenTitle, forbiddenText := Problem{Status: 403}.words()
	missingTitle, missingText := Problem{Status: 404}.words()
	if forbiddenTitle != missingTitle || forbiddenText != missingText {
		t.Error("403 and 404 can be told apart")
	}
	for _, status := range []int{400, 404, 405, 409, 413, 422, 429, 500, 503} {
		if title, text := (Problem{Status: status}).words(); title == "" || text == "" {
			t.Errorf("no words for %d", status)
		}
	}
}

func render(t *testing.T, s Shell) string {
	t.Helper()
	var out bytes.Buffer
	if err := Page(s, Head{Title: "x"}).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
