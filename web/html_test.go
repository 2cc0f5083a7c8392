package web_test

import (
	"strings"

	"golang.org/x/net/html"
)

// textOf is all text below a node, with blanks made single.
func textOf(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "script" && d.Parent.Data != "style" {
			out.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// find are the elements of a name, "" for any, whose attribute holds the value, "" for any.
func find(root *html.Node, name, key, value string) []*html.Node {
	var out []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (name == "" || n.Data == name) && (key == "" || has(n, key, value)) {
			out = append(out, n)
		}
	}
	return out
}

func has(n *html.Node, key, value string) bool {
	for _, a := range n.Attr {
		if a.Key == key && (value == "" || a.Val == value) {
			return true
		}
	}
	return false
}

// hrefs are the addresses that links of a page lead to, those below a prefix, each once.
func hrefs(root *html.Node, prefix string) []string {
	var out []string
	seen := map[string]bool{}
	for _, n := range find(root, "a", "href", "") {
		if h := attr(n, "href"); strings.HasPrefix(h, prefix) && !seen[h] {
			seen[h] = true
			out = append(out, h)
		}
	}
	return out
}

// heading is the text of the page's h1.
func heading(root *html.Node) string {
	all := find(root, "h1", "", "")
	if len(all) == 0 {
		return ""
	}
	return textOf(all[0])
}

// boxes are the labels of the cards and pills of a picture, by their ids.
func boxes(root *html.Node) map[string]string {
	out := map[string]string{}
	for _, n := range find(root, "", "data-node", "") {
		out[attr(n, "data-node")] = attr(n, "aria-label")
	}
	return out
}

// formAction is where the last form of a page's main part is posted.
func formAction(page *html.Node) string {
	out := ""
	for _, f := range find(page, "form", "method", "post") {
		if action := attr(f, "action"); strings.Contains(action, "/same") {
			out = action
		}
	}
	return out
}
