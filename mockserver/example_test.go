package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/mockdesk/mockdesk/mockserver"
)

// A client under test talks to the fake as it would to the service.
func Example() {
	fake, err := mockserver.New(mockserver.Config{})
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(fake)
	defer server.Close()

	request, _ := http.NewRequest("GET", server.URL+"/api/v1/tickets?status=closed&per_page=1", nil)
	request.Header.Set("Authorization", "Bearer ixk_test_readwrite")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	var page struct{ Data []struct{ Status string } }
	fmt.Println(answer.StatusCode, json.NewDecoder(answer.Body).Decode(&page), page.Data[0].Status)
	// Output: 200 <nil> closed
}
