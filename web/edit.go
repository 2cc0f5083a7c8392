package web

import (
	"net/http"
	"strconv"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
	view "weir/views/catalog"
	"weir/views/ui"
)

// editable is an asset that people describe, with what is shown of it now.
type editable struct {
	asset catalog.Asset
	catalog.Described
	sensitive bool // it has a classification and data classes
}

// edit answers the form that describes an asset, and the form sent back.
func (s *Site) edit(find func(*http.Request) (editable, error)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		e, err := find(r)
		if err != nil {
			return err
		}
		if r.Method == http.MethodPost {
			return s.save(w, r, e)
		}
		return s.showForm(w, r, http.StatusOK, e, e.shown(), view.Edit{})
	}
}

func (s *Site) editDataset(r *http.Request) (editable, error) {
	v, err := s.Catalog.Dataset(r.Context(), idOf(r))
	return editable{datasetAsset(v), v.Described, true}, err
}

func (s *Site) editTransform(r *http.Request) (editable, error) {
	v, err := s.Catalog.Transform(r.Context(), idOf(r))
	return editable{transformAsset(v), v.Described, false}, err
}

func (s *Site) editConsumer(r *http.Request) (editable, error) {
	v, err := s.Catalog.Consumer(r.Context(), idOf(r))
	return editable{consumerAsset(v), v.Described, true}, err
}

func (s *Site) editDomain(r *http.Request) (editable, error) {
	v, err := s.Catalog.Domain(r.Context(), idOf(r))
	asset := catalog.Asset{ID: v.Domain.ID, Kind: catalog.DomainType.Kind, Value: v.Domain}
	return editable{asset, catalog.Described{Attributes: catalog.Attributes{Owners: v.Owners}, Edits: v.Edits}, false}, err
}

// save describes an asset. What can't be saved comes back with what was typed and what is wrong about it.
func (s *Site) save(w http.ResponseWriter, r *http.Request, e editable) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	sent := readDescription(r.PostForm, e)
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil {
		return errs.Bad("version", "is not a number. Open the form again.")
	}
	in := sent.input(e)
	in.Version = &version
	err = s.Catalog.Describe(r.Context(), in)
	var more view.Edit
	switch {
	case err == nil:
		http.Redirect(w, r, addressOf(e.asset)+"?"+savedMark+"=1", http.StatusSeeOther)
		return nil
	case errs.Is(err, errs.Invalid):
		more.Errors = fieldErrors(err)
		if len(more.Errors) == 0 {
			return err
		}
		return s.showForm(w, r, http.StatusUnprocessableEntity, e, sent, more)
	case errs.Is(err, errs.Conflict):
		more.Conflicts = conflicts(e.shown(), sent)
		return s.showForm(w, r, http.StatusConflict, e, sent, more)
	}
	return err
}

// editFields are the names of fields in the form, by what the catalog calls them.
var editFields = map[string][2]string{
	"title": {"title", "Title"}, "description": {"description", "Description"}, "domain": {"domain", "Domain"}, "tags": {"tags", "Tags"},
	"owners": {"owner", "Owner"}, "classification": {"level", "Classification"}, "classes": {"class", "Data classes"},
	"visibility": {"visibility", "Who may see it"},
}

func fieldErrors(err error) []view.FieldError {
	e, ok := errs.As(err)
	if !ok {
		return nil
	}
	var out []view.FieldError
	for _, f := range e.Fields {
		name, ok := editFields[f.Name]
		if !ok {
			name = [2]string{f.Name, f.Name}
		}
		out = append(out, view.FieldError{Field: name[0], Label: name[1], Message: ui.Capital(f.Message)})
	}
	return out
}

// showForm shows the form with a description in it: what is shown now, or what was typed.
func (s *Site) showForm(w http.ResponseWriter, r *http.Request, status int, e editable, d description, more view.Edit) error {
	owners, err := s.Catalog.Owners(r.Context(), graph.MaxPage, "")
	if err != nil {
		return err
	}
	domains, err := s.Catalog.Domains(r.Context(), graph.MaxPage, "")
	if err != nil {
		return err
	}
	more.Action, more.Cancel, more.Of, more.Kind = addressOf(e.asset)+"/edit", addressOf(e.asset), e.asset.Shown(), kindWord(e.asset)
	more.Crumbs = []ui.Link{linkTo(e.asset), {Text: "Describe"}}
	more.Version = strconv.Itoa(e.Edits)
	more.Title, more.Description, more.Tags = d.title, d.text, d.tags
	more.Owners, more.Domains = ownerChoices(owners.Items, d.owner, e), domainChoices(domains.Items, d.domain)
	more.IsDomain = e.asset.Kind == catalog.DomainType.Kind
	if _, ok := visibilityOf(e.asset); ok {
		more.Visible = visibleChoices(d.visibility, more.IsDomain)
	}
	if e.sensitive {
		more.Levels, more.Classes = levelChoices(d.level), classChoices(d.classes)
	}
	return s.show(w, r, status, view.EditPage(s.shell(r), more))
}
