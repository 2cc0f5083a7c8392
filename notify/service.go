package notify

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/jobs"
)

// Options say how a Service works.
type Options struct {
	Store   graph.Store
	Policy  *authz.Policy
	Now     func() time.Time // nil: time.Now
	Keys    *audit.Keys      // open and seal what entries say of people; nil in tests alone
	Sources []Source

	Mail Mailer // nil: no mail is sent, and none is kept to be sent
	Site string // address of the site as readers use it, such as https://data.example.com
	// DigestHour is when digests are made, an hour of the day in UTC.
	DigestHour int
	// AllowPrivate lets webhooks go to addresses of this machine and of private networks, and without TLS.
	AllowPrivate bool
}

// Service holds the commands and queries over notifications, and the jobs that make and send them.
type Service struct {
	Options
	client *http.Client
}

// New makes a Service.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Site = strings.TrimRight(o.Site, "/")
	return &Service{Options: o, client: hookClient(o.AllowPrivate)}
}

// Jobs are what has to run for notifications to come about and be sent: they belong into one jobs.Runner.
func (s *Service) Jobs() []jobs.Job {
	out := []jobs.Job{
		{Name: "notify.follow", Every: time.Second, Do: s.follow},
		{Name: "notify.webhook", Every: 2 * time.Second, Do: func(ctx context.Context) error { return s.sendDue(ctx, doorHook) }},
		{Name: "notify.tidy", Every: 24 * time.Hour, Do: s.tidy},
	}
	if s.Mail == nil {
		return out
	}
	return append(out,
		jobs.Job{Name: "notify.mail", Every: 2 * time.Second, Do: func(ctx context.Context) error { return s.sendDue(ctx, doorMail) }},
		jobs.Job{Name: "notify.digest", Every: 10 * time.Minute, Do: s.digests},
	)
}

func (s *Service) now() time.Time { return graph.Time(s.Now()) }

// asOperator is a context in which the program itself acts, and what entries say of people can be read.
func (s *Service) asOperator(ctx context.Context) context.Context {
	return authz.With(audit.Sealing(ctx, s.Keys), authz.Operator)
}

// reachable is the person to tell; false if there is no such person, or he is disabled.
func (s *Service) reachable(ctx context.Context, id graph.ID) (identity.Somebody, bool, error) {
	people, err := s.people(ctx, id)
	if err != nil {
		return identity.Somebody{}, false, err
	}
	p, ok := people[id]
	return p, ok, nil
}

// people are those of ids that can be told something: people who are known and not disabled.
func (s *Service) people(ctx context.Context, ids ...graph.ID) (map[graph.ID]identity.Somebody, error) {
	out, err := identity.Lookup(ctx, s.Store, ids...)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(out, func(_ graph.ID, p identity.Somebody) bool { return p.Type != authz.Person || p.Disabled })
	return out, nil
}

// me is the person who acts. Notifications are for people alone: an agent reads none of its owner's.
func (s *Service) me(ctx context.Context, action authz.Action) (graph.ID, error) {
	if err := s.Policy.Require(ctx, authz.Self, authz.Everywhere, action); err != nil {
		return "", err
	}
	who := authz.From(ctx)
	if who.Type != authz.Person {
		return "", errs.E(errs.Forbidden, "Only people have notifications.")
	}
	return graph.ID(who.ID), nil
}
