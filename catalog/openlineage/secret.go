package openlineage

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// secretParams are parameters of connection URIs that hold secrets or name the user, after ?, & or ;.
var secretParams = regexp.MustCompile(`(?i)([?&;])[^?&;=#]*(pass|pwd|secret|token|user|uid|credential|apikey|api_key|accesskey|access_key|privatekey|private_key|signature|sig)[^?&;=#]*=[^&;#]*`)

// userInfo is what stands before the host: user and password. The last @ before the path ends it, for passwords with @.
var (
	userInfo   = regexp.MustCompile(`://[^/?#]*@`)
	oracleInfo = regexp.MustCompile(`(?i)^(jdbc:oracle:[a-z0-9]+:)[^@]*@`)
)

// withoutCredentials takes user, password and tokens out of a URI or JDBC URL.
func withoutCredentials(uri string) string {
	if !strings.ContainsAny(uri, "@=") {
		return uri
	}
	uri = oracleInfo.ReplaceAllString(uri, "${1}@")
	uri = userInfo.ReplaceAllString(uri, "://")
	return secretParams.ReplaceAllStringFunc(uri, func(param string) string {
		if param[0] == '?' {
			return "?"
		}
		return ""
	})
}

// replace is an object's compact JSON with credentials taken out of the given members.
func replace(v value, keys ...string) []byte {
	var out bytes.Buffer
	out.WriteByte('{')
	for m := v.members(); m.more(); {
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		body := m.value.raw()
		for _, key := range keys {
			if key == string(m.key) && m.value.is('"') {
				body = quote(withoutCredentials(m.value.text()))
			}
		}
		out.Write(quote(string(m.key)))
		out.WriteByte(':')
		out.Write(body)
	}
	out.WriteByte('}')
	return out.Bytes()
}

// variableNames is the facet of environment variables without their values, which may be secrets.
func variableNames(v value) []byte {
	var out bytes.Buffer
	out.WriteString(`{"environmentVariables":[`)
	first := true
	for e := v.get("environmentVariables").elements(); e.more(); {
		name := e.value.get("name").text()
		if name == "" {
			continue
		}
		if !first {
			out.WriteByte(',')
		}
		first = false
		out.WriteString(`{"name":`)
		out.Write(quote(name))
		out.WriteByte('}')
	}
	out.WriteString(`]}`)
	return out.Bytes()
}

// quote is a string as JSON. What was decoded from JSON is UTF-8, so that nothing but this needs an escape.
func quote(s string) []byte {
	out := append(make([]byte, 0, len(s)+2), '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c < 0x20:
			out = fmt.Appendf(out, `\u%04x`, c)
		default:
			out = append(out, c)
		}
	}
	return append(out, '"')
}
