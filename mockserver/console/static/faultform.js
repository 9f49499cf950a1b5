// The form of a rule: which requests, when, and what happens. What it cannot say
// of a rule that is changed, it keeps.
import { $, button, choice, field, fill, h } from "./dom.js";
import { input, labelled, lines, narrow, pairs, stray, valueOf, written } from "./inputs.js";
import { kinds, operations } from "./known.js";
import { latest } from "./requests.js";
import { hits, know, look, sentence, spelled, ticketNames, unknown } from "./words.js";

// conditions are the members of when.
const conditions = [
  { name: "times", label: "the next N", usual: 3, unit: "calls" },
  { name: "nth", label: "only number", usual: 3, unit: "of them" },
  { name: "after", label: "after the first", usual: 5, unit: "calls" },
  { name: "every", label: "of the rest, every", usual: 2, unit: "th" },
  { name: "for", label: "for a time", usual: "30s", unit: "from turning it on" },
  { name: "probability", label: "by chance", usual: 20, unit: "% of them" },
];

let kept = {}; // the rule that is changed
let draft = []; // the rules of an opened preset, of which one is shown
let shipped = false; // that preset is none of the user's own
let shown = 0; // which
let put, keep;

// form makes the card. Submit is given the rules to put in force, or one and its id
// when that is changed; store keeps them as a preset of a name. Once it stands in
// the page, show fills it.
export function form(catalog, submit, store) {
  put = submit;
  keep = store;
  know(catalog);
  const kindsOfKeys = [...new Set(catalog.keys.map((key) => key.kind))];
  const calls = [["", "any"], ...operations.map(({ service, id }) => [`${service}/${id}`, spelled(service, id)])];
  const made = h("form", { id: "rule-form", class: "card", onsubmit: (event) => {
    event.preventDefault();
    put(all(), kept.id);
  }, oninput: preview, onchange: preview },
    h("h2", { id: "rule-title", tabindex: -1 }, "Make a rule"), h("div", { id: "rule-of", class: "bar", hidden: true }),
    h("datalist", { id: "ticket-names" }, ticketNames().map((name) => h("option", { value: name }))), h("datalist", { id: "pointers" }),
    h("fieldset", {}, h("legend", {}, "Which requests"), h("div", { class: "filters" },
      field("Calls", choice(calls, { id: "rule-operation" })),
      field("Ticket or path", h("input", { id: "rule-path", list: "ticket-names", onchange: seek, placeholder: "any; #1001, or /api/v1/**" })),
      field("Key", choice([["", "any"], ...kindsOfKeys.map((kind) => [kind, kind])], { id: "rule-key" }))),
      h("details", { id: "rule-more" }, h("summary", {}, "By method, query, header or body"), h("div", { class: "filters" },
        field("Method", choice([["", "any"], ...["GET", "HEAD", "POST"].map((method) => [method, method])], { id: "rule-method" })),
        field("Query, a line each", h("textarea", { id: "rule-query", rows: 2, placeholder: "page: 2" })),
        field("Headers, a line each", h("textarea", { id: "rule-header", rows: 2, placeholder: "User-Agent: *" })),
        field("Text in the body", h("input", { id: "rule-body", placeholder: "internal_note" }))))),
    h("fieldset", {}, h("legend", {}, "When"), h("div", { id: "rule-when", class: "rows" }), button("Add a condition", () => addCondition(), { id: "when-add", class: "button small" })),
    h("fieldset", {}, h("legend", {}, "What happens"), h("div", { id: "rule-then", class: "rows" }), button("Add another effect", () => addEffect(), { id: "then-add", class: "button small" })),
    h("div", { class: "said", "aria-live": "polite" }, h("p", { id: "rule-words" }), h("p", { class: "quiet", id: "rule-hits" })),
    h("div", { class: "bar" }, field("Name", h("input", { id: "rule-name", maxlength: 200, placeholder: "as it is said above" })),
      h("button", { class: "button primary", id: "rule-add" }, "Turn on"), button("Cancel", () => show({}), { id: "rule-cancel", hidden: true })),
    h("div", { class: "bar", id: "rule-keep" }, field("Or keep it as a preset called", h("input", { id: "preset-name", maxlength: 60, placeholder: "my-case" })),
      button("Save as a preset", () => keep($("preset-name").value.trim(), all()), { id: "preset-save" })));
  return made;
}

const usual = { match: { service: "inboxops", operation: "listTickets" }, when: { times: 3 }, then: { status: { code: "429", retry_after: 5 } } };

