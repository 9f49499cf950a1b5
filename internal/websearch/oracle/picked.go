//go:build unix

package main

import (
	"fmt"
	"strings"
)

// pickedDocuments are texts that show a rule each.
func pickedDocuments() []string {
	documents := append(lines(pickedText), lines(pickedMarkup)...)
	var distinct, spread strings.Builder
	for i := range 16390 {
		fmt.Fprintf(&distinct, "%c ", 'b'+rune(i%20))
		if i > 16375 {
			fmt.Fprintf(&spread, "late%d ", i)
		} else {
			spread.WriteString("the ")
		}
	}
	return append(documents,
		"", " ", "\n", "-", "\"", "<", "&", "/", ".",
		"a line\nand another\r\nand\ta tab\vand\fmore",
		strings.Repeat("a", 2045)+" fits", strings.Repeat("a", 2046)+" fits too", strings.Repeat("a", 2047)+" left out",
		strings.Repeat("1", 2047)+" also left out", strings.Repeat("a", 997)+"ing stemmed", strings.Repeat("a", 998)+"ing not stemmed",
		strings.Repeat("é", 500)+" b", strings.Repeat("é", 1024)+" b",
		"first "+strings.Repeat("again ", 300)+"last",
		distinct.String(), spread.String(),
		strings.Repeat("the ", 16381)+"same again same again same",
		strings.Repeat("a-", 200)+"b", strings.Repeat("a.", 200)+"com", strings.Repeat("a/", 200)+"b", strings.Repeat("-", 300)+"5",
		strings.Repeat("<a ", 100), strings.Repeat("\"", 101), strings.Repeat("&amp", 50), strings.Repeat("a_1.", 80)+"@b.com",
	)
}

// pickedQueries are searches that show a rule each.
func pickedQueries() []string {
	return append(lines(pickedSearches),
		"", " ", "\t\n", "\"", "\"\"\"", "-\"", "\"-", "cat\u00a0dog", "cat\u3000dog", "cat\u2028or\u2028dog",
		strings.Repeat("a", 2046), strings.Repeat("a", 2047), strings.Repeat("a", 2047)+" cat",
		strings.Repeat("-", 31)+"cat", strings.Repeat("-", 32)+"cat", strings.Repeat("cat or ", 50)+"dog",
		"\"cat "+strings.Repeat("the ", 100)+"dog\"",
		"\"late16376 "+strings.Repeat("the ", 3)+"late16380\"", "\"late16382 late16383\"", "\"late16388 late16389\"",
		"\"x "+strings.Repeat("the ", 16379)+"y z v u w\"", "\"same again\"", "\"again same\"",
	)
}

func lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }

const pickedText = `
The quick brown fox jumps over the lazy dog
I cannot log in since the password reset; please help!
My order #1234 (placed 2024-12-25) hasn't arrived, tracking says "in transit"
Contact john.doe@mail.example.com or sales+eu@example.co.uk
john.doe+x@mail.example.com
See https://docs.example.com/guide/setup?lang=en&v=2#install for details
http://localhost:8080/admin and http://10.0.0.1:3000/
http:// http://a http://a.b http://é.com/x ftp://ftp.example.org/pub file:///etc/hosts mailto:joe@example.com
www.example.com. example.com, (example.com) example.com/ example.com/a example.com:80 example.com:80/b
node.js report_2024.pdf foo.txt archive.tar.gz a.b a.bc a.b1 .bashrc
/usr/local/etc/nginx.conf ./run.sh ../up/one ~/home/.bashrc ~joe C:\Users\joe
and/or TCP/IP HTTP/2 24/7 1/2 a/b/c a//b a/ /a/
up-to-date x-ray-5 wi-fi-6e wi-fi 6e state-of-the-art co-operate A-1 1-A -a- a--b
don't user's O'Brien rock'n'roll it's y'all 'quoted' ’curly’
ERR_42 foo_bar __init__ _a a_ snake_case_name CamelCase
2024-12-25 25/12/2024 12:30:45 2024-12-25T10:30:00Z 20:15
-5 +7 3.14 -3.14 1e10 -2.5e-3 6.02E+23 1.2.3 +7.3.14 .5 5. 1,000 $49.99 50% #7 007 0x1F 1st 2nd
2.5e-3.example.com 1e5.com 2.5e-3@b.com 1e5@b.cd é1@b.cd é@b.cd
10.0.0.1 192.168.1.255:8080 ::1 fe80::1
550e8400-e29b-41d4-a716-446655440000 deadbeef 1234abcd
x@y a@b.c a@b.cd a@b.cd:25 a-b@c.de a_b@c.de a.b@c.de a..b@c.de .a@b.cd a@@b.cd a@b@c.de
running runs runner ran generalization generously university universal skies dying news innings
yes yellow say boy youth yyyy sayings enjoying
café naïve résumé Zürich Straße İstanbul ÉCOLE ﬁne ſharp
日本語 東京 タワー 日本語1 日本語-テスト привет-мир γειά שלום مرحبا नमस्ते ไทย 한국어 Ⓐ ½ ² ٣ ⅷ
e` + "\u0301" + `te` + "\u0301" + ` a` + "\u200b" + `b a` + "\u00ad" + `b a` + "\u00a0" + `b a😀b 👍🏽 👨‍👩‍👧
“quoted” — dash… →arrow ©2024 ™ § ¶ €5 £5
the a of and to in is it you that
the cat and the dog
cats and dogs
cat dog
dog cat
the fat cat sat on the mat and ate a fat rat
wi-fi is up to date
wifi
a or b
wide-area network of the wide area
`

