package cli

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"optflow/cli/alerts"
	"optflow/cli/process"
	"optflow/cli/serving"
	"optflow/config"
	"optflow/config/textfile"
	"optflow/config/viewers"
	"optflow/model/crash"
	"optflow/model/termsafe"
	"optflow/ui"
	"optflow/ui/serve"
)

// serveFlags are the switches that only `optflow serve` has.
type serveFlags struct{ listen, file string }

func serveCommand(p *program) *cobra.Command {
	var f serveFlags
	var folder *string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Let others look over ssh: a screen or lines for each, on one feed",
		Long: "serve runs the feed and shows it to those whose keys are in the viewers file: ssh HOST -p 2222 is a screen,\n" +
			"ssh HOST -p 2222 tail lines. On a terminal the operator has the screen as well. Unless the config file\n" +
			"states an agreement, only the data's owner may look; a simulated market is free to show (docs/serving.md).",
		Example: `  optflow serve viewers add ~/.ssh/id_ed25519.pub --name me --owner
  optflow serve
  optflow serve --listen 10.0.0.5:2222
  ssh -p 2222 10.0.0.5 "tail --format json --filter 'spy puts'"`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runServe(p, cmd, f, *folder) },
	}
	config.AddFlags(cmd.Flags())
	cmd.Flags().StringVar(&f.listen, "listen", "127.0.0.1:2222", "`address` and port to listen on")
	viewersFlag(cmd, &f.file)
	folder = captureFlag(cmd)
	cmd.AddCommand(viewersCommand(p))
	return cmd
}

func viewersFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "viewers", "", "the `file` of those who may look (else viewers beside the config file)")
}

// runServe serves until a signal comes, the screen is left or something breaks.
func runServe(p *program, cmd *cobra.Command, f serveFlags, folder string) error {
	serves := func(s *config.Settings, m *market, desk *alerts.Desk, screen ui.Options) error {
		server, err := f.open(p, cmd, s, m, desk, screen)
		if err != nil {
			return err
		}
		m.parts = append(m.parts, part{Where: "viewers", Run: server.Run})
		for _, w := range server.Warnings {
			s.Warnings = append(s.Warnings, termsafe.String(w, longestLine))
		}
		_, err = fmt.Fprintf(p.out, "optflow: %s\n", termsafe.String(server.Ready(), longestLine))
		return err
	}
	if p.canShow(os.Getenv("TERM"), "") == nil {
		return monitor(p, cmd, folder, serves)
	}
	s, l, err := screenSettings(cmd)
	if err != nil {
		return err
	}
	log := p.openLog(s)
	s.AutoRefresh = true // there is no key to press for "now"
	m, err := newMarket(s, log, folder, p.say)
	if err != nil {
		return err
	}
	defer m.tellCapture(p.console)
	p.archives(s, m, log)
	desk, err := p.newAlerts(s, m, log, func() (*config.Settings, error) { return settings(cmd) }, nil)
	if err != nil {
		return err
	}
	screen := screenOptions(s, m, l, nil)
	if err := serves(s, m, desk, screen); err != nil {
		return err
	}
	p.warn(s)
	seat := m.Seat() // which wants what the settings say
	defer seat.Leave()
	crash.Go("memory's watch", func() { process.Frugal(cmd.Context()) })
	return m.run(cmd.Context())
}

// open takes what serving a market needs.
func (f serveFlags) open(p *program, cmd *cobra.Command, s *config.Settings, m *market, desk *alerts.Desk, screen ui.Options) (*serving.Serving, error) {
	file, err := f.path(cmd)
	if err != nil {
		return nil, err
	}
	slog.SetDefault(p.log) // where the ssh library writes
	screen.Alerts, screen.Signals = desk, nil
	server, err := serving.Open(serving.Options{
		Market: m, State: s.StatePath, File: file, Listen: f.listen, Licensed: s.Licensed, Invented: m.builtin != nil,
		Screen: func() ui.Options {
			o := screen
			o.Rules = rulesOf(s)
			return o
		},
		Tail: viewersTail(s), Redactor: p.redactor, Log: p.log,
	})
	if err != nil {
		return nil, usageError{err}
	}
	return server, nil
}

func (f serveFlags) path(cmd *cobra.Command) (string, error) {
	if f.file != "" {
		return filepath.Abs(f.file)
	}
	home := config.FromProcess(cmd.Flags()).ConfigHome
	if home == "" {
		return "", usageError{errors.New("there is no home for the viewers file: --viewers FILE names one")}
	}
	return filepath.Join(home, "optflow", viewers.Name), nil
}

func viewersCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "viewers",
		Short: "Say who looks now, since when, how much is sent to each, and when the last key came",
		Long: "viewers asks the server that runs on this machine, by a socket in the state folder that only you can use.\n" +
			"add puts a key into the viewers file, and kick ends somebody's visits.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return listViewers(p, cmd) },
	}
	var f serveFlags
	var name, until string
	var operator, owner bool
	add := &cobra.Command{
		Use:   "add KEYFILE",
		Short: "Let somebody look, by a public key such as id_ed25519.pub",
		Args:  oneArgument("optflow serve viewers add wants the file of a public key, such as ann.pub"),
		RunE: func(cmd *cobra.Command, args []string) error {
			role := viewers.Plain
			switch {
			case owner && operator:
				return usageError{errors.New("--owner and --operator: one of them")}
			case owner:
				role = viewers.Owner
			case operator:
				role = viewers.Operator
			}
			return addViewer(p, cmd, f, args[0], name, role, until)
		},
	}
	viewersFlag(add, &f.file)
	add.Flags().StringVar(&name, "name", "", "how the screen and the log call who it is")
	add.Flags().BoolVar(&operator, "operator", false, "may change what the feed follows as well")
	add.Flags().BoolVar(&owner, "owner", false, "is the one who holds the licence of the data")
	add.Flags().StringVar(&until, "until", "", "the last `date` on which the key is good, such as 2027-12-31")
	kick := &cobra.Command{
		Use:   "kick NAME",
		Short: "End somebody's visits; a line taken out of the viewers file keeps them out",
		Args:  oneArgument("optflow serve viewers kick wants the name of a viewer"),
		RunE:  func(cmd *cobra.Command, args []string) error { return kickViewer(p, cmd, args[0]) },
	}
	cmd.AddCommand(add, kick)
	return cmd
}

func addViewer(p *program, cmd *cobra.Command, f serveFlags, keyFile, name string, role viewers.Role, until string) error {
	path, err := f.path(cmd)
	if err != nil {
		return err
	}
	var last time.Time
	if until != "" {
		if last, err = time.ParseInLocation(time.DateOnly, until, time.Local); err != nil {
			return usageError{fmt.Errorf("--until %q: want a date such as 2027-12-31", until)}
		}
	}
	if name == "" {
		return usageError{errors.New("--name says how the screen and the log call who it is")}
	}
	text, err := textfile.Read(keyFile)
	if err != nil {
		return usageError{err}
	}
	v, err := viewers.Add(path, name, role, string(text), last)
	if err != nil {
		return usageError{err}
	}
	_, err = fmt.Fprintf(p.out, "%s (%s) may look with %s, in %s\n", v.Name, v.Role, v.Fingerprint(), termsafe.String(path, longestLine))
	return err
}

// serverFolder is where a server's socket is.
func serverFolder(cmd *cobra.Command) (string, error) {
	home := config.FromProcess(cmd.Flags()).StateHome
	if home == "" {
		return "", usageError{serve.ErrNotRunning}
	}
	return filepath.Join(home, "optflow"), nil
}

func listViewers(p *program, cmd *cobra.Command) error {
	folder, err := serverFolder(cmd)
	if err != nil {
		return err
	}
	a, err := serve.AskViewers(folder)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(p.out, "serving on %s, host key %s\n", show(a.Address), show(a.Fingerprint))
	if len(a.Here) == 0 {
		_, err := fmt.Fprintln(p.out, "nobody looks now")
		return err
	}
	table := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "NAME\tROLE\tFROM\tSINCE\tBYTES/S\tLAST KEY\tSEES\tKEY")
	for i := range a.Here {
		h := &a.Here[i]
		there := time.Since(h.Since)
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s ago\t%s\t%s\n", show(h.Name), show(h.Role), show(h.From),
			h.Since.Local().Format("15:04:05"), int64(float64(h.Sent)/max(there.Seconds(), 1)), time.Since(h.LastKey).Round(time.Second), show(h.Wants), show(h.Fingerprint))
	}
	return table.Flush()
}

func kickViewer(p *program, cmd *cobra.Command, name string) error {
	folder, err := serverFolder(cmd)
	if err != nil {
		return err
	}
	a, err := serve.AskKick(folder, name)
	if err != nil {
		return err
	}
	if a.Kicked == 0 {
		return usageError{fmt.Errorf("%s is not here; optflow serve viewers says who is", show(name))}
	}
	_, err = fmt.Fprintf(p.out, "%d ended; %s may come back while the viewers file has a line for it\n", a.Kicked, show(name))
	return err
}
