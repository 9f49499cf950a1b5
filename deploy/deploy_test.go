// Package deploy_test holds what is shipped for deployment against itself.
package deploy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// object is what our manifest uses of a Kubernetes object; any other member is
// refused.
type object struct {
	APIVersion string   `yaml:"apiVersion"`
	Kind       string   `yaml:"kind"`
	Metadata   metadata `yaml:"metadata"`
	Spec       struct {
		ServiceName         string       `yaml:"serviceName"`
		Replicas            int          `yaml:"replicas"`
		PodManagementPolicy string       `yaml:"podManagementPolicy"`
		Selector            selector     `yaml:"selector"`
		Template            *podTemplate `yaml:"template"`
		ClusterIP           string       `yaml:"clusterIP"`
		Ports               []port       `yaml:"ports"`
	} `yaml:"spec"`
}

type metadata struct {
	Name   string            `yaml:"name"`
	Labels map[string]string `yaml:"labels"`
}

// selector is labels, or in a workload matchLabels.
type selector map[string]any

type podTemplate struct {
	Metadata metadata `yaml:"metadata"`
	Spec     struct {
		AutomountServiceAccountToken  *bool           `yaml:"automountServiceAccountToken"`
		EnableServiceLinks            *bool           `yaml:"enableServiceLinks"`
		TerminationGracePeriodSeconds int             `yaml:"terminationGracePeriodSeconds"`
		SecurityContext               securityContext `yaml:"securityContext"`
		Containers                    []container     `yaml:"containers"`
		Volumes                       []volume        `yaml:"volumes"`
	} `yaml:"spec"`
}

type container struct {
	Name           string                       `yaml:"name"`
	Image          string                       `yaml:"image"`
	Args           []string                     `yaml:"args"`
	Env            []variable                   `yaml:"env"`
	Ports          []port                       `yaml:"ports"`
	StartupProbe   *probe                       `yaml:"startupProbe"`
	ReadinessProbe *probe                       `yaml:"readinessProbe"`
	LivenessProbe  *probe                       `yaml:"livenessProbe"`
	Resources      map[string]map[string]string `yaml:"resources"`
	Security       securityContext              `yaml:"securityContext"`
	VolumeMounts   []mount                      `yaml:"volumeMounts"`
}

type variable struct {
	Name      string `yaml:"name"`
	ValueFrom struct {
		SecretKeyRef struct {
			Name string `yaml:"name"`
			Key  string `yaml:"key"`
		} `yaml:"secretKeyRef"`
	} `yaml:"valueFrom"`
}

type probe struct {
	HTTPGet          *httpGet `yaml:"httpGet"`
	TCPSocket        *httpGet `yaml:"tcpSocket"`
	PeriodSeconds    int      `yaml:"periodSeconds"`
	FailureThreshold int      `yaml:"failureThreshold"`
}

type httpGet struct {
	Path string `yaml:"path"`
	Port string `yaml:"port"`
}

type port struct {
	Name          string `yaml:"name"`
	ContainerPort int    `yaml:"containerPort"`
	Port          int    `yaml:"port"`
	TargetPort    string `yaml:"targetPort"`
}

type securityContext struct {
	RunAsNonRoot             bool                `yaml:"runAsNonRoot"`
	RunAsUser                int                 `yaml:"runAsUser"`
	RunAsGroup               int                 `yaml:"runAsGroup"`
	SeccompProfile           map[string]string   `yaml:"seccompProfile"`
	AllowPrivilegeEscalation *bool               `yaml:"allowPrivilegeEscalation"`
	ReadOnlyRootFilesystem   bool                `yaml:"readOnlyRootFilesystem"`
	Capabilities             map[string][]string `yaml:"capabilities"`
}

type mount struct {
	Name      string `yaml:"name"`
	MountPath string `yaml:"mountPath"`
	ReadOnly  bool   `yaml:"readOnly"`
}

