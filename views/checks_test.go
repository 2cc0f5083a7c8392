package views_test

import (
	"os"
	"os/exec"
	"testing"
)

// broken are documents that the checks of this package must refuse. Each runs in a process of its own, since
// a check reports by failing its test.
var broken = map[string]string{
	"style":      `<h1>a</h1><p style="x">b</p>`,
	"script":     `<h1>a</h1><script>alert(1)</script>`,
	"handler":    `<h1>a</h1><p onclick="x">b</p>`,
	"url":        `<h1>a</h1><a href="javascript:x">b</a>`,
	"foreign":    `<h1>a</h1><script src="https://cdn.example/x.js"></script>`,
	"heading":    `<p>a</p>`,
	"headings":   `<h1>a</h1><h1>b</h1>`,
	"nesting":    `<h1>a</h1><p><b>x</p></b>`,
	"open":       `<h1>a</h1><div>`,
	"svg":        `<h1>a</h1><svg></svg>`,
	"link":       `<h1>a</h1><a href="/x"> </a>`,
	"nowhere":    `<h1>a</h1><a href="#">x</a>`,
	"field":      `<h1>a</h1><input name="x">`,
	"twice":      `<h1 id="a">a</h1><p id="a">b</p>`,
	"references": `<h1>a</h1><section aria-labelledby="no">b</section>`,
}

func TestChecksRefuseBrokenDocuments(t *testing.T) {
	if name := os.Getenv("WEIR_BROKEN"); name != "" {
		checkDocument(t, []byte(broken[name]))
		return
	}
	for name := range broken {
		command := exec.Command(os.Args[0], "-test.run=^TestChecksRefuseBrokenDocuments$")
		command.Env = append(os.Environ(), "WEIR_BROKEN="+name)
		if err := command.Run(); err == nil {
			t.Errorf("%s: %s passes", name, broken[name])
		}
	}
	checkDocument(t, []byte(`<h1 id="a">a</h1><section aria-labelledby="a"><a href="/x">b</a></section>`))
}
