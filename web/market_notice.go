package web

import (
	"net/http"
	"strconv"

	"weir/authz"
	"weir/graph"
	"weir/notify"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/notice"
	"weir/views/settings"
	"weir/views/ui"
)

// noticeRows is the length of a page of notifications.
const noticeRows = 30

// noticePages are what people are told, and how it leaves the program.
func (s *Site) noticePages() []route {
	if s.Notify == nil {
		return nil
	}
	self, change := may(authz.Self, authz.View), may(authz.Self, authz.Manage)
	look, manage := may(authz.System, authz.View), may(authz.System, authz.Manage)
	return []route{
		{"GET /notifications", self, s.page(s.notifications)},
		{"POST /notifications/read", change, s.page(s.readNotifications)},
		{"GET /settings/notifications", self, s.page(s.noticeSettings)},
		{"POST /settings/notifications", change, s.page(s.saveNoticeSettings)},
		{"GET /operation/webhooks", look, s.page(s.webhooks)},
		{"POST /operation/webhooks", manage, s.page(s.addWebhook)},
		{"POST /operation/webhooks/remove", manage, s.page(s.removeWebhook)},
		{"POST /operation/webhooks/switch", manage, s.page(s.switchWebhook)},
		{"POST /operation/webhooks/test", manage, s.page(s.testWebhook)},
		{"GET /operation/deliveries", look, s.page(s.deliveries)},
		{"POST /operation/deliveries/retry", manage, s.page(s.retryDelivery)},
		{"GET /operation/jobs", look, s.page(s.periodicWork)},
	}
}

// noticeWords are kinds of notices in a word or two.
var noticeWords = map[notify.Kind]string{
	notify.Decide: "To decide", notify.Reminder: "Reminder", notify.Question: "Question", notify.Decided: "Decided",
	notify.Granted: "Grant", notify.Expiring: "Ends soon", notify.Review: "Look through", notify.Confirm: "To confirm",
	notify.Task: "To do", notify.Alarm: "Alarm",
}

// notifications answers what the reader was told, newest first.
func (s *Site) notifications(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	unread, after := q.Get("unread") == "1", q.Get("after")
	page, err := s.Notify.List(r.Context(), unread, after, noticeRows)
	if err != nil {
		return err
	}
	address := link.Notifications()
	p := view.List{Unread: unread, Pager: pager(address, after, page.Next, len(page.Items), "notification")}
	if unread && page.Next != "" {
		p.Pager.First, p.Pager.Next = "", link.Unread()+"&after="+page.Next
	}
	for _, n := range page.Items {
		p.Any = p.Any || !n.Read
		p.Rows = append(p.Rows, view.Row{ID: string(n.ID), Kind: noticeWords[n.Kind], Title: n.Title, Body: n.Body, Href: n.Link,
			At: s.when(n.At), Unread: !n.Read, Urgent: n.Urgent})
	}
	return s.show(w, r, http.StatusOK, view.ListPage(s.shell(r), p))
}

// readNotifications marks one as read, or all.
func (s *Site) readNotifications(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	var err error
	if r.PostForm.Get("all") != "" {
		err = s.Notify.MarkAllRead(r.Context())
	} else {
		err = s.Notify.MarkRead(r.Context(), graph.ID(r.PostForm.Get("id")))
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, link.Notifications(), http.StatusSeeOther)
	return nil
}

var mailOptions = []form.Option{
	{Value: string(notify.MailOnce), Label: "At once", Hint: "A mail for each."},
	{Value: string(notify.MailDigest), Label: "Once a day", Hint: "One mail with what you haven't read; what is urgent comes at once."},
	{Value: string(notify.MailOff), Label: "Never"},
}

// noticeSettings answers how the reader wants to be told.
func (s *Site) noticeSettings(w http.ResponseWriter, r *http.Request) error {
	set, err := s.Notify.Settings(r.Context())
	if err != nil {
		return err
	}
	return s.showNoticeSettings(w, r, http.StatusOK, set, "")
}

