package catalog

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// lockKey is held by everything that writes into the catalog, so that a join never meets another one half-way.
const lockKey = "catalog"

// Apply joins prepared events in, all or none, and writes one audit entry for each reporter: the principal, and the token
// that he showed. Events that were applied before
// change nothing. Any order of any events, with any duplicates and in any grouping, ends in the same graph, but for
// versions and the times of the store.
// Errors: TooLarge if a subject has outgrown its limits; those of the store.
func (s *Service) Apply(ctx context.Context, events []Prepared) error {
	return s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, lockKey); err != nil {
			return err
		}
		var entries []audit.Entry
		for _, part := range byReporter(events) {
			j := s.newJoin(ctx, tx)
			if err := j.load(part); err != nil {
				return err
			}
			if len(j.events) == 0 {
				continue
			}
			if err := j.run(); err != nil {
				return err
			}
			entries = append(entries, j.entry())
		}
		if len(entries) == 0 {
			return nil
		}
		return audit.Append(ctx, tx, s.now(), entries...)
	})
}

// byReporter groups events by who reported them, in the order of their ids, so that each entry holds the changes of one.
func byReporter(events []Prepared) [][]Prepared {
	by := map[reporter][]Prepared{}
	for _, p := range events {
		by[p.reporter] = append(by[p.reporter], p)
	}
	out := slices.Collect(maps.Values(by))
	slices.SortFunc(out, func(a, b []Prepared) int {
		return cmp.Or(cmp.Compare(a[0].account, b[0].account), cmp.Compare(a[0].token, b[0].token))
	})
	return out
}

// join is one Apply or one edit: what it looks at, and what is to be.
type join struct {
	ctx    context.Context
	tx     graph.Tx
	now    time.Time
	events []Prepared
	looked *look

	policy     *authz.Policy
	unassigned authz.Visibility // of what has none and no domain
	refused    error            // why the actor may not do this

	datasets   *table[Dataset]
	facts      *table[facts]
	transforms *table[Transform]
	consumers  *table[Consumer]
	runs       *table[Run]
	statements *table[statement]
	columns    *table[Column]
	domains    *table[Domain]

	decoded   map[graph.ID]registers       // of facts, by subject
	edges     map[edgeKey]*edge            // lineage as it is to be
	said      map[graph.ID]stated          // statements of these events by id
	moved     map[graph.ID]bool            // statements that are new or hold for longer than before
	schemas   map[graph.ID]bool            // datasets whose columns have to be worked out anew
	columnSet map[graph.ID]bool            // columns whose tags or classes may have changed
	recount   map[graph.ID]bool            // datasets whose columns have to be counted anew
	freshen   map[graph.ID]bool            // heads whose time of writing has to be worked out anew
	closed    map[graph.ID]bool            // subjects of which edges may have ended
	reshow    map[graph.ID]bool            // subjects whose shown values may have changed
	rebuild   map[graph.ID]bool            // jobs whose edges have to be made anew from all their statements
	around    map[graph.ID]bool            // jobs of which all inputs and outputs were read
	ensure    map[graph.ID]graph.NodeWrite // nodes that have to be there
	links     []graph.Edge                 // further edges to be there
	cuts      map[time.Time][]graph.Edge   // edges that ended, by when; at zero: that never held after all
	tagged    []columnRef                  // columns that events put tags or classes on
	regrouped []graph.ID                   // datasets whose class has changed
	changes   []audit.Change
}

func (s *Service) newJoin(ctx context.Context, tx graph.Tx) *join {
	l := &look{ids: map[graph.ID]bool{}}
	return &join{
		ctx: ctx, tx: tx, now: graph.Time(s.now()), looked: l, policy: s.policy, unassigned: s.unassigned,
		datasets: newTable(DatasetType, l), facts: newTable(factsType, l), transforms: newTable(TransformType, l),
		consumers: newTable(ConsumerKind, l), runs: newTable(RunType, l), statements: newTable(statementType, l),
		columns: newTable(ColumnType, l), domains: newTable(DomainType, l),
		decoded: map[graph.ID]registers{}, edges: map[edgeKey]*edge{}, said: map[graph.ID]stated{},
		moved: map[graph.ID]bool{}, schemas: map[graph.ID]bool{}, recount: map[graph.ID]bool{}, freshen: map[graph.ID]bool{},
		closed: map[graph.ID]bool{}, columnSet: map[graph.ID]bool{}, reshow: map[graph.ID]bool{}, rebuild: map[graph.ID]bool{},
		cuts: map[time.Time][]graph.Edge{}, around: map[graph.ID]bool{}, ensure: map[graph.ID]graph.NodeWrite{},
	}
}

