package search_test

import (
	"fmt"

	"github.com/mockdesk/mockdesk/internal/fake/search"
)

func Example() {
	message := search.NewVector("The invoices were sent to billing@example.com twice.")
	fmt.Println(message)
	for _, text := range []string{"invoice", `"sent to billing@example.com"`, "refund or twice", "invoice -twice", "the"} {
		q := search.ParseQuery(text)
		fmt.Printf("%s: %s: %t\n", text, q, q.Match(message))
	}
	// Output:
	// 'billing@example.com':6 'invoic':2 'sent':4 'twice':7
	// invoice: 'invoic': true
	// "sent to billing@example.com": 'sent' <2> 'billing@example.com': true
	// refund or twice: 'refund' | 'twice': true
	// invoice -twice: 'invoic' & !'twice': false
	// the: : false
}

func ExampleBuild() {
	documents := []string{
		"Password reset does not work",
		"How do I reset the password?",
		"Invoice for March",
	}
	text := func(doc uint32) string { return documents[doc] }
	index := search.Build(len(documents), 2, text)
	fmt.Println(index.Search(search.ParseQuery("resetting passwords"), text))
	fmt.Println(index.Search(search.ParseQuery(`"password reset" or invoices`), text))
	fmt.Println(index.Search(search.ParseQuery("-password"), text))
	// Output:
	// [0 1]
	// [0 2]
	// [2]
}
