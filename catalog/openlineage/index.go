package openlineage

import "slices"

// index numbers distinct keys in the order in which they appear. Most lists are short, so it looks through a slice
// first and makes a map only for long ones.
type index[K comparable] struct {
	keys []K
	m    map[K]int
}

const indexSlice = 16

// find returns the number of a key and whether it is a new one.
func (x *index[K]) find(k K) (int, bool) {
	if x.m == nil {
		for i := range x.keys {
			if x.keys[i] == k {
				return i, false
			}
		}
		x.keys = append(x.keys, k)
		if len(x.keys) > indexSlice {
			x.m = make(map[K]int, 4*indexSlice)
			for i, key := range x.keys {
				x.m[key] = i
			}
		}
		return len(x.keys) - 1, true
	}
	if i, ok := x.m[k]; ok {
		return i, false
	}
	x.m[k] = len(x.m)
	return len(x.m) - 1, true
}

// has tells whether a key was found before.
func (x *index[K]) has(k K) bool {
	if x.m != nil {
		_, ok := x.m[k]
		return ok
	}
	return slices.Contains(x.keys, k)
}
