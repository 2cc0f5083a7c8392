package web

import (
	"bytes"
	"html"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"weir/views/ui"
)

// writer renders Markdown without passing raw HTML on; cleaner takes out what pages don't show: images, ids, styles. A
// link leads away from the site without telling where from, and gives no weight to what it points at.
var (
	writer  = goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Table, extension.Linkify))
	cleaner = newCleaner()
)

func newCleaner() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "hr",
		"h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(false)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true) // adds noopener too
	return p
}

// headings keeps the outline of the page: a description stands below a heading of the second level.
var headings = strings.NewReplacer("<h1>", "<h3>", "</h1>", "</h3>", "<h2>", "<h3>", "</h2>", "</h3>",
	"<h3>", "<h4>", "</h3>", "</h4>", "<h4>", "<h5>", "</h4>", "</h5>", "<h5>", "<h6>", "</h5>", "</h6>")

// markdown renders a description that people or sources wrote.
func markdown(text string) ui.SafeHTML {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	var out bytes.Buffer
	if err := writer.Convert([]byte(text), &out); err != nil {
		return ui.SafeHTML("<p>" + html.EscapeString(text) + "</p>") // as it is, rather than not at all
	}
	return ui.SafeHTML(strings.TrimSpace(cleaner.Sanitize(headings.Replace(out.String()))))
}

// plainText is a description without its markup, for one line of a list.
func plainText(text string) string {
	if text == "" {
		return ""
	}
	return strings.TrimSpace(html.UnescapeString(strict.Sanitize(string(markdown(text)))))
}

var strict = bluemonday.StrictPolicy()
