package feed

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"optflow/feed/history"
	"optflow/feed/relay/bus"
	"optflow/feed/relay/follower"
	"optflow/feed/relay/hub"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/clock"
	"optflow/model/daylog"
	"optflow/model/tape"
)

const (
	// asPart has this test's program be a part of the run below, so that it can be
	// killed.
	asPart = "OPTFLOW_TEST_PART"
	// partFor is how long a part may live.
	partFor = 2 * time.Minute
	// pace are the ticks that may wait for the disk: there is room for 64 blocks, and
	// where nobody follows and nothing happens one takes 40 ticks.
	pace = 48
	// heard is after how many ticks a publisher says how far it is.
	heard = 16
)

// A run of chaos over a hub, each in a program of its own: whichever is killed, the
// follower has at the same op what the run had there.
func TestChaosOverTheHub(t *testing.T) {
	if part := os.Getenv(asPart); part != "" {
		act(t, strings.Fields(part))
		return
	}
	if raced {
		t.Skip("the parts are judged without the detector, the code that carries them with it")
	}
	if byHand(t, func(seed uint64) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { overTheHub(t, seed, chaos(t, seed)) })
		t.Run(fmt.Sprintf("%d across midnight", seed), func(t *testing.T) { overTheHub(t, seed, chaosAcrossMidnight(t, seed)) })
	}) {
		return
	}
	t.Run("2", func(t *testing.T) { t.Parallel(); overTheHub(t, 2, chaos(t, 2)) })
	t.Run("2 across midnight", func(t *testing.T) { t.Parallel(); overTheHub(t, 2, chaosAcrossMidnight(t, 2)) })
}

// convoy is a hub, a publisher and a follower, and the run that is passed on.
type convoy struct {
	t                        *testing.T
	inputs                   *inputs
	random                   *rand.Rand
	log, root, store, listen string // where the run, the publisher's files, the hub's are, and where that listens
	epoch                    int
	hub, publisher, follower *part
	been                     int // how many inputs the book was told, and what came of them
	to                       *tape.Writer
	book                     *book.Book
	powerless                bool // the publisher's disk has less than it has said
}

// stand is where a publisher stands.
type stand struct {
	Told  int // inputs, of which all are on its disk
	Epoch string
	Date  model.Date
	Next  uint64
}

// sum is what somebody has at an op.
type sum struct {
	First, Next      uint64
	Rows             []uint32 // of each
	Accounts, Totals uint32
	Counters         model.Counters
	Anew             uint64 // how often it was begun anew
}

func overTheHub(t *testing.T, seed uint64, log []byte) {
	dir := t.TempDir()
	c := &convoy{
		t: t, inputs: newInputs(t, log), random: rand.New(rand.NewPCG(seed, 3)), to: tape.New(keepsAll), listen: ownAddress(t),
		log: filepath.Join(dir, "run"), root: filepath.Join(dir, "publisher"), store: filepath.Join(dir, "hub"),
	}
	c.book = book.New(c.to, book.Options{})
	if err := os.WriteFile(c.log, log, 0o600); err != nil {
		t.Fatal(err)
	}
	c.beginHub()
	c.beginPublisher()
	c.beginFollower()
	kills := []func(){c.killHub, c.killPublisher, c.failPower, c.killFollower}
	c.random.Shuffle(len(kills), func(i, j int) { kills[i], kills[j] = kills[j], kills[i] })
	each := len(c.inputs.ticks) / len(kills)
	for i, kill := range kills {
		at := i*each + c.random.IntN(each)
		c.publisher.say("to %d", c.inputs.ticks[(i+1)*each-1])
		for told := 0; told < c.inputs.ticks[at]; {
			var s stand
			c.publisher.hear(&s)
			told = s.Told
		}
		kill()
		c.same(c.inputs.ticks[(i+1)*each-1])
	}
	c.same(-1)
	t.Logf("%d inputs, %d rows, %d epochs", c.been, c.to.Appended(), c.epoch)
}

