package notify

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

const (
	secretPrefix = "whsec_"
	maxHookName  = 100
	maxHookURL   = 2_000
	maxHooks     = 100
)

// Webhook is a place outside that is told of notices. What of its address may be a secret isn't shown.
type Webhook struct {
	ID       graph.ID
	Name     string
	Host     string // of its address
	Format   Format
	Kinds    []Kind // none: all
	Disabled bool
	Created  time.Time
}

// NewWebhook is a webhook to be added.
type NewWebhook struct {
	Name   string
	URL    string
	Format Format
	Kinds  []Kind // none: all
}

func (h hook) shown() Webhook {
	out := Webhook{ID: h.ID, Name: h.Name, Format: h.Format, Disabled: h.Disabled, Created: h.Created}
	if u, err := url.Parse(h.URL); err == nil {
		out.Host = u.Host
	}
	for _, k := range h.Kinds {
		out.Kinds = append(out.Kinds, Kind(k))
	}
	return out
}

func (h hook) wants(k Kind) bool {
	return !h.Disabled && (len(h.Kinds) == 0 || slices.Contains(h.Kinds, string(k)))
}

// allHooks are at most maxHooks.
func allHooks(ctx context.Context, r graph.Reader) ([]hook, error) {
	page, err := r.List(ctx, graph.Query{Kind: hookType.Kind, Sort: "name", Limit: maxHooks, Where: []graph.Filter{{Prop: "removed", Op: graph.Missing}}})
	if err != nil {
		return nil, err
	}
	hooks, err := hookType.ReadAll(page.Nodes)
	return hooks, broken(err)
}

func liveHooks(ctx context.Context, r graph.Reader) ([]hook, error) {
	hooks, err := allHooks(ctx, r)
	return slices.DeleteFunc(hooks, func(h hook) bool { return h.Disabled }), err
}

// Webhooks lists the webhooks by name. Errors: Unauthenticated, Forbidden.
func (s *Service) Webhooks(ctx context.Context) ([]Webhook, error) {
	if err := s.Policy.Require(ctx, authz.System, authz.Everywhere, authz.View); err != nil {
		return nil, err
	}
	hooks, err := allHooks(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	out := make([]Webhook, len(hooks))
	for i, h := range hooks {
		out[i] = h.shown()
	}
	return out, nil
}

// AddWebhook adds a webhook. The secret, of the standard format alone, is what the receiver checks signatures with; it is
// returned this once. Errors: Unauthenticated, Forbidden, Invalid with the fields, Exists if the name is taken.
func (s *Service) AddWebhook(ctx context.Context, in NewWebhook) (w Webhook, secret string, err error) {
	const action = "notify.webhook-add"
	if err := s.manage(ctx, action, ""); err != nil {
		return Webhook{}, "", err
	}
	h, err := s.newHook(in)
	if err != nil {
		return Webhook{}, "", err
	}
	err = s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, "webhooks"); err != nil {
			return err
		}
		all, err := allHooks(ctx, tx)
		if err != nil {
			return err
		}
		if err := room(all, h.Name); err != nil {
			return err
		}
		nodes, err := tx.Put(ctx, hookType.Write(h.ID, graph.Create, h))
		if err != nil {
			return err
		}
		h.Created = nodes[0].Created
		changes := changed(nil, h.ID, "name", "", h.Name)
		changes = changed(changes, h.ID, "host", "", h.shown().Host)
		changes = changed(changes, h.ID, "format", "", string(h.Format))
		changes = changed(changes, h.ID, "kinds", "", strings.Join(h.Kinds, " "))
		return s.record(ctx, tx, action, h.ID, changes)
	})
	if err != nil {
		return Webhook{}, "", err
	}
	return h.shown(), h.Secret, nil
}

func room(all []hook, name string) error {
	if slices.ContainsFunc(all, func(h hook) bool { return h.Name == name }) {
		const msg = "is taken already."
		return &errs.Error{Kind: errs.Exists, Message: "name: " + msg, Fields: []errs.Field{{Name: "name", Message: msg}}}
	}
	if len(all) >= maxHooks {
		return errs.Ef(errs.TooLarge, "There are %d webhooks, and no more can be added. Remove one first.", maxHooks)
	}
	return nil
}

