// Command readers parses each file named on standard input with three Go YAML
// libraries and prints one JSON line a file and library.
//
// sigs.k8s.io/yaml is what Kubernetes, kubectl and helm use; the other two are
// what most other Go programs use.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"

	goyaml "go.yaml.in/yaml/v3"
	gopkg "gopkg.in/yaml.v3"
	sigs "sigs.k8s.io/yaml"
)

type answer struct {
	Reader    string `json:"reader"`
	File      string `json:"file"`
	Documents []any  `json:"documents"`
	Error     string `json:"error,omitempty"`
}

type reader struct {
	name string
	read func([]byte) ([]any, error)
}

var readers = []reader{
	{"go sigs.k8s.io/yaml", readSigs},
	{"go gopkg.in/yaml.v3", func(text []byte) ([]any, error) {
		return drain(gopkg.NewDecoder(bytes.NewReader(text)))
	}},
	{"go go.yaml.in/yaml/v3", func(text []byte) ([]any, error) {
		return drain(goyaml.NewDecoder(bytes.NewReader(text)))
	}},
}

// The separator as Kubernetes' own document reader sees it.
var separator = regexp.MustCompile(`(?m)^---[ \t]*(#.*)?$`)

func readSigs(text []byte) ([]any, error) {
	var documents []any
	for _, part := range separator.Split(string(text), -1) {
		converted, err := sigs.YAMLToJSONStrict([]byte(part))
		if err != nil {
			return nil, err
		}
		decoder := json.NewDecoder(bytes.NewReader(converted))
		decoder.UseNumber()
		var value any
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		if value != nil {
			documents = append(documents, value)
		}
	}
	return documents, nil
}

type decoder interface{ Decode(any) error }

func drain(from decoder) ([]any, error) {
	var documents []any
	for {
		var value any
		err := from.Decode(&value)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, err
		}
		if value != nil {
			documents = append(documents, value)
		}
	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for lines.Scan() {
		text, err := os.ReadFile(lines.Text())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		for _, r := range readers {
			result := answer{Reader: r.name, File: lines.Text()}
			result.Documents, err = r.read(text)
			if err != nil {
				result.Error = err.Error()
			}
			line, err := json.Marshal(result)
			if err != nil {
				line, _ = json.Marshal(answer{Reader: r.name, File: lines.Text(), Error: err.Error()})
			}
			out.Write(append(line, '\n'))
		}
	}
}
