//go:build tools

// Package tools holds on to the programs that are built from this module.
package tools

import _ "connectrpc.com/conformance/cmd/connectconformance"
