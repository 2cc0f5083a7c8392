package marketplace

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/marketplace/template"
)

// MaxTemplates is how many templates may hold at once: each request is measured against all of them.
const MaxTemplates = 200

func errNoTemplate() error { return errs.E(errs.NotFound, "There is no such policy.") }

// TemplateID is the id of a template, made from its name.
func TemplateID(name string) graph.ID { return catalog.NewID(templateType.Spec.Prefix, name) }

// versionID is the id of one version of a template.
func versionID(of graph.ID, number int) graph.ID {
	return catalog.NewID(versionType.Spec.Prefix, string(of), decimal(number))
}

func decimal(n int) string { return strconv.Itoa(n) }

// holds tells whether a version of the template holds.
func (t Template) holds() bool { return t.Current > 0 && !t.Retired }

// templates are the versions that hold now, ordered by template, in two reads.
func (s *Service) templates(ctx context.Context, r graph.Reader) ([]template.Version, error) {
	all, err := allTemplates(ctx, r)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(t Template) bool { return !t.holds() })
	ids := make([]graph.ID, len(all))
	for i, t := range all {
		ids[i] = versionID(t.ID, t.Current)
	}
	versions, err := getAll(ctx, r, versionType, ids)
	if err != nil {
		return nil, err
	}
	out := make([]template.Version, 0, len(all))
	for i, t := range all {
		v, ok := versions[ids[i]]
		if !ok {
			return nil, errs.E(errs.Internal, "A version of a policy is missing.")
		}
		version, err := v.read(t)
		if err != nil {
			return nil, err
		}
		out = append(out, version)
	}
	slices.SortFunc(out, func(a, b template.Version) int { return cmp.Compare(a.Template, b.Template) })
	return out, nil
}

// allTemplates are all templates by title, retired ones too.
func allTemplates(ctx context.Context, r graph.Reader) ([]Template, error) {
	return listAll(ctx, r, templateType, graph.Query{Sort: "title"})
}

// read is a version of a template as the evaluation takes it.
func (v TemplateVersion) read(t Template) (template.Version, error) {
	out := template.Version{Template: v.Template, Number: v.Number}
	if err := json.Unmarshal(v.Body, &out.Body); err != nil {
		return out, broken(err)
	}
	out.Name = out.Body.Title
	if out.Name == "" {
		out.Name = t.Title
	}
	return out, nil
}

// versionAt reads one version of a template. Errors: NotFound.
func versionAt(ctx context.Context, r graph.Reader, of graph.ID, number int) (TemplateVersion, error) {
	v, ok, err := get(ctx, r, versionType, versionID(of, number))
	if err == nil && !ok {
		err = errs.E(errs.NotFound, "There is no such version of this policy.")
	}
	return v, err
}

// templateAt reads a template. Errors: NotFound.
func templateAt(ctx context.Context, r graph.Reader, id graph.ID) (Template, error) {
	t, ok, err := get(ctx, r, templateType, id)
	if err == nil && !ok {
		err = errNoTemplate()
	}
	return t, err
}
