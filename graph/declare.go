package graph

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Type is the one declaration of a kind that a Go struct stands for: its schema and its codec.
//
// Fields with a tag `graph:"name"` are properties; `graph:",id"`, `graph:",version"`, `graph:",created"` and
// `graph:",updated"` take what the engine keeps. A property field is of a string, bool, integer, float64, time.Time, []byte or
// []string type, or of a type defined on one of them. Its zero value is stored as a missing property.
type Type[T any] struct {
	Kind Kind
	Spec Spec

	fields []field
}

type field struct {
	index int
	name  string // of the property; "" for what the engine keeps
	role  string
}

var (
	timeType  = reflect.TypeFor[time.Time]()
	bytesType = reflect.TypeFor[[]byte]()
)

// Declare makes the declaration of a kind. It panics on a mistake in T's tags: it runs when the program starts.
func Declare[T any](kind Kind, spec Spec) *Type[T] {
	t := &Type[T]{Kind: kind, Spec: spec}
	rt := reflect.TypeFor[T]()
	for i := range rt.NumField() {
		tag, ok := rt.Field(i).Tag.Lookup("graph")
		if !ok {
			continue
		}
		name, role, _ := strings.Cut(tag, ",")
		if name != "" && !storable(rt.Field(i).Type) {
			panic(fmt.Sprintf("graph: %s.%s: a %s can't be a property", rt, rt.Field(i).Name, rt.Field(i).Type))
		}
		t.fields = append(t.fields, field{i, name, role})
	}
	return t
}

func storable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
		return true
	case reflect.Slice:
		return t == bytesType || t.Elem().Kind() == reflect.String
	}
	return t == timeType
}

// Schema returns the Schema of this kind alone.
func (t *Type[T]) Schema() Schema { return Schema{Kinds: map[Kind]Spec{t.Kind: t.Spec}} }

// Props returns the properties of v; zero values are nil, which deletes them when written.
func (t *Type[T]) Props(v T) Props {
	rv := reflect.ValueOf(v)
	props := make(Props, len(t.fields))
	for _, f := range t.fields {
		if f.name != "" {
			props[f.name] = encode(rv.Field(f.index))
		}
	}
	return props
}

func encode(v reflect.Value) any {
	if v.IsZero() {
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return true
	case reflect.Int, reflect.Int64:
		return v.Int()
	case reflect.Float64:
		return v.Float()
	case reflect.Slice:
		if v.Len() == 0 {
			return nil
		}
		if v.Type() == bytesType {
			return v.Bytes()
		}
		return v.Convert(reflect.TypeFor[[]string]()).Interface()
	}
	return v.Interface() // time.Time
}

// Write makes a write of v under id. The version is v's, for IfVersion.
func (t *Type[T]) Write(id ID, mode Mode, v T) NodeWrite {
	w := NodeWrite{Node: Node{ID: id, Kind: t.Kind, Props: t.Props(v)}, Mode: mode}
	rv := reflect.ValueOf(v)
	for _, f := range t.fields {
		if f.role == "version" {
			w.Version = rv.Field(f.index).Int()
		}
	}
	return w
}

// Read makes a T of a node. It fails if the node is of another kind or a property of another type than the field.
func (t *Type[T]) Read(n Node) (T, error) {
	var out T
	if n.Kind != t.Kind {
		return out, fmt.Errorf("node %s is a %s, not a %s", n.ID, n.Kind, t.Kind)
	}
	rv := reflect.ValueOf(&out).Elem()
	for _, f := range t.fields {
		if err := f.set(rv.Field(f.index), n); err != nil {
			return out, fmt.Errorf("node %s: property %s: %w", n.ID, f.name, err)
		}
	}
	return out, nil
}

func (f field) set(dst reflect.Value, n Node) error {
	switch f.role {
	case "id":
		dst.SetString(string(n.ID))
		return nil
	case "version":
		dst.SetInt(n.Version)
		return nil
	case "created":
		dst.Set(reflect.ValueOf(n.Created))
		return nil
	case "updated":
		dst.Set(reflect.ValueOf(n.Updated))
		return nil
	}
	v, ok := n.Props[f.name]
	if !ok || v == nil {
		return nil
	}
	src := reflect.ValueOf(v)
	if src.Kind() != dst.Kind() && !(src.Kind() == reflect.Int64 && dst.Kind() == reflect.Int) || !src.CanConvert(dst.Type()) {
		return fmt.Errorf("a %s is stored, not a %s", src.Type(), dst.Type())
	}
	dst.Set(src.Convert(dst.Type()))
	return nil
}

// ReadAll reads the nodes that are of this kind, in order, and passes over the others.
func (t *Type[T]) ReadAll(nodes []Node) ([]T, error) {
	var out []T
	for _, n := range nodes {
		if n.Kind != t.Kind {
			continue
		}
		v, err := t.Read(n)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
