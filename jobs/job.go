// Package jobs does named work again and again, on one server at a time however many share a store.
//
// Each job has a lease in the store. Whoever holds it renews it; whoever doesn't takes it only after he has watched it
// stand still for its whole time. No server trusts the clock of another, nor its own wall clock: what counts is how long it
// has itself been waiting, on a clock that never jumps. So a wall clock that is set forwards or backwards neither lets two
// hold a lease nor makes it stick.
//
// A server that is stopped for long (a suspended machine) may wake up and believe that it still holds the lease. What
// must not happen twice therefore stands under Fence in the transaction that writes it.
package jobs

import (
	"context"
	"fmt"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// Job is work that is to be done once in each period, by one of the servers.
//
// When a job is due is a question of the wall clock: Every after the last run began. A clock that is set back can put that
// off by one period at most, one that is set forwards makes it due early once. A run that ends with its server is done
// again by another, so Do must not mind being cut off. After a failure the job is due again sooner than Every.
type Job struct {
	Name  string // stable: letters, digits, dots and dashes
	Every time.Duration
	Do    func(ctx context.Context) error // ctx ends with the lease; a panic counts as an error
}

// DefaultTerm is how long a lease stands still before another server takes it.
const DefaultTerm = 30 * time.Second

// Runner does jobs on one server.
type Runner struct {
	Store graph.Store
	Now   func() time.Time // wall clock, for when jobs are due; nil: time.Now
	Who   string           // the server, to be shown; leases tell servers of the same name apart
	Jobs  []Job
	Term  time.Duration // of a lease; 0: DefaultTerm; the same on all servers
}

// lease is the node of a job.
type lease struct {
	ID       graph.ID  `graph:",id"`
	Job      string    `graph:"job"`
	Every    int64     `graph:"every"`  // nanoseconds
	Holder   string    `graph:"holder"` // "": nobody
	Token    int64     `graph:"token"`  // grows with each taking: the version that the node got by it
	Beat     int64     `graph:"beat"`   // grows with each renewal, so that the version does
	Last     time.Time `graph:"last"`   // when the last run that ended began, on the wall clock of who ran it
	Took     int64     `graph:"took"`   // nanoseconds
	Runs     int64     `graph:"runs"`
	Failures int64     `graph:"failures"` // in a row
	Error    string    `graph:"error"`    // of the last run; "" if that went well
	Version  int64     `graph:",version"`
}

var leaseType = graph.Declare[lease]("Lease", graph.Spec{Prefix: "lse", Lists: []graph.List{{Sort: "job"}}})

// Schema declares what is kept of jobs in the store.
func Schema() graph.Schema { return leaseType.Schema() }

func leaseID(job string) graph.ID { return graph.ID(leaseType.Spec.Prefix + "_" + job) }

// State is how a job stands, on whichever server.
type State struct {
	Name     string
	Every    time.Duration
	Holder   string    // the server that holds the lease; "": none at this moment
	Last     time.Time // when the last run that ended began; zero: none has. Of a job of less than a minute it is seconds old
	Took     time.Duration
	Runs     int64
	Failures int64  // in a row
	Error    string // of the last run; "" if that went well
}

// Status lists the jobs that any server has run on this store, by name. A nil policy allows everybody. Errors: Forbidden.
func Status(ctx context.Context, r graph.Reader, policy *authz.Policy) ([]State, error) {
	if err := policy.Require(ctx, authz.System, authz.Everywhere, authz.View); err != nil {
		return nil, err
	}
	page, err := r.List(ctx, graph.Query{Kind: leaseType.Kind, Sort: "job", Limit: graph.MaxPage})
	if err != nil {
		return nil, err
	}
	leases, err := leaseType.ReadAll(page.Nodes)
	if err != nil {
		return nil, broken(err)
	}
	out := make([]State, len(leases))
	for i, l := range leases {
		out[i] = State{
			Name: l.Job, Every: time.Duration(l.Every), Holder: server(l.Holder), Last: l.Last, Took: time.Duration(l.Took),
			Runs: l.Runs, Failures: l.Failures, Error: l.Error,
		}
	}
	return out, nil
}

func broken(err error) error {
	return errs.Wrap(err, errs.Internal, "The state of a job can't be read.")
}

// check finds mistakes in the list of jobs.
func (r *Runner) check() error {
	names := map[string]bool{}
	for _, j := range r.Jobs {
		switch {
		case j.Name == "" || !graph.ValidID(leaseID(j.Name)):
			return errs.Ef(errs.Internal, "%q can't name a job.", j.Name)
		case names[j.Name]:
			return errs.Ef(errs.Internal, "Two jobs are called %s.", j.Name)
		case j.Every <= 0 || j.Do == nil:
			return errs.Wrap(fmt.Errorf("every %v", j.Every), errs.Internal, "Job "+j.Name+" has no period or nothing to do.")
		}
		names[j.Name] = true
	}
	return nil
}
