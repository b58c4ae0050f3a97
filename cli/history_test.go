package cli

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"optflow/feed/history/parquet"
	"optflow/model"
)

func TestHistoryExport(t *testing.T) {
	root := recorded(t)
	to := filepath.Join(t.TempDir(), "to", "monday")
	stdout, stderr, code := ran(t, context.Background(), "history", "export", "2026-11-23", "--history-dir", root, "--to", to)
	if code != exitFine || stderr != "" || !strings.HasPrefix(stdout, "2026-11-23 of sim: ") || !strings.HasSuffix(stdout, " in "+to+"\n") {
		t.Errorf("%d %q %q", code, stdout, stderr)
	}
	for _, name := range []string{parquet.Windows, parquet.Bursts, parquet.Minutes} {
		if info, err := os.Stat(filepath.Join(to, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
	if stdout, _, code := ran(t, context.Background(), "history", "export", "2026-11-23", "--history-dir", root, "--minutes", "--background"); code != exitFine || !strings.Contains(stdout, ": 0 windows, 0 bursts, ") {
		t.Errorf("minutes alone: %d %q", code, stdout)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"2026-11-26"}, "was not recorded"}, {[]string{"monday"}, "want a date"}, {nil, "wants one date"}, {[]string{"2026-11-23", "--of", "delayed"}, "recorded are sim"},
	} {
		_, stderr, code := ran(t, context.Background(), append([]string{"history", "export", "--history-dir", root}, c.args...)...)
		if code != exitUsage || !strings.Contains(stderr, c.says) {
			t.Errorf("%v: %d %q", c.args, code, stderr)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, stderr, code := ran(t, ctx, "history", "export", "2026-11-23", "--history-dir", root); code == exitFine || !strings.Contains(stderr, "cancelled: the files of Mon 23 Nov are as they were") {
		t.Errorf("cancelled: %d %q", code, stderr)
	}
	if _, _, code := ran(t, context.Background(), "history", "export", "2026-11-23", "--history-dir", root, "--to", filepath.Join(root, "sim", "2026-11-23", "0001.oflog", "x")); code != exitFailed {
		t.Errorf("a folder that cannot be made: %d", code)
	}
}

func TestHistoryVerify(t *testing.T) {
	root := recorded(t)
	verify := func() (stdout, stderr string, code int) {
		t.Helper()
		return ran(t, context.Background(), "history", "verify", "2026-11-23", "--history-dir", root)
	}
	if stdout, stderr, code := verify(); code != exitFine || stderr != "" || !strings.Contains(stdout, " blocks, ") || !strings.Contains(stdout, "no files of Parquet") {
		t.Errorf("%d %q %q", code, stdout, stderr)
	}
	if _, stderr, code := ran(t, context.Background(), "history", "export", "2026-11-23", "--history-dir", root); code != exitFine {
		t.Fatal(stderr)
	}
	if stdout, stderr, code := verify(); code != exitFine || !strings.Contains(stdout, "comes to the same ") {
		t.Errorf("%d %q %q", code, stdout, stderr)
	}
	logs, err := filepath.Glob(filepath.Join(root, "sim", "2026-11-23", "*.oflog"))
	if err != nil || len(logs) == 0 {
		t.Fatal(logs, err)
	}
	data, err := os.ReadFile(logs[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(logs[0], append(slices.Clone(data), "OFB1"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if stdout, stderr, code := verify(); code != exitFine || !strings.Contains(stdout, "lack some of the log") {
		t.Errorf("after more was recorded: %d %q %q", code, stdout, stderr)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(logs[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	if stdout, stderr, code := verify(); code != exitFailed || !strings.Contains(stdout, "damaged from ") || !strings.Contains(stderr, "is not what was recorded") {
		t.Errorf("%d %q %q", code, stdout, stderr)
	}
	if _, stderr, code := ran(t, context.Background(), "history", "verify"); code != exitUsage || !strings.Contains(stderr, "wants one date") {
		t.Errorf("%d %q", code, stderr)
	}
}

func TestHistoryList(t *testing.T) {
	root := recorded(t)
	stdout, stderr, code := ran(t, context.Background(), "history", "--history-dir", root)
	if code != exitFine || stderr != "" || !strings.Contains(stdout, "2026-11-23   sim") || !strings.Contains(stdout, licence) {
		t.Errorf("%d %q %q", code, stdout, stderr)
	}
	first, _, code := ran(t, context.Background(), "history", "--history-dir", root, "--format", "json")
	again, _, _ := ran(t, context.Background(), "history", "--history-dir", root, "--format", "json")
	if code != exitFine || first != again || strings.Contains(first, `"rows":0`) || !strings.Contains(first, `"holes":`) {
		t.Errorf("%d %q, then %q", code, first, again)
	}
	if stdout, _, code := ran(t, context.Background(), "history", "path", "--history-dir", root); code != exitFine || stdout != root+"\n" {
		t.Errorf("%d %q", code, stdout)
	}
	if _, stderr, code := ran(t, context.Background(), "history", "--history-dir", root, "--format", "xml"); code != exitUsage || !strings.Contains(stderr, "text or json") {
		t.Errorf("%d %q", code, stderr)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	other := recorded(t)
	if stdout, _, code := ran(t, ctx, "history", "--history-dir", other); code == exitFine || stdout != "" {
		t.Errorf("cancelled: %d %q", code, stdout)
	}
}

func TestHistoryPrune(t *testing.T) {
	root := recorded(t)
	if _, stderr, code := ran(t, context.Background(), "history", "prune", "--history-dir", root, "--history-keep", "all", "--history-size", "all"); code != exitFine || !strings.Contains(stderr, "within the limits") {
		t.Errorf("%d %q", code, stderr)
	}
	days, err := os.ReadDir(filepath.Join(root, "sim"))
	if err != nil || len(days) < 2 {
		t.Fatal(days, err)
	}
	_, stderr, code := ran(t, context.Background(), "history", "prune", "--history-dir", root, "--history-keep", "1 session")
	left, err := os.ReadDir(filepath.Join(root, "sim"))
	if code != exitFine || err != nil || len(left) != 1 || left[0].Name() != days[len(days)-1].Name() || strings.Count(stderr, "deleted") != len(days)-1 {
		t.Errorf("%d %q: %v of %v, %v", code, stderr, left, days, err)
	}
	today := filepath.Join(root, "realtime", model.TradingDate(time.Now().UnixMilli()).String())
	if err := os.MkdirAll(today, 0o700); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(today, "0001.oflog")
	if err := os.WriteFile(log, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(log, 501<<20); err != nil {
		t.Fatal(err)
	}
	_, stderr, code = ran(t, context.Background(), "history", "prune", "--history-dir", root, "--history-size", "500MB")
	if _, err := os.Stat(log); err != nil || code != exitFailed || !strings.Contains(stderr, "no room") {
		t.Errorf("%d %q, %v: today's goes never", code, stderr, err)
	}
}
