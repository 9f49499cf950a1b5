package record

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/openapi"
)

// token matches a JSON string, and the colon after it if it is a name.
var token = regexp.MustCompile(`"(?:[^"\\]|\\.)*"(\s*:)?`)

// rewriteJSON replaces the strings of a JSON text, depending on the names of
// their members; everything else stays as it is written.
func rewriteJSON(body string, replace func(member, value string) string) string {
	member := ""
	return token.ReplaceAllStringFunc(body, func(text string) string {
		if text[len(text)-1] == ':' {
			name := strings.TrimRight(text[:len(text)-1], " \t\r\n")
			_ = json.Unmarshal([]byte(name), &member) // otherwise it keeps the last one
			return text
		}
		var value string
		if json.Unmarshal([]byte(text), &value) != nil {
			return `""`
		}
		replaced := replace(member, value)
		if replaced == value {
			return text
		}
		return string(service.AppendString(nil, replaced))
	})
}

// bare are the members of both services whose values were not written by
// people: words of the contract, instants, colors and ids.
var bare = []string{
	"id", "inbox_id", "status", "status_id", "status_color", "priority", "priority_id", "priority_color", "assignee_id", "contact_id", "remind_at",
	"remind_transition_status_id", "created_at", "updated_at", "direction", "type", "send_status", "sent_at", "content_type", "disposition", "task_id",
	"author_type", "body_format", "code", "field",
}

// value replaces the value of a member of an answer or of a request's body.
func (w *words) value(member, value string) string {
	switch {
	case value == "" || isID(value):
		return value
	case slices.Contains(bare, member):
		return w.plain(value)
	case member == "body_html":
		return w.html(value)
	case member == "file_name":
		return w.file(value)
	case member == "instance":
		return around(uuid, value, w.address, same)
	case member == "status_name" || member == "priority_name":
		return around(ours, value, w.text, same)
	}
	return w.address(value)
}

// plain returns an instant, a media type or a color unchanged; in other values
// it replaces the words that the contract does not use.
func (w *words) plain(value string) string {
	if plainly.MatchString(value) {
		return value
	}
	return w.sparing(contractual, value)
}

var (
	// plainly is how instants, media types and colors look.
	plainly = regexp.MustCompile(`^(?:(?:application|audio|font|image|message|multipart|text|video)/[A-Za-z0-9.+-]+|#[0-9A-Fa-f]{3,8}|\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d))$`)
	// ours are what services call statuses and priorities by themselves.
	ours = regexp.MustCompile(`^(?i:new|open|in progress|waiting(?: on (?:customer|third party))?|on hold|pending|resolved|solved|closed|(?:p[0-9] )?(?:low|minor|normal|medium|high|major|urgent|critical))$`)
)

// problem replaces the texts of an error; words of the contract, ids, instants,
// names of parameters and whatever stays in queries are kept.
func (w *words) problem(member, value string) string {
	if member == "field" || member == "path" || slices.Contains(bare, member) && plainly.MatchString(value) {
		return value
	}
	stays := func(word string) bool { return contractual(word) || told.MatchString(word) }
	return around(uuid, value, func(s string) string { return w.sparing(stays, s) }, same)
}

// vocabulary returns the words of the contracts, except those of their
// examples, of the addresses of problems, and of HTTP: the names of its statuses
// and the schemes of addresses.
var vocabulary = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{"http": true, "https": true, "about": true, "blank": true, "problems": true, "instances": true}
	for code := range 600 {
		for _, word := range run.FindAllString(http.StatusText(code), -1) {
			all[strings.ToLower(word)] = true
		}
	}
	for _, name := range []string{openapi.InboxOps, openapi.AppHandoff} {
		text, _ := openapi.Document(name) // the document exists
		for line := range strings.SplitSeq(string(text), "\n") {
			if strings.Contains(line, "example") {
				continue
			}
			for _, word := range run.FindAllString(line, -1) {
				all[strings.ToLower(word)] = true
			}
		}
	}
	return all
})

// contractual reports whether the contracts use a word, which is in lower case.
func contractual(word string) bool { return vocabulary()[word] }

// query replaces the words of a query. Ids, instants, numbers and words of the
// contract stay, and so do the names of parameters that have a value.
func (w *words) query(raw string) string {
	if raw == "" {
		return ""
	}
	parts := strings.Split(raw, "&")
	for i, part := range parts {
		name, value, has := strings.Cut(part, "=")
		if !has {
			parts[i] = w.sparing(contractual, part)
			continue
		}
		decoded, err := url.QueryUnescape(value)
		if err != nil {
			parts[i] = name + "=" + w.text(value)
			continue
		}
		if replaced := w.parameter(name, decoded); replaced != decoded {
			parts[i] = name + "=" + url.QueryEscape(replaced)
		}
	}
	return strings.Join(parts, "&")
}

// parameter replaces the value of a parameter, each item of a list by itself.
func (w *words) parameter(name, value string) string {
	if told.MatchString(value) || isID(value) {
		return value
	}
	switch {
	case name == "query" || name == "q":
		return w.search(value)
	case strings.HasPrefix(name, "custom_field"):
		return w.address(value)
	}
	all := strings.Split(value, ",")
	for i, one := range all {
		if !told.MatchString(one) && !isID(one) {
			all[i] = w.sparing(contractual, one)
		}
	}
	return strings.Join(all, ",")
}

// told matches values that reveal nothing about anybody.
var told = regexp.MustCompile(`^(?:__[a-z]+__|true|false|-?\d{1,4}(?:\.\d+)?|\d{4}-\d\d-\d\d(?:T[0-9:.]+(?:Z|[+-]\d\d:?\d\d)?)?|)$`)
