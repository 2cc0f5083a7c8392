package catalog

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"weir/errs"
	"weir/graph"
)

// Prepared is an event with everything worked out that needs no store: ids, statements, compressed bodies. Many are
// made in parallel; one writer joins them in.
type Prepared struct {
	event Event // without Raw
	reporter
	source   graph.ID
	stamp    stamp
	doc      graph.ID // the raw event
	docBody  []byte
	docSize  int
	job      jobRef
	run      graph.ID
	datasets []preparedDataset
	lineage  []stated
	others   []jobRef // that an explicit lineage facet names
	code     Document // of the job; its ID is "" if none was stated
}

// reporter is who reported an event, and with which token; "" is without any.
type reporter struct {
	account, token string
}

// jobRef names a transform or a consumer.
type jobRef struct {
	id              graph.ID
	namespace, name string
	consumer        ConsumerType
	implicit        bool // stands for lineage that was stated without a job
}

type preparedDataset struct {
	id     graph.ID
	fact   *DatasetFact
	schema *stated // nil if none was stated
	facets []preparedFacet
}

type preparedFacet struct {
	key, value string
	doc        Document // of a facet too large to stand in the register
}

// stated is a statement as an event makes it.
type stated struct {
	id      graph.ID
	subject graph.ID
	job     jobRef // of lineage
	lineage lineageBody
	schema  schemaBody
	body    []byte // JSON
	closes  []closing
}

// closing says that a source states all that leads to Target through Rel: whatever else it had stated ends.
type closing struct {
	target graph.ID
	keep   []string // ids of the other ends
}

// inlineFacet is the largest facet in bytes that stands in its register; a larger one is a Document.
const inlineFacet = 512

// Prepare works out an event reported by an account. It reads no store and may run in parallel.
// Errors: TooLarge if its column lineage says more than maxSpread; Internal if a part can't be encoded.
func Prepare(account string, e Event) (Prepared, error) {
	if err := checkSpread(&e); err != nil {
		return Prepared{}, err
	}
	p := Prepared{event: e, reporter: reporter{account: account}, source: SourceID(account, e.Source)}
	p.stamp = stampOf(&e, p.source)
	p.doc = NewID(DocType.Spec.Prefix, "event", account, string(e.Hash[:]))
	p.docBody, p.docSize = packer.EncodeAll(e.Raw, nil), len(e.Raw)
	p.event.Raw = nil
	if e.Job != nil {
		p.job = jobOf(e.Job.Namespace, e.Job.Name, e.Job.Consumer)
		if e.Run != nil {
			p.run = RunID(e.Job.Namespace, e.Job.Name, e.Run.UUID)
		}
		if code := e.Job.Values[FieldCode]; len(code) > 0 && code[0] != "" {
			p.code = NewDocument("text/plain", []byte(code[0]))
		}
	}
	e.Datasets = nameAll(&e)
	p.event.Datasets = e.Datasets
	for i := range e.Datasets {
		d, err := p.dataset(&e.Datasets[i])
		if err != nil {
			return p, err
		}
		p.datasets = append(p.datasets, d)
	}
	return p, p.stateLineage()
}

// maxSpread is how many pairs of columns the column lineage of one event may come to. What decides about the rows of a
// dataset affects each of its columns, so that a short text may mean very many pairs.
const maxSpread = 20_000

func checkSpread(e *Event) error {
	pairs := 0
	for _, f := range e.Datasets {
		pairs += spread(f.Derivations)
	}
	for _, l := range e.Links {
		pairs += spread(l.Derivations)
	}
	if pairs <= maxSpread {
		return nil
	}
	message := fmt.Sprintf("comes to %d pairs of columns, as each column depends on what decides about rows; at most %d are allowed", pairs, maxSpread)
	return &errs.Error{Kind: errs.TooLarge, Message: "columnLineage: " + message, Fields: []errs.Field{{Name: "columnLineage", Message: message}}}
}

// spread is how many pairs of columns derivations into one dataset come to.
func spread(ds []Derivation) int {
	named, direct := map[string]bool{}, 0
	for _, d := range ds {
		if d.Column != "" {
			named[d.Column] = true
			direct++
		}
	}
	return direct + (len(ds)-direct)*len(named)
}