func (s *Site) showNoticeSettings(w http.ResponseWriter, r *http.Request, status int, set notify.Settings, refused string) error {
	p := settings.Notices{Address: set.Address, Mailing: set.Mailing, Version: strconv.FormatInt(set.Version, 10), Refused: refused,
		Mail: form.Choose(mailOptions, string(set.Mail))}
	muted := map[notify.Kind]bool{}
	for _, k := range set.Muted {
		muted[k] = true
	}
	for _, k := range notify.Kinds {
		p.Kinds = append(p.Kinds, form.Option{Value: string(k.Kind), Label: k.Meaning, On: !muted[k.Kind]})
	}
	return s.show(w, r, status, settings.NoticesPage(s.shell(r), p))
}

// saveNoticeSettings changes how the reader wants to be told.
func (s *Site) saveNoticeSettings(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	version, _ := strconv.ParseInt(r.PostForm.Get("version"), 10, 64) // what is no number is 0: any version
	in := notify.NewSettings{Mail: notify.Mail(r.PostForm.Get("mail")), Version: version}
	wanted := map[string]bool{}
	for _, k := range r.PostForm["kind"] {
		wanted[k] = true
	}
	for _, k := range notify.Kinds {
		if !wanted[string(k.Kind)] {
			in.Muted = append(in.Muted, k.Kind)
		}
	}
	err := s.Notify.SetSettings(r.Context(), in)
	if err == nil {
		return saved(w, r, link.Settings(link.Notices))
	}
	t, err := troubleOf(err, nil)
	if err != nil {
		return err
	}
	set, err := s.Notify.Settings(r.Context())
	if err != nil {
		return err
	}
	set.Mail, set.Muted = in.Mail, in.Muted
	return s.showNoticeSettings(w, r, t.status, set, t.refused)
}

// deliveries answers what is sent outside.
func (s *Site) deliveries(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	state, after := q.Get("state"), q.Get("after")
	page, err := s.Notify.Deliveries(r.Context(), notify.State(state), after, noticeRows)
	if err != nil {
		return err
	}
	p := s.operation(r, link.Deliveries)
	p.State, p.Pager = state, pager(link.Operation(link.Deliveries), after, page.Next, len(page.Items), "delivery")
	if state != "" && page.Next != "" {
		p.Pager.Next = link.DeliveriesIn(state) + "&after=" + page.Next
	}
	p.Pager.Summary = ui.Count(len(page.Items), "delivery", "deliveries") + " shown"
	names, err := s.receivers(r, page.Items)
	if err != nil {
		return err
	}
	for _, d := range page.Items {
		row := view.Delivery{ID: string(d.ID), To: names[d.ID], Kind: noticeWords[d.Kind], Why: d.Why, Attempts: strconv.Itoa(d.Attempts),
			At: s.when(d.At), Next: s.when(d.Next), Again: d.State == notify.Failed || d.State == notify.Unknown}
		if d.Digest {
			row.Kind = "What came in a day"
		}
		row.State, row.Icon, row.Tone = deliveryWord(d.State)
		p.Rows = append(p.Rows, row)
	}
	return s.show(w, r, http.StatusOK, view.DeliveriesPage(s.shell(r), p))
}

func deliveryWord(s notify.State) (word, icon string, tone ui.Tone) {
	switch s {
	case notify.Sent:
		return "Sent", "circle-check", ui.Green
	case notify.Failed:
		return "Failed", "triangle-alert", ui.Red
	case notify.Unknown:
		return "Perhaps sent", "circle-help", ui.Amber
	case notify.Sending:
		return "Being sent", "hourglass", ui.Amber
	}
	return "Waiting", "hourglass", ui.Amber
}

// retryDelivery tries one again.
func (s *Site) retryDelivery(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	if err := s.Notify.Retry(r.Context(), graph.ID(r.PostForm.Get("id"))); err != nil {
		return err
	}
	return saved(w, r, link.Operation(link.Deliveries))
}
