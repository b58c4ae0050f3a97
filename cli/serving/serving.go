// Package serving has what optflow serve runs beside a market: the viewers file,
// what each viewer has chosen, and the screens and lines that viewers are shown.
package serving

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"optflow/config/state"
	"optflow/config/viewers"
	"optflow/feed/seat"
	"optflow/logs"
	"optflow/model"
	"optflow/model/crash"
	"optflow/model/market"
	"optflow/model/memory"
	"optflow/ui"
	"optflow/ui/boards"
	"optflow/ui/serve"
	"optflow/ui/terminal"
)

// AuditName is the log of who came, went and was refused, in the state folder.
const AuditName = "viewers.jsonl"

// slowest is how far apart the frames of a screen may get. With more viewers
// than that nobody would have a screen.
const slowest = 500 * time.Millisecond

// Options set the serving up.
type Options struct {
	Market   market.Market
	State    string // the path of the state file: beside it lie the host key and what viewers choose
	File     string // the viewers file
	Listen   string // an address and a port
	Licensed int    // people of whom an agreement says that they may see the data
	Invented bool   // the data is a built-in simulator's
	// Screen is a screen as the settings have it.
	Screen func() ui.Options
	// Tail carries out tail for a viewer at a market.
	Tail     func(ctx context.Context, v *serve.Visit, m market.Market, args []string) int
	Redactor *logs.Redactor
	Log      *slog.Logger
	Limits   serve.Limits
}

// Serving is a server that listens.
type Serving struct {
	o       Options
	list    *file
	audit   *logs.File
	lock    *state.Running
	listens net.Listener
	control net.Listener
	key     gossh.Signer
	hall    *seat.Hall
	budget  *boards.Budget
	boards  *boards.Boards
	usual   *boards.Look // kept for who comes later: the day's bursts by the settings
	server  *serve.Server
	// Warnings are sentences for the operator.
	Warnings []string
}

