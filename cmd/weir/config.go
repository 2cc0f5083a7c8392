package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"

	"weir/errs"
	"weir/identity"
)

// Config is how the program runs. Of each setting the strongest counts: a flag, then WEIR_… of the environment, then the
// file, then the default. Credentials are never flags: everybody at the machine can read those.
type Config struct {
	Addr          string `yaml:"addr"`  // host:port
	Dir           string `yaml:"dir"`   // where everything lies that is kept
	Store         string `yaml:"store"` // sqlite:PATH, or neo4j:// or bolt://HOST:PORT; "": a file in Dir
	Organisation  string `yaml:"organisation"`
	LogLevel      string `yaml:"log_level"`  // debug, info, warn, error
	LogFormat     string `yaml:"log_format"` // text, json
	Neo4jUser     string `yaml:"neo4j_user"`
	Neo4jPassword string `yaml:"neo4j_password"`
	Neo4jDatabase string `yaml:"neo4j_database"`

	OIDCName        string                       `yaml:"oidc_name"` // on the button to sign in; "": the host of the issuer
	OIDCIssuer      string                       `yaml:"oidc_issuer"`
	OIDCClientID    string                       `yaml:"oidc_client_id"`
	OIDCSecret      string                       `yaml:"-"`           // from the environment alone
	OIDCScopes      string                       `yaml:"oidc_scopes"` // beside openid, separated by spaces
	OIDCGroupsClaim string                       `yaml:"oidc_groups_claim"`
	Groups          map[string]identity.GroupMap `yaml:"oidc_groups"` // what membership of a group there gives here

	ExternalURL   string `yaml:"external_url"`    // where readers find the program, if not at Addr: https://weir.example.com
	AnchorFile    string `yaml:"anchor_file"`     // checkpoints are appended to it
	AnchorWebhook string `yaml:"anchor_webhook"`  // checkpoints are posted to it
	WitnessURL    string `yaml:"witness_url"`     // a C2SP witness that cosigns checkpoints
	WitnessKey    string `yaml:"witness_key"`     // its verifier key
	Retention     string `yaml:"audit_retention"` // days for which entries of the log are kept at least, as 2555d; "": for ever

	Enforcement       string `yaml:"enforcement"` // how grants reach the systems that hold the data: manual, file:PATH, webhook:URL
	EnforcementSecret string `yaml:"-"`           // whsec_…, signs those calls; from the environment alone
	SMTP              string `yaml:"smtp"`        // where mail is handed in: smtp://USER@HOST:PORT; "": no mail is sent
	SMTPPassword      string `yaml:"-"`           // from the environment alone
	MailFrom          string `yaml:"mail_from"`   // "Data catalog <catalog@example.com>"

	file string
}

// settings are the names of the environment and where they go; those with a flag are flags too.
func (c *Config) settings() []setting {
	return []setting{
		{"addr", "WEIR_ADDR", &c.Addr, true},
		{"dir", "WEIR_DIR", &c.Dir, true},
		{"store", "WEIR_STORE", &c.Store, true},
		{"organisation", "WEIR_ORGANISATION", &c.Organisation, true},
		{"external-url", "WEIR_EXTERNAL_URL", &c.ExternalURL, true},
		{"anchor-file", "WEIR_ANCHOR_FILE", &c.AnchorFile, true},
		{"anchor-webhook", "WEIR_ANCHOR_WEBHOOK", &c.AnchorWebhook, true},
		{"witness-url", "WEIR_WITNESS_URL", &c.WitnessURL, true},
		{"witness-key", "WEIR_WITNESS_KEY", &c.WitnessKey, true},
		{"", "WEIR_AUDIT_RETENTION", &c.Retention, false},
		{"enforcement", "WEIR_ENFORCEMENT", &c.Enforcement, true},
		{"", "WEIR_ENFORCEMENT_SECRET", &c.EnforcementSecret, false},
		{"smtp", "WEIR_SMTP", &c.SMTP, true},
		{"", "WEIR_SMTP_PASSWORD", &c.SMTPPassword, false},
		{"mail-from", "WEIR_MAIL_FROM", &c.MailFrom, true},
		{"log-level", "WEIR_LOG_LEVEL", &c.LogLevel, true},
		{"log-format", "WEIR_LOG_FORMAT", &c.LogFormat, true},
		{"", "WEIR_OIDC_NAME", &c.OIDCName, false},
		{"", "WEIR_OIDC_ISSUER", &c.OIDCIssuer, false},
		{"", "WEIR_OIDC_CLIENT_ID", &c.OIDCClientID, false},
		{"", "WEIR_OIDC_CLIENT_SECRET", &c.OIDCSecret, false},
		{"", "WEIR_OIDC_SCOPES", &c.OIDCScopes, false},
		{"", "WEIR_OIDC_GROUPS_CLAIM", &c.OIDCGroupsClaim, false},
		{"", "WEIR_NEO4J_USER", &c.Neo4jUser, false},
		{"", "WEIR_NEO4J_PASSWORD", &c.Neo4jPassword, false},
		{"", "WEIR_NEO4J_DATABASE", &c.Neo4jDatabase, false},
	}
}

