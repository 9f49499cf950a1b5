package mockserver_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/mockserver"
)

// TestAnswersArriveWholeAndInOrder sends many requests before it reads the first
// answer: an answer smaller than net/http's buffer is written in one call, a larger
// one in two.
func TestAnswersArriveWholeAndInOrder(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 60})
	web := listen(t, f, nil)
	var paths, want []string
	for rows := 1; rows <= 30; rows++ {
		for _, method := range []string{"GET", "HEAD"} {
			path := fmt.Sprintf("%s?sort=created_at&per_page=%d", ticketsPath, rows)
			paths = append(paths, method+" "+path)
			body := f.get(readWrite, path).want(200).Body
			if method == "HEAD" {
				body = ""
			}
			want = append(want, body)
		}
	}
	if small, large := len(want[0]), len(want[len(want)-2]); small > 2<<10 || large < 12<<10 {
		t.Fatalf("bodies of %d to %d bytes show nothing", small, large)
	}
	c := dial(t, web.URL)
	for _, path := range paths {
		fmt.Fprintf(c, "%s HTTP/1.1\r\nHost: desk.example\r\nAuthorization: Bearer %s\r\n\r\n", path, readWrite)
	}
	in := bufio.NewReader(c)
	for i, path := range paths {
		method, _, _ := strings.Cut(path, " ")
		a, err := http.ReadResponse(in, &http.Request{Method: method})
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		body, err := io.ReadAll(a.Body)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if diff := cmp.Diff(want[i], string(body)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// TestACutAnswerArrivesAsFarAsItGoes cuts on both sides of net/http's buffer.
func TestACutAnswerArrivesAsFarAsItGoes(t *testing.T) {
	t.Parallel()
	for _, after := range []int{1, 3000, 4096, 5000, 10_000} {
		f := start(t, mockserver.Config{Tickets: 60})
		whole := f.get(readWrite, ticketsPath).want(200).Body
		f.control("POST", "faults", fmt.Sprintf(`{"then":{"body":{"cut_after":%d}}}`, after)).want(201)
		web := listen(t, f, nil)
		r, err := http.NewRequestWithContext(t.Context(), "GET", web.URL+ticketsPath, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+readWrite)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(a.Body)
		_ = a.Body.Close()
		if err == nil {
			t.Errorf("cut after %d: the body ended as if nothing had happened", after)
		}
		if diff := cmp.Diff(whole[:after], string(body)); diff != "" {
			t.Errorf("cut after %d (-want +got):\n%s", after, diff)
		}
	}
}
