package web

import (
	"strings"

	"weir/catalog"
	"weir/graph"
	"weir/views/link"
	"weir/views/ui"
)

// kindWord is what a reader calls an asset: "Table", "SQL job", "Dashboard".
func kindWord(a catalog.Asset) string {
	switch v := a.Value.(type) {
	case catalog.Dataset:
		return typeWord(v.Type, "Dataset")
	case catalog.Transform:
		return jobWord(v.Type)
	case catalog.Consumer:
		return ui.Capital(string(v.Type))
	case catalog.Domain:
		return "Domain"
	case catalog.Column:
		return "Column"
	case catalog.Run:
		return "Run"
	}
	return string(a.Kind)
}

// typeWord makes a word of the constant that a source sent: "MATERIALIZED_VIEW" is "Materialized view".
func typeWord(sent, none string) string {
	if sent == "" {
		return none
	}
	return ui.Capital(strings.ToLower(strings.ReplaceAll(sent, "_", " ")))
}

// jobWords are the kinds of jobs that don't read well as their source writes them.
var jobWords = map[string]string{"sql": "SQL", "dbt": "dbt", "implicit": "Stated"}

func jobWord(sent string) string {
	if sent == "" {
		return "Job"
	}
	word, ok := jobWords[strings.ToLower(sent)]
	if !ok {
		word = typeWord(sent, "")
	}
	if strings.HasSuffix(strings.ToLower(word), "job") {
		return word
	}
	return word + " job"
}

// consumerIcons and datasetIcons name the drawings; what has none of its own gets the usual one.
var (
	consumerIcons = map[catalog.ConsumerType]string{
		catalog.Dashboard: "chart-column", catalog.Report: "briefcase", catalog.Model: "brain-circuit",
		catalog.Agent: "bot", catalog.Application: "app-window",
	}
	datasetIcons = map[string]string{"view": "layers", "file": "package", "topic": "zap", "stream": "zap"}
	domainIcons  = map[string]string{
		"customer": "users", "orders": "shopping-bag", "payments": "credit-card", "marketing": "megaphone", "care": "headset",
		"supply": "truck", "finance": "landmark", "people": "briefcase", "product": "package", "manufacturing": "factory",
	}
)

func iconOf(a catalog.Asset) string {
	switch v := a.Value.(type) {
	case catalog.Dataset:
		if icon, ok := datasetIcons[strings.ToLower(v.Type)]; ok {
			return icon
		}
		return "table-2"
	case catalog.Transform:
		return "code-xml"
	case catalog.Consumer:
		return consumerIcons[v.Type]
	}
	return "shapes"
}

func domainIcon(name string) string {
	if icon, ok := domainIcons[strings.ToLower(name)]; ok {
		return icon
	}
	return "shapes"
}

// addressOf is the page of an asset, "" if it has none of its own.
func addressOf(a catalog.Asset) string {
	id, name := string(a.ID), a.Name()
	switch v := a.Value.(type) {
	case catalog.Dataset:
		return link.Dataset(id, name)
	case catalog.Transform:
		return link.Transform(id, name)
	case catalog.Consumer:
		return link.Consumer(id, name)
	case catalog.Domain:
		return link.Domain(id, name)
	case catalog.Run:
		return link.Run(id)
	case catalog.Column:
		return link.Column(string(v.Dataset), "", id)
	}
	return ""
}

// linkTo is an asset by the name that people know it by.
func linkTo(a catalog.Asset) ui.Link { return ui.Link{Text: a.Shown(), Href: addressOf(a)} }

// jobLink is the job of a run, which may be gone.
func jobLink(a catalog.Asset) ui.Link {
	if a.Value == nil {
		return ui.Link{Text: "a job that is gone"}
	}
	return linkTo(a)
}

func assetOf(id graph.ID, kind graph.Kind, value any) catalog.Asset {
	return catalog.Asset{ID: id, Kind: kind, Value: value}
}
