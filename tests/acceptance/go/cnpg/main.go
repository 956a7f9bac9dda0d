// Judges CloudNativePG's objects by the rules of its own admission webhook.
//
// Reads files of YAML, one object each; for each prints one JSON line {"file", "errors", "warnings"}. The rules live in an
// internal package of the operator's module, so this module's path lies below that module's: Go lets it in by that.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"

	apiv1 "github.com/cloudnative-pg/cloudnative-pg/api/v1"
	webhook "github.com/cloudnative-pg/cloudnative-pg/internal/webhook/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
	"sigs.k8s.io/yaml"
)

type verdict struct {
	File     string   `json:"file"`
	Errors   []string `json:"errors"`
	Warnings []string `json:"warnings"`
}

// judge reads an object strictly, sets the operator's defaults, and asks the webhook whether it may be created.
func judge[T any](
	text []byte,
	setDefaults func(context.Context, *T) error,
	validate func(context.Context, *T) (admission.Warnings, error),
) ([]string, error) {
	object := new(T)
	if err := yaml.UnmarshalStrict(text, object); err != nil {
		return nil, err
	}
	ctx := context.Background()
	if setDefaults != nil {
		if err := setDefaults(ctx, object); err != nil {
			return nil, err
		}
	}
	return validate(ctx, object)
}

func judgeFile(file string) (verdict, bool) {
	found := verdict{File: file, Errors: []string{}, Warnings: []string{}}
	text, err := os.ReadFile(file)
	var kind metav1.TypeMeta
	if err == nil {
		err = yaml.Unmarshal(text, &kind)
	}
	if err != nil {
		found.Errors = append(found.Errors, err.Error())
		return found, true
	}
	if kind.APIVersion != apiv1.SchemeGroupVersion.String() {
		return found, false
	}
	var warnings []string
	switch kind.Kind {
	case "Cluster":
		warnings, err = judge(text, (&webhook.ClusterCustomDefaulter{}).Default, (&webhook.ClusterCustomValidator{}).ValidateCreate)
	case "Pooler":
		warnings, err = judge(text, nil, (&webhook.PoolerCustomValidator{}).ValidateCreate)
	case "Database":
		warnings, err = judge(text, (&webhook.DatabaseCustomDefaulter{}).Default, (&webhook.DatabaseCustomValidator{}).ValidateCreate)
	case "ScheduledBackup":
		warnings, err = judge(text, (&webhook.ScheduledBackupCustomDefaulter{}).Default, (&webhook.ScheduledBackupCustomValidator{}).ValidateCreate)
	default:
		return found, false // the operator has no webhook for it
	}
	found.Warnings = append(found.Warnings, warnings...)
	if err != nil {
		found.Errors = append(found.Errors, reasons(err)...)
	}
	return found, true
}

// reasons splits a refusal into one line a field.
func reasons(err error) []string {
	status, ok := err.(apierrors.APIStatus)
	if !ok || status.Status().Details == nil || len(status.Status().Details.Causes) == 0 {
		return []string{err.Error()}
	}
	lines := []string{}
	for _, cause := range status.Status().Details.Causes {
		lines = append(lines, fmt.Sprintf("%s: %s", cause.Field, cause.Message))
	}
	return lines
}

func main() {
	out := &bytes.Buffer{}
	encoder := json.NewEncoder(out)
	for _, file := range os.Args[1:] {
		if found, judged := judgeFile(file); judged {
			if err := encoder.Encode(found); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(2)
			}
		}
	}
	os.Stdout.Write(out.Bytes())
}