// newHook checks what is to be added, and makes its id and secret.
func (s *Service) newHook(in NewWebhook) (hook, error) {
	var bad []errs.Field
	add := func(name, message string) { bad = append(bad, errs.Field{Name: name, Message: message}) }
	h := hook{ID: graph.ID(hookType.Spec.Prefix + "_" + strings.ToLower(rand.Text())), Name: line(in.Name), URL: strings.TrimSpace(in.URL), Format: in.Format}
	switch {
	case h.Name == "":
		add("name", "is missing.")
	case len(h.Name) > maxHookName:
		add("name", "is longer than 100 bytes.")
	}
	if message := s.badAddress(h.URL); message != "" {
		add("url", message)
	}
	switch h.Format {
	case Standard:
		h.Secret = newSecret()
	case Chat:
	default:
		add("format", "is neither standard nor chat.")
	}
	for _, k := range in.Kinds {
		if !k.Known() {
			add("kinds", "name a kind of notification that there isn't.")
			break
		}
		h.Kinds = append(h.Kinds, string(k))
	}
	slices.Sort(h.Kinds)
	h.Kinds = slices.Compact(h.Kinds)
	return h, errs.Fields(bad)
}

// badAddress says what is wrong with the address of a webhook. Where its name leads is looked at with each call.
func (s *Service) badAddress(address string) string {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return "is missing."
	case len(address) > maxHookURL:
		return "is longer than 2000 bytes."
	case err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "":
		return "is not an address that can be called."
	case u.Scheme != "https" && !(u.Scheme == "http" && s.AllowPrivate):
		return "must begin with https://."
	}
	return ""
}

func newSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // it ends the program instead of returning an error
	return secretPrefix + base64.StdEncoding.EncodeToString(b)
}

// RemoveWebhook removes a webhook; what still was to be sent there has failed. Errors: Unauthenticated, Forbidden, NotFound.
func (s *Service) RemoveWebhook(ctx context.Context, id graph.ID) error {
	const action = "notify.webhook-remove"
	if err := s.manage(ctx, action, id); err != nil {
		return err
	}
	return s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, "webhooks"); err != nil {
			return err
		}
		h, err := hookAt(ctx, tx, id)
		if err != nil {
			return err
		}
		changes := changed(nil, id, "name", h.Name, "")
		if _, err := tx.Put(ctx, hookType.Write(id, graph.IfVersion, hook{Removed: true, Version: h.Version})); err != nil {
			return err
		}
		return s.record(ctx, tx, action, id, changes)
	})
}

// SwitchWebhook switches a webhook off or on. What happens while it is off is never sent there.
// Errors: Unauthenticated, Forbidden, NotFound.
func (s *Service) SwitchWebhook(ctx context.Context, id graph.ID, off bool) error {
	const action = "notify.webhook-switch"
	if err := s.manage(ctx, action, id); err != nil {
		return err
	}
	return s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, "webhooks"); err != nil {
			return err
		}
		h, err := hookAt(ctx, tx, id)
		if err != nil || h.Disabled == off {
			return err
		}
		word := map[bool]string{false: "on", true: "off"}
		changes := changed(nil, id, "switched", word[h.Disabled], word[off])
		h.Disabled = off
		if _, err := tx.Put(ctx, hookType.Write(id, graph.IfVersion, h)); err != nil {
			return err
		}
		return s.record(ctx, tx, action, id, changes)
	})
}

func hookAt(ctx context.Context, r graph.Reader, id graph.ID) (hook, error) {
	n, err := graph.One(ctx, r, id)
	if errs.Is(err, errs.NotFound) || err == nil && n.Kind != hookType.Kind {
		return hook{}, errs.E(errs.NotFound, "There is no such webhook.")
	}
	if err != nil {
		return hook{}, err
	}
	h, err := hookType.Read(n)
	if err != nil {
		return hook{}, broken(err)
	}
	if h.Removed {
		return hook{}, errs.E(errs.NotFound, "There is no such webhook.")
	}
	return h, nil
}

// manage asks for the right to change what the program as a whole does, and writes a refusal down.
func (s *Service) manage(ctx context.Context, action string, target graph.ID) error {
	if err := s.Policy.Require(ctx, authz.System, authz.Everywhere, authz.Manage); err != nil {
		return s.Policy.Refused(ctx, s.Store, s.now(), action, target, err)
	}
	return nil
}

func (s *Service) record(ctx context.Context, tx graph.Tx, action string, target graph.ID, changes []audit.Change) error {
	return audit.Append(ctx, tx, s.now(), audit.Entry{
		Actor: authz.Actor(ctx), Action: action, Target: target, Decision: audit.Allowed, Changes: changes,
	})
}
