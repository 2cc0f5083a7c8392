package gqlschema

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"weir/authz"
	"weir/errs"
)

// right is a kind of thing and what is done with it, as the rules of authz spell them.
type right struct {
	kind   authz.Kind
	action authz.Action
}

// rule says who may ask for a field of a root. The zero value lets nobody in.
type rule struct {
	public   bool    // anybody
	signedIn bool    // whoever is signed in
	rights   []right // whoever has one of these
	// inside: the command decides by itself, about the very thing in question, and writes down whom it refused; here
	// somebody has to be signed in.
	inside bool
	// people: answered only where somebody signs in at all.
	people bool
	// market and notify: answered only where there is a marketplace, or somebody tells people of it.
	market, notify bool
	// recent: whoever is here in a session has to have proved lately who he is. A token that may do it was given for it.
	recent bool
}

// recentTime is what lately means.
const recentTime = 5 * time.Minute

// local tells whether the thing belongs to a domain, so that a right in one of them is enough to begin with; the services
// look at which. The others are one for all domains: so much as a look at the audit log needs a right everywhere.
func (r right) local() bool {
	switch r.kind {
	case authz.Asset, authz.Domain, authz.Event, authz.Roles, authz.Product, authz.Template, authz.Request, authz.Grant:
		return true
	}
	return false
}

func may(kind authz.Kind, action authz.Action) rule {
	return rule{rights: []right{{kind, action}}}
}

func decides(kind authz.Kind, action authz.Action) rule {
	return rule{rights: []right{{kind, action}}, inside: true}
}

// withPeople is answered only where somebody signs in.
func withPeople(r rule) rule { r.people = true; return r }

// sells is answered only where there is a marketplace.
func sells(r rule) rule { r.market = true; return r }

// tells is answered only where people are told of things.
func tells(r rule) rule { r.notify = true; return r }

func lately(r rule) rule { r.recent = true; return withPeople(r) }

// partOfRequests lets in whoever asks, decides, or sees the requests of a domain; the marketplace looks at which.
var partOfRequests = rule{rights: []right{{authz.Request, authz.Write}, {authz.Request, authz.Decide}, {authz.Request, authz.View}}}

