package main

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

// verdict is what an answer comes to.
type verdict string

const (
	let     verdict = "let through"
	refused verdict = "refused" // or told that there is no such thing
)

// cell is one resource and verb by one entrance: whether somebody may, and whether he can.
type cell struct {
	name string
	may  func(somebody) bool
	try  func(somebody) (verdict, error)
	// session: it needs a browser; token: a program.
	session, token bool
}

// Each role that comes with the program, tokens of each scope, and nobody, against each resource and verb, through pages,
// GraphQL and the other doors: whoever may is let through, and nobody else.
func TestMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("asks a server some thousand times; not in short runs")
	}
	for engine, cfg := range engines(t) {
		t.Run(engine, func(t *testing.T) {
			w := newWorld(t, cfg)
			who := append(w.everybody(), w.tokens()...)
			cells := w.cells()
			asked, through := 0, 0
			for _, c := range cells {
				for _, s := range who {
					if c.session && s.scope != "" || !c.session && !c.token {
						continue
					}
					asked++
					want := refused
					if c.may(s) {
						want = let
						through++
					}
					if got, err := c.try(s); err != nil || got != want {
						t.Errorf("%s, %s: %s (%v), should be %s", c.name, s.name, got, err, want)
					}
				}
			}
			if through == 0 || through == asked {
				t.Errorf("%d of %d may: nothing was told apart", through, asked)
			}
			t.Logf("%d cells: %d resources and verbs by %d principals; %d may", asked, len(cells), len(who), through)
		})
	}
}

// cells are all resources and verbs.
func (w *world) cells() []cell {
	var out []cell
	for _, p := range w.places {
		out = append(out, w.pagesOf(p)...)
		out = append(out, w.questionsOf(p)...)
		out = append(out, w.changesOf(p)...)
	}
	out = append(out, w.domainCells()...)
	out = append(out, w.peopleCells()...)
	return append(append(out, w.systemCells()...), w.marketCells()...)
}

// judged reads an answer of a page or a door.
func judged(a answer) (verdict, error) {
	switch a.status {
	case http.StatusOK, http.StatusCreated:
		return let, nil
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return refused, nil
	case http.StatusSeeOther:
		to, err := url.Parse(a.header.Get("Location"))
		if err == nil && (to.Path == "/sign-in" || to.Path == "/sign-in/again") {
			return refused, nil
		}
		return let, err
	}
	return "", fmt.Errorf("status %d: %.300s", a.status, a.body)
}

// page is a cell of a page, asked for in a session and with a token.
func (w *world) page(name, path string, may func(somebody) bool) cell {
	return cell{name: "page of " + name, may: may, session: true, try: func(s somebody) (verdict, error) {
		v, err := judged(w.browse(s, http.MethodGet, path, nil))
		if err != nil {
			return v, err
		}
		if s.token == "" {
			return v, nil
		}
		by, err := judged(w.call(s, http.MethodGet, path, ""))
		if err == nil && by != v {
			err = fmt.Errorf("%s in a session, %s with a token", v, by)
		}
		return v, err
	}}
}

// own is a cell of a page of one's own account, which opens for a session and for no token.
func (w *world) own(name, path string, may func(somebody) bool) cell {
	return cell{name: "page of " + name, may: may, session: true, try: func(s somebody) (verdict, error) {
		v, err := judged(w.browse(s, http.MethodGet, path, nil))
		if err != nil {
			return v, err
		}
		by, err := judged(w.call(s, http.MethodGet, path, ""))
		if err == nil && by != refused {
			err = fmt.Errorf("%s with a token", by)
		}
		return v, err
	}}
}

// door is a cell of what programs get.
func (w *world) door(name, path string, may func(somebody) bool) cell {
	return cell{name: name, may: may, token: true, try: func(s somebody) (verdict, error) {
		return judged(w.call(s, http.MethodGet, path, ""))
	}}
}

// form is a cell of a form that is sent.
func (w *world) form(name string, may func(somebody) bool, path string, fields func(somebody) url.Values) cell {
	return cell{name: "form of " + name, may: may, session: true, try: func(s somebody) (verdict, error) {
		return judged(w.browse(s, http.MethodPost, path, fields(s)))
	}}
}
