package link

import "net/url"

// SignIn is the page to sign in, which then leads on to next, a path and query on this site.
func SignIn(next string) string { return withNext("/sign-in", next) }

// SignInAgain is the page on which who is signed in proves once more who he is.
func SignInAgain(next string) string { return withNext("/sign-in/again", next) }

// SignInElsewhere leads to the company's own place to sign in.
func SignInElsewhere(next string) string { return withNext("/sign-in/oidc", next) }

// SignInDemo takes the choice among the people of the demo.
func SignInDemo() string { return "/sign-in/demo" }

// Welcome is the first page of a new program, where its first administrator is made.
func Welcome() string { return "/welcome" }

func withNext(path, next string) string {
	if next == "" || next == "/" {
		return path
	}
	return path + "?next=" + url.QueryEscape(next)
}
