package arch_test

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"regexp"
	"slices"
	"testing"
)

// ban forbids names of a package: those listed, or all but the exceptions.
type ban struct {
	names   []string
	except  []string
	instead string
}

func (b ban) covers(name string) bool {
	if b.names != nil {
		return slices.Contains(b.names, name)
	}
	return !slices.Contains(b.except, name)
}

// bans maps import paths to what of them would bring the machine's time,
// chance, environment or terminal into a package.
var bans = map[string]ban{
	"time": {
		names:   []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"},
		instead: "ask the clock you were given",
	},
	"math/rand": {
		except:  []string{"New", "NewSource", "NewZipf", "Rand", "Source", "Source64", "Zipf"},
		instead: "draw from a *rand.Rand of your own stream",
	},
	"math/rand/v2": {
		except:  []string{"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "Source", "PCG", "ChaCha8", "Zipf"},
		instead: "draw from a *rand.Rand of your own stream",
	},
	"crypto/rand": {except: []string{}, instead: "draw from a seeded stream"},
	"github.com/brianvoe/gofakeit/v7": {
		except:  []string{"New", "Faker"},
		instead: "call the method of a *gofakeit.Faker made by gofakeit.New with the stream's seed",
	},
	"os": {
		names:   []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Exit"},
		instead: "take the value as a parameter and return an exit code or an error",
	},
	"log": {
		names:   []string{"Fatal", "Fatalf", "Fatalln"},
		instead: "return an error",
	},
	"fmt": {
		names:   []string{"Print", "Printf", "Println"},
		instead: "write to the io.Writer you were given",
	},
}

// builtins write to the machine's standard error.
var builtins = []string{"print", "println"}

// call is a use of a banned name, whether it is called there or handed on.
type call struct {
	name    string // import path and name, or a builtin
	at      string
	instead string
}

func TestBannedCalls(t *testing.T) {
	t.Parallel()
	mustHold(t, checkCalls(tree(t), allowed))
	mustHold(t, checkAllowed(tree(t), allowed))
}

// checkCalls reports banned calls that no row allows. Tests may do as they
// like but wait: a test that sleeps is slow or flaky, mostly both.
func checkCalls(files []source, allowed map[string]map[string]string) []string {
	var problems []string
	for _, file := range files {
		for _, c := range banned(file) {
			if file.isTest() && c.name != "time.Sleep" {
				continue
			}
			if allowed[file.path][c.name] == "" {
				problems = append(problems, fmt.Sprintf(
					"%s: %s is banned: %s, or give a reason in allowed in internal/arch/table_test.go", c.at, c.name, c.instead))
			}
		}
	}
	return problems
}

// checkAllowed reports rows for calls that are no longer there.
func checkAllowed(files []source, allowed map[string]map[string]string) []string {
	used := map[string]bool{}
	present := map[string]bool{}
	for _, file := range files {
		present[file.path] = true
		for _, c := range banned(file) {
			used[file.path+" "+c.name] = true
		}
	}
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(allowed)) {
		if !present[name] {
			problems = append(problems, fmt.Sprintf("allowed has a row for %s, which does not exist: remove it", name))
			continue
		}
		for _, c := range slices.Sorted(maps.Keys(allowed[name])) {
			if !used[name+" "+c] {
				problems = append(problems, fmt.Sprintf("allowed lets %s use %s, which it no longer does: remove it", name, c))
			}
		}
	}
	return problems
}

