# Tests need only Go. What else a target needs, .ci/run installs.

STATICCHECK_VERSION := v0.8.2
GOFUMPT_VERSION     := v0.12.0
REVIVE_VERSION      := v1.11.0
TOXIPROXY_VERSION   := v2.12.0
FUZZTIME            ?= 20s
SOAKTIME            ?= 5m
CHECKED             ?= linux/amd64,windows/arm64
BENCH_TICKETS       ?= 200,10000,100000

STATICCHECK := bin/tools/staticcheck-$(STATICCHECK_VERSION)/staticcheck
GOFUMPT     := bin/tools/gofumpt-$(GOFUMPT_VERSION)/gofumpt
REVIVE      := bin/tools/revive-$(REVIVE_VERSION)/revive
TOXIPROXY   := bin/tools/toxiproxy-$(TOXIPROXY_VERSION)/server

# with lists the packages whose tests contain a pattern, as ./a ./b.
with = grep -rlE --include='*_test.go' $(1) . | xargs -r -n1 dirname | sort -u

.DEFAULT_GOAL := help
.PHONY: help build test race fuzz golden lint platforms bench e2e soak websearch-oracle release release-check clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build the static binary bin/mockdesk
	CGO_ENABLED=0 go build -trimpath -o bin/mockdesk ./cmd/mockdesk

test: ## run all tests, shuffled
	go test -shuffle=on -timeout 20m ./...

race: ## run all tests with the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race -shuffle=on -timeout 25m ./...

# All packages are built at once, and only our own are instrumented: as fuzzing
# instruments every library too, that took ten times as long and ran half as many
# inputs. Before Go 1.27 the end of the time
# may be reported as a failure without an input (go.dev/issue/75804): the target
# is then run once more.
fuzz: ## run every fuzz target for FUZZTIME (20s), one on each core
	@set -eu; \
	packages=$$($(call with,'^func Fuzz')); \
	if [ -z "$$packages" ]; then echo "fuzz: no fuzz target found" >&2; exit 1; fi; \
	rm -rf bin/fuzz; mkdir -p bin/fuzz; cache=$$(go env GOCACHE)/fuzz; \
	go test -c -gcflags="$$(go list -m)/...=-d=libfuzzer" -o bin/fuzz/ $$packages; \
	for p in $$packages; do \
		built=$(CURDIR)/bin/fuzz/$$(basename "$$p").test; \
		(cd "$$p" && "$$built" -test.list '^Fuzz') | sed "s|^|$$p $$built $$cache/$$p |"; \
	done | xargs -P "$$(getconf _NPROCESSORS_ONLN)" -L 1 sh -c '\
		cd "$$0"; \
		until said=$$("$$1" -test.run "^$$" -test.fuzz "^$$3\$$" -test.fuzztime $(FUZZTIME) -test.fuzzminimizetime 100x -test.fuzzcachedir "$$2" -test.parallel 1 2>&1 </dev/null); do \
			printf "%s\n" "$$said" >&2; \
			printf "%s\n" "$$said" | grep -q "Failing input" && exit 255; \
			printf "%s\n" "$$said" | grep -q "^    context deadline exceeded$$" || exit 255; \
			test -z "$${again-}" || exit 255; again=1; \
		done; \
		echo "fuzz: $$0 $$3 $(FUZZTIME) $$(printf "%s\n" "$$said" | grep -o "execs: [0-9]*" | tail -n 1)"'

golden: ## rewrite the goldens of every package with an -update flag
	@set -eu; \
	packages=$$($(call with,'flag\.Bool.*"update"|golden\.Equal')); \
	if [ -z "$$packages" ]; then echo "golden: no package defines -update" >&2; exit 1; fi; \
	go test $$packages -update

lint: $(STATICCHECK) $(GOFUMPT) $(REVIVE) ## go vet, staticcheck, gofumpt, revive
	go vet -tags e2e ./...
	$(STATICCHECK) -tags e2e ./...
	$(REVIVE) -config revive.toml ./...
	@unformatted=$$($(GOFUMPT) -l .) || exit 1; \
	if [ -n "$$unformatted" ]; then \
		echo "lint: not formatted, run $(GOFUMPT) -w on:" >&2; echo "$$unformatted" >&2; exit 1; \
	fi

platforms: ## go vet for Windows and macOS
	GOOS=windows go vet ./...
	GOOS=darwin go vet ./...

bench: build $(TOXIPROXY) ## print what the binary costs beside a bare net/http handler, and its proxy beside others
	go run ./internal/bench -mockdesk bin/mockdesk -toxiproxy $(TOXIPROXY) -tickets $(BENCH_TICKETS)

e2e: ## drive the real binary from outside, and compare the search with a real PostgreSQL
	go test -count=1 -timeout 20m -parallel 64 -tags e2e ./internal/e2e/... # they wait more than they work
	go run ./internal/websearch/oracle -live 3 -seed $$(date +%s)

soak: build ## load the binary for SOAKTIME (5m), abuse it, end it under load
	go run ./internal/soak -mockdesk bin/mockdesk -for $(SOAKTIME)

websearch-oracle: ## compare the search with a PostgreSQL of its own, and rewrite the kept vectors
	go run ./internal/websearch/oracle -write testdata/websearch -short 4 -live 20 -seed 1

release: ## build the archives of all platforms into dist/
	go run ./internal/release -out dist

# Two platforms of six: what makes a build differ is the same on all.
release-check: ## build for two platforms in two folders and compare all bytes
	go run ./internal/release -check -platforms $(CHECKED)

clean: ## remove what make built
	rm -rf bin dist

$(STATICCHECK):
	GOBIN=$(CURDIR)/$(@D) go install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK_VERSION)

$(GOFUMPT):
	GOBIN=$(CURDIR)/$(@D) go install mvdan.cc/gofumpt@$(GOFUMPT_VERSION)

$(REVIVE):
	GOBIN=$(CURDIR)/$(@D) go install github.com/mgechev/revive@$(REVIVE_VERSION)

$(TOXIPROXY):
	GOBIN=$(CURDIR)/$(@D) go install github.com/Shopify/toxiproxy/v2/cmd/server@$(TOXIPROXY_VERSION)
