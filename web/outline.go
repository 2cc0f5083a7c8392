package web

import (
	"encoding/json"
	"strings"

	view "weir/views/playground"
)

// outlineQuery asks the schema about itself, as far as the outline shows it.
const outlineQuery = `{ __schema { types { name kind description
	fields { name description args { name type { ...t } } type { ...t } }
	inputFields { name description type { ...t } }
	enumValues { name description } } } }
fragment t on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`

// schemaAnswer is the answer to outlineQuery.
type schemaAnswer struct {
	Data struct {
		Schema struct {
			Types []schemaType `json:"types"`
		} `json:"__schema"`
	} `json:"data"`
}

type schemaType struct {
	Name, Kind, Description string
	Fields, InputFields     []schemaField
	EnumValues              []schemaField
}

type schemaField struct {
	Name, Description string
	Args              []schemaField
	Type              *typeRef
}

type typeRef struct {
	Kind, Name string
	OfType     *typeRef
}

// String is the type as the schema language writes it.
func (t *typeRef) String() string {
	switch {
	case t == nil:
		return ""
	case t.Kind == "NON_NULL":
		return t.OfType.String() + "!"
	case t.Kind == "LIST":
		return "[" + t.OfType.String() + "]"
	}
	return t.Name
}

// outline is the schema as the playground shows it. An answer that can't be read gives none.
func outline(answer []byte) []view.Type {
	var a schemaAnswer
	if err := json.Unmarshal(answer, &a); err != nil {
		return nil
	}
	var out []view.Type
	for _, t := range a.Data.Schema.Types {
		if strings.HasPrefix(t.Name, "__") || t.Kind == "SCALAR" {
			continue
		}
		v := view.Type{Name: t.Name, Kind: strings.ToLower(strings.ReplaceAll(t.Kind, "_", " ")), About: t.Description}
		for _, f := range append(append(t.Fields, t.InputFields...), t.EnumValues...) {
			v.Fields = append(v.Fields, view.Field{Signature: f.signature(), About: f.Description})
		}
		out = append(out, v)
	}
	return out
}

func (f schemaField) signature() string {
	s := f.Name
	if len(f.Args) > 0 {
		var args []string
		for _, a := range f.Args {
			args = append(args, a.Name+": "+a.Type.String())
		}
		s += "(" + strings.Join(args, ", ") + ")"
	}
	if f.Type != nil {
		s += ": " + f.Type.String()
	}
	return s
}