// Open takes what serving needs, or says why it cannot be had.
func Open(o Options) (*Serving, error) {
	if o.State == "" {
		return nil, errors.New("serving needs a folder for its host key: set HOME or XDG_STATE_HOME")
	}
	s := &Serving{o: o, list: &file{path: o.File, log: o.Log}, budget: boards.NewBudget(runtime.NumCPU())}
	if err := s.open(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// open takes one thing after the other.
func (s *Serving) open() error {
	o := &s.o
	list, err := s.list.read()
	if err != nil {
		return err
	}
	for _, p := range list.Wrong {
		s.Warnings = append(s.Warnings, o.File+":"+p.String())
	}
	if len(list.Viewers) == 0 {
		return fmt.Errorf("nobody may look: %s has no key; optflow serve viewers add ~/.ssh/id_ed25519.pub --name me --owner adds yours", o.File)
	}
	folder := filepath.Dir(o.State)
	lock := state.NewServing(o.State)
	switch mine, holder, err := lock.Claim(); {
	case err != nil:
		return err
	case !mine:
		return fmt.Errorf("optflow process %d serves already; optflow serve viewers says whom", holder)
	}
	s.lock = lock
	key, changed, err := serve.HostKey(folder)
	if err != nil {
		return err
	}
	if s.key = key; changed != "" {
		s.Warnings = append(s.Warnings, changed)
	}
	if s.audit, err = logs.Open(filepath.Join(folder, AuditName)); err != nil {
		return err
	}
	if s.listens, err = net.Listen("tcp", o.Listen); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	if s.control, err = serve.Control(folder); err != nil {
		s.Warnings = append(s.Warnings, "optflow serve viewers cannot ask this server: "+err.Error())
		err = nil
	}
	s.hall = seat.New(o.Market)
	screen := o.Screen()
	s.boards = boards.New(o.Market, screen.MaxRows)
	if s.usual, err = s.boards.Look(screen.Interval, cmp.Or(screen.Rules, model.DefaultRules())); err != nil {
		return err
	}
	s.server = serve.New(serve.Options{
		HostKey: key, Viewers: s.list.now, Screen: s.screen, Tail: s.tail, Room: s.room,
		Licence: serve.Licence{Others: o.Licensed, Free: s.free, Account: account()},
		Audit:   logs.New(s.audit, o.Redactor), Limits: o.Limits,
	})
	return nil
}

// Ready says where it listens, by what key viewers know it, and who they are.
func (s *Serving) Ready() string {
	list := s.list.now()
	var names []string
	if owner := list.Owner(); owner != "" {
		names = append(names, owner+" (owner)")
	}
	others, now := list.Others(time.Now()), ""
	switch {
	case s.free():
		now = ", to whom a simulated market is free to show"
	case s.o.Licensed == 0 && len(others) > 0:
		now = "; others in the file wait for a licence (docs/serving.md)"
		others = nil
	case len(others) > s.o.Licensed:
		others = others[:s.o.Licensed]
	}
	names = append(names, others...)
	if len(names) == 0 {
		names = []string{"nobody"}
	}
	return fmt.Sprintf("serving on %s, host key %s, viewers: %s%s", s.listens.Addr(), gossh.FingerprintSHA256(s.key.PublicKey()), strings.Join(names, ", "), now)
}

// Run serves until ctx ends.
func (s *Serving) Run(ctx context.Context) error {
	defer s.close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answered := make(chan error, 1)
	if s.control == nil {
		answered <- nil
	} else {
		crash.Go("server's socket", func() {
			err := s.server.Answers(ctx, s.control, s.listens.Addr().String(), gossh.FingerprintSHA256(s.key.PublicKey()))
			if err != nil {
				s.o.Log.Warn("optflow serve viewers cannot ask this server any more", "err", err)
			}
			answered <- nil
		})
	}
	err := s.server.Run(ctx, s.listens)
	cancel()
	<-answered
	return err
}

// close gives up what was taken.
func (s *Serving) close() {
	if s.usual != nil {
		s.usual.Leave()
	}
	if s.hall != nil {
		s.hall.Close()
	}
	if s.listens != nil {
		_ = s.listens.Close()
	}
	if s.control != nil {
		_ = s.control.Close()
	}
	if s.audit != nil {
		_ = s.audit.Close()
	}
	if s.lock != nil {
		_ = s.lock.Release()
	}
}

// free reports whether the data is invented.
func (s *Serving) free() bool { return s.o.Invented || s.o.Market.State().Sim }

// room says why the machine cannot draw one more screen.
func (s *Serving) room(int) error {
	if s.budget.Pause() > slowest {
		return fmt.Errorf("this machine draws for %d viewers and cannot for more", s.budget.Here())
	}
	return nil
}

func (s *Serving) screen(ctx context.Context, v *serve.Visit) error {
	path := filepath.Join(s.folderOf(&v.Viewer), state.Name)
	choices, unread := state.Choices(path)
	o := s.o.Screen()
	place := s.hall.Take(rightsOf(v.Role), choices.Tickers...)
	defer place.Leave()
	o.Market = newAsking(place, v)
	o.Tickers, o.Filter = place.State().Tickers, ""
	o.Env, o.Sizes, o.Budget, o.Boards = v.Env, v.Sizes, s.budget, s.boards
	o.Viewer = &ui.Viewer{Name: v.Name, Operator: v.Role != viewers.Plain, Here: v.Here}
	if choices.Theme != "" && o.Themes.Has(choices.Theme) {
		o.Theme = choices.Theme
	}
	o.Warnings = nil
	if !s.free() {
		o.Warnings = []string{v.Licensee}
	}
	if unread != nil {
		o.Warnings = append(o.Warnings, unread.Error())
	}
	o.ASCII = terminal.ASCII(v.Env)
	o.Memory = s.remembers(path, choices)
	o.NoKey = false
	err := ui.Run(ctx, o, v.In, v.Out)
	if errors.Is(err, ui.ErrInterrupted) {
		return nil
	}
	return err
}

func (s *Serving) tail(ctx context.Context, v *serve.Visit, args []string) int {
	place := s.hall.Take(seat.Viewer)
	defer place.Leave()
	return s.o.Tail(ctx, v, place, args)
}

// remembers is what a viewer has chosen: in a folder of its own, with the volumes
// of the server's earlier sessions.
func (s *Serving) remembers(path string, choices memory.Choices) ui.Memory {
	return &choosing{Memory: state.New(path, choices, s.free()), folder: filepath.Dir(path), shared: state.New(s.o.State, memory.Choices{}, s.free())}
}

func rightsOf(r viewers.Role) seat.Rights {
	if r == viewers.Plain {
		return seat.Viewer
	}
	return seat.Operator
}

// account is who runs this.
func account() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "the account that serves"
}
