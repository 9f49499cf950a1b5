package search_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/fake/search"
	"github.com/mockdesk/mockdesk/internal/fake/search/parser"
)

const mail = `Hello support team,

I cannot log in to https://app.example.com/login?next=%2Forders since yesterday's update (version 2.14.1). After the
password reset the page says "Invalid token" and the order #48213 is still pending. Please answer to
maria.garcia@example.com before 2026-11-20, we're waiting for an up-to-date invoice.

<p>Best regards,<br/>María García &amp; team</p>
`

func BenchmarkTokens(b *testing.B) {
	b.SetBytes(int64(len(mail)))
	for b.Loop() {
		s := parser.NewScanner(mail)
		for _, ok := s.Next(); ok; _, ok = s.Next() {
		}
	}
}

func BenchmarkNewVector(b *testing.B) {
	b.SetBytes(int64(len(mail)))
	for b.Loop() {
		search.NewVector(mail)
	}
}

func BenchmarkParseQuery(b *testing.B) {
	for b.Loop() {
		search.ParseQuery(`"password reset" invoice or refund -"order pending"`)
	}
}

// manyTexts returns support mails of about 350 bytes with words as frequent as in a language.
func manyTexts(n int) (texts []string, size int64) {
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.1, 8, 40000)
	common := strings.Fields(mail)
	texts = make([]string, n)
	for i := range texts {
		var b strings.Builder
		for range 50 {
			if w := zipf.Uint64(); int(w) < len(common) {
				b.WriteString(common[w])
			} else {
				fmt.Fprintf(&b, "w%xing", w)
			}
			b.WriteByte(' ')
		}
		texts[i] = b.String()
		size += int64(b.Len())
	}
	return texts, size
}

func BenchmarkBuild(b *testing.B) {
	texts, size := manyTexts(20000)
	b.SetBytes(size)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var index *search.Index
	for b.Loop() {
		index = search.Build(len(texts), 1, func(doc uint32) string { return texts[doc] })
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/float64(len(texts)), "heap-B/document")
	runtime.KeepAlive(index)
	runtime.KeepAlive(texts)
}

func BenchmarkSearch(b *testing.B) {
	texts, _ := manyTexts(20000)
	text := func(doc uint32) string { return texts[doc] }
	index := search.Build(len(texts), 2, text)
	for _, s := range []string{"invoice", "invoice pending", "invoice or token -order", "-invoice", `"password reset"`} {
		b.Run(s, func(b *testing.B) {
			q := search.ParseQuery(s)
			for b.Loop() {
				index.Search(q, text)
			}
		})
	}
}
