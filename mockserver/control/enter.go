package control

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

// pass is a cookie that stands for the admin token in a browser. Its name
// depends on the token, too, because servers on other ports share the cookies
// of a host.
type pass struct{ name, value string }

func newPass(token string) pass {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte("console"))
	sum := hex.EncodeToString(mac.Sum(nil))
	return pass{"mockdesk-" + sum[:8], sum[8:]}
}

// shown reports whether the request brings the pass.
func (p pass) shown(r *http.Request) bool {
	cookie, err := r.Cookie(p.name)
	return err == nil && hmac.Equal([]byte(cookie.Value), []byte(p.value))
}

// Stranger reports whether a request is refused only because it lacks the admin
// token.
func (a *API) Stranger(r *http.Request) bool {
	f := a.guard.refuse(r)
	return f != nil && f.status == http.StatusUnauthorized
}

// Enter gives a browser that sends the right admin token in a form a cookie in
// return, and reports whether the token is right. It answers a request that no
// token would help.
func (a *API) Enter(w http.ResponseWriter, r *http.Request, token string) (right, answered bool) {
	f := a.guard.refuse(r)
	if f != nil && f.status == http.StatusUnauthorized && a.guard.origin.Check(r) != nil {
		f = foreign()
	}
	switch {
	case f == nil:
		return true, false
	case f.status != http.StatusUnauthorized:
		fail(w, f)
		return false, true
	case !a.guard.is(token):
		return false, false
	}
	http.SetCookie(w, &http.Cookie{
		Name: a.guard.pass.name, Value: a.guard.pass.value, Path: Prefix, HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	})
	return true, false
}