// banned returns the uses of banned names in a file, in order.
func banned(file source) []call {
	names := localNames(file)
	var calls []call
	ast.Inspect(file.syntax, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.SelectorExpr:
			from, ok := node.X.(*ast.Ident)
			if !ok || from.Obj != nil { // a variable or parameter hides the package
				return true
			}
			importPath := names[from.Name]
			if b, ok := bans[importPath]; ok && b.covers(node.Sel.Name) {
				calls = append(calls, call{importPath + "." + node.Sel.Name, file.at(node), b.instead})
			}
		case *ast.CallExpr:
			if f, ok := node.Fun.(*ast.Ident); ok && f.Obj == nil && slices.Contains(builtins, f.Name) {
				calls = append(calls, call{f.Name, file.at(node), bans["fmt"].instead})
			}
		case *ast.ImportSpec:
			if node.Name != nil && node.Name.Name == "." {
				calls = append(calls, call{"a dot import", file.at(node), "import the package by its name"})
			}
		}
		return true
	})
	return calls
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// localNames maps the names imports have in the file to their paths.
func localNames(file source) map[string]string {
	names := map[string]string{}
	for importPath, spec := range file.imports() {
		name := path.Base(importPath)
		if majorVersion.MatchString(name) {
			name = path.Base(path.Dir(importPath))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = importPath
	}
	return names
}

func TestBannedCallsFire(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		imports, body string
		want          []string
	}{
		"reading the clock fails":                  {`"time"`, "time.Now()", []string{"p/p.go:4: time.Now is banned: ask the clock"}},
		"handing the clock on fails":               {`"time"`, "now := time.Now", []string{"time.Now is banned"}},
		"another name for it fails":                {`t "time"`, "t.Sleep(1)", []string{"time.Sleep is banned"}},
		"timers fail":                              {`"time"`, "<-time.After(1); time.NewTicker(1)", []string{"time.After is", "time.NewTicker is"}},
		"other uses of time pass":                  {`"time"`, "time.Date(); _ = time.Second", nil},
		"a variable of that name is another":       {`"time"`, "time := clock{}; time.Now()", nil},
		"a method of that name is another":         {`"time"`, "clock.Now()", nil},
		"global chance fails":                      {`"math/rand/v2"`, "rand.IntN(6)", []string{"math/rand/v2.IntN is banned"}},
		"the old global chance fails":              {`"math/rand"`, "rand.Seed(1)", []string{"math/rand.Seed is banned"}},
		"a seeded stream passes":                   {`"math/rand/v2"`, "rand.New(rand.NewPCG(1, 2)).IntN(6)", nil},
		"the system's chance fails":                {`"crypto/rand"`, "rand.Read(b)", []string{"crypto/rand.Read is banned"}},
		"a global faker fails":                     {`"github.com/brianvoe/gofakeit/v7"`, "gofakeit.Name()", []string{"gofakeit/v7.Name is banned"}},
		"a seeded faker passes":                    {`"github.com/brianvoe/gofakeit/v7"`, "gofakeit.New(7).Name()", nil},
		"the environment fails":                    {`"os"`, `os.Getenv("A"); os.LookupEnv("A"); os.Environ()`, []string{"os.Getenv is", "os.LookupEnv is", "os.Environ is"}},
		"leaving fails":                            {`"os"`, "os.Exit(1)", []string{"os.Exit is banned"}},
		"files pass":                               {`"os"`, `os.ReadFile("a")`, nil},
		"a fatal log line fails":                   {`"log"`, "log.Fatalf(``)", []string{"log.Fatalf is banned"}},
		"printing fails":                           {`"fmt"`, "fmt.Println(); fmt.Printf(``)", []string{"fmt.Println is", "fmt.Printf is"}},
		"writing passes":                           {`"fmt"`, "fmt.Fprintln(w); fmt.Sprint(1)", nil},
		"the builtin fails":                        {`"fmt"`, "println(1)", []string{"println is banned"}},
		"a dot import hides the rest, so it fails": {`. "time"`, "Now()", []string{"a dot import is banned"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := "package p\nimport " + test.imports + "\nfunc f(){\n" + test.body + "\n}\n"
			mustReport(t, checkCalls([]source{in(t, "p/p.go", text)}, nil), test.want...)
		})
	}
}

func TestAllowedCallsFire(t *testing.T) {
	t.Parallel()
	const text = "package p\nimport \"time\"\nvar now, sleep = time.Now, time.Sleep\n"
	rows := map[string]map[string]string{"p/p.go": {"time.Now": "a reason"}}

	t.Run("a row allows one call in one file", func(t *testing.T) {
		t.Parallel()
		files := []source{in(t, "p/p.go", text), in(t, "p/q.go", text)}
		mustReport(t, checkCalls(files, rows), "p/p.go:3: time.Sleep", "p/q.go:3: time.Now", "p/q.go:3: time.Sleep")
	})
	t.Run("a row without a reason allows nothing", func(t *testing.T) {
		t.Parallel()
		files := []source{in(t, "p/p.go", "package p\nimport \"time\"\nvar now = time.Now\n")}
		mustReport(t, checkCalls(files, map[string]map[string]string{"p/p.go": {"time.Now": ""}}), "time.Now is banned")
	})
	t.Run("a test may do anything but sleep", func(t *testing.T) {
		t.Parallel()
		mustReport(t, checkCalls([]source{in(t, "p/p_test.go", text)}, nil), "p/p_test.go:3: time.Sleep is banned")
	})
	t.Run("a row nobody needs fails", func(t *testing.T) {
		t.Parallel()
		files := []source{in(t, "p/p.go", "package p\n")}
		mustReport(t, checkAllowed(files, rows), "allowed lets p/p.go use time.Now, which it no longer does: remove it")
	})
	t.Run("a row for no file fails", func(t *testing.T) {
		t.Parallel()
		mustReport(t, checkAllowed(nil, rows), "allowed has a row for p/p.go, which does not exist")
	})
	t.Run("a row in use passes", func(t *testing.T) {
		t.Parallel()
		mustReport(t, checkAllowed([]source{in(t, "p/p.go", text)}, rows))
	})
}
