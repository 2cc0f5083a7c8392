package main

import (
	"context"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"weir/errs"
	"weir/graph"
	"weir/jobs"
	"weir/marketplace"
	"weir/notify"
)

// newMarket makes the marketplace and what tells people of it, over a store that gets its policy templates if it has none.
func (s *Server) newMarket(ctx context.Context) error {
	if err := marketplace.InstallTemplates(ctx, s.Store, time.Now()); err != nil {
		return err
	}
	o, err := s.Config.enforcement()
	if err != nil {
		return err
	}
	o.People = s.Identity
	s.Market = marketplace.New(s.Store, s.Policy, o)
	mail, err := s.Config.mailer()
	if err != nil {
		return err
	}
	s.Notify = notify.New(notify.Options{
		Store: s.Store, Policy: s.Policy, Keys: s.Log.Keys(), Mail: mail, Site: s.Config.site(),
		Sources: []notify.Source{notify.FromMarket(s.Market, s.Store, time.Now)},
	})
	return nil
}

// marketJobs are what time asks for in the marketplace.
func (s *Server) marketJobs() []jobs.Job {
	return append(s.Notify.Jobs(),
		jobs.Job{Name: "market.sweep", Every: time.Minute, Do: s.Market.Sweep},
		jobs.Job{Name: "market.sunset", Every: time.Minute, Do: s.Market.EndProducts},
		jobs.Job{Name: "market.expire", Every: 30 * time.Second, Do: s.Market.ExpireDue},
		jobs.Job{Name: "market.warn", Every: time.Hour, Do: s.Market.WarnDue},
		jobs.Job{Name: "market.campaign", Every: time.Minute, Do: s.Market.CampaignsDue},
		jobs.Job{Name: "market.propose", Every: 10 * time.Second, Do: s.Market.RunProposals},
		jobs.Job{Name: "market.lapse", Every: time.Hour, Do: s.Market.LapseProposals},
		jobs.Job{Name: "market.deliver", Every: time.Second, Do: s.Market.Deliver},
	)
}

// runJobs does periodic work until ctx ends, on one server of those that share a store.
func (s *Server) runJobs(ctx context.Context) {
	who, err := os.Hostname()
	if err != nil {
		who = "server"
	}
	r := &jobs.Runner{Store: s.Store, Who: who + " " + strconv.Itoa(os.Getpid()), Jobs: s.marketJobs()}
	if err := r.Run(ctx); err != nil && ctx.Err() == nil {
		slog.Error("periodic work has ended; start the program again", "error", err)
	}
}

// enforcement says how grants reach the systems that hold the data: "manual", file:PATH or webhook:URL.
func (c *Config) enforcement() (marketplace.Options, error) {
	o := marketplace.Options{Now: time.Now, Channel: marketplace.Manual}
	kind, where, _ := strings.Cut(c.Enforcement, ":")
	switch {
	case c.Enforcement == "" || c.Enforcement == string(marketplace.Manual):
		return o, nil
	case kind == string(marketplace.File) && where != "":
		if !filepath.IsAbs(where) {
			where = filepath.Join(c.Dir, where)
		}
		e, err := marketplace.NewFileEnforcer(where)
		if err != nil {
			return o, errs.Badf("enforcement", "%s can't be written.", where)
		}
		o.Channel, o.Enforcers = marketplace.File, map[marketplace.Channel]marketplace.Enforcer{marketplace.File: e}
	case kind == string(marketplace.Webhook) && where != "":
		e, err := marketplace.NewWebhookEnforcer(where, c.EnforcementSecret)
		if err != nil {
			return o, errs.Badf("enforcement", "%s", inSetting(err))
		}
		o.Channel, o.Enforcers = marketplace.Webhook, map[marketplace.Channel]marketplace.Enforcer{marketplace.Webhook: e}
	default:
		return o, errs.Bad("enforcement", "has to be manual, file:PATH or webhook:URL.")
	}
	return o, nil
}

// mailer hands mail in where settings say: smtp://USER@HOST:PORT (it goes on with STARTTLS), smtps://… (TLS from the first
// byte), or smtp+clear://127.0.0.1:PORT for a server on this machine. nil: no mail is sent.
func (c *Config) mailer() (notify.Mailer, error) {
	if c.SMTP == "" {
		return nil, nil
	}
	u, err := url.Parse(c.SMTP)
	if err != nil || u.Host == "" {
		return nil, errs.Bad("smtp", "has to be smtp://HOST:PORT, smtps://HOST:PORT or, on this machine, smtp+clear://127.0.0.1:PORT.")
	}
	security, ok := map[string]notify.Security{"smtp": notify.StartTLS, "smtps": notify.TLS, "smtp+clear": notify.Clear}[u.Scheme]
	if !ok {
		return nil, errs.Bad("smtp", "has to begin with smtp://, smtps:// or smtp+clear://.")
	}
	if _, has := u.User.Password(); has {
		return nil, errs.Bad("smtp", "holds a password. Give it in WEIR_SMTP_PASSWORD.")
	}
	port, _ := strconv.Atoi(u.Port())
	if port == 0 {
		port = map[notify.Security]int{notify.StartTLS: 587, notify.TLS: 465, notify.Clear: 25}[security]
	}
	m, err := notify.NewSMTP(notify.SMTP{Host: u.Hostname(), Port: port, Security: security, User: u.User.Username(), Password: c.SMTPPassword, From: c.MailFrom})
	if err != nil {
		return nil, errs.Badf("smtp", "%s", err.Error())
	}
	return m, nil
}

// site is the address that links in mails and calls begin with.
func (c *Config) site() string {
	if c.ExternalURL != "" {
		return strings.TrimSuffix(c.ExternalURL, "/")
	}
	return "http://" + c.Addr
}

// marketSchema is what the marketplace and what serves it keep.
func marketSchema() (graph.Schema, error) {
	return graph.Merge(marketplace.Schema(), jobs.Schema(), notify.Schema())
}
