package jobs

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"weir/errs"
	"weir/graph"
)

// errLost tells that somebody else holds the lease, or may hold it by now.
var errLost = errors.New("the lease was lost")

// keeper is one server's hand on the lease of one job. Its times come from time.Now and are only compared with one
// another, so that the monotonic clock counts.
type keeper struct {
	store graph.Store
	job   Job
	who   string // the server and this process
	term  time.Duration

	held    bool
	at      lease     // while held: as it is to be written; else: as it was seen
	renewed time.Time // while held: when the last renewal began that was saved
	seen    time.Time // while not held: when at.Version was first seen
	unsaved bool      // at holds the outcome of a run that has yet to be written
}

func newKeeper(r *Runner, j Job) *keeper {
	k := &keeper{store: r.Store, job: j, who: r.Who + processMark + rand.Text()[:10], term: r.Term}
	if k.term == 0 {
		k.term = DefaultTerm
	}
	return k
}

// processMark stands between the name of a server and what tells its processes apart.
const processMark = "#"

func server(holder string) string {
	name, _, _ := strings.Cut(holder, processMark)
	return name
}

// kept tells whether the lease is kept between runs, which saves the two writes that each run of an often repeated job would
// cost.
func (k *keeper) kept() bool { return k.job.Every < k.term }

// look reads the lease and notes since when it has been standing still.
func (k *keeper) look(ctx context.Context) error {
	nodes, err := k.store.Nodes(ctx, leaseID(k.job.Name))
	if err != nil {
		return err
	}
	var l lease
	if n, ok := nodes[leaseID(k.job.Name)]; ok {
		if l, err = leaseType.Read(n); err != nil {
			return broken(err)
		}
	}
	if l.Version != k.at.Version || k.seen.IsZero() {
		k.seen = time.Now()
	}
	k.at = l
	return nil
}

// free tells whether the lease may be taken: nobody has it, it has stood still for its term, or it was taken here and the
// store's answer got lost.
func (k *keeper) free() bool {
	return k.at.Holder == "" || k.at.Holder == k.who || time.Since(k.seen) >= k.term
}

// take takes the lease if it is still as it was seen; errs.Conflict if it isn't.
func (k *keeper) take(ctx context.Context) error {
	began, next := time.Now(), k.at
	next.Job, next.Every, next.Holder, next.Token = k.job.Name, int64(k.job.Every), k.who, k.at.Version+1
	next.Beat++
	err := k.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, lockOf(k.job.Name)); err != nil {
			return err
		}
		mode := graph.IfVersion
		if next.Version == 0 {
			mode = graph.Create
		}
		_, err := tx.Put(ctx, leaseType.Write(leaseID(k.job.Name), mode, next))
		return err
	})
	if errs.Is(err, errs.Exists) {
		return errs.Wrap(err, errs.Conflict, "Another server took the job.")
	}
	if err != nil {
		return err
	}
	next.Version++
	k.at, k.held, k.renewed = next, true, began
	return nil
}

// renew writes the lease as it stands, and gives it back if release is set. errLost if it isn't ours any more; after any
// other error it may be tried again until the lease counts as lost.
func (k *keeper) renew(ctx context.Context, release bool) error {
	began := time.Now()
	ctx, cancel := context.WithDeadline(ctx, k.lostAt())
	defer cancel()
	err := k.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		now, err := ours(ctx, tx, k.job.Name, k.who, k.at.Token)
		if err != nil {
			return err
		}
		next := k.at
		next.Version, next.Beat = now.Version, now.Beat+1
		if release {
			next.Holder = ""
		}
		_, err = tx.Put(ctx, leaseType.Write(leaseID(k.job.Name), graph.IfVersion, next))
		return err
	})
	switch {
	case errors.Is(err, errLost), err != nil && !time.Now().Before(k.lostAt()):
		k.drop()
		return errLost
	case err != nil:
		return err
	}
	k.renewed, k.unsaved = began, false
	if release {
		k.drop()
	}
	return nil
}

// drop forgets that the lease was ours. The next look begins to watch anew.
func (k *keeper) drop() { k.held, k.unsaved, k.at, k.seen = false, false, lease{}, time.Time{} }

// lostAt is when the lease counts as lost unless it is renewed: a third of its term before anybody else may take it.
func (k *keeper) lostAt() time.Time { return k.renewed.Add(2 * k.term / 3) }

// tired tells whether it is time to renew.
func (k *keeper) tired() bool { return time.Since(k.renewed) >= k.term/3 }

// ours reads the lease under its lock; errLost if it isn't held by who under that token.
func ours(ctx context.Context, tx graph.Tx, job, who string, token int64) (lease, error) {
	if err := tx.Lock(ctx, lockOf(job)); err != nil {
		return lease{}, err
	}
	nodes, err := tx.Nodes(ctx, leaseID(job))
	if err != nil {
		return lease{}, err
	}
	n, ok := nodes[leaseID(job)]
	if !ok {
		return lease{}, errLost
	}
	l, err := leaseType.Read(n)
	if err != nil {
		return lease{}, broken(err)
	}
	if l.Holder != who || l.Token != token {
		return lease{}, errLost
	}
	return l, nil
}

func lockOf(job string) string { return "lease " + job }

type holdKey struct{}

// hold is under which lease a context runs.
type hold struct {
	job, who string
	token    int64
}

func (k *keeper) within(ctx context.Context) context.Context {
	return context.WithValue(ctx, holdKey{}, hold{k.job.Name, k.who, k.at.Token})
}

// Fence fails with errs.Conflict if the lease under which ctx runs has gone to another server: then nothing of the
// transaction stays. It keeps the lease from being taken until the transaction ends. Like every lock it comes before the first
// write. Outside a job it does nothing.
func Fence(ctx context.Context, tx graph.Tx) error {
	h, ok := ctx.Value(holdKey{}).(hold)
	if !ok {
		return nil
	}
	_, err := ours(ctx, tx, h.job, h.who, h.token)
	if errors.Is(err, errLost) {
		return errs.Wrap(err, errs.Conflict, "Another server has taken over this job.")
	}
	return err
}

// Token is the fencing number of the lease under which ctx runs: a later holder has a larger one. 0 outside a job.
func Token(ctx context.Context) int64 {
	h, _ := ctx.Value(holdKey{}).(hold)
	return h.token
}
