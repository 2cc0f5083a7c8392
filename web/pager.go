package web

import (
	"net/url"

	"weir/views/ui"
)

// pager is the foot of a list that goes on by a cursor.
func pager(address, after, next string, shown int, noun string) ui.Pager {
	p := ui.Pager{Summary: ui.Count(shown, noun, noun+"s") + " shown"}
	if after == "" && next == "" {
		p.Summary = ui.Count(shown, noun, noun+"s")
	}
	if after != "" {
		p.First = address
	}
	if next != "" {
		p.Next = address + "?" + url.Values{"after": {next}}.Encode()
	}
	return p
}