type volume struct {
	Name      string            `yaml:"name"`
	EmptyDir  map[string]string `yaml:"emptyDir"`
	ConfigMap struct {
		Name string `yaml:"name"`
	} `yaml:"configMap"`
}

// kustomization is what ours uses of the form.
type kustomization struct {
	APIVersion         string   `yaml:"apiVersion"`
	Kind               string   `yaml:"kind"`
	Resources          []string `yaml:"resources"`
	ConfigMapGenerator []struct {
		Name  string   `yaml:"name"`
		Files []string `yaml:"files"`
	} `yaml:"configMapGenerator"`
}

// read returns a file.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// objects decodes the manifest.
func objects(t *testing.T) []object {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(read(t, "kubernetes/mockdesk.yaml")))
	decoder.KnownFields(true)
	var all []object
	for {
		var o object
		err := decoder.Decode(&o)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
}

func TestPods(t *testing.T) {
	t.Parallel()
	pods := 0
	for _, o := range objects(t) {
		if o.Spec.Template == nil {
			continue
		}
		pods++
		pod := o.Spec.Template.Spec
		if o.APIVersion != "apps/v1" || !pod.SecurityContext.RunAsNonRoot || pod.SecurityContext.RunAsUser == 0 {
			t.Errorf("%s: %s, %+v", o.Metadata.Name, o.APIVersion, pod.SecurityContext)
		}
		labels, _ := o.Spec.Selector["matchLabels"].(selector)
		if !matches(labels, o.Spec.Template.Metadata.Labels) {
			t.Errorf("%s: its selector does not match its pods", o.Metadata.Name)
		}
		for _, c := range pod.Containers {
			for _, p := range []*probe{c.ReadinessProbe, c.LivenessProbe} {
				if p == nil || p.HTTPGet == nil && p.TCPSocket == nil || p.HTTPGet != nil && p.HTTPGet.Path != "/_mockdesk/healthz" {
					t.Errorf("%s: a probe does not ask for health: %+v", c.Name, p)
				}
			}
			if s := c.Security; !s.ReadOnlyRootFilesystem || s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation || !slices.Equal(s.Capabilities["drop"], []string{"ALL"}) {
				t.Errorf("%s: %+v", c.Name, s)
			}
			if c.Resources["limits"]["memory"] == "" || c.Resources["requests"]["cpu"] == "" {
				t.Errorf("%s: resources %v", c.Name, c.Resources)
			}
			for _, m := range c.VolumeMounts {
				if !slices.ContainsFunc(pod.Volumes, func(v volume) bool { return v.Name == m.Name }) {
					t.Errorf("%s: there is no volume %s", c.Name, m.Name)
				}
			}
		}
	}
	if pods != 2 {
		t.Errorf("%d workloads, want 2", pods)
	}
}

func TestServices(t *testing.T) {
	t.Parallel()
	all, services := objects(t), map[string]bool{}
	for _, o := range all {
		if o.Kind != "Service" {
			continue
		}
		services[o.Metadata.Name] = true
		if !slices.ContainsFunc(all, func(w object) bool {
			return w.Spec.Template != nil && matches(withoutPodName(o.Spec.Selector), w.Spec.Template.Metadata.Labels)
		}) {
			t.Errorf("the Service %s selects no pod", o.Metadata.Name)
		}
	}
	for _, o := range all {
		if o.Kind == "StatefulSet" && !services[o.Spec.ServiceName] {
			t.Errorf("there is no Service %s", o.Spec.ServiceName)
		}
		if servers := servers(t, "kubernetes/replicas.conf"); o.Kind == "StatefulSet" && o.Spec.Replicas != len(servers) {
			t.Errorf("%d replicas, and nginx knows %q", o.Spec.Replicas, servers)
		}
	}
	for _, server := range servers(t, "kubernetes/replicas.conf") {
		if name, port, _ := strings.Cut(server, ":"); !services[name] || port != "4010" {
			t.Errorf("nginx asks %s, which is no Service", server)
		}
	}
}