// open fills the form with the rules of a preset, of which one is shown at a time.
export function open(preset) {
  draft = preset.rules;
  shipped = !preset.own;
  view(0);
  $("rule-title").textContent = `Change the preset ${preset.name}`;
  $("rule-add").textContent = "Turn on";
  $("preset-name").value = preset.own ? preset.name : "";
  focus();
}

// view shows one rule of the draft.
function view(i) {
  shown = i;
  fillIn(draft[i]);
  $("rule-cancel").hidden = false;
  $("rule-of").hidden = draft.length < 2;
  fill($("rule-of"), draft.map((rule, j) => button(`Rule ${j + 1} of ${draft.length}`, () => {
    draft = all();
    view(j);
  }, { class: "button small", id: "rule-of-" + j, "aria-pressed": String(i === j) })));
}

// all is the draft as it is now: of a form for one rule, that.
function all() {
  return draft.length ? draft.map((rule, i) => (i === shown ? read() : rule)) : [read()];
}

// show fills the form with a rule; without an id it is a new one.
export function show(rule) {
  draft = [];
  $("rule-of").hidden = true;
  $("rule-title").textContent = rule.id ? "Change the rule" : "Make a rule";
  $("rule-add").textContent = rule.id ? "Save the rule" : "Turn on";
  $("rule-cancel").hidden = !rule.then;
  fillIn(rule);
  if (rule.then) focus();
}

function focus() {
  $("rule-form").scrollIntoView({ block: "start" });
  $("rule-title").focus({ preventScroll: true });
}

function fillIn(rule) {
  kept = rule;
  const { match = {}, when = {}, then, name } = rule.then ? rule : usual;
  const service = match.service || operations.find(({ id }) => id === match.operation)?.service;
  $("rule-operation").value = match.operation ? `${service}/${match.operation}` : "";
  $("rule-path").value = match.ticket || match.path || "";
  $("rule-key").value = match.key_kind || "";
  $("rule-method").value = match.method || "";
  $("rule-query").value = lines(match.query);
  $("rule-header").value = lines(match.header);
  $("rule-body").value = match.body || "";
  $("rule-more").open = Boolean(match.method || match.query || match.header || match.body);
  $("rule-name").value = name && name !== sentence(rule) ? name : "";
  fill($("rule-when"));
  for (const { name } of conditions) if (when[name]) addCondition(name, when[name]);
  fill($("rule-then"));
  for (const { name } of kinds) if (then[name]) addEffect(name, then[name]);
  preview();
  seek();
}

// take makes a button that takes a row away.
function take(row, label) {
  return button("Remove", () => {
    row.remove();
    preview();
  }, { class: "copy", "aria-label": "Remove " + label });
}

let made = 0;

function addCondition(name, value) {
  const used = [...document.querySelectorAll("#rule-when [data-kind]")].map((select) => select.value);
  const free = name || conditions.find((c) => !used.includes(c.name))?.name;
  if (!free) return;
  const kind = choice(conditions.map((c) => [c.name, c.label]), { "data-kind": "", "aria-label": "Condition", value: free });
  const input = h("input", { "data-value": "", "aria-label": "How many, or how long", size: 6 });
  const unit = h("span", { class: "quiet" });
  const row = h("div", { class: "bar" }, kind, input, unit);
  row.append(take(row, "this condition"));
  const adapt = (is) => {
    const c = conditions.find((other) => other.name === kind.value);
    input.value = is === undefined ? c.usual : c.name === "probability" ? Math.round(is * 1000) / 10 : is;
    input.inputMode = c.name === "for" ? "text" : "decimal";
    unit.textContent = c.unit;
  };
  kind.addEventListener("change", () => adapt());
  adapt(value);
  $("rule-when").append(row);
  preview();
}

function addEffect(name, value) {
  const used = [...document.querySelectorAll("#rule-then [data-kind]")].map((select) => select.value);
  const free = name || kinds.find((k) => !used.includes(k.name))?.name;
  if (!free) return;
  const kind = choice(kinds.map((k) => [k.name, k.label]), { "data-kind": "", "aria-label": "What happens", value: free });
  const inputs = h("span", { class: "bar" });
  const row = h("div", { class: "bar effect" }, kind, inputs);
  row.append(take(row, "this effect"));
  const adapt = (is) => {
    const k = kinds.find((other) => other.name === kind.value);
    fill(inputs, (k.fields || []).map((f) => labelled(f, input(f, is === undefined ? f.usual : written(f, f.name ? is[f.name] : is)))));
    narrow(k, inputs);
  };
  kind.addEventListener("change", () => adapt());
  inputs.addEventListener("change", () => narrow(kinds.find((k) => k.name === kind.value), inputs));
  adapt(value);
  $("rule-then").append(row);
  preview();
}

