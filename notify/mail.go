package notify

import (
	"context"
	"errors"
	"html"
	"strings"
	"time"

	"weir/graph"
)

// Message is one mail.
type Message struct {
	ID      string // Message-ID without brackets and host: the same with each attempt
	To      string // address
	Subject string
	Text    string // plain text
	HTML    string // the same, simple
	Leave   string // address of the page where mail is switched off
	At      time.Time
}

// Mailer hands mails to a mail server. Errors: a *trouble where the package's own one makes them; any other counts as doubt.
type Mailer interface {
	Send(ctx context.Context, m Message) error
}

// settingsPath is the page where people choose how they are told.
const settingsPath = "/settings/notifications"

// mail sends a delivery by mail. Who has been disabled or has no address any more gets none.
func (s *Service) mail(ctx context.Context, d delivery) error {
	u, ok, err := s.reachable(ctx, d.Person)
	if err != nil {
		return err
	}
	switch {
	case !ok:
		return &trouble{why: "The person is disabled.", final: true}
	case u.Email == "":
		return &trouble{why: "The person has no e-mail address.", final: true}
	}
	notes, err := s.told(ctx, d)
	if err != nil {
		return err
	}
	if len(notes) == 0 {
		return &trouble{why: "What it tells of was deleted.", final: true}
	}
	m := s.compose(d, notes)
	m.To = u.Email
	err = s.Mail.Send(ctx, m)
	var t *trouble
	if err != nil && !errors.As(err, &t) {
		return &trouble{why: "The mail server does not answer as it should.", cause: err, doubt: true}
	}
	return err
}

// told reads the notifications of a delivery, in their order.
func (s *Service) told(ctx context.Context, d delivery) ([]Notification, error) {
	ids := make([]graph.ID, len(d.Notices))
	for i, id := range d.Notices {
		ids[i] = graph.ID(id)
	}
	nodes, err := s.Store.Nodes(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var out []Notification
	for _, id := range ids {
		n, ok := nodes[id]
		if !ok {
			continue
		}
		note, err := notificationType.Read(n)
		if err != nil {
			return nil, broken(err)
		}
		out = append(out, note)
	}
	return out, nil
}

// compose writes a mail of one notification, or a digest.
func (s *Service) compose(d delivery, notes []Notification) Message {
	m := Message{ID: string(d.ID), Subject: notes[0].Title, Leave: s.Site + settingsPath, At: d.At}
	var text, page strings.Builder
	if d.Digest {
		m.Subject = digestSubject(len(notes), d.At)
		text.WriteString(m.Subject + "\n\n")
		page.WriteString("<p>" + html.EscapeString(m.Subject) + "</p>\n")
	}
	for _, n := range notes {
		s.write(&text, &page, n)
	}
	text.WriteString("-- \nChoose what is mailed to you: " + m.Leave + "\n")
	page.WriteString(`<hr><p><a href="` + html.EscapeString(m.Leave) + `">Choose what is mailed to you</a></p>` + "\n")
	m.Text = text.String()
	m.HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>` + html.EscapeString(m.Subject) + "</title>\n" + page.String() + "</html>\n"
	return m
}

// write writes one notification, as text and as HTML.
func (s *Service) write(text, page *strings.Builder, n Notification) {
	link := s.Site + n.Link
	text.WriteString(n.Title + "\n\n" + n.Body + "\n\n" + link + "\n\n")
	page.WriteString("<h2>" + html.EscapeString(n.Title) + "</h2>\n<p>" +
		strings.ReplaceAll(html.EscapeString(n.Body), "\n", "<br>\n") +
		"</p>\n<p><a href=\"" + html.EscapeString(link) + "\">Open it</a></p>\n")
}
