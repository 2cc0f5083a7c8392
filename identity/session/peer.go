package session

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Peer is the IP address at the other end of a request's connection.
func Peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// Local tells whether a request comes over plain HTTP from this machine to this machine, by address and by name: a page
// from elsewhere whose name was pointed at this machine doesn't count, nor what a proxy says to be from elsewhere.
func Local(r *http.Request) bool {
	if r.TLS != nil || len(r.Header["Forwarded"]) > 0 || len(r.Header["X-Forwarded-For"]) > 0 || len(r.Header["Via"]) > 0 {
		return false
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return loopback(Peer(r)) && (host == "localhost" || loopback(strings.Trim(host, "[]")))
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// deviceOf says coarsely what a browser says of itself. The order counts: most of them name others, too.
func deviceOf(agent string) string {
	browser := firstOf(agent, "Edg", "Edge", "OPR", "Opera", "Firefox", "Firefox", "Chrome", "Chrome", "Safari", "Safari", "curl", "curl")
	system := firstOf(agent, "Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS X", "macOS",
		"CrOS", "ChromeOS", "Linux", "Linux")
	switch {
	case browser == "" && system == "":
		return "Unknown device"
	case browser == "":
		return "A program on " + system
	case system == "":
		return browser
	}
	return browser + " on " + system
}

// firstOf is the name of the first sign that a text holds; signs and names take turns.
func firstOf(text string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.Contains(text, pairs[i]) {
			return pairs[i+1]
		}
	}
	return ""
}
