package main

import (
	"weir/catalog"
	"weir/demo"
	"weir/views/link"
	"weir/web"
)

// questions are the sample company's, each with the page that answers it.
func questions() []web.Question {
	out := make([]web.Question, len(demo.Questions))
	for i, q := range demo.Questions {
		out[i] = web.Question{Title: q.Title, URL: answerPage(q)}
	}
	return out
}

func answerPage(q demo.Question) string {
	s := q.Subject
	id := catalog.DatasetID(s.Namespace, s.Name)
	if s.IsConsumer {
		id = catalog.ConsumerID(s.Namespace, s.Name)
	}
	switch q.Answer {
	case demo.Search:
		return link.Search(s.Query)
	case demo.Origin:
		return link.Column(string(id), s.Name, string(catalog.ColumnID(id, s.Column)))
	case demo.Impact:
		return link.Impact(string(id), link.LineageQuery{})
	default:
		return link.Lineage(string(id), link.LineageQuery{Direction: "upstream", Depth: wholeWay})
	}
}

// wholeWay is more steps than any pipeline of the sample company has.
const wholeWay = 10
