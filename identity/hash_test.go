package identity

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/errs"
)

// TestVerify checks against hashes that the reference implementation of Argon2 made:
// echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -e, and the like.
func TestVerify(t *testing.T) {
	atCost(t)
	reference := map[string]string{
		"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc": "password",
		"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4":   "password",
		"$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc":   "password",
	}
	for stored, password := range reference {
		if ok, err := verify(stored, password); !ok || err != nil {
			t.Errorf("%s: %t %v", stored, ok, err)
		}
		if ok, err := verify(stored, password+"x"); ok || err != nil {
			t.Errorf("%s: another password: %t %v", stored, ok, err)
		}
		if !dated(stored) {
			t.Errorf("%s is not hashed anew", stored)
		}
	}
	mine := hash("ﬁve blind mice on stilts")
	if !strings.HasPrefix(mine, "$argon2id$v=19$m=19456,t=2,p=1$") || dated(mine) || mine == hash("ﬁve blind mice on stilts") {
		t.Error(mine)
	}
	if ok, err := verify(mine, "five blind mice on stilts"); !ok || err != nil { // the ligature is the same to whoever types
		t.Errorf("%t %v", ok, err)
	}
	for _, bad := range []string{"", "$argon2i$v=19$m=256,t=2,p=1$c29t$bQk8", "$argon2id$v=19$m=256,t=0,p=1$c29t$bQk8", "$argon2id$v=16$m=256,t=2,p=1$c29t$bQk8",
		"$argon2id$v=19$m=256,t=2$c29t$bQk8", "$argon2id$v=19$m=256,t=2,p=1$!$bQk8", "$argon2id$v=19$m=256,t=2,p=1$c29t$"} {
		if ok, err := verify(bad, ""); ok || !errs.Is(err, errs.Internal) {
			t.Errorf("%s: %t %v", bad, ok, err)
		}
	}
}

// TestHashing_Bounded: however many sign in at once, so many passwords are hashed at a time as there are slots.
func TestHashing_Bounded(t *testing.T) {
	atCost(t)
	today.rounds = 1 // half the time, and all of the memory
	h := newHashing(2 * runtime.GOMAXPROCS(0))
	var before, peak runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	stop := make(chan struct{})
	var watch, work sync.WaitGroup
	watch.Go(func() {
		for {
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			if now.HeapInuse > peak.HeapInuse {
				peak = now
			}
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	})
	for range 200 {
		work.Go(func() {
			free, err := h.take(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			defer free()
			if running := len(h.slots); running > cap(h.slots) || running < 1 {
				t.Errorf("%d at once", running)
			}
			hash("a password of two hundred")
		})
	}
	work.Wait()
	close(stop)
	watch.Wait()
	used := int64(peak.HeapInuse) - int64(before.HeapInuse)
	t.Logf("%d slots; the heap grew by %d MiB", cap(h.slots), used>>20)
	if used > 512<<20 {
		t.Errorf("200 at once took %d MiB", used>>20)
	}
}

func TestHashing_GivesUp(t *testing.T) {
	h := newHashing(1)
	free, err := h.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.take(ctx); !errs.Is(err, errs.Unavailable) {
		t.Error(err)
	}
	free()
	if _, err := h.take(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestCheckPassword(t *testing.T) {
	for password, fine := range map[string]bool{
		"seven quiet herons at dusk":    true,
		"correct battery horse stapler": true,
		"kQ8#vLp2!xZr9@wM":              true,
		"Über sieben Brücken musst du":  true,
		strings.Repeat("good phrase ", 2) + strings.Repeat("xyzzy plugh ", 6): true,
		"äöüßÄÖÜ und ein paar":                                                true,
		"short but odd!":                                                      false,
		"":                                                                    false,
		strings.Repeat("long phrase", 100):                                    false,
		"aaaaaaaaaaaaaaaaaaaa":                                                false,
		"abababababababababab":                                                false,
		"hunter2hunter2hunter2":                                               false,
		"abcdefghijklmnopqrst":                                                false,
		"123456789012345678":                                                  false,
		"qwertyuiopasdfghjkl":                                                 false,
		"1qaz2wsx3edc4rfv5tgb":                                                false,
		"Password123456!!":                                                    false,
		"P@ssw0rdP@ssw0rd":                                                    false,
		"correct horse battery staple":                                        false,
		"adminadministrator1":                                                 false,
		"WelcomeSummer2027!":                                                  false,
		"iloveyouforever123":                                                  false,
		"ada.lovelace-is-my-name":                                             false,
		"the countess Lovelace writes":                                        false,
		"seven quiet\xff herons at dusk":                                      false,
	} {
		err := CheckPassword(password, "ada.lovelace", "Ada Lovelace")
		if (err == nil) != fine {
			t.Errorf("%q: %v", password, err)
		}
		if err != nil && !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestChecksum(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		text := newSecret()
		if len(text) != len(TokenPrefix)+tokenChars+checkChars || !LooksLikeToken(text) || seen[text] {
			t.Fatal(text)
		}
		seen[text] = true
	}
	text := []byte(newSecret())
	for i := len(TokenPrefix); i < len(text); i++ { // each single mistake is noticed
		wrong := append([]byte{}, text...)
		wrong[i] = 'a' + (wrong[i]+1)%26
		if string(wrong) != string(text) && LooksLikeToken(string(wrong)) {
			t.Errorf("letter %d may be wrong", i)
		}
	}
}

func BenchmarkSignIn_Hash(b *testing.B) {
	atCost(b)
	stored := hash("seven quiet herons at dusk")
	for b.Loop() {
		if ok, err := verify(stored, "seven quiet herons at dawn"); ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}

// TestMemory_Forget: what was being read while something changed is not kept.
func TestMemory_Forget(t *testing.T) {
	m, now := newMemory(), time.Now()
	k := known{until: now.Add(time.Second)}
	_, times, _ := m.get("a", now)
	m.put("a", times, k)
	if _, _, ok := m.get("a", now); !ok {
		t.Error("it remembers nothing")
	}
	if _, _, ok := m.get("a", now.Add(time.Second)); ok {
		t.Error("it remembers for ever")
	}
	m.forget()
	m.put("b", times, k)
	for _, key := range []string{"a", "b"} {
		if _, _, ok := m.get(key, now); ok {
			t.Errorf("%s is still known", key)
		}
	}
}
