// Faults: presets, a sentence that makes a rule, and the rules in force.
import { $, act, button, call, changed, choice, fill, h, here } from "./dom.js";
import { kinds, operations } from "./known.js";

const calls = [["", "any"], ...operations.map(({ service, id }) => [
  `${service}/${id}`, (service === "apphandoff" ? "AppHandoff " : "") + id.replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()),
])];

// effects are what a rule can do, by their ids.
const effects = new Map(kinds.flatMap(({ choices }) => choices || []).map((choice) => [choice.id, choice]));

let presets;
let drawn = ""; // the rules as they are shown

// refresh shows what others change, and how often rules fired.
export async function refresh({ faults }) {
  if ($("rules") && JSON.stringify(faults) !== drawn) rules(faults);
}

export async function draw() {
  presets ??= (await call("GET", "presets")).presets;
  const { faults } = await call("GET", here("faults"));
  if (!$("rule-form")) {
    $("fault-body").replaceChildren(
      h("div", { class: "card" }, h("h2", {}, "Make a rule"), sentence()),
      h("div", {}, h("h2", {}, "Presets"), h("div", { class: "grid" }, presets.map(preset))),
      h("div", { id: "rules" }),
    );
    $("fault-body").prepend($("rules"));
  }
  rules(faults);
}

function rules(faults) {
  drawn = JSON.stringify(faults);
  fill($("fault-actions"),
    h("a", { class: "button", href: here("faults.yaml"), download: "faults.yaml", id: "export-faults" }, "Export YAML"),
    button("Switch all off", () => then("All rules are off.", call("DELETE", here("faults"))), { id: "clear-faults", disabled: faults.length === 0 }),
  );
  fill($("rules"), h("h2", {}, "In force"), faults.length ? [table(faults), h("p", { class: "quiet hint" }, "Saw counts the requests that match, Fired those that were hit. Exported, ",
    h("code", {}, "mockdesk serve --faults faults.yaml"), " replays them.")] : h("div", { class: "card empty small" },
    h("p", {}, "Nothing is in force: every request is answered as documented. Make a rule or use a preset below.")));
}

function table(faults) {
  return h("div", { class: "card flush" }, h("table", { class: "rules" },
    h("thead", {}, h("tr", {}, ["Rule", "What it does", "Saw", "Fired", ""].map((name) => h("th", { scope: "col", class: /Saw|Fired/.test(name) && "number" }, name)))),
    h("tbody", {}, faults.map((rule) => h("tr", { "data-rule": rule.id },
      h("td", { "data-label": "Rule" }, h("code", {}, rule.id)),
      h("td", { "data-label": "What it does" }, h("strong", {}, rule.name || "unnamed"), h("span", { class: "quiet block" }, explain(rule))),
      h("td", { "data-label": "Saw", class: "number" }, String(rule.matched)),
      h("td", { "data-label": "Fired", class: "number" }, h("span", { class: rule.fired ? "pill s4" : "pill" }, rule.missed ? `${rule.fired}, missed ${rule.missed}` : String(rule.fired))),
      h("td", { class: "end" }, button("Switch off", () => then("The rule is off.",
        call("DELETE", here("faults/" + encodeURIComponent(rule.id)))), { "aria-label": "Switch off " + (rule.name || rule.id), id: "off-" + rule.id })),
    )))));
}

// explain says a rule in words.
function explain(rule) {
  const m = rule.match || {}, w = rule.when || {}, t = rule.then;
  const which = [m.service, m.operation, m.method, m.path, m.key_kind && m.key_kind + " key"].filter(Boolean).join(" ") || "any request";
  const when = [
    w.times && `${w.times} times`, w.after && `after ${w.after}`, w.nth && `number ${w.nth}`, w.every && `each ${w.every}.`,
    w.for && `for ${w.for}`, w.probability && `${Math.round(w.probability * 100)} % of the time`,
  ].filter(Boolean).join(", ") || "always";
  const what = kinds.filter(({ name }) => t[name]).flatMap(({ name, says }) => words(says, t[name])).join(", ");
  return `${which} · ${when} · ${what}`;
}

// words fills the parts of a sentence whose members are all set.
function words(says, value) {
  const member = (name) => (name ? value[name] : value);
  return says.split(", ").filter((part) => [...part.matchAll(/\{(\w*)\}/g)].every(([, name]) => member(name) !== undefined))
    .map((part) => part.replace(/\{(\w*)\}/g, (_, name) => member(name)));
}

function preset(p) {
  return h("div", { class: "card preset" }, h("h3", {}, p.name), h("p", {}, p.about),
    button("Use", () => then(`${p.name} is in force.`, call("POST", here("presets/" + p.name))), { id: "preset-" + p.name, "aria-label": "Use " + p.name }));
}

function sentence() {
  const times = h("input", { type: "number", min: 1, max: 1000, value: 3, id: "rule-times", "aria-label": "How many" });
  const span = choice([["times", "the next"], ["always", "all"]], { id: "rule-span", "aria-label": "Which" });
  const operation = choice(calls, { id: "rule-operation", "aria-label": "Calls", value: "inboxops/listTickets" });
  const effect = choice([...effects.values()].map(({ id, label }) => [id, label]), { id: "rule-effect", "aria-label": "What happens", value: "429" });
  const seconds = h("input", { type: "number", min: 1, max: 3600, value: 5, id: "rule-seconds", "aria-label": "Seconds" });
  const unit = h("span", {}), tail = h("span", { class: "part" }, unit, seconds, "s");
  const adapt = () => {
    const { ask, usual } = effects.get(effect.value);
    tail.hidden = !ask;
    unit.textContent = ask;
    if (ask) seconds.value = usual;
  };
  effect.addEventListener("change", adapt);
  span.addEventListener("change", () => { times.hidden = span.value === "always"; });
  adapt();
  const form = h("form", { id: "rule-form", class: "sentence" }, span, times, operation, h("span", {}, "calls"), effect, tail,
    h("button", { class: "button primary", id: "rule-add" }, "Put in force"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [service, name] = operation.value.split("/");
    const rule = { name: wording(form), then: JSON.parse(effects.get(effect.value).then.replace("N", Number(seconds.value))) };
    if (name) rule.match = { service, operation: name };
    if (span.value === "times") rule.when = { times: Number(times.value) };
    then("The rule is in force.", call("POST", here("faults"), rule));
  });
  return form;
}

// wording is the sentence as it stands in the form.
function wording(form) {
  const read = (part) => {
    if (part.hidden || part.tagName === "BUTTON") return "";
    if (part.tagName === "SELECT") return part.selectedOptions[0].textContent;
    if (part.tagName === "INPUT") return part.value;
    return part.childElementCount ? ", " + [...part.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.data : read(node))).join(" ") : part.textContent;
  };
  return [...form.children].map(read).filter(Boolean).join(" ").replace(/:? ,/, ",");
}

async function then(done, promise) {
  await act(done, () => promise);
  changed("faults");
  await act("", draw);
}

// Hit counts follow the requests.
let soon;
document.addEventListener("request", () => {
  if ($("faults").hidden || soon) return;
  soon = setTimeout(async () => {
    soon = undefined;
    await act("", draw);
  }, 300);
});
