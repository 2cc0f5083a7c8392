package session

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Peer is the IP address that a request comes from: that at the other end of its connection or, where a proxy at this machine
// is there, the one that the proxy names last. What stands before that in the header anybody can write, and nobody but a
// proxy at this machine is believed: else all behind a proxy would count as one, and one of them could lock all others out.
func Peer(r *http.Request) string {
	direct := connected(r)
	named := r.Header["X-Forwarded-For"]
	if len(named) == 0 || !loopback(direct) {
		return direct
	}
	list := strings.Split(named[len(named)-1], ",")
	ip, err := netip.ParseAddr(strings.TrimSpace(list[len(list)-1]))
	if err != nil {
		return direct
	}
	return ip.Unmap().WithZone("").String()
}

// connected is the IP address at the other end of a request's connection.
func connected(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// passedOn are the headers by which proxies say that a request is from elsewhere.
var passedOn = []string{
	"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Server", "X-Real-Ip",
}

// Local tells whether a request comes over plain HTTP from this machine to this machine, by address and by name: a page
// from elsewhere whose name was pointed at this machine doesn't count, nor what a proxy says to be from elsewhere.
func Local(r *http.Request) bool {
	if r.TLS != nil || slices.ContainsFunc(passedOn, func(name string) bool { return len(r.Header[name]) > 0 }) {
		return false
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return loopback(connected(r)) && (host == "localhost" || loopback(strings.Trim(host, "[]")))
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
