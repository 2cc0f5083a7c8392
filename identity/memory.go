package identity

import (
	"sync"
	"time"

	"weir/authz"
	"weir/graph"
)

// remember is how long a principal is taken from memory when nothing is heard of a change.
const remember = time.Second

// mostKnown bounds the memory; beyond it everything is read anew.
const mostKnown = 10_000

// known is a principal as it was read.
type known struct {
	who           authz.Principal
	sessionsAfter time.Time
	token         Token     // of what was found by a token
	until         time.Time // it may be another one from then on
}

// memory holds principals, by the id or the hash of a token, until they are forgotten.
type memory struct {
	mu    sync.Mutex
	times int // it was forgotten
	m     map[string]known
}

func newMemory() *memory { return &memory{m: map[string]known{}} }

// get returns what is known, and how often the memory was forgotten, for put.
func (m *memory) get(key string, now time.Time) (known, int, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.m[key]
	return k, m.times, ok && now.Before(k.until)
}

// put keeps what was read, unless the memory was forgotten since the reading began.
func (m *memory) put(key string, times int, k known) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if times != m.times {
		return
	}
	if len(m.m) >= mostKnown {
		clear(m.m)
	}
	m.m[key] = k
}

func (m *memory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.times++
	clear(m.m)
}

// writeUse is how often the use of a token is written.
const writeUse = time.Minute

// uses are when this server last wrote the use of a token.
type uses struct {
	mu sync.Mutex
	m  map[graph.ID]time.Time
}

func newUses() *uses { return &uses{m: map[graph.ID]time.Time{}} }

// due tells, once, that the use of a token is to be written; stored is what the store says of it.
func (u *uses) due(id graph.ID, stored, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	last := stored
	if mine := u.m[id]; mine.After(last) {
		last = mine
	}
	if now.Sub(last) < writeUse {
		return false
	}
	if len(u.m) >= mostKnown {
		clear(u.m)
	}
	u.m[id] = now
	return true
}
