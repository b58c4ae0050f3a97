//go:build unix

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"optflow/feed/faults"
)

// inRemoved is a command line in a directory that is there no more.
func inRemoved(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	script := []string{"-c", `cd "$1" && rmdir "$1" && shift && exec "$0" "$@"`, binary(t), dir}
	cmd := exec.Command("/bin/sh", append(script, args...)...)
	cmd.Env = cleanEnv(t)
	return cmd
}

// What the working directory was is needed for nothing but its .env and for
// exports, which say so.
func TestFault65WorkingDirectoryGone(t *testing.T) {
	faults.OpenReal(t, 65)
	t.Parallel()
	for _, args := range [][]string{{"config"}, {"keys"}, {"tail", "--count", "1", "--min-premium", "0"}} {
		if out, err := inRemoved(t, args...).CombinedOutput(); err != nil {
			t.Errorf("%v: %v %s", args, err, out)
		}
	}
	x := startCommand(t, 120, 30, inRemoved(t), nil)
	x.awaitLive()
	x.press("e")
	x.awaitText("the working directory is gone")
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}

// asNobody has root run a command as a user without rights, whose directories
// these are.
func asNobody(t *testing.T, cmd *exec.Cmd, dirs ...string) {
	t.Helper()
	const nobody = 65534
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	for _, dir := range dirs {
		for _, err := range []error{os.Chmod(build.dir, 0o755), os.Chmod(filepath.Dir(dir), 0o755), os.Chown(dir, nobody, nobody)} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// One that nobody may read has no .env, which is said; one that nobody may write
// to takes no exports.
func TestFault65WorkingDirectoryClosed(t *testing.T) {
	faults.OpenReal(t, 65)
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte("OPTFLOW_FPS=7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	script := []string{"-c", `cd "$1" && chmod 0 "$1" && shift && exec "$0" "$@"`, binary(t), dir, "config"}
	cmd := exec.Command("/bin/sh", script...)
	cmd.Env = cleanEnv(t)
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	if os.Getuid() == 0 { // who may read everything
		asNobody(t, cmd, dir, strings.TrimPrefix(cmd.Env[0], "HOME="))
	}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), ".env cannot be read") {
		t.Errorf("%v %s", err, out)
	}
}