// ownAddress is one at which a hub can listen, and again after it was killed: what
// other programs listen at meanwhile they do at other addresses of this machine,
// where it has more than one.
func ownAddress(t *testing.T) string {
	t.Helper()
	own := fmt.Sprintf("127.77.%d.%d:0", os.Getpid()>>8&0xff, 1+os.Getpid()%250)
	l, err := net.Listen("tcp", own)
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func (c *convoy) beginHub() {
	c.hub = begin(c.t, "hub", c.listen, c.store)
	c.hub.hear(new(string))
}

func (c *convoy) beginPublisher() {
	c.epoch++
	c.publisher = begin(c.t, "publisher", c.listen, c.root, c.log, fmt.Sprint(c.epoch))
}

func (c *convoy) beginFollower() { c.follower = begin(c.t, "follower", c.listen) }

func (c *convoy) killHub() {
	c.hub.kill()
	c.beginHub()
}

func (c *convoy) killPublisher() {
	c.publisher.kill()
	c.beginPublisher()
}

func (c *convoy) killFollower() {
	c.follower.kill()
	c.beginFollower()
}

// failPower ends the publisher with less on its disk than it has said.
func (c *convoy) failPower() {
	c.publisher.kill()
	d := newDisk(c.t, c.root)
	if err := os.Truncate(d.path, d.start+c.random.Int64N(d.end-d.start)); err != nil {
		c.t.Fatal(err)
	}
	c.powerless = true
	c.beginPublisher()
}

// same has the publisher go on to an input and stay there, and compares what the
// follower has then with the run.
func (c *convoy) same(to int) {
	c.t.Helper()
	c.publisher.say("stay %d", to)
	at := stand{Told: -1}
	for at.Next == 0 {
		c.publisher.hear(&at)
	}
	c.inputs.each(c.been, at.Told, func(_ int, in book.Input) { c.book.Apply(in) })
	c.been = at.Told
	totals := model.State{Tickers: []string{"SPY"}}
	daylog.Fill(&totals, c.book)
	var theirs sum
	c.follower.say("sum %q %s %d", at.Epoch, at.Date, at.Next)
	c.follower.hear(&theirs)
	ours := sumOf(theirs.First, c.to.Appended(), func(n uint64) model.Row { return *c.to.Written(n) }, allAccounts(c.book), &totals)
	if what := c.differ(&ours, &theirs); what != "" {
		c.t.Fatalf("at input %d: %s", at.Told, what)
	}
}

// differ says in what a follower differs from the run, "" in nothing.
func (c *convoy) differ(ours, theirs *sum) string {
	switch early := c.book.Date() == model.MakeDate(2000, time.January, 3); {
	case theirs.Next != ours.Next || theirs.First > 0 && early: // who began after midnight sees none of yesterday's
		return fmt.Sprintf("rows %d to %d followed, to %d live, begun anew %d times", theirs.First, theirs.Next, ours.Next, theirs.Anew)
	case theirs.Anew > 0 && !c.powerless:
		return fmt.Sprintf("begun anew %d times, and nothing was lost", theirs.Anew)
	case ours.Accounts != theirs.Accounts || ours.Totals != theirs.Totals || ours.Counters != theirs.Counters:
		return fmt.Sprintf("accounts %x, totals %x, %+v live, accounts %x, totals %x, %+v followed", ours.Accounts, ours.Totals, ours.Counters, theirs.Accounts, theirs.Totals, theirs.Counters)
	}
	for i, row := range ours.Rows {
		if row != theirs.Rows[i] {
			return fmt.Sprintf("row %d is another one: %+v", theirs.First+uint64(i), *c.to.Written(theirs.First + uint64(i)))
		}
	}
	return ""
}

func sumOf(first, next uint64, row func(n uint64) model.Row, accounts []model.Account, s *model.State) sum {
	hash := func(v any) uint32 {
		h := fnv.New32a()
		fmt.Fprintf(h, "%+v", v)
		return h.Sum32()
	}
	sums := sum{First: first, Next: next, Accounts: hash(accounts), Totals: hash(s.Totals), Counters: s.Counters}
	for n := first; n < next; n++ {
		sums.Rows = append(sums.Rows, hash(row(n)))
	}
	return sums
}

// part is a program of a convoy. It is told lines and says lines.
type part struct {
	t    *testing.T
	name string
	cmd  *exec.Cmd
	in   io.Writer
	out  *bufio.Reader
	text strings.Builder // what it said that is no answer
}

func begin(t *testing.T, role ...string) *part {
	t.Helper()
	p := &part{t: t, name: role[0]}
	ctx, cancel := context.WithTimeout(context.Background(), partFor)
	p.cmd = exec.CommandContext(ctx, os.Args[0], "-test.run=^TestChaosOverTheHub$", "-test.timeout=0")
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGQUIT) } // it says where it hangs
	p.cmd.WaitDelay = time.Second
	p.cmd.Env = append(os.Environ(), asPart+"="+strings.Join(role, " "))
	in, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		p.cmd.Stderr = p.cmd.Stdout
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	p.in, p.out = in, bufio.NewReader(out)
	t.Cleanup(func() {
		cancel()
		_ = p.cmd.Wait()
	})
	return p
}