// rules has a line for each field of each root: what has none is refused.
var rules = map[string]map[string]rule{
	"Query": {
		"node": may(authz.Asset, authz.View), "nodes": may(authz.Asset, authz.View),
		"dataset": may(authz.Asset, authz.View), "transform": may(authz.Asset, authz.View), "consumer": may(authz.Asset, authz.View),
		"datasets": may(authz.Asset, authz.View), "transforms": may(authz.Asset, authz.View), "consumers": may(authz.Asset, authz.View),
		"runs": may(authz.Asset, authz.View), "domains": may(authz.Domain, authz.View),
		"tags": may(authz.Asset, authz.View), "owners": may(authz.Asset, authz.View), "dataClasses": may(authz.Asset, authz.View),
		"search": may(authz.Asset, authz.View), "lineage": may(authz.Asset, authz.View), "lineagePath": may(authz.Asset, authz.View),
		"columnLineage": may(authz.Asset, authz.View), "columnOrigins": may(authz.Asset, authz.View), "impact": may(authz.Asset, authz.View),
		"history": may(authz.Asset, authz.View), "counts": may(authz.Asset, authz.View),
		"changes": {rights: []right{{authz.Asset, authz.View}, {authz.Audit, authz.View}}},
		"viewer":  {signedIn: true},

		"auditEntries": may(authz.Audit, authz.View), "auditEntry": may(authz.Audit, authz.View), "auditState": may(authz.Audit, authz.View),

		"users": withPeople(may(authz.People, authz.View)), "user": withPeople(may(authz.People, authz.View)),
		"teams": withPeople(may(authz.People, authz.View)), "team": withPeople(may(authz.People, authz.View)),
		"accounts": withPeople(may(authz.People, authz.View)), "account": withPeople(may(authz.People, authz.View)),
		"people": withPeople(may(authz.People, authz.View)), "tokens": withPeople(may(authz.Self, authz.View)),
		"sessions": withPeople(may(authz.Self, authz.View)), "standIns": withPeople(may(authz.Self, authz.View)),
		"roles": withPeople(may(authz.People, authz.View)), "policy": withPeople(may(authz.Rules, authz.View)),

		"products": sells(may(authz.Product, authz.View)), "product": sells(may(authz.Product, authz.View)),
		"productsWith": sells(may(authz.Product, authz.View)), "purposes": sells(may(authz.Product, authz.View)),
		"templates": sells(may(authz.Template, authz.View)), "template": sells(may(authz.Template, authz.View)),
		"simulation":     sells(may(authz.Template, authz.View)),
		"requestPreview": sells(may(authz.Request, authz.Write)), "drafts": sells(may(authz.Request, authz.Write)),
		"draft": sells(may(authz.Request, authz.Write)), "renewal": sells(may(authz.Request, authz.Write)),
		"requests": sells(partOfRequests), "request": sells(partOfRequests), "requestItem": sells(partOfRequests), "replay": sells(partOfRequests),
		"inbox": sells(may(authz.Request, authz.Decide)), "inboxCount": sells(partOfRequests),
		"grants": sells(may(authz.Product, authz.View)), "datasetGrants": sells(may(authz.Product, authz.View)),
		"grant": sells(may(authz.Product, authz.View)),
		"tasks": sells(may(authz.Product, authz.View)), "task": sells(may(authz.Product, authz.View)),
		"taskCount": sells(may(authz.Product, authz.View)),
		"campaigns": sells(may(authz.Product, authz.View)), "campaign": sells(may(authz.Product, authz.View)),

		"proposals": sells(partOfRequests), "proposal": sells(partOfRequests), "proposalCount": sells(partOfRequests),
		"actEffect": sells(may(authz.Request, authz.Write)), "actRules": sells(partOfRequests),

		"notifications": tells(may(authz.Self, authz.View)), "unreadNotifications": tells(may(authz.Self, authz.View)),
		"notificationSettings": tells(may(authz.Self, authz.View)), "webhooks": tells(may(authz.System, authz.View)),
		"deliveries": tells(may(authz.System, authz.View)), "jobs": may(authz.System, authz.View),
	},
	"Mutation": {
		"describe": decides(authz.Asset, authz.Edit), "closeLineage": decides(authz.Asset, authz.Link), "setSame": decides(authz.Asset, authz.Link),

		"createUser": withPeople(decides(authz.People, authz.Manage)), "editProfile": withPeople(decides(authz.Self, authz.Manage)),
		"changePassword": withPeople(decides(authz.Self, authz.Manage)),
		"disableUser":    withPeople(decides(authz.People, authz.Manage)), "enableUser": withPeople(decides(authz.People, authz.Manage)),
		"createTeam": withPeople(decides(authz.People, authz.Manage)), "editTeam": withPeople(decides(authz.People, authz.Manage)),
		"deleteTeam": lately(decides(authz.People, authz.Manage)),
		"addMember":  lately(decides(authz.People, authz.Manage)), "removeMember": lately(decides(authz.People, authz.Manage)),
		"createAccount":  withPeople(decides(authz.Self, authz.Manage)),
		"disableAccount": withPeople(decides(authz.Self, authz.Manage)), "enableAccount": withPeople(decides(authz.Self, authz.Manage)),
		"createToken": lately(decides(authz.Self, authz.Manage)), "revokeToken": withPeople(decides(authz.Self, authz.Manage)),
		"revokeSession": withPeople(decides(authz.Self, authz.Manage)),
		"grantRole":     lately(decides(authz.Roles, authz.Manage)), "revokeRole": lately(decides(authz.Roles, authz.Manage)),
		"setPolicy": lately(decides(authz.Rules, authz.Manage)),
		"standIn":   lately(decides(authz.Self, authz.Manage)), "endStandIn": withPeople(decides(authz.Self, authz.Manage)),

		"createProduct": sells(decides(authz.Product, authz.Edit)), "editProduct": sells(decides(authz.Product, authz.Edit)),
		"setProductParts": sells(decides(authz.Product, authz.Edit)), "setProductTerms": sells(decides(authz.Product, authz.Edit)),
		"publishProduct": sells(decides(authz.Product, authz.Manage)), "deprecateProduct": sells(decides(authz.Product, authz.Manage)),
		"retireProduct": sells(decides(authz.Product, authz.Manage)),
		"saveTemplate":  sells(decides(authz.Template, authz.Edit)), "confirmTemplate": sells(decides(authz.Template, authz.Manage)),
		"refuseTemplate": sells(decides(authz.Template, authz.Manage)), "simulateTemplate": sells(decides(authz.Template, authz.Edit)),
		"saveDraft": sells(decides(authz.Request, authz.Write)), "discardDraft": sells(may(authz.Request, authz.Write)),
		"submitRequest": sells(decides(authz.Request, authz.Write)), "withdrawItem": sells(decides(authz.Request, authz.Write)),
		"answerItem": sells(decides(authz.Request, authz.Write)),
		"decide":     sells(decides(authz.Request, authz.Decide)), "decideAll": sells(decides(authz.Request, authz.Decide)),
		"revokeGrant": sells(decides(authz.Grant, authz.Manage)), "handBackGrant": sells(decides(authz.Grant, authz.Manage)),
		"shortenGrant": sells(decides(authz.Grant, authz.Manage)), "retryGrant": sells(decides(authz.Grant, authz.Manage)),
		"finishTask":   sells(decides(authz.Self, authz.Manage)),
		"openCampaign": sells(decides(authz.Grant, authz.Manage)), "closeCampaign": sells(decides(authz.Grant, authz.Manage)),
		"answerReview": sells(decides(authz.Request, authz.Decide)),

		"propose": lately(sells(decides(authz.Request, authz.Write))), "confirmProposal": lately(sells(decides(authz.Request, authz.Decide))),
		"refuseProposal":  lately(sells(decides(authz.Request, authz.Decide))),
		"retractProposal": lately(sells(decides(authz.Request, authz.Write))),
		"setActRule":      lately(sells(decides(authz.Rules, authz.Manage))), "deleteDataset": lately(sells(decides(authz.Asset, authz.Edit))),

		"markRead": tells(decides(authz.Self, authz.Manage)), "markAllRead": tells(decides(authz.Self, authz.Manage)),
		"setNotificationSettings": tells(decides(authz.Self, authz.Manage)),
		"addWebhook":              tells(decides(authz.System, authz.Manage)), "removeWebhook": tells(decides(authz.System, authz.Manage)),
		"switchWebhook": tells(decides(authz.System, authz.Manage)), "testWebhook": tells(decides(authz.System, authz.Manage)),
		"retryDelivery": tells(decides(authz.System, authz.Manage)),
	},
	"Subscription": {
		"changes": {rights: []right{{authz.Asset, authz.View}, {authz.Audit, authz.View}}},
	},
}

