package journal

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/mockdesk/mockdesk/openapi"
)

// AnswerVerdict returns how the answer to a request departs from a contract,
// nothing when it keeps it. It may read the body.
type AnswerVerdict func(*openapi.Contract, *http.Request, *http.Response) []Violation

// MostAnswer is how many bytes a body that is judged may have, with and without
// gzip.
const MostAnswer = 1 << 20

// CheckAnswer judges the answer of a record to a request to an operation, which
// then keeps the verdict. Whole says that the body came to its end. As for the
// judge, a member that no schema names is not a breach.
func (j *Journal) CheckAnswer(r *Record, whole bool) Breach {
	all, err := load()
	if err != nil {
		r.AnswerUnchecked = "the contract cannot be read: " + err.Error()
		return Breach{}
	}
	x := &exchange{Record: *r, journal: j}
	contract, path := all.of(x.Path, x.base(all))
	if contract == nil {
		return Breach{}
	}
	op, ok := contract.Match(x.Method, path)
	if !ok {
		return Breach{}
	}
	if j.config.AnswerVerdict == nil {
		r.AnswerUnchecked = "the answer was not checked, because this proxy was given no verdict on answers"
		return Breach{}
	}
	body, unread := x.answered(whole)
	r.AnswerUnchecked = unread
	found := j.judge(contract, x.rebuild(path), said{
		op: op.ID, contract: contract.Name(), status: r.Status, kind: r.ResponseHeader.Get("Content-Type"),
	}, r.ResponseHeader, body)
	r.AnswerViolations = slices.DeleteFunc(slices.Clone(found), func(v Violation) bool {
		return v.Rule == openapi.RuleUndocumentedField || unread != "" && aboutBody(v)
	})
	return x.breach(r.AnswerViolations)
}

// said is what the verdict on an answer to GET depends on, except its header.
type said struct {
	contract, op, kind string
	status             int
	body               [sha256.Size]byte
}

// judge gives an answer its verdict. It judges the header each time, but a body
// of GET only once, since servers repeat bodies.
func (j *Journal) judge(c *openapi.Contract, request *http.Request, s said, header http.Header, body []byte) []Violation {
	verdict := func(r *http.Request, header http.Header, body []byte) []Violation {
		return j.config.AnswerVerdict(c, r, &http.Response{StatusCode: s.status, Header: header, Body: io.NopCloser(bytes.NewReader(body))})
	}
	if request.Method != http.MethodGet || len(s.kind) > mostTarget {
		return verdict(request, header, body)
	}
	s.body = sha256.Sum256(body)
	found := j.said.of(s, func() []Violation {
		return verdict(request, http.Header{"Content-Type": header["Content-Type"]}, body)
	})
	if slices.ContainsFunc(found, func(v Violation) bool { return v.Rule == openapi.RuleUndocumentedStatus }) {
		return found
	}
	head := *request
	head.Method = http.MethodHead // answers to HEAD have no body to judge
	return slices.Concat(verdict(&head, header, nil), found)
}

// answered returns the decoded body of the answer, or why it cannot be judged.
func (x *exchange) answered(whole bool) (body []byte, unread string) {
	blank := []byte(" ") // an empty body would say that there is no type
	switch coding := x.ResponseHeader.Get("Content-Encoding"); {
	case x.Method == http.MethodHead:
		return nil, ""
	case !whole:
		return blank, "the body of the answer was not checked: it broke off"
	case x.ResponseBytes > int64(len(x.ResponseBody)):
		return blank, fmt.Sprintf("the body of the answer was not checked: it has %d bytes, of which the first %d are kept", x.ResponseBytes, len(x.ResponseBody))
	case coding == "" || coding == "identity" || len(x.ResponseBody) == 0:
		return x.ResponseBody, ""
	case coding != "gzip":
		return blank, fmt.Sprintf("the body of the answer was not checked: its Content-Encoding is %.40q", coding)
	}
	plain, err := Gunzip(x.ResponseBody)
	if err != nil {
		return blank, "the body of the answer was not checked: " + err.Error()
	}
	return plain, ""
}

// Gunzip returns the unpacked bytes, if there are at most MostAnswer of them.
func Gunzip(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("it is no gzip: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, MostAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("it is no gzip: %w", err)
	case len(plain) > MostAnswer:
		return nil, fmt.Errorf("unpacked, it has more than %d bytes", MostAnswer)
	}
	return plain, nil
}
