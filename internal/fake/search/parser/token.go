// Package parser turns text into the tokens that PostgreSQL's default text search parser finds in it.
//
// Each kind of token is a small grammar with a matcher of its own. At every
// position the matchers that can start there are tried in a fixed order and the
// first that matches wins. The order and the grammars were worked out from what
// ts_parse of a live server answers.
package parser

// Kind is a kind of token; its value is PostgreSQL's number for it.
type Kind uint8

// The kinds of PostgreSQL's default parser.
const (
	ASCIIWord      Kind = iota + 1 // word of ASCII letters
	Word                           // word of letters
	NumWord                        // word of letters and digits
	Email                          // e-mail address
	URL                            // host and path; host and path follow as tokens of their own
	Host                           // host name, with its port if it has one
	SFloat                         // number in scientific notation
	Version                        // version number
	HWordNumPart                   // part of a hyphenated word, letters and digits
	HWordPart                      // part of a hyphenated word, letters
	HWordASCIIPart                 // part of a hyphenated word, ASCII letters
	Blank                          // all that is between tokens
	Tag                            // markup tag or comment
	Protocol                       // protocol head such as https://
	NumHWord                       // hyphenated word of letters and digits; its parts follow
	ASCIIHWord                     // hyphenated word of ASCII letters; its parts follow
	HWord                          // hyphenated word of letters; its parts follow
	URLPath                        // path, query and fragment of a URL
	File                           // file or path name
	Float                          // decimal number
	Int                            // signed integer
	Uint                           // unsigned integer
	Entity                         // markup entity
)

// Token is a part of the text: the bytes from Start up to End.
type Token struct {
	Kind       Kind
	Start, End int
}
