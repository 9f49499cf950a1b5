package mockserver_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/mockserver"
)

// asked are the answers that each InboxOps operation lists, as they can be
// asked for.
var asked = []struct {
	call
	codes map[string]string // by what is asked for
	other []string          // that it does not list
}{
	{
		listCall,
		map[string]string{
			"400": "bad_request", "401": "unauthorized", "403": "forbidden", "429": "rate_limit_exceeded", "500": "internal_error",
			"503": "service_unavailable", "forbidden": "forbidden", "rate_limit_exceeded": "rate_limit_exceeded", "429-rate_limit_exceeded": "rate_limit_exceeded",
		},
		[]string{"200", "404", "405", "409", "418", "insufficient_scope", "403-insufficient_scope", "429-forbidden", "4xx", "teapot"},
	},
	{
		timelineCall,
		map[string]string{"400": "bad_request", "401": "unauthorized", "403": "forbidden", "404": "not_found", "429": "rate_limit_exceeded", "500": "internal_error", "503": "service_unavailable"},
		[]string{"201", "409", "insufficient_scope"},
	},
	{
		noteCall,
		map[string]string{
			"400": "bad_request", "401": "unauthorized", "403": "forbidden", "insufficient_scope": "insufficient_scope", "403-insufficient_scope": "insufficient_scope",
			"404": "not_found", "429": "rate_limit_exceeded", "500": "internal_error", "503": "service_unavailable", "503-service_unavailable": "service_unavailable",
		},
		[]string{"201", "409", "conflict", "405"},
	},
}

func TestPrefer(t *testing.T) {
	t.Parallel()
	preferProofs.run(t, mockserver.Config{})
	preferPlaceProofs.run(t, mockserver.Config{})
}

// statusOf returns the status of a problem code.
var statusOf = map[string]int{
	"bad_request": 400, "unauthorized": 401, "forbidden": 403, "insufficient_scope": 403, "not_found": 404,
	"rate_limit_exceeded": 429, "internal_error": 500, "service_unavailable": 503,
}

