package marketplace_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"weir/marketplace"
)

var update = flag.Bool("update", false, "print the tables of docs/workflow.md anew")

const workflowDoc = "../docs/workflow.md"

// TestWorkflowDoc: the tables in the documentation are those by which the program works. After a change run
// go test ./marketplace -run TestWorkflowDoc -update.
func TestWorkflowDoc(t *testing.T) {
	have, err := os.ReadFile(workflowDoc)
	if err != nil {
		t.Fatal(err)
	}
	want := string(have)
	for name, table := range map[string]string{
		"items": printed(marketplace.Items), "grants": printed(marketplace.Grants), "proposals": printed(marketplace.Proposals),
	} {
		part := regexp.MustCompile(`(?s)<!-- ` + name + ` -->\n.*?<!-- end -->`)
		if len(part.FindAllString(want, -1)) != 1 {
			t.Fatalf("%s has no one place for the table of %s", workflowDoc, name)
		}
		want = part.ReplaceAllLiteralString(want, "<!-- "+name+" -->\n"+table+"<!-- end -->")
	}
	if *update {
		if err := os.WriteFile(workflowDoc, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(have) {
		t.Errorf("%s isn't what the tables say; print it anew with -update:\n%s", workflowDoc, firstDifference(string(have), want))
	}
}

// printed is a workflow in Markdown: its lines, and what ends it.
func printed[S, A ~string](table []marketplace.Transition[S, A]) string {
	var out strings.Builder
	out.WriteString("\n| from | action | if | leads to |\n|---|---|---|---|\n")
	var from, to []S
	for _, t := range table {
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", t.From, t.Action, t.Guard, t.To)
		from, to = append(from, t.From), append(to, t.To)
	}
	var ends []string
	for _, s := range to {
		if !slices.Contains(from, s) && !slices.Contains(ends, string(s)) {
			ends = append(ends, string(s))
		}
	}
	fmt.Fprintf(&out, "\nNothing leads on from: %s.\n\n", strings.Join(ends, ", "))
	return out.String()
}