type setting struct {
	flag, env string
	value     *string
	isFlag    bool
}

var usage = map[string]string{
	"addr":           "address to listen on",
	"dir":            "directory of everything that is kept",
	"store":          "sqlite:PATH, neo4j://HOST:PORT or bolt://HOST:PORT (default a file in --dir)",
	"organisation":   "name shown on every page",
	"external-url":   "address at which readers find the program, https://…",
	"anchor-file":    "file that signed checkpoints of the log are appended to",
	"anchor-webhook": "address that signed checkpoints are posted to",
	"witness-url":    "C2SP witness that cosigns checkpoints",
	"witness-key":    "verifier key of that witness",
	"enforcement":    "how grants reach the systems that hold the data: manual, file:PATH or webhook:URL",
	"smtp":           "where mail is handed in: smtp://USER@HOST:PORT or smtps://…",
	"mail-from":      "sender of mails, such as Data catalog <catalog@example.com>",
	"log-level":      "debug, info, warn or error",
	"log-format":     "text or json",
}

// flags declares the flags that a command understands.
func (c *Config) flags(fs *pflag.FlagSet, names ...string) {
	for _, s := range c.settings() {
		for _, n := range names {
			if s.isFlag && s.flag == n {
				fs.String(n, *s.value, usage[n])
			}
		}
	}
	fs.StringVar(&c.file, "config", "", "file with settings, YAML (or WEIR_CONFIG)")
}

// load fills the config from file, environment and flags, weakest first.
func (c *Config) load(fs *pflag.FlagSet) error {
	if err := c.loadFile(); err != nil {
		return err
	}
	for _, s := range c.settings() {
		if v, ok := os.LookupEnv(s.env); ok {
			*s.value = v
		}
		if f := fs.Lookup(s.flag); s.isFlag && f != nil && f.Changed {
			*s.value = f.Value.String()
		}
	}
	return c.validate()
}

func (c *Config) loadFile() error {
	path := c.file
	if path == "" {
		path = os.Getenv("WEIR_CONFIG")
	}
	if path == "" {
		return nil
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return errs.Badf("config", "there is no file %s.", path)
	}
	if err != nil {
		return errs.Badf("config", "%s can't be read: %v.", path, err)
	}
	if err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(c); err != nil {
		return errs.Badf("config", "%s: %s", path, yaml.FormatError(err, false, false))
	}
	return nil
}