// columnRef names a column.
type columnRef struct {
	dataset graph.ID
	path    string
}

// run joins the loaded events in. The order of the steps matters: lineage needs to know which datasets are the same.
func (j *join) run() error {
	for i := range j.events {
		if err := j.event(&j.events[i]); err != nil {
			return err
		}
	}
	if err := j.nameTagged(); err != nil {
		return err
	}
	if err := j.unite(); err != nil {
		return err
	}
	if err := j.settle(); err != nil {
		return err
	}
	return j.write()
}

// settle works out what follows from statements and classes: columns, lineage, shown values.
func (j *join) settle() error {
	steps := []func() error{j.joinSchemas, j.joinLineage, j.decideEdges, j.show, j.countColumns}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// event joins what needs no look at other subjects.
func (j *join) event(p *Prepared) error {
	j.ensureSource(p)
	j.keepRaw(p)
	for _, job := range p.others {
		j.nameJob(job)
	}
	if p.job.id != "" {
		if err := j.job(p); err != nil {
			return err
		}
	}
	for i := range p.datasets {
		if err := j.dataset(p, &p.datasets[i]); err != nil {
			return err
		}
	}
	if p.run != "" {
		if err := j.joinRun(p); err != nil {
			return err
		}
	}
	for _, st := range p.lineage {
		if err := j.state(p, st); err != nil {
			return err
		}
	}
	return nil
}

func (j *join) ensureSource(p *Prepared) {
	j.ensure[p.source] = SourceType.Write(p.source, graph.Ensure, Source{Account: p.account, Producer: p.event.Source})
}

// keepRaw keeps the event as it came, behind its run, or behind its job or dataset if it has no run.
func (j *join) keepRaw(p *Prepared) {
	j.ensure[p.doc] = DocType.Write(p.doc, graph.Ensure, Document{Media: "application/json", Size: p.docSize, Body: p.docBody})
	of := p.run
	if of == "" {
		of = p.job.id
	}
	if of == "" && len(p.datasets) > 0 {
		of = p.datasets[0].id
	}
	if of != "" {
		j.links = append(j.links, graph.Edge{From: of, To: p.doc, Rel: RelDocument, Key: "event", Valid: graph.Span{Since: p.event.At}})
	}
	if p.code.ID != "" {
		j.ensure[p.code.ID] = DocType.Write(p.code.ID, graph.Ensure, p.code)
	}
}

// entry is what the log keeps of these events: the hash over their hashes, and the changes they made.
func (j *join) entry() audit.Entry {
	hashes := make([]string, len(j.events))
	for i, p := range j.events {
		hashes[i] = string(p.event.Hash[:])
	}
	slices.Sort(hashes)
	h := sha256.New()
	for _, x := range hashes {
		h.Write([]byte(x))
	}
	facts := map[string]string{"events": strconv.Itoa(len(hashes)), "sha256": hex.EncodeToString(h.Sum(nil))}
	by := j.events[0].reporter
	if by.token != "" {
		facts["token"] = by.token
	}
	return audit.Entry{Actor: by.account, Action: "intake.apply", Decision: audit.Allowed, Facts: facts, Changes: j.changes}
}

// write puts everything into the store but the entry, which comes last of all.
func (j *join) write() error {
	if err := j.place(); err != nil {
		return err
	}
	for id, rs := range j.decoded {
		j.factsOf(id).Registers = rs.bytes()
	}
	if err := j.looked.blind; err != nil {
		return errs.Wrap(err, errs.Internal, "The catalog can't be changed.")
	}
	orphans := j.orphans()
	var ws []graph.NodeWrite
	for _, id := range sortedKeys(j.ensure) {
		ws = append(ws, j.ensure[id])
	}
	ws = slices.Concat(ws, j.datasets.writes(), j.transforms.writes(), j.consumers.writes(), j.domains.writes(), j.columns.writes(),
		j.statements.writes(), j.runs.writes(), j.facts.writes())
	for part := range slices.Chunk(ws, graph.MaxBatch) {
		if _, err := j.tx.Put(j.ctx, part...); err != nil {
			return err
		}
	}
	if err := j.writeEdges(); err != nil {
		return err
	}
	if err := j.tx.Delete(j.ctx, orphans...); err != nil {
		return err
	}
	return j.placeDomains()
}
