//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The commands without a screen, as scripts; see testdata/script.
func TestScripts(t *testing.T) {
	path := filepath.Dir(binary(t)) + string(os.PathListSeparator) + os.Getenv("PATH")
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", path)
			env.Setenv("HOME", env.WorkDir)
			for _, name := range []string{"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"} {
				env.Setenv(name, filepath.Join(env.WorkDir, name))
			}
			return nil
		},
	})
}

// `go run .`, the first command that anybody tries, run as written. It builds
// everything once more, so only the whole check asks for it.
func TestGoRun(t *testing.T) {
	if os.Getenv("OPTFLOW_GO_RUN") == "" {
		t.Skip("set OPTFLOW_GO_RUN=1 to run the README's first command")
	}
	goRun(t)
}