// nameAll adds to the datasets of an event those that only its column lineage, symlinks and explicit lineage name.
func nameAll(e *Event) []DatasetFact {
	out := slices.Clone(e.Datasets)
	have := map[Ref]bool{}
	for _, f := range out {
		have[Ref{Namespace: f.Namespace, Name: f.Name}] = true
	}
	add := func(namespace, name string, role Role) {
		if r := (Ref{Namespace: namespace, Name: name}); !have[r] {
			have[r] = true
			out = append(out, DatasetFact{Namespace: namespace, Name: name, Role: role})
		}
	}
	for _, l := range e.Links {
		for _, r := range append([]Ref{l.Target}, l.Inputs...) {
			if !r.Job {
				add(r.Namespace, r.Name, Subject)
			}
		}
	}
	origins := func(ds []Derivation) {
		for _, d := range ds {
			add(d.Namespace, d.Name, Mentioned)
		}
	}
	for _, l := range e.Links {
		origins(l.Derivations)
	}
	for _, f := range e.Datasets {
		origins(f.Derivations)
		for _, s := range f.Symlinks {
			add(s.Namespace, s.Name, Mentioned)
		}
	}
	return out
}

func jobOf(namespace, name string, consumer ConsumerType) jobRef {
	j := jobRef{namespace: namespace, name: name, consumer: consumer, id: TransformID(namespace, name)}
	if consumer != "" {
		j.id = ConsumerID(namespace, name)
	}
	return j
}

// implicitJob stands between datasets whose lineage was stated without a job.
func implicitJob(namespace, name string) jobRef {
	id := NewID(TransformType.Spec.Prefix, "implicit", namespace, name)
	return jobRef{id: id, namespace: namespace, name: name, implicit: true}
}

func (p *Prepared) dataset(f *DatasetFact) (preparedDataset, error) {
	d := preparedDataset{id: DatasetID(f.Namespace, f.Name), fact: f}
	for _, x := range f.Facets {
		d.facets = append(d.facets, prepareFacet(x))
	}
	if len(f.Columns) == 0 {
		return d, nil
	}
	body := schemaBody{Columns: make([]columnBody, len(f.Columns))}
	for i, c := range f.Columns {
		body.Columns[i] = columnBody(c)
	}
	st := stated{subject: d.id, schema: body}
	err := st.identify(p.source, body)
	d.schema = &st
	return d, err
}

func prepareFacet(x Facet) preparedFacet {
	if len(x.Body) <= inlineFacet {
		return preparedFacet{key: x.Key, value: string(x.Body)}
	}
	doc := NewDocument("application/json", x.Body)
	return preparedFacet{key: x.Key, value: string(doc.ID), doc: doc}
}

// identify encodes the body and computes the statement's id from it.
func (s *stated) identify(source graph.ID, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return errs.Wrap(err, errs.Internal, "A statement can't be written.")
	}
	sum := sha256.Sum256(b)
	s.body = b
	s.id = NewID(statementType.Spec.Prefix, string(source), string(s.subject), string(sum[:]))
	return nil
}

// stateLineage collects what the event says of lineage, one statement for each job.
func (p *Prepared) stateLineage() error {
	by := map[graph.ID]*stated{}
	at := func(j jobRef) *stated {
		st, ok := by[j.id]
		if !ok {
			st = &stated{subject: j.id, job: j}
			by[j.id] = st
		}
		return st
	}
	for i := range p.event.Datasets {
		p.stateDataset(&p.event.Datasets[i], at)
	}
	for _, l := range p.event.Links {
		p.stateLink(l, at)
	}
	for _, st := range by {
		st.sort()
		if len(st.lineage.Edges) == 0 && len(st.lineage.Derives) == 0 && len(st.closes) == 0 {
			continue
		}
		if err := st.identify(p.source, st.lineage); err != nil {
			return err
		}
		p.lineage = append(p.lineage, *st)
	}
	slices.SortFunc(p.lineage, func(a, b stated) int { return cmp.Compare(a.id, b.id) })
	return nil
}

func (p *Prepared) stateDataset(f *DatasetFact, at func(jobRef) *stated) {
	id := DatasetID(f.Namespace, f.Name)
	job := p.job
	if job.id == "" {
		if len(f.Derivations) == 0 {
			return // a dataset event that states no lineage
		}
		job = implicitJob(f.Namespace, f.Name)
		at(job).output(id)
	}
	switch f.Role {
	case Input:
		at(job).input(id, "")
	case Output:
		at(job).output(id)
	}
	if len(f.Derivations) > 0 {
		at(job).derive(id, f.Derivations)
	}
}

func (s *stated) input(dataset graph.ID, how How) {
	rel := RelInput
	if s.job.consumer != "" {
		rel = RelDelivers
	}
	s.lineage.Edges = append(s.lineage.Edges, link{From: dataset, Rel: rel, To: s.job.id, How: how})
}

func (s *stated) output(dataset graph.ID) {
	s.lineage.Edges = append(s.lineage.Edges, link{From: s.job.id, Rel: RelOutput, To: dataset})
}