func (c *Config) validate() error {
	var bad []errs.Field
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		bad = append(bad, errs.Field{Name: "addr", Message: "has to be host:port, such as 127.0.0.1:8080."})
	}
	if c.Dir == "" {
		bad = append(bad, errs.Field{Name: "dir", Message: "is missing."})
	}
	if _, _, err := c.engine(); err != nil {
		bad = append(bad, errs.Field{Name: "store", Message: err.Error()})
	}
	if !c.externalIsGood() {
		bad = append(bad, errs.Field{Name: "external-url", Message: "has to be an address without a path, such as https://weir.example.com."})
	}
	if _, err := c.anchors(); err != nil {
		bad = append(bad, fieldsOf(err)...)
	}
	if _, err := c.mailer(); err != nil {
		bad = append(bad, fieldsOf(err)...)
	}
	if _, err := c.retention(); err != nil {
		bad = append(bad, errs.Field{Name: "audit-retention", Message: err.Error()})
	}
	if _, err := c.provider(); err != nil {
		bad = append(bad, fieldsOf(err)...)
	}
	if _, err := c.level(); err != nil {
		bad = append(bad, errs.Field{Name: "log-level", Message: "is one of debug, info, warn and error."})
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		bad = append(bad, errs.Field{Name: "log-format", Message: "is text or json."})
	}
	return fieldsInWords(bad)
}

// externalIsGood tells whether the address of readers is none or whole. Links begin at its root, so it has no path.
func (c *Config) externalIsGood() bool {
	if c.ExternalURL == "" {
		return true
	}
	u, err := url.Parse(c.ExternalURL)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && (u.Path == "" || u.Path == "/") &&
		u.RawQuery == "" && u.Fragment == "" && u.User == nil
}

// fieldsOf is what an error says of single settings.
func fieldsOf(err error) []errs.Field {
	e, ok := errs.As(err)
	if !ok || len(e.Fields) == 0 {
		return []errs.Field{{Name: "config", Message: err.Error()}}
	}
	return e.Fields
}

// fieldsInWords names every field in the message: on a terminal there is no form beside it.
func fieldsInWords(bad []errs.Field) error {
	if len(bad) == 0 {
		return nil
	}
	lines := make([]string, len(bad))
	for i, f := range bad {
		lines[i] = f.Name + ": " + f.Message
	}
	return &errs.Error{Kind: errs.Invalid, Message: strings.Join(lines, "\n"), Fields: bad}
}

func (c *Config) level() (slog.Level, error) {
	var l slog.Level
	err := l.UnmarshalText([]byte(c.LogLevel))
	return l, err
}

// engine says which engine the store is and where.
func (c *Config) engine() (name, where string, err error) {
	switch {
	case c.Store == "":
		return "sqlite", filepath.Join(c.Dir, "weir.db"), nil
	case strings.HasPrefix(c.Store, "sqlite:"):
		if path := strings.TrimPrefix(c.Store, "sqlite:"); path != "" {
			return "sqlite", path, nil
		}
		return "", "", errors.New("sqlite: needs a path behind the colon")
	}
	for _, scheme := range []string{"neo4j://", "neo4j+s://", "neo4j+ssc://", "bolt://", "bolt+s://", "bolt+ssc://"} {
		if strings.HasPrefix(c.Store, scheme) {
			return "neo4j", c.Store, nil
		}
	}
	return "", "", fmt.Errorf("%q is neither sqlite:PATH nor neo4j://HOST:PORT nor bolt://HOST:PORT", c.Store)
}

// loopbackOnly refuses to be reached from elsewhere: in the demo whoever reaches the program may be anybody.
func (c *Config) loopbackOnly() error {
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return errs.Bad("addr", "has to be host:port, such as 127.0.0.1:8080.")
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return errs.Badf("addr", "%q can be reached from other machines, and the demo signs everybody in who clicks. Listen on 127.0.0.1, or use weir serve.", c.Addr)
}

// defaults are the settings of a program that was told nothing.
func defaults() Config {
	return Config{Addr: "127.0.0.1:8080", Dir: "weir-data", LogLevel: "info", LogFormat: "text"}
}

// logger writes to stderr as configured.
func (c *Config) logger() *slog.Logger {
	level, err := c.level()
	if err != nil {
		level = slog.LevelInfo // validate has refused it before
	}
	o := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}