// kill ends it as kill -9 does.
func (p *part) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

func (p *part) say(format string, a ...any) {
	_, _ = fmt.Fprintf(p.in, format+"\n", a...) // who is gone is not heard either
}

// hear waits for the next answer.
func (p *part) hear(into any) {
	p.t.Helper()
	for {
		line, err := p.out.ReadString('\n')
		if err != nil {
			p.t.Fatalf("the %s has ended: %v\n%s", p.name, err, p.text.String())
		}
		answer, is := strings.CutPrefix(line, answers)
		if !is {
			p.text.WriteString(line)
			continue
		}
		if err := json.Unmarshal([]byte(answer), into); err != nil {
			p.t.Fatalf("the %s says %q: %v", p.name, answer, err)
		}
		return
	}
}

// answers is what the lines of an answer begin with.
const answers = "> "

func answer(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s%s\n", answers, text)
}

// act is what a part does until it is killed.
func act(t *testing.T, part []string) {
	ctx, cancel := context.WithTimeout(t.Context(), partFor)
	defer cancel()
	if part[0] == "hub" {
		h, err := hub.Start(hub.Options{Listen: part[1], Store: part[2]})
		if err != nil {
			t.Fatal(err)
		}
		answer(h.URL())
		h.Run(ctx)
		return
	}
	conn, err := bus.Connect(bus.Options{URL: "nats://" + part[1], Name: part[0]})
	if err != nil {
		t.Fatal(err)
	}
	orders := bufio.NewScanner(os.Stdin)
	if part[0] == "follower" {
		follow := follower.New("hub", clock.New(), nil, keepsAll)
		go run(func() error { return bus.Follow(ctx, conn, "sim", follow) })
		for orders.Scan() {
			var at stand
			var date string
			if _, err := fmt.Sscanf(orders.Text(), "sum %q %s %d", &at.Epoch, &date, &at.Next); err != nil {
				t.Fatal(err)
			}
			answer(sumAt(t, follow, at.Epoch, date, at.Next))
		}
		return
	}
	log, err := os.ReadFile(part[3])
	if err != nil {
		t.Fatal(err)
	}
	p := &sender{publisher: &publisher{t: t, root: part[2]}, inputs: newInputs(t, log)}
	if _, err := fmt.Sscan(part[4], &p.epoch); err != nil {
		t.Fatal(err)
	}
	p.disk = newDisk(t, p.root)
	p.told, p.ticks = p.disk.told, p.disk.ticks
	p.now.Store(cmp.Or(p.disk.now, p.inputs.first))
	day, _ := p.open()
	publish := &bus.Publisher{Conn: conn, Day: day, Desk: p.desk, Operators: p.desk, Log: slog.New(slog.DiscardHandler), Fenced: func(string) {}}
	go run(func() error { return publish.Run(ctx) })
	for orders.Scan() {
		var how string
		var to int
		if _, err := fmt.Sscan(orders.Text(), &how, &to); err != nil {
			t.Fatal(err)
		}
		if p.pass(to); how == "stay" {
			answer(p.stay())
		} else {
			answer(stand{Told: p.told})
		}
	}
}

// run has a part end where what it does has ended.
func run(f func() error) {
	if err := f(); err != nil {
		panic(err)
	}
}

