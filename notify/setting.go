package notify

import (
	"context"
	"slices"
	"strings"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// Settings are how the person who asks wants to be told. In the program he always is.
type Settings struct {
	Mail    Mail
	Muted   []Kind // not mailed, unless urgent
	Address string // where mail goes; "": the person has no address, and gets no mail
	Mailing bool   // whether this program sends mail at all
	Version int64  // of the settings as they were read; 0: never changed
}

// NewSettings change how one is told. Version is the one that was looked at; 0 with settings that were changed before means any.
type NewSettings struct {
	Mail    Mail
	Muted   []Kind
	Version int64
}

// Settings reads the settings of the person who asks. Errors: Unauthenticated, Forbidden.
func (s *Service) Settings(ctx context.Context) (Settings, error) {
	me, err := s.me(ctx, authz.View)
	if err != nil {
		return Settings{}, err
	}
	set, err := settingAt(ctx, s.Store, me)
	if err != nil {
		return Settings{}, err
	}
	u, _, err := s.reachable(ctx, me)
	if err != nil {
		return Settings{}, err
	}
	out := Settings{Mail: set.mail(), Address: u.Email, Mailing: s.Mail != nil, Version: set.Version}
	for _, k := range set.Muted {
		out.Muted = append(out.Muted, Kind(k))
	}
	return out, nil
}

// mail is how much mail is wanted, where nothing was chosen too.
func (set setting) mail() Mail {
	if set.Mail == "" {
		return MailOnce
	}
	return set.Mail
}

func settingAt(ctx context.Context, r graph.Reader, person graph.ID) (setting, error) {
	nodes, err := r.Nodes(ctx, settingID(person))
	if err != nil {
		return setting{}, err
	}
	n, ok := nodes[settingID(person)]
	if !ok {
		return setting{Person: person}, nil
	}
	set, err := settingType.Read(n)
	return set, broken(err)
}

// SetSettings changes the settings of the person who asks, from the next notice on.
// Errors: Unauthenticated, Forbidden, Invalid with the fields, Conflict if they were changed since Version.
func (s *Service) SetSettings(ctx context.Context, in NewSettings) error {
	const action = "notify.settings"
	me, err := s.me(ctx, authz.Manage)
	if err != nil {
		return s.Policy.Refused(ctx, s.Store, s.now(), action, "", err)
	}
	muted, err := in.check()
	if err != nil {
		return err
	}
	ctx = audit.Sealing(ctx, s.Keys)
	return s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, string(settingID(me))); err != nil {
			return err
		}
		set, err := settingAt(ctx, tx, me)
		if err != nil {
			return err
		}
		if in.Version != 0 && in.Version != set.Version {
			return errs.E(errs.Conflict, "These settings were changed meanwhile. Look at them again, then save.")
		}
		changes := changed(nil, me, "mail", string(set.mail()), string(in.Mail))
		changes = changed(changes, me, "muted", strings.Join(set.Muted, " "), strings.Join(muted, " "))
		if len(changes) == 0 {
			return nil
		}
		if in.Mail == MailDigest && set.Mail != MailDigest {
			set.Digested = s.now() // what came before was mailed, or not wanted
		}
		set.Mail, set.Muted = in.Mail, muted
		mode := graph.IfVersion
		if set.Version == 0 {
			mode = graph.Create
		}
		if _, err := tx.Put(ctx, settingType.Write(settingID(me), mode, set)); err != nil {
			return err
		}
		e := audit.Entry{Actor: authz.Actor(ctx), Action: action, Target: me, Decision: audit.Allowed, Changes: changes}
		if s.Keys != nil {
			e.Subject = me
		}
		return audit.Append(ctx, tx, s.now(), e)
	})
}

// check returns the kinds that aren't to be mailed, each once and sorted.
func (in NewSettings) check() ([]string, error) {
	var bad []errs.Field
	if in.Mail != MailOnce && in.Mail != MailDigest && in.Mail != MailOff {
		bad = append(bad, errs.Field{Name: "mail", Message: "is none of once, digest and off."})
	}
	var muted []string
	for _, k := range in.Muted {
		if !k.Known() {
			bad = append(bad, errs.Field{Name: "muted", Message: "names a kind of notification that there isn't."})
			break
		}
		muted = append(muted, string(k))
	}
	slices.Sort(muted)
	return slices.Compact(muted), errs.Fields(bad)
}

// changed lists one field if it is another one than before.
func changed(out []audit.Change, id graph.ID, field, before, after string) []audit.Change {
	if before == after {
		return out
	}
	return append(out, audit.Change{Asset: id, Field: field, Before: before, After: after})
}
