package main

import (
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

var libraries = []string{
	"google.golang.org/protobuf",
	"google.golang.org/grpc",
	"connectrpc.com/connect/v2",
}

// versions returns those of what this program was built with.
func versions() answer {
	found := answer{"Go": strings.TrimPrefix(runtime.Version(), "go")}
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if slices.Contains(libraries, module.Path) {
			found[module.Path] = strings.TrimPrefix(module.Version, "v")
		}
	}
	return found
}