// guard asks for the rule of each root's field before it is answered.
type guard struct {
	policy *authz.Policy
	people bool // somebody signs in here
	market bool // there is a marketplace
	notify bool // people are told of things
	now    func() time.Time
}

func (guard) ExtensionName() string { return "Guard" }

func (guard) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField stands before each resolver.
func (g guard) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	fc := graphql.GetFieldContext(ctx)
	fields, root := rules[fc.Object]
	if !root {
		return next(ctx)
	}
	if name := fc.Field.Name; name != "__typename" && name != "__schema" && name != "__type" {
		if err := g.ask(ctx, fields[name]); err != nil {
			return nil, err
		}
	}
	return next(ctx)
}

func (g guard) ask(ctx context.Context, r rule) error {
	if err := r.require(ctx, g.policy); err != nil {
		return err
	}
	if r.people && !g.people {
		return errs.E(errs.Unavailable, "Nobody signs in here.")
	}
	if r.market && !g.market || r.notify && !g.notify {
		return errs.E(errs.Unavailable, "There is no marketplace here.")
	}
	if who := authz.From(ctx); r.recent && who.Session != "" && g.now().Sub(who.SignedInAt) > recentTime {
		return errs.E(errs.Forbidden, "Sign in again first: this asks for somebody who did so within the last five minutes.")
	}
	return nil
}

// require refuses whom the rule doesn't let in. Errors: Unauthenticated, Forbidden.
func (r rule) require(ctx context.Context, p *authz.Policy) error {
	if p == nil || r.public {
		return nil
	}
	if !authz.From(ctx).Known() {
		return errs.E(errs.Unauthenticated, "Sign in first.")
	}
	if r.signedIn || r.inside {
		return nil
	}
	var refused error = errs.E(errs.Forbidden, "Nobody may ask for this.")
	for i, one := range r.rights {
		if one.local() && p.CanSomewhere(ctx, one.kind, one.action) {
			return nil
		}
		err := p.Require(ctx, one.kind, authz.Everywhere, one.action)
		if err == nil {
			return nil
		}
		if i == 0 {
			refused = err
		}
	}
	return refused
}
