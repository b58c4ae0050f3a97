package machine

import (
	"context"
	"os/exec"
	"strings"

	"optflow/ui/terminal"
)

// DescribeNotification says how this terminal is asked to notify, and what to do
// if that gets nowhere.
func DescribeNotification(ctx context.Context, choice string, env []string) (way, remedy string) {
	way = terminal.DescribeNotification(choice, env)
	if way == "off" {
		return "notifications of alerts are off", ""
	}
	way = "alerts notify by " + way
	switch {
	case terminal.InTmux(env):
		switch tmuxOption(ctx, "show-options", "-Apv", "allow-passthrough") {
		case "on", "all":
		case "":
			remedy = "tmux does not say whether it passes them on: tmux set -g allow-passthrough on"
		default:
			remedy = "tmux keeps them to itself: tmux set -g allow-passthrough on"
		}
	case terminal.Env(env, "ZELLIJ") != "":
		remedy = "zellij keeps them to itself; the bell gets through"
	default:
		way += "; no terminal says whether it shows them, :alert test NAME tries"
	}
	return way, remedy
}

// tmuxOption is what tmux says of an option, "" when it does not.
func tmuxOption(ctx context.Context, question ...string) string {
	ctx, cancel := context.WithTimeout(ctx, clipboardTime)
	defer cancel()
	out, err := exec.CommandContext(ctx, "tmux", question...).Output() // #nosec G204 -- of a fixed list
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