// sumAt is what a follower has at an op, once it is there and Live.
func sumAt(t *testing.T, f *follower.Follower, epoch, date string, next uint64) sum {
	for until := time.Now().Add(partFor / 4); ; time.Sleep(time.Millisecond) {
		e, d, n := f.Wants()
		m := f.Market()
		if s, rows := m.State(), m.Rows(); e == epoch && d.String() == date && n == next && s.Link == model.Live {
			f.Lost("") // nothing is, and nothing comes: it shows the present
			s = m.State()
			at := func(n uint64) model.Row {
				row, _ := rows.At(n)
				return row
			}
			sums := sumOf(rows.First(), rows.Next(), at, f.Accounts(), s)
			sums.Anew = m.Generation()
			return sums
		} else if time.Now().After(until) {
			t.Fatalf("waited in vain for op %d of %s, %s: it is at %d of %v, %s, and %v: %s", next, date, epoch, n, d, e, s.Link, s.Reason)
		}
	}
}

// sender is a publisher that is told a run.
type sender struct {
	*publisher
	inputs *inputs
	disk   *disk
	ticks  int // told
}

// pass tells inputs of the run no faster than the disk takes them.
func (p *sender) pass(to int) {
	p.inputs.each(p.told, to, func(_ int, in book.Input) {
		if !p.tell(in) {
			return
		}
		for p.ticks++; p.ticks-p.disk.ticks > pace; {
			time.Sleep(100 * time.Microsecond)
			p.disk.look()
		}
		if p.ticks%heard == 0 {
			answer(stand{Told: p.told})
		}
	})
}

// stay goes on to a tick at which all that was told is on the disk.
func (p *sender) stay() stand {
	over := false
	for until := time.Now().Add(partFor / 4); time.Now().Before(until); {
		for range 20 {
			p.disk.look()
			if at := p.record.Position(); p.disk.told == p.told && at.Next == p.disk.next {
				return stand{p.told, at.Epoch, at.Date, at.Next}
			}
			time.Sleep(time.Millisecond)
		}
		if next, _ := slices.BinarySearch(p.inputs.ticks, p.told); next < len(p.inputs.ticks) {
			p.pass(p.inputs.ticks[next] + 1)
		} else if !over {
			over = true
			p.pass(-1)
			p.record.End()
		}
	}
	p.t.Fatalf("%d inputs were told, and %d are on the disk, up to op %d, %q", p.told, p.disk.told, p.disk.next, p.record.Trouble())
	return stand{}
}

// disk reads what a publisher has on its disk, as it grows.
type disk struct {
	t     *testing.T
	dir   string
	told  int   // inputs
	ticks int   // of them
	now   int64 // ms: the last one
	next  uint64

	path       string // of the file that is read
	start, end int64  // of the last block
	reader     daylog.Decoder
	says       bool // a key says again what holds, up to whether the feed is alone
	again      bool // and the date next
	dated      bool // there is one
}

func newDisk(t *testing.T, root string) *disk {
	d := &disk{t: t, dir: filepath.Join(root, "sim")}
	d.look()
	return d
}

// look reads on, as far as there are whole blocks.
func (d *disk) look() {
	files, err := filepath.Glob(filepath.Join(d.dir, "*", "*.oflog"))
	if err != nil {
		d.t.Fatal(err)
	}
	slices.Sort(files)
	at, _ := slices.BinarySearch(files, d.path)
	for _, path := range files[at:] {
		data, err := os.ReadFile(path)
		if err != nil {
			d.t.Fatal(err)
		}
		head := int64(bytes.IndexByte(data, '\n') + 1)
		if head == 0 {
			return
		}
		if path != d.path {
			d.path, d.start, d.end, d.reader = path, head, head, daylog.Decoder{}
		}
		for {
			b, size, err := daylog.Next(data[d.end:])
			if err != nil {
				break // torn, or being written
			}
			d.block(&b)
			d.start, d.end = d.end, d.end+int64(size)
		}
	}
}

func (d *disk) block(b *daylog.Block) {
	ops, err := history.Unpack(b, nil)
	d.says = b.Key
	if err == nil {
		err = d.reader.Ops(ops, daylog.Reader{Input: d.input})
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.next = b.First + uint64(b.Ops)
}

// input counts an input, unless a key only says it again.
func (d *disk) input(in book.Input) {
	again := d.again
	switch in := in.(type) {
	case *book.Carry:
		return
	case *book.Provisional:
		if d.says {
			d.says, d.again = false, d.dated
			return
		}
	case *book.Date:
		if d.dated = true; again {
			d.again = false
			return
		}
	case *book.Tick:
		d.ticks++
		d.now = in.Now
	}
	if !d.says {
		d.told++
	}
}
