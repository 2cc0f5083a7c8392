package main

import (
	"testing"

	"github.com/spf13/pflag"
)

// Of each setting the strongest counts: a flag, then the environment, then the file, then the default.
func TestConfig_Precedence(t *testing.T) {
	file := write(t, "weir.yaml", "addr: 127.0.0.1:1\ndir: from-file\norganisation: File\nneo4j_password: secret-file\nlog_level: debug\n")
	t.Setenv("WEIR_CONFIG", file)
	t.Setenv("WEIR_DIR", "from-env")
	t.Setenv("WEIR_ORGANISATION", "Environment")
	t.Setenv("WEIR_NEO4J_USER", "user-env")
	c := defaults()
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	c.flags(fs, "addr", "dir", "store", "organisation", "log-level", "log-format")
	if err := fs.Parse([]string{"--organisation", "Flag"}); err != nil {
		t.Fatal(err)
	}
	if err := c.load(fs); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, got, want string }{
		{"flag before environment", c.Organisation, "Flag"},
		{"environment before file", c.Dir, "from-env"},
		{"file before default", c.Addr, "127.0.0.1:1"},
		{"file before default", c.LogLevel, "debug"},
		{"default", c.LogFormat, "text"},
		{"no flag, file", c.Neo4jPassword, "secret-file"},
		{"no flag, environment", c.Neo4jUser, "user-env"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
	if fs.Lookup("neo4j-password") != nil {
		t.Error("a password can be given as a flag, which everybody at the machine can read")
	}
}

// A flag at its default value, given all the same, outranks the environment.
func TestConfig_AFlagThatSaysTheDefault(t *testing.T) {
	t.Setenv("WEIR_LOG_FORMAT", "json")
	c := defaults()
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	c.flags(fs, "log-format")
	if err := fs.Parse([]string{"--log-format", "text"}); err != nil {
		t.Fatal(err)
	}
	if err := c.load(fs); err != nil || c.LogFormat != "text" {
		t.Errorf("%q, %v", c.LogFormat, err)
	}
}

func TestConfig_LoopbackOnly(t *testing.T) {
	tests := map[string]bool{
		"127.0.0.1:8080": true, "localhost:0": true, "[::1]:80": true, "127.8.9.1:80": true,
		":8080": false, "0.0.0.0:80": false, "[::]:80": false, "192.168.1.4:80": false, "example.com:80": false,
	}
	for addr, want := range tests {
		c := defaults()
		c.Addr = addr
		if err := c.loopbackOnly(); (err == nil) != want {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestConfig_Provider(t *testing.T) {
	file := write(t, "weir.yaml", "external_url: https://weir.example\noidc_issuer: https://id.example\noidc_client_id: weir\n"+
		"oidc_scopes: profile groups\noidc_groups:\n  data-team:\n    teams: [analytics]\n    roles: [{role: steward, domain: '*'}]\n")
	t.Setenv("WEIR_CONFIG", file)
	t.Setenv("WEIR_OIDC_CLIENT_SECRET", "only from here")
	load := func() (Config, error) {
		c := defaults()
		return c, c.load(pflag.NewFlagSet("test", pflag.ContinueOnError))
	}
	c, err := load()
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.provider()
	if err != nil || p.ClientSecret != "only from here" || p.External != "https://weir.example" || p.Name != "id.example" || len(p.Scopes) != 2 || !c.overTLS() {
		t.Errorf("%+v, %v", p, err)
	}
	if g := c.Groups["data-team"]; len(g.Teams) != 1 || len(g.Roles) != 1 || g.Roles[0].Role != "steward" || g.Roles[0].Domain != "*" {
		t.Errorf("%+v", c.Groups)
	}
	t.Setenv("WEIR_OIDC_ISSUER", "http://id.example")
	if _, err := load(); err == nil {
		t.Error("a provider without TLS is taken")
	}
	if p, err := (&Config{}).provider(); p != nil || err != nil {
		t.Errorf("without settings: %v, %v", p, err)
	}
}
