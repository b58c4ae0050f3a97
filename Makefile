# Everything here is a plain go command; `go run .` and `go test ./...` need none of it.
GOBIN ?= $(CURDIR)/.bin
STATICCHECK = $(GOBIN)/staticcheck
FUZZTIME ?= 10s

.PHONY: build fmt lint test race bench bench-ssh bench-latency bench-viewers bench-serve bench-peers fuzz screenshots faults chaos ci

build:
	go build -trimpath -o optflow .

fmt:
	gofmt -w $$(git ls-files '*.go')

lint: $(STATICCHECK)
	go vet ./...
	$(STATICCHECK) ./...
	cd .ci/gosec && go build -o $(GOBIN)/gosec .
	$(GOBIN)/gosec

test:
	go test ./...

race:
	go test -race ./...

bench:
	go test -run '^$$' -bench . -benchmem ./...

# Bytes and writes a frame, as a terminal far away gets them.
bench-ssh:
	OPTFLOW_BENCH=1 go test -count=1 -v -run '^TestBytes' ./ui

# From a key or an event to the frame that shows it, from the start to the first frame, idle, and full.
bench-latency:
	OPTFLOW_BENCH=1 go test -count=1 -v -run '^TestLatency$$|^TestStartTime$$|^TestIdle$$|^TestMemory$$' ./ui ./e2e

# What viewers over ssh cost: processor, memory and bytes a second of 50 and of 200.
bench-viewers:
	OPTFLOW_BENCH=1 go test -count=1 -v -timeout 20m -run '^TestViewersCost$$' ./ui

# The same of the program itself, with clients of ssh.
bench-serve:
	OPTFLOW_BENCH=1 go test -count=1 -v -timeout 0 -run '^TestServeLoad$$' ./e2e

# Beside the vendor's own Go client, in its own module.
bench-peers:
	cd bench/peers && go run .

fuzz:
	FUZZTIME=$(FUZZTIME) ./.ci/fuzz

# The README's pictures, drawn from the screen; a test holds them against it.
screenshots:
	go test ./ui -run '^TestPictures$$' -update

# One line per fault of docs/reliability.md, with the times measured.
faults:
	./.ci/faults

# Hours of a market in which anything happens, from a seed, for so many minutes.
MINUTES ?= 5
chaos:
	OPTFLOW_CHAOS_MINUTES=$(MINUTES) OPTFLOW_CHAOS_SEED=$(SEED) go test -count=1 -timeout 0 -run '^TestChaos(OverTheHub)?$$' -v ./feed | grep -v '^=== '

ci:
	./.ci/run

$(STATICCHECK):
	GOBIN=$(GOBIN) go install honnef.co/go/tools/cmd/staticcheck@v0.8.2