var preferProofs = proofs{
	"each listed answer of each operation can be asked for": func(t *testing.T, f *fake) {
		f.unchanged(func() {
			for _, a := range asked {
				for want, code := range a.codes {
					answer := f.call(a.call, readWrite, "Prefer: code="+want)
					answer.refused(statusOf[code], code)
					same(t, "applied", "code="+want, answer.Header.Get("Preference-Applied"))
					same(t, "why", "Prefer: code="+want, answer.Header.Get(mockserver.WhyHeader)+map[bool]string{true: "Prefer: code=" + want}[code == "bad_request" || code == "not_found"])
				}
			}
		})
	},
	"an answer that the operation does not list is 400, and the answer lists those it does": func(_ *testing.T, f *fake) {
		for _, a := range asked {
			for _, code := range a.other {
				f.call(a.call, readWrite, "Prefer: code="+code).names("Prefer", "code="+code+" is not an answer this operation lists; it lists 400 (bad_request), 401 (unauthorized), 403 (forbidden),")
			}
		}
	},
	"AppHandoff answers as asked in its own words": func(t *testing.T, f *fake) {
		_, path := f.thread("ties")
		for code, word := range map[int]string{401: "UNAUTHENTICATED", 403: "FORBIDDEN", 404: "NOT_FOUND", 429: "RATE_LIMITED", 500: "INTERNAL_ERROR", 503: "SERVICE_UNAVAILABLE"} {
			f.get(member, path, fmt.Sprint("Prefer: code=", code)).failure(code, word)
		}
		same(t, "fieldErrors", any(map[string]any{"Prefer": "code=400 was asked for"}), f.get(member, path, "Prefer: code=400").failure(400, "VALIDATION_ERROR")["fieldErrors"])
		f.get(member, path, "Prefer: code=409").mistaken("Prefer", "code=409 is not an answer this operation lists; it lists 400 (VALIDATION_ERROR), 401 (UNAUTHENTICATED), 403 (FORBIDDEN),")
		for _, code := range []string{"RATE_LIMITED", "429-RATE_LIMITED", "rate_limit_exceeded"} {
			f.get(member, path, "Prefer: code="+code).failure(429, "RATE_LIMITED")
		}
		f.call(listCall, readWrite, "Prefer: code=RATE_LIMITED").names("Prefer", "it lists 400 (bad_request)")
	},
	"AppHandoff has one dialect and does not claim another": func(t *testing.T, f *fake) {
		_, path := f.thread("ties")
		for prefer, want := range map[string]string{
			"error-format=sample": "", "error-format=problem": "", "error-format=sample, code=429": "code=429", "code=503, error-format=sample": "code=503",
		} {
			a := f.get(member, path, "Prefer: "+prefer)
			same(t, prefer, want, a.Header.Get("Preference-Applied"))
		}
		same(t, "InboxOps", "error-format=sample, code=429", f.call(listCall, readWrite, "Prefer: error-format=sample, code=429").Header.Get("Preference-Applied"))
	},
	"AppHandoff says how long to wait": func(t *testing.T, f *fake) {
		_, path := f.thread("ties")
		f.get(member, path, "Prefer: code=429, retry-after=7").failure(429, "RATE_LIMITED").is(t, "429", "retryAfter", 7.0)
	},
	"retry-after is what the answer says, 60 unless told otherwise on a 429": func(t *testing.T, f *fake) {
		for prefer, want := range map[string]string{
			"code=429": "60", "code=429, retry-after=3": "3", "retry-after=86400,code=429": "86400", "code=503, retry-after=120": "120", "code=503": "", "code=500": "",
		} {
			same(t, prefer, want, f.call(listCall, readWrite, "Prefer: "+prefer).Header.Get("Retry-After"))
		}
		var sample object
		f.call(listCall, readWrite, "Prefer: code=429, retry-after=3, error-format=sample").want(429).decode(&sample)
		sample.is(t, "sample", "retryAfter", 3.0)
	},
	"the request alone that asks is answered so": func(_ *testing.T, f *fake) {
		f.call(listCall, readWrite, "Prefer: code=500").want(500)
		f.call(listCall, readWrite).want(200)
		f.call(noteCall, readWrite, "Prefer: error-format=sample").want(201)
	},
	"HEAD may ask as well": func(_ *testing.T, f *fake) {
		f.call(call{"HEAD", ticketsPath, ""}, readWrite, "Prefer: code=503").want(503)
	},
	"what is asked for may be quoted, in any case, and has parameters": func(t *testing.T, f *fake) {
		for _, prefer := range []string{`code="503"`, "Code=503", "  CODE = 503 ", "code=503; foo=bar", "respond-async, code=503, wait=10", ",code=503,", "code=503, code=500", `x="a, code=500", code=503`} {
			f.call(listCall, readWrite, "Prefer: "+prefer).refused(503, "service_unavailable")
		}
	},
	"preferences that are not ours are ignored": func(t *testing.T, f *fake) {
		want := f.call(listCall, readWrite).want(200).Body
		for _, prefer := range []string{"respond-async", "return=minimal", "wait=5", "handling=strict", "dynamic=true", ",", "=", "status=500"} {
			a := f.call(listCall, readWrite, "Prefer: "+prefer).want(200)
			same(t, prefer, want, a.Body)
			same(t, prefer, nil, a.Header["Preference-Applied"])
		}
	},
	"what cannot be done is 400, and the answer says what can": func(t *testing.T, f *fake) {
		for prefer, valid := range map[string]string{
			"code":                       "is empty; give a status or a problem code, such as code=429",
			"retry-after=3":              "retry-after needs a code, such as: code=429, retry-after=3",
			"code=429, retry-after=-1":   "is not a whole number of seconds from 0 to 86400",
			"code=429, retry-after=soon": "is not a whole number of seconds from 0 to 86400",
			"delay=soon":                 "is not a duration from 0s to 1m0s, such as 250ms",
			"delay=61s":                  "is not a duration from 0s to 1m0s",
			"delay=-1s":                  "is not a duration from 0s to 1m0s",
			"delay=500":                  "is not a duration from 0s to 1m0s",
			"error-format=xml":           "is not a format; give problem or sample",
		} {
			a := f.call(listCall, readWrite, "Prefer: "+prefer)
			a.names("Prefer", valid)
			same(t, prefer, nil, a.Header["Preference-Applied"])
		}
	},
	"delay waits, and then the request is answered": func(t *testing.T, _ *fake) {
		var slept []time.Duration
		f := start(t, mockserver.Config{Sleep: func(_ context.Context, d time.Duration) error {
			slept = append(slept, d)
			return nil
		}})
		f.call(listCall, readWrite).want(200)
		same(t, "applied", "delay=250ms", f.call(listCall, readWrite, "Prefer: delay=250ms").want(200).Header.Get("Preference-Applied"))
		same(t, "applied", "delay=1m, code=503", f.call(listCall, readWrite, "Prefer: delay=1m, code=503").want(503).Header.Get("Preference-Applied"))
		f.call(listCall, readWrite, "Prefer: delay=0s").want(200)
		f.call(listCall, "", "Prefer: delay=3s").want(401)
		same(t, "waits", []time.Duration{250 * time.Millisecond, time.Minute}, slept)
	},
}

