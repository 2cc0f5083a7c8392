package main

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"weir/audit"
	"weir/audit/ledger"
	"weir/authz"
	"weir/catalog"
	"weir/catalog/lineage"
	"weir/errs"
	"weir/gqlschema"
	"weir/graph"
	"weir/identity"
	"weir/identity/oidc"
	"weir/identity/session"
	"weir/web"
)

// guard is what knows who asks, what he may do, and what is proved of it.
type guard struct {
	Policy   *authz.Policy
	Roles    *authz.Service
	Identity *identity.Service
	Sessions *session.Manager
	Provider *oidc.Provider // the company's own place to sign in; nil: there is none
	Log      *audit.Log
	Sealer   *audit.Sealer
}

// schema is everything that the program keeps.
func schema() (graph.Schema, error) {
	market, err := marketSchema()
	if err != nil {
		return graph.Schema{}, errs.Wrap(err, errs.Internal, "The schema of the program is not right.")
	}
	s, err := graph.Merge(catalog.Schema(), audit.Schema(), authz.Schema(), identity.Schema(), session.Schema(), market)
	return s, errs.Wrap(err, errs.Internal, "The schema of the program is not right.")
}

// newGuard makes the guard over a store, which gets its rules if it has none.
func (c *Config) newGuard(ctx context.Context, store graph.Store) (*guard, error) {
	if err := authz.Install(ctx, store, time.Now()); err != nil {
		return nil, err
	}
	policy, err := authz.NewPolicy(ctx, store)
	if err != nil {
		return nil, err
	}
	log, err := audit.Open(ctx, store, audit.Options{Dir: c.Dir, Host: c.host(), Now: time.Now})
	if err != nil {
		return nil, err
	}
	anchors, err := c.anchors()
	if err != nil {
		return nil, err
	}
	provider, err := c.provider()
	if err != nil {
		return nil, err
	}
	return &guard{
		Provider: provider,
		Policy:   policy,
		Roles:    &authz.Service{Store: store, Policy: policy, Now: time.Now},
		Identity: identity.New(store, policy, identity.Options{Now: time.Now, Keys: log.Keys(), Groups: c.groups()}),
		Sessions: session.New(session.Options{Store: store, Policy: policy, Now: time.Now, Secure: c.overTLS()}),
		Log:      log,
		Sealer:   &audit.Sealer{Log: log, Anchors: anchors},
	}, nil
}

// asOperator is a context in which the operator at the machine acts, and payloads can be sealed and opened.
func (g *guard) asOperator(ctx context.Context) context.Context {
	return authz.With(audit.Sealing(ctx, g.Log.Keys()), authz.Operator)
}

// host is the first part of the log's name: the host of the address that readers use, where one is configured.
func (c *Config) host() string {
	u, err := url.Parse(c.ExternalURL)
	if err != nil {
		return "" // validate has refused it before
	}
	return u.Hostname()
}

// anchors are the places outside that checkpoints are sent to.
func (c *Config) anchors() ([]audit.Anchor, error) {
	var out []audit.Anchor
	if level, err := c.level(); err == nil && level <= slog.LevelInfo {
		out = append(out, audit.AnchorLine{})
	}
	if c.AnchorFile != "" {
		out = append(out, audit.AnchorFile{Path: c.AnchorFile})
	}
	if c.AnchorWebhook != "" {
		a, err := audit.NewAnchorWebhook(c.AnchorWebhook, nil)
		if err != nil {
			return nil, errs.Badf("anchor-webhook", "%s", inSetting(err))
		}
		out = append(out, a)
	}
	if c.WitnessURL != "" || c.WitnessKey != "" {
		a, err := audit.NewAnchorWitness(c.WitnessURL, c.WitnessKey, nil)
		if err != nil {
			return nil, errs.Badf("witness-url and witness-key", "%s", inSetting(err))
		}
		out = append(out, a)
	}
	return out, nil
}

// inSetting is what an error says of the value of a setting, without the name that the value has inside.
func inSetting(err error) string {
	if e, ok := errs.As(err); ok && len(e.Fields) > 0 {
		return e.Fields[0].Message
	}
	return err.Error()
}

// newSite wires the pages and doors.
func (s *Server) newSite() *web.Site {
	remembered := web.Remember(s.Store)
	flow := lineage.New(remembered, time.Now).Guarded(s.Policy)
	log := &ledger.Service{Store: s.Store, Log: s.Log, Policy: s.Policy, Now: time.Now}
	o := web.Options{
		Catalog: s.Catalog, Lineage: flow, Intake: s.Intake, Ready: s.Store.Ready,
		GraphQL: gqlschema.Handler(gqlschema.Options{
			Catalog: s.Catalog, Lineage: flow, Log: s.Store, Audit: s.Log, Policy: s.Policy, Recheck: web.Recheck, Stopping: s.stopping,
			People: s.Identity, Roles: s.Roles, Sessions: s.Sessions, Market: s.Market, Notify: s.Notify,
		}),
		Identity: s.Identity, Sessions: s.Sessions, Policy: s.Policy, Log: log, People: s.people,
		Market: s.Market, Notify: s.Notify,
		Provider: s.Provider, Secure: s.Config.overTLS(), Organisation: s.Config.Organisation, Now: time.Now,
	}
	if s.tune != nil {
		s.tune(&o)
	}
	return web.New(o)
}