// derive adds column lineage into a dataset. An origin is evidence of an input, even where none was stated.
func (s *stated) derive(to graph.ID, ds []Derivation) {
	var named []string
	for _, d := range ds {
		if d.Column != "" {
			named = append(named, d.Column)
		}
	}
	slices.Sort(named)
	named = slices.Compact(named)
	for _, d := range ds {
		from := DatasetID(d.Namespace, d.Name)
		if from != to {
			s.input(from, Inferred)
		}
		columns := named // what decides about rows affects every column
		if d.Column != "" {
			columns = []string{d.Column}
		}
		for _, c := range columns {
			if d.From == "" {
				continue
			}
			s.lineage.Derives = append(s.lineage.Derives, derivation{
				From: from, FromColumn: d.From, Rel: columnRel(d), To: to, ToColumn: c, Subtype: d.Subtype,
			})
		}
	}
}

func columnRel(d Derivation) graph.Rel {
	switch {
	case d.Indirect:
		return RelAffects
	case d.Masked:
		return RelMasked
	}
	return RelDerives
}

// stateLink adds a statement of an explicit lineage facet.
func (p *Prepared) stateLink(l LinkFact, at func(jobRef) *stated) {
	if l.Target.Job {
		st := at(jobOf(l.Target.Namespace, l.Target.Name, p.consumerOf(l.Target)))
		for _, in := range l.Inputs {
			if !in.Job {
				st.input(DatasetID(in.Namespace, in.Name), "")
				continue
			}
			p.others = append(p.others, jobOf(in.Namespace, in.Name, ""))
			st.lineage.Edges = append(st.lineage.Edges, link{From: TransformID(in.Namespace, in.Name), Rel: RelTriggers, To: st.job.id})
		}
		return
	}
	target := DatasetID(l.Target.Namespace, l.Target.Name)
	via := implicitJob(l.Target.Namespace, l.Target.Name)
	if l.Via != nil {
		via = jobOf(l.Via.Namespace, l.Via.Name, p.consumerOf(*l.Via))
	}
	st := at(via)
	makers := []string{}
	for _, in := range l.Inputs {
		if in.Job {
			maker := jobOf(in.Namespace, in.Name, p.consumerOf(in))
			at(maker).output(target)
			makers = append(makers, string(maker.id))
			continue
		}
		st.input(DatasetID(in.Namespace, in.Name), "")
	}
	if len(makers) < len(l.Inputs) || len(l.Derivations) > 0 {
		st.output(target)
		makers = append(makers, string(via.id))
	}
	st.derive(target, l.Derivations)
	st.closes = append(st.closes, closing{target, makers})
	if via.implicit {
		st.closes = append(st.closes, closing{via.id, datasetsOf(l)})
	}
}

// consumerOf tells which kind of consumer a reference is: only the event's own job says so.
func (p *Prepared) consumerOf(r Ref) ConsumerType {
	if j := p.event.Job; j != nil && j.Namespace == r.Namespace && j.Name == r.Name {
		return j.Consumer
	}
	return ""
}

func datasetsOf(l LinkFact) []string {
	keep := []string{}
	for _, in := range l.Inputs {
		if !in.Job {
			keep = append(keep, string(DatasetID(in.Namespace, in.Name)))
		}
	}
	for _, d := range l.Derivations {
		keep = append(keep, string(DatasetID(d.Namespace, d.Name)))
	}
	return keep
}

// sort brings the body into the one order that its id is computed from; of equal edges the stated one stays, not the inferred.
func (s *stated) sort() {
	slices.SortFunc(s.lineage.Edges, func(a, b link) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Rel, b.Rel), cmp.Compare(a.To, b.To), cmp.Compare(a.How, b.How))
	})
	s.lineage.Edges = slices.CompactFunc(s.lineage.Edges, func(a, b link) bool {
		return a.From == b.From && a.Rel == b.Rel && a.To == b.To
	})
	order := func(a, b derivation) int {
		return cmp.Or(cmp.Compare(a.To, b.To), strings.Compare(a.ToColumn, b.ToColumn), cmp.Compare(a.From, b.From),
			strings.Compare(a.FromColumn, b.FromColumn), cmp.Compare(a.Rel, b.Rel), strings.Compare(a.Subtype, b.Subtype))
	}
	slices.SortFunc(s.lineage.Derives, order)
	s.lineage.Derives = slices.CompactFunc(s.lineage.Derives, func(a, b derivation) bool {
		a.Subtype, b.Subtype = "", ""
		return a == b
	})
}