// matches says that labels has what a selector wants, which is not nothing.
func matches(selector map[string]any, labels map[string]string) bool {
	for name, value := range selector {
		if labels[name] != value {
			return false
		}
	}
	return len(selector) > 0
}

// withoutPodName leaves out the label that Kubernetes gives each pod.
func withoutPodName(s selector) selector {
	delete(s, "statefulset.kubernetes.io/pod-name")
	return s
}

// servers lists the replicas in a configuration of nginx.
func servers(t *testing.T, name string) []string {
	t.Helper()
	var all []string
	for _, found := range regexp.MustCompile(`(?m)^    server (\S+) max_fails=0;$`).FindAllStringSubmatch(read(t, name), -1) {
		all = append(all, found[1])
	}
	if len(all) == 0 {
		t.Fatalf("%s lists no server", name)
	}
	return all
}

func TestKustomization(t *testing.T) {
	t.Parallel()
	decoder := yaml.NewDecoder(strings.NewReader(read(t, "kustomization.yaml")))
	decoder.KnownFields(true)
	var k kustomization
	if err := decoder.Decode(&k); err != nil {
		t.Fatal(err)
	}
	generated := map[string]bool{}
	for _, resource := range k.Resources {
		read(t, resource)
	}
	for _, c := range k.ConfigMapGenerator {
		generated[c.Name] = true
		for _, file := range c.Files {
			read(t, file)
		}
	}
	mounted := 0
	for _, o := range objects(t) {
		if o.Spec.Template == nil {
			continue
		}
		for _, v := range o.Spec.Template.Spec.Volumes {
			if name := v.ConfigMap.Name; name != "" {
				mounted++
				if !generated[name] {
					t.Errorf("there is no ConfigMap %s", name)
				}
			}
		}
	}
	if mounted != len(generated) || mounted == 0 {
		t.Errorf("%d ConfigMaps are mounted, %d are made", mounted, len(generated))
	}
}

// TestContainerfile reads it line by line, as no engine is needed for that.
func TestContainerfile(t *testing.T) {
	t.Parallel()
	known := []string{"ARG", "FROM", "WORKDIR", "ENV", "COPY", "RUN", "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
	last := map[string]string{}
	for line := range strings.Lines(read(t, "Containerfile")) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		instruction, rest, _ := strings.Cut(line, " ")
		if !slices.Contains(known, instruction) || rest == "" {
			t.Errorf("unexpected line %q", line)
		}
		if instruction == "FROM" && strings.Contains(strings.Fields(rest)[0], "/") {
			t.Errorf("%q names a registry", line)
		}
		last[instruction] = rest
	}
	if last["FROM"] != "scratch" || !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(last["USER"]) {
		t.Errorf("the image is of %q and runs as %q", last["FROM"], last["USER"])
	}
	_, health, _ := strings.Cut(last["HEALTHCHECK"], "CMD ")
	for _, list := range []string{last["ENTRYPOINT"], last["CMD"], health} {
		var words []string
		if err := json.NewDecoder(bytes.NewBufferString(list)).Decode(&words); err != nil || len(words) == 0 {
			t.Errorf("%q is no list of words: %v", list, err)
		}
	}
}

// TestREADMENamesEveryFile keeps the table whole.
func TestREADMENamesEveryFile(t *testing.T) {
	t.Parallel()
	text := read(t, "README.md")
	for _, name := range []string{".", "nginx", "kubernetes", "ci"} {
		entries, err := os.ReadDir(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			file := path.Join(name, entry.Name())
			if !entry.IsDir() && path.Ext(file) != ".go" && file != "README.md" && file != "kubernetes/replicas.conf" && !strings.Contains(text, "("+file+")") {
				t.Errorf("README.md does not say what %s is", file)
			}
		}
	}
}
