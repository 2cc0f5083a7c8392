package gqlschema

import (
	"weir/catalog"
	"weir/gqlschema/gen"
)

// showNode shows anything that has an id; nil for what the schema has no type of.
func showNode(a catalog.Asset) gen.Node {
	switch v := a.Value.(type) {
	case catalog.Run:
		return showRun(v)
	case catalog.Tag:
		return showTag(v)
	case catalog.Owner:
		return showOwner(v)
	case catalog.Class:
		return showClass(v)
	}
	if shown := showAsset(a); shown != nil {
		return shown
	}
	return nil
}

// showAsset shows what people describe; nil for anything else.
func showAsset(a catalog.Asset) gen.Asset {
	switch v := a.Value.(type) {
	case catalog.Dataset:
		return showDataset(v)
	case catalog.Column:
		return showColumn(v)
	case catalog.Transform:
		return showTransform(v)
	case catalog.Consumer:
		return showConsumer(v)
	case catalog.Domain:
		return showDomain(v)
	}
	return nil
}

func showDataset(d catalog.Dataset) *gen.Dataset {
	return &gen.Dataset{
		ID: d.ID, Namespace: d.Namespace, Name: d.Name, Title: text(d.Title), DisplayName: shown(d.Title, d.Name),
		Description: text(d.Description), Platform: text(d.Platform), Type: text(d.Type),
		Visibility: enum[gen.Visibility](d.Visibility), Classification: enum[gen.Classification](d.Classification), Lifecycle: text(d.Lifecycle), Retention: text(d.Retention),
		IsInferred: d.Only, WrittenAt: when(d.Written), CreatedAt: d.Created, UpdatedAt: d.Updated,
		ColumnCount: d.Columns, Value: d,
	}
}

func showColumn(c catalog.Column) *gen.Column {
	out := &gen.Column{
		ID: c.ID, Name: c.Path, DisplayName: c.Path, Type: text(c.Type), Description: text(c.Description),
		IsGone: c.Gone, Since: when(c.Since), Value: c,
	}
	if c.Position > 0 {
		out.Position = &c.Position
	}
	return out
}

func showTransform(t catalog.Transform) *gen.Transform {
	return &gen.Transform{
		ID: t.ID, Namespace: t.Namespace, Name: t.Name, Title: text(t.Title), DisplayName: shown(t.Title, t.Name),
		Description: text(t.Description), Type: text(t.Type), Repository: text(t.Repository), Language: text(t.Language),
		LastState: enum[gen.RunState](t.LastState), RanAt: when(t.RanAt), CreatedAt: t.Created, UpdatedAt: t.Updated, Value: t,
	}
}

func showConsumer(c catalog.Consumer) *gen.Consumer {
	return &gen.Consumer{
		ID: c.ID, Namespace: c.Namespace, Name: c.Name, Title: text(c.Title), DisplayName: shown(c.Title, c.Name),
		Description: text(c.Description), Type: enum[gen.ConsumerType](c.Type),
		Visibility: enum[gen.Visibility](c.Visibility), Classification: enum[gen.Classification](c.Classification), Purpose: text(c.Purpose),
		LastState: enum[gen.RunState](c.LastState), RanAt: when(c.RanAt), CreatedAt: c.Created, UpdatedAt: c.Updated, Value: c,
	}
}

func showRun(r catalog.Run) *gen.Run {
	out := &gen.Run{
		ID: r.ID, UUID: r.UUID, State: gen.RunStateOther, FirstEventAt: when(r.First), LastEventAt: when(r.Last),
		StartedAt: when(r.Started), EndedAt: when(r.Ended), NominalStart: when(r.NominalStart), NominalEnd: when(r.NominalEnd),
		Error: text(r.Error), Engine: text(r.Engine), Producer: text(r.Producer), Rows: amount(r.Rows), Bytes: amount(r.Bytes), Value: r,
	}
	if state := enum[gen.RunState](r.State); state != nil {
		out.State = *state
	}
	if r.Parent != "" {
		out.Parent = &r.Parent
	}
	if took := r.Took(); took > 0 {
		seconds := took.Seconds()
		out.Seconds = &seconds
	}
	return out
}
