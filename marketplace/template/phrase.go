package template

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"weir/graph"
)

// list joins words: "a, b and c".
func list(words []string, and string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + and + " " + words[last]
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return strconv.Itoa(n) + " days"
}

// Words are how sentences call a kind of access: "reading in clear text".
func (a Access) Words() string {
	switch a {
	case Metadata:
		return "metadata"
	case Masked:
		return "reading masked"
	case Read:
		return "reading in clear text"
	case Export:
		return "export"
	default:
		return string(a)
	}
}

func accessWords(list []Access) []string {
	var out []string
	for _, a := range Accesses {
		if slices.Contains(list, a) {
			out = append(out, a.Words())
		}
	}
	return out
}

// titles are purposes as sentences call them.
func titles(purposes []string) []string {
	out := make([]string, len(purposes))
	for i, p := range purposes {
		out[i] = strings.ToLower(PurposeTitle(p))
	}
	return out
}

// all are the names of ids, each once; what has no name is called other.
func (n Names) all(ids []graph.ID, other string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = cmp.Or(n[id], other)
	}
	return set(out)
}

// kinds are what may use the data, in words.
func (w Who) kinds() []string {
	var out []string
	for _, k := range []struct {
		in   bool
		word string
	}{{w.People, "people"}, {w.Services, "service accounts"}, {w.Agents, "agents"}} {
		if k.in {
			out = append(out, k.word)
		}
	}
	return out
}

// words say who may ask: "people with the role consumer or in the team Growth".
func (w Who) words(names Names) string {
	who := list(w.kinds(), "and")
	if who == "" {
		return "nobody"
	}
	var of []string
	if len(w.Roles) > 0 {
		of = append(of, "with the role "+list(w.Roles, "or"))
	}
	if len(w.Teams) > 0 {
		of = append(of, "in "+list(names.all(w.Teams, "a named team"), "or"))
	}
	return strings.TrimSpace(who + " " + strings.Join(of, " or "))
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