var preferPlaceProofs = proofs{
	"A5 401 comes before what is asked for": func(t *testing.T, f *fake) {
		for _, key := range []string{"", "ixk_unknown", revoked} {
			for _, prefer := range []string{"code=500", "code=", "delay=1h"} {
				a := f.call(listCall, key, "Prefer: "+prefer)
				a.refused(401, "unauthorized")
				same(t, "applied", nil, a.Header["Preference-Applied"])
			}
		}
	},
	"what is asked for comes before 403, 429, 404 and 400": func(_ *testing.T, f *fake) {
		f.call(listCall, unentitled, "Prefer: code=500").refused(500, "internal_error")
		f.call(noteCall, readOnly, "Prefer: code=500").refused(500, "internal_error")
		f.get(readWrite, ticketsPath+"/1/messages", "Prefer: code=500").refused(500, "internal_error")
		f.get(readWrite, ticketsPath+"?page=0", "Prefer: code=503").refused(503, "service_unavailable")
		f.exhaust()
		f.call(listCall, readWrite, "Prefer: code=503").refused(503, "service_unavailable")
		f.Workspace("").SetRateLimit(ratelimit.Limit{})
	},
	"addresses that are no operation are answered as ever": func(_ *testing.T, f *fake) {
		f.get(readWrite, "/api/v1/nothing", "Prefer: code=500").refused(404, "not_found")
		f.send("DELETE", readWrite, ticketsPath, "", "Prefer: code=500").refused(405, "method_not_allowed")
	},
	"the answer says why it is what it is": func(t *testing.T, f *fake) {
		for key, want := range map[string]string{"": "key missing", "ixk_unknown": "key unknown", revoked: "key revoked", unentitled: "key without entitlement"} {
			same(t, key, want, f.call(listCall, key).Header.Get(mockserver.WhyHeader))
		}
		same(t, "read-only", "key read-only", f.call(noteCall, readOnly).Header.Get(mockserver.WhyHeader))
		for _, path := range []string{ticketsPath, ticketsPath + "?page=0", ticketsPath + "/1/messages"} {
			same(t, path, nil, f.get(readWrite, path).Header[mockserver.WhyHeader])
		}
		f.exhaust()
		if why := f.call(listCall, readWrite).Header.Get(mockserver.WhyHeader); !strings.Contains(why, "rate limit") {
			t.Errorf("why a 429: %q", why)
		}
	},
}