// read returns the rule of the form. The name that a shipped preset gave it is dropped
// when the rule has become another one.
function read() {
  const [service, operation] = $("rule-operation").value.split("/");
  const match = kept.match?.key ? { key: kept.match.key } : {};
  if (operation) Object.assign(match, { service, operation });
  else if (kept.match?.service && !kept.match.operation) match.service = kept.match.service;
  const place = $("rule-path").value.trim();
  if (place.startsWith("/")) match.path = place;
  else if (place) Object.assign(match, { ticket: place, ...(kept.match?.ticket && kept.match.path && { path: kept.match.path }) });
  if ($("rule-key").value) match.key_kind = $("rule-key").value;
  if ($("rule-method").value) match.method = $("rule-method").value;
  if ($("rule-query").value.trim()) match.query = pairs($("rule-query").value);
  if ($("rule-header").value.trim()) match.header = pairs($("rule-header").value);
  if ($("rule-body").value.trim()) match.body = $("rule-body").value.trim();
  const when = {};
  for (const row of $("rule-when").children) {
    const name = row.querySelector("[data-kind]").value, text = row.querySelector("[data-value]").value.trim(), number = Number(text);
    if (text) when[name] = name === "for" || Number.isNaN(number) ? text : name === "probability" ? number / 100 : number;
  }
  const then = {};
  for (const row of $("rule-then").children) {
    const kind = kinds.find((k) => k.name === row.querySelector("[data-kind]").value);
    const inputs = [...row.querySelectorAll("[data-field]")];
    if (!kind.fields) then[kind.name] = true;
    else if (kind.fields[0].name === "") then[kind.name] = valueOf(inputs[0]);
    else then[kind.name] = Object.fromEntries(inputs.map((element) => [element.dataset.field, valueOf(element)]).filter(([, value]) => value !== undefined));
  }
  const rule = { then };
  if (Object.keys(match).length) rule.match = match;
  if (Object.keys(when).length) rule.when = when;
  if (kept.disabled) rule.disabled = true;
  const name = $("rule-name").value.trim(), stale = shipped && draft.length > 0 && name === kept.name && sentence(rule) !== sentence(kept);
  return { name: name && !stale ? name : sentence(rule), ...rule };
}

// seek finds out which ticket is meant, once its name is written.
async function seek() {
  if (await look(read().match?.ticket)) preview();
}

// preview says the rule in words, and what it would have done to the last requests.
export function preview() {
  if (!$("rule-words")) return;
  pointers();
  const rule = read(), text = sentence(rule), last = 20;
  $("rule-words").textContent = text[0].toUpperCase() + text.slice(1) + ".";
  const entries = latest(last).reverse();
  const { about, fired } = hits(rule, entries);
  const chance = rule.when?.probability && fired.length ? `, each with ${Math.round(rule.when.probability * 100)} % chance` : "";
  const which = fired.slice(0, 5).map((entry) => `${entry.at.slice(11, 19)} ${entry.method} ${entry.url.length > 60 ? entry.url.slice(0, 59) + "…" : entry.url}`).join("; ");
  const tried = entries.length === 0 ? "There are no requests yet to try it on." :
    `Matches ${about.length} of the last ${entries.length} requests; would have changed ${fired.length}${chance}${fired.length ? ": " + which + (fired.length > 5 ? "; …" : "") : ""}.`;
  const lost = stray(rule.then.violation?.pointer);
  $("rule-hits").classList.toggle("warns", Boolean(lost));
  $("rule-hits").textContent = lost ? `${lost} The rule would change nothing in those.` : unknown(rule.match?.ticket) ? `There is no ticket ${rule.match.ticket}: the rule waits until there is one. The Data page lists the tickets by number. ${tried}` : tried;
}

// pointers offers the fields of the chosen operation's answers.
function pointers() {
  const [service, operation] = $("rule-operation").value.split("/");
  if ($("pointers").dataset.of === $("rule-operation").value) return;
  $("pointers").dataset.of = $("rule-operation").value;
  const all = new Map(operations.filter((op) => !operation || (op.service === service && op.id === operation)).flatMap(({ answer }) => (answer || []).map((place) => [place.pointer, place])));
  fill($("pointers"), [...all.values()].map(({ pointer, values }) => h("option", { value: pointer }, values ? values.join(", ") : "")));
}