const pickedMarkup = `
<b>bold</b> <br/> <br /> <a href="http://example.com/x?y=z">link</a>
<p class='it"s'>quoted</p> <img src=x.png alt="a > b"> after
<a b> <a b="c> d"> <a b='c> d'> </a > </a b> <a/b> <1> < a> <> </> <é> <aé> <a:b> <a_b> <_a> </_a> <:a>
<a <b> c> <a b<c> <a "b> open <a 'b> open
<!-- comment > with <b> inside --> after <!--> still --> <!-- never closed
<!DOCTYPE html> <!d> <!x> <?xml version="1.0"?> <?x> <?y>
<script>var a = "b"; if (a < b && c > d) {}</script> after <style>p { color: red }</style> done
<SCRIPT>upper</SCRIPT> <scripts>not one</scripts> <script/>not one <script />one
<script>open to the end <b>bold</b> still
<script no end
<a b="\"> x"> after
<a b="\\" c> after
cut off <a "\x
&amp; &nbsp; &lt;b&gt; &#39; &#x27; &#X2a; &# &; &1; &é; &a1; &aé; &:a; &a-b; &#1a; &#xg; AT&T a&b &unclosed
3 < 5 and 7 > 2, a<b, if(a<b){c}
x {{name}} [link](http://example.com/page) **bold** _it_ ~~strike~~
SELECT * FROM users WHERE id=42 AND name='joe';
{"key":"value","list":[1,2.5,-3],"null":null}
curl -X POST https://api.example.com/v1/items -H 'Content-Type: application/json' -d '{"a":1}'
`

const pickedSearches = `
cat
cats
cat dog
cat or dog
cat OR dog
cat oR -dog
or cat
cat or
cat or or dog
-cat
- cat
--cat
---cat
-"cat dog"
--"cat dog"
cat -dog
cat -
cat-dog
"cat dog
"cat" dog"
"cat dog"
"dog cat"
"the cat and the dog"
"cat and the dog"
"cat the the dog"
"cat dog" or "fat rat"
the
the of and
-the
"the"
the cat
cat -the
cat or the
cat or -the
cat or the or dog
wi-fi
-wi-fi
"wi-fi"
"wi fi"
wide-area
up-to-date
"up to date"
fat rat
"fat rat"
"fat cat sat"
"cat fat"
!cat
! cat
(cat or dog) fat
cat & dog
cat | dog
cat|dog
cat&dog
cat<->dog
cat <-> dog
cat:dog
cat:* dog
:-cat
: -cat
cat:or dog
cat or:dog
cat or(dog
cat or-dog
cat or"dog"
cat or, dog
cat or.dog
cat or_dog
cat ordog
cat\dog
cat'dog
'cat dog'
don't
user's
O'Brien
john.doe@mail.example.com
https://docs.example.com/guide/setup
"https://docs.example.com/guide/setup?lang=en&v=2#install"
docs.example.com
node
node.js
nginx.conf
/usr/local/etc/nginx.conf
and/or
2024-12-25
"2024-12-25"
25
-25
3.14
1.2.3
#1234
$49.99
1,000
ERR_42
err
foo_bar
550e8400-e29b-41d4-a716-446655440000
café
cafe
CAFÉ
école
日本語
привет
e` + "\u0301" + `te` + "\u0301" + `
😀
<b>
<b>bold</b>
"<b>bold"
&amp;
run
running
runs
generalization
general
password reset
"password reset"
"reset the password"
-password
-password -order
password or -order
hasn't arrived
"in transit"
late16380
again
`
