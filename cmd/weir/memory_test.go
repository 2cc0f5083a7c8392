package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/catalog/openlineage"
)

// maxMemory is what the server may ever hold, in kB, whatever is sent to it.
const maxMemory = 256 << 10

// child is the program as a process of its own.
type child struct {
	cmd    *exec.Cmd
	url    string
	bearer string // a token of the operator's
}

// send sends a request of the operator's.
func (c child) send(t *testing.T, method, path, body string, header ...string) answer {
	t.Helper()
	return send(t, method, c.url+path, body, append([]string{"Authorization", c.bearer}, header...)...)
}

// spawn starts the program; it is killed when the test ends.
func spawn(t *testing.T, args ...string) child {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), mainEnv+"=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill() // it may be gone
			_ = cmd.Wait()         // it says that it was killed
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%v did not start: %v", args, err)
	}
	return child{cmd: cmd, url: strings.TrimSpace(line[strings.LastIndex(line, "http"):])}
}

// peak is the most memory that the process ever held, in kB.
func (c child) peak(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		t.Skip("the system doesn't say what memory a process held:", err)
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kb
}

// worst are requests that take much memory, each of another job, so that nothing is spared by being there already.
func worst(t *testing.T, client int) []hostile {
	t.Helper()
	of := func(body string) string {
		return strings.Replace(body, `"name":"job"`, fmt.Sprintf(`"name":"job %d"`, client), 1)
	}
	run := `"run":{"runId":"0190a3c4-0000-7000-8000-000000000000","facets":{"x":{"a":%s}}}`
	numbers := of(event(fmt.Sprintf(run, "["+strings.Repeat("0,", 990_000)+"0]")))
	text := of(event(fmt.Sprintf(run, `"`+strings.Repeat("x", openlineage.MaxEvent-1000)+`"`)))
	derived := fmt.Sprintf(`"outputs":[{"namespace":"ns","name":"d%d","facets":{"columnLineage":{"fields":{%s}}}}]`, client,
		list(3_900, `"c%d":{"inputFields":[`+list(5, `{"namespace":"ns","name":"in","field":"f%d"}`)+`]}`))
	datasets := fmt.Sprintf(`"outputs":[%s]`, list(2_000, fmt.Sprintf(`{"namespace":"c%d","name":"d%%d"}`, client)))
	columns := fmt.Sprintf(`"outputs":[{"namespace":"ns","name":"w%d","facets":{"schema":{"fields":[%s]}}}]`, client, list(10_000, `{"name":"c%d"}`))
	gz := []string{"Content-Encoding", "gzip"}
	batched := strings.Repeat(of(event(columns))+",", 50)
	return []hostile{
		{name: "numbers", path: single, body: numbers},
		{name: "text", path: single, body: text},
		{name: "numbers, gzip", path: single, body: zipped(t, numbers), header: gz},
		{name: "column lineage", path: single, body: of(event(derived))},
		{name: "datasets", path: single, body: of(event(datasets))},
		{name: "columns", path: single, body: of(event(columns))},
		{name: "bomb", path: batch, body: zipped(t, strings.Repeat("[", 100<<20)), header: gz},
		{name: "batch of columns", path: batch, body: "[" + batched + of(event()) + "]"},
	}
}

func TestServe_MemoryIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("sends some hundred megabytes; not in short runs")
	}
	if os.Getenv("GOGC") != "" || raceEnabled {
		t.Skip("says nothing with GOGC, or with the race detector, which takes memory of its own")
	}
	dir := t.TempDir()
	c := spawn(t, "serve", "--dir", dir, "--addr", "127.0.0.1:0", "--log-level", "error")
	c.bearer = "Bearer " + printedToken(t, "--dir", dir)
	var clients sync.WaitGroup
	for client := range 8 {
		clients.Go(func() {
			all := worst(t, client)
			for i := range all {
				h := all[(i+client)%len(all)]
				a := c.send(t, "POST", h.path, h.body, h.header...)
				if a.status >= http.StatusInternalServerError && a.status != http.StatusServiceUnavailable {
					t.Errorf("%s: %+v", h.name, a)
				}
			}
		})
	}
	clients.Wait()
	// A commit that is still on its way keeps the store from being asked for a moment, on a busy machine for some seconds.
	eventually(t, time.Minute, "the server is ready again", func() bool {
		return send(t, "GET", c.url+"/readyz", "").status == http.StatusOK
	})
	kb := c.peak(t)
	t.Logf("held at most %d MiB", kb>>10)
	if kb > maxMemory {
		t.Errorf("held %d MiB, more than %d", kb>>10, maxMemory>>10)
	}
}

// printedToken makes a token at the machine, beside a running server.
func printedToken(t *testing.T, on ...string) string {
	t.Helper()
	printed, failed := run(t, append([]string{"token", "create", "--scope", "admin"}, on...)...)
	if failed != "" {
		t.Fatal(failed)
	}
	return strings.TrimSpace(printed)
}
