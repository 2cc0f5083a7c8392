// Package link builds every address that a page of Weir refers to. No other package writes a path, so that
// a route can move in one place and every name, however odd, ends in a valid URL.
//
// Addresses of assets carry a readable head before the id ("/datasets/public.orders~ds_…"). The head helps people
// who read a URL; ID drops it, and nothing looks at it.
package link

import (
	"net/url"
	"strings"
)

// maxHead is the most bytes of a name that an address repeats.
const maxHead = 60

// Tab is a part of an asset's page with an address of its own.
type Tab string

// The tabs of a dataset's page; Runs is one of a transform's page too. Overview is the asset's own address.
const (
	Overview Tab = ""
	Columns  Tab = "columns"
	Flow     Tab = "lineage"
	Runs     Tab = "runs"
	Activity Tab = "activity"
)

// Home is the first page.
func Home() string { return "/" }

// Domains lists all domains.
func Domains() string { return "/domains" }

// Playground is the page to try GraphQL queries on; only the demo serves it.
func Playground() string { return "/playground" }

// GraphQL is the address that queries are posted to.
func GraphQL() string { return "/graphql" }

// Theme takes the form of the theme button.
func Theme() string { return "/settings/theme" }

// Keys takes the form that switches single-key shortcuts on and off.
func Keys() string { return "/settings/keys" }

// Dataset is the overview of a dataset.
func Dataset(id, name string) string { return "/datasets/" + segment(id, name) }

// DatasetTab is one tab of a dataset's page.
func DatasetTab(id, name string, tab Tab) string { return withTab(Dataset(id, name), tab) }

// DatasetEdit is the form that describes a dataset; it is posted to the same address.
func DatasetEdit(id, name string) string { return Dataset(id, name) + "/edit" }

// Column tells where one column came from. The column is named by its own id below its dataset.
func Column(datasetID, datasetName, columnID string) string {
	return Dataset(datasetID, datasetName) + "/columns/" + url.PathEscape(columnID)
}

// Transform is the page of a job: its code, inputs, outputs and runs.
func Transform(id, name string) string { return "/transforms/" + segment(id, name) }

// TransformTab is one tab of a transform's page.
func TransformTab(id, name string, tab Tab) string { return withTab(Transform(id, name), tab) }

// TransformEdit is the form that describes a transform.
func TransformEdit(id, name string) string { return Transform(id, name) + "/edit" }

// Consumer is the page of a dashboard, report, model, agent or application.
func Consumer(id, name string) string { return "/consumers/" + segment(id, name) }

// ConsumerTab is one tab of a consumer's page.
func ConsumerTab(id, name string, tab Tab) string { return withTab(Consumer(id, name), tab) }

// ConsumerEdit is the form that describes a consumer.
func ConsumerEdit(id, name string) string { return Consumer(id, name) + "/edit" }

// Domain is the page of one domain.
func Domain(id, name string) string { return "/domains/" + segment(id, name) }

// DomainEdit is the form that describes a domain.
func DomainEdit(id, name string) string { return Domain(id, name) + "/edit" }

// Run is the page of one run. Runs have no name worth repeating.
func Run(id string) string { return "/runs/" + url.PathEscape(id) }

// Path is the form and the answer to "how does data get from one thing to another". Both ids may be empty.
func Path(from, to string) string {
	return withQuery("/lineage/path", url.Values{"from": {from}, "to": {to}})
}

// ID returns the id in the last part of an asset's address: what stands after the last "~", or all of it.
// The caller passes the path segment as net/http decoded it.
func ID(segment string) string { return segment[strings.LastIndexByte(segment, '~')+1:] }

func withTab(address string, tab Tab) string {
	if tab == Overview {
		return address
	}
	return address + "/" + string(tab)
}

// segment joins head and id. Both are escaped, the id too: it may come from a client.
func segment(id, name string) string {
	head := Head(name)
	if head == "" {
		return url.PathEscape(id)
	}
	return head + "~" + url.PathEscape(id)
}

// Head is the readable form of a name in an address: ASCII letters, digits, ".", "_" and "-", at most 60 bytes.
// Every other run of characters becomes one "-". It is empty where nothing readable remains.
func Head(name string) string {
	var head strings.Builder
	gap := false
	for _, r := range name {
		if !plain(r) {
			gap = true
			continue
		}
		if head.Len() >= maxHead-1 {
			break
		}
		if gap && head.Len() > 0 {
			head.WriteByte('-')
		}
		gap = false
		head.WriteRune(r)
	}
	return strings.Trim(head.String(), "-.")
}

func plain(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	}
	return r == '.' || r == '_' || r == '-'
}

// withQuery leaves empty values out, so that an address says only what differs from the usual.
func withQuery(path string, values url.Values) string {
	for key, all := range values {
		kept := all[:0:0]
		for _, v := range all {
			if v != "" {
				kept = append(kept, v)
			}
		}
		values[key] = kept
		if len(kept) == 0 {
			delete(values, key)
		}
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}
