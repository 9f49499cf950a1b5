// Faults: the rules, the form that makes one, and presets.
import { $, act, button, call, changed, fill, h, here, toast } from "./dom.js";
import { form, open, preview, show } from "./faultform.js";
import { sentence } from "./words.js";

let presets;
let drawn = ""; // the rules as they are shown
let rules = [];

// refresh shows what others change, and how often rules fired.
export async function refresh({ faults }) {
  if ($("rules") && JSON.stringify(faults) !== drawn) list(faults);
}

export async function draw() {
  presets ??= (await call("GET", "presets")).presets;
  const [{ faults }, catalog] = await Promise.all([call("GET", here("faults")), $("rule-form") ? null : call("GET", here("catalog"))]);
  if (!$("rule-form")) {
    $("fault-body").replaceChildren(
      h("div", { id: "rules" }), form(catalog, save, keep),
      h("div", {}, h("h2", {}, "Presets"), h("div", { class: "grid", id: "presets" })),
    );
    show({}); // before anybody can type into it
    listPresets();
  }
  preview();
  list(faults);
  mark();
}

// mark leads to the rule that the address names.
function mark() {
  const [section, id] = location.hash.slice(1).split("/").map(decodeURIComponent);
  for (const line of document.querySelectorAll(".rule")) {
    if (section === "faults" && line.dataset.rule === id) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
  if (section !== "faults" || !id) return;
  const line = document.querySelector(`.rule[data-rule="${CSS.escape(id)}"]`);
  if (line) line.scrollIntoView({ block: "center" });
  else toast(`The rule ${id} is not there any more.`);
}

function list(faults) {
  drawn = JSON.stringify(faults);
  rules = faults;
  const on = faults.filter((rule) => !rule.disabled);
  fill($("fault-actions"),
    h("a", { class: "button", href: here("faults.yaml"), download: "faults.yaml", id: "export-faults" }, "Export YAML"),
    button("Switch all off", () => then("All rules are off. They are kept.", async () => { for (const rule of on) await put(rule, { disabled: true }); }), { id: "off-faults", disabled: on.length === 0 }),
    button("Remove all", removeAll, { id: "clear-faults", disabled: faults.length === 0 }),
  );
  fill($("rules"), h("h2", {}, "Rules"), faults.length ? [
    h("ol", { class: "card flush rules" }, faults.map(line)),
    h("p", { class: "quiet hint" }, "The first rule that fires decides about a request; those below it do not see it. ", h("code", {}, "mockdesk serve --faults faults.yaml"), " starts a server with exported rules.")] :
    h("div", { class: "card empty small" }, h("p", {}, "No rule is on: every request is answered as documented. Make a rule or use a preset below.")));
}

function line(rule, i) {
  const name = rule.name || rule.id, words = sentence(rule);
  const state = rule.disabled ? ["off", "pill"] : rule.spent ? [`${rule.fired} changed, used up`, "pill"] : rule.fired ? [`${rule.fired} changed`, "pill s4"] : ["waits", "pill s3"];
  return h("li", { class: "rule" + (rule.disabled || rule.spent ? " idle" : ""), "data-rule": rule.id, ondragover: (event) => event.preventDefault(), ondrop: (event) => drop(event, i) },
    h("div", { class: "key-head" },
      rules.length > 1 && h("span", { class: "grip", draggable: "true", title: "Drag to another place; Up and Down do so, too", "aria-hidden": "true", ondragstart: (event) => {
        event.dataTransfer.setData("text/plain", rule.id);
        event.dataTransfer.setDragImage(event.target.closest("li"), 0, 0);
      } }, "⠿"),
      h("label", { class: "toggle" }, h("input", {
        type: "checkbox", role: "switch", checked: !rule.disabled, "data-focus": "on-" + rule.id, "aria-label": name,
        onchange: (event) => then(event.target.checked ? "The rule is on; it counts from zero." : "The rule is off. It is kept.", () => put(rule, { disabled: !event.target.checked })),
      }), h("strong", { dir: "auto" }, name)),
      h("span", { class: "bar" }, h("span", { class: "quiet" }, `${rule.matched} matched${rule.missed ? `, ${rule.missed} could not be changed` : ""}`), h("span", { class: state[1], "data-state": "" }, state[0]))),
    words !== rule.name && h("p", { class: "quiet", dir: "auto" }, words[0].toUpperCase() + words.slice(1)),
    h("div", { class: "bar" },
      rule.spent && !rule.disabled && button("Arm again", () => then("The rule counts from zero.", () => put(rule)), { id: "arm-" + rule.id, class: "button small" }),
      small("Edit", () => show(rule), rule, "edit"),
      small("Duplicate", () => then("There is another one like it.", () => call("POST", here("faults"), plain(rule, { id: undefined }))), rule, "twice"),
      i > 0 && small("Up", () => move(i, i - 1), rule, "up"),
      i < rules.length - 1 && small("Down", () => move(i, i + 1), rule, "down"),
      small("Remove", () => remove(rule), rule, "remove", "copy danger")));
}

// small is one of the small buttons of a rule.
const small = (label, onclick, rule, name, look = "copy") =>
  button(label, onclick, { class: look, id: `${name}-${rule.id}`, "aria-label": `${label} ${rule.name || rule.id}` });

// plain is a rule without what has come of it.
const plain = ({ since, matched, fired, missed, spent, ...rule }, change = {}) => ({ ...rule, ...change });

const put = (rule, change) => call("PUT", here("faults/" + encodeURIComponent(rule.id)), plain(rule, { id: undefined, ...change }));

async function save(all, id) {
  const done = await then(id ? "The rule is changed; it counts from zero." : all.length > 1 ? `${all.length} rules are on.` : "The rule is on.",
    () => (id ? call("PUT", here("faults/" + encodeURIComponent(id)), all[0]) : add(all)));
  if (!done) return;
  show({});
  if (!id) $("rules").scrollIntoView({ block: "nearest", behavior: "instant" }); // where the rule is now
}

// add puts rules in force, all or none.
const add = (all) => (all.length > 1 ? call("POST", here("faults.yaml"), { faults: all }) : call("POST", here("faults"), all[0]));

function move(from, to) {
  const ids = rules.map((rule) => rule.id);
  ids.splice(to, 0, ...ids.splice(from, 1));
  return then("", () => call("PUT", here("faults"), { order: ids }));
}

// drop moves the rule that is dragged to a place.
function drop(event, to) {
  event.preventDefault();
  const from = rules.findIndex((rule) => rule.id === event.dataTransfer.getData("text/plain"));
  if (from >= 0 && from !== to) move(from, to);
}

// again puts rules back that were taken away, where they were.
async function again(gone, order) {
  await then("Back on; they count from zero.", async () => {
    for (const rule of gone) await call("POST", here("faults"), plain(rule));
    const { faults } = await call("GET", here("faults"));
    const ids = faults.map((rule) => rule.id);
    await call("PUT", here("faults"), { order: [...order.filter((id) => ids.includes(id)), ...ids.filter((id) => !order.includes(id))] });
  });
}

async function remove(rule) {
  const order = rules.map((other) => other.id);
  if (await then("", () => call("DELETE", here("faults/" + encodeURIComponent(rule.id))))) toast("The rule is gone.", "good", ["Undo", () => again([rule], order)]);
}

async function removeAll() {
  const gone = rules;
  if (await then("", () => call("DELETE", here("faults")))) toast("All rules are gone.", "good", ["Undo", () => again(gone, gone.map((rule) => rule.id))]);
}

// The presets of this tester are kept by the browser.
const shelf = "mockdesk-presets";

function own() {
  try {
    return JSON.parse(localStorage.getItem(shelf)) || [];
  } catch { // a browser that keeps nothing, or not what was put there
    return [];
  }
}

function store(all) {
  localStorage.setItem(shelf, JSON.stringify(all));
  listPresets();
}

async function keep(name, all) {
  const valid = /^[A-Za-z0-9][A-Za-z0-9 ._-]*$/;
  await act(`${name} is among your presets.`, async () => {
    if (!valid.test(name)) throw new Error("A preset needs a name of letters, digits, blanks, dots and dashes. Hint: my-case");
    if (presets.some((p) => p.name === name)) throw new Error(`There is a preset ${name} already, which stays as it is. Hint: my-${name}`);
    store([...own().filter((p) => p.name !== name), { name, rules: all, about: all.map(sentence).join("; "), own: true }]);
  });
}

const listPresets = () => fill($("presets"), [...own(), ...presets].map(preset));

function preset(p) {
  const does = (label, action, id, look = "button") => button(label, action, { id: `${id}-${p.name}`, "aria-label": `${label} ${p.name}`, class: look });
  return h("div", { class: "card preset" }, h("h3", { dir: "auto" }, p.name), h("p", { dir: "auto" }, p.about), h("div", { class: "bar" },
    does("Use", () => then(`${p.name} is on.`, () => (p.own ? add(p.rules) : call("POST", here("presets/" + p.name)))), "preset"),
    does("Open", () => open(p), "open"),
    p.own && does("Remove", () => {
      const was = own();
      store(was.filter((other) => other.name !== p.name));
      toast(`${p.name} is gone.`, "good", ["Undo", () => store(was)]);
    }, "forget", "copy danger")));
}

async function then(done, action) {
  const value = await act(done, action);
  changed("faults");
  await act("", async () => list((await call("GET", here("faults"))).faults));
  return value !== undefined;
}

// What a rule would have hit follows the requests.
let soon;
document.addEventListener("request", () => {
  if ($("faults").hidden || soon) return;
  soon = setTimeout(async () => {
    soon = undefined;
    preview();
    await act("", async () => list((await call("GET", here("faults"))).faults));
  }, 300);
});
