// Workspaces: switch, create, reset, snapshot, restore, delete.
import { $, act, button, call, changed, choice, confirmed, copier, field, fill, h, save, send, toast, workspace } from "./dom.js";
import { pause, resume } from "./live.js";
import { close, comparer, many, place, replay, show, why } from "./replay.js";

let drawn = ""; // the workspaces as they are shown

const plain = (all) => JSON.stringify(all.map(({ clock: { now, ...clock }, ...rest }) => ({ ...rest, clock })));

// refresh shows what others change.
export async function refresh() {
  const { workspaces } = await call("GET", "workspaces");
  if (plain(workspaces) !== drawn && !document.activeElement.matches("#workspace-list select, #workspace-list input")) await draw();
}

export async function draw() {
  const { workspaces } = await call("GET", "workspaces");
  drawn = plain(workspaces);
  if (!$("workspace-list")) {
    $("workspace-body").replaceChildren(h("div", { id: "workspace-list", class: "keys" }), place(), create());
  }
  const typed = [...document.querySelectorAll("#workspace-list input")].map((input) => [input.dataset.focus, input.value]);
  fill($("workspace-list"), workspaces.map(card));
  for (const [name, value] of typed) {
    const input = document.querySelector(`#workspace-list input[data-focus="${name}"]`);
    if (input) input.value = value;
  }
  fill($("workspace"), workspaces.map((w) => h("option", { selected: w.name === workspace }, w.name)));
}

const link = (name) => "./?" + new URLSearchParams({ workspace: name }) + "#requests";
const of = (path, name) => path + "?" + new URLSearchParams({ workspace: name });

function card(w) {
  const snapshots = w.snapshots.length > 0 && choice(w.snapshots.map((name) => [name, name]), { "aria-label": "Snapshot of " + w.name });
  const facts = [many(w.tickets, "ticket"), many(w.notes, "note"), many(w.faults, "fault"), many(w.requests, "request"), `seed ${w.seed}`,
    w.rate_limit === "off" ? "no limit" : w.rate_limit, w.clock.frozen ? "clock frozen" : "clock runs"];
  return h("div", { class: "card key", "data-workspace": w.name },
    h("div", { class: "key-head" }, h("h2", {}, w.name), w.name === workspace ? h("span", { class: "pill s2" }, "you are here") : h("a", { class: "button", href: link(w.name) }, "Open")),
    h("p", { class: "quiet" }, facts.join(" · ")),
    h("div", { class: "bar" },
      button("Reset", () => ask(`Reset ${w.name}? Notes, rules and the list of requests are lost, keys, clock and limit are as at the beginning; snapshots stay.`, "Reset", `Workspace ${w.name} was reset.`, w.name, async () => {
        await call("POST", of("reset", w.name));
        close();
      }), { id: "reset-" + w.name }),
      button("Save case", () => saveCase(w), { id: "case-" + w.name }),
      button("Open case", () => openCase(w.name), { id: "open-" + w.name }),
      button("Replay", () => replay(w.name), { id: "replay-" + w.name, title: "Send the requests of the case again, and compare" }),
      h("form", { class: "part", onsubmit: (event) => {
        event.preventDefault();
        const name = new FormData(event.target).get("name").trim() || stamp(w);
        event.target.reset();
        then(`The state is kept as ${name}.`, w.name, () => call("POST", of("snapshot", w.name), { name }));
      } }, h("input", { name: "name", placeholder: stamp(w), maxlength: 100, size: 12, "aria-label": "Name of the snapshot of " + w.name, "data-focus": "as-" + w.name }),
      h("button", { class: "button", id: "snapshot-" + w.name, "data-focus": "snapshot-" + w.name }, "Snapshot")),
      snapshots && h("span", { class: "part" }, snapshots,
        button("Restore", () => then(`${w.name} is as it was at ${snapshots.value}.`, w.name, () => call("POST", of("restore", w.name), { name: snapshots.value })), { id: "restore-" + w.name }), comparer(w, snapshots)),
      w.name !== "test" && button("Delete", () => remove(w.name), { id: "delete-" + w.name, class: "button danger" })));
}

// saveCase saves a workspace as a file. Where something was changed since the last
// request, it asks which state is meant.
async function saveCase(w) {
  const found = "case.yaml?state=found&" + new URLSearchParams({ workspace: w.name });
  const got = await act("", () => Promise.all([call("GET", of("case.yaml", w.name)), call("GET", found), call("GET", of("clock", w.name))]));
  if (!got) return;
  const [present, before, { now }] = got, n = requestsOf(before) - leftOf(before);
  if (present === before || n <= 0) return saved(w, present, now);
  show("Save case", "which", h("p", {}, "Something was changed by hand since the last request. The case can be saved:"),
    [
      h("p", {}, button("As the requests found it", () => saved(w, before, now), { id: "case-found", class: "button primary" }), ` without those last changes; ${many(n, "request")} can be replayed.`),
      h("p", {}, button("As it is now", () => saved(w, present, now, "found another state"), { id: "case-now" }), " with them; the requests are shown, and cannot be replayed."),
    ]);
}

// saved saves a case, named after the clock, and says what of it cannot be replayed
// and what whoever gets it does with it.
function saved(w, text, now, because = why) {
  const name = `${w.name}-${now.slice(0, 19).replace(/[T:]/g, "-")}.yaml`;
  const sent = requestsOf(text), left = leftOf(text), byHand = text.match(/[ {]url: "?\/_mockdesk\//g)?.length || 0;
  save(name, text, "application/yaml");
  const serve = "mockdesk serve --case " + name;
  show("Case saved", "saved", h("p", { id: "saved-said", class: "mark " + (left ? "bad" : "good") }, `Saved as ${name} with ${many(sent, "request")}${byHand ? ` and ${many(byHand, "change")} by hand between them` : ""}.${left ? ` ${left} of them cannot be replayed: they ${because}.` : ""}`),
    h("h3", {}, "Send the file. Whoever gets it"), h("ol", { class: "steps" },
      h("li", {}, sent > left ? "starts a server in the state that the first request found, with " : "starts a server in this state with ", h("code", {}, serve), copier(serve, "Copy", "Copy " + serve), ", or opens the file with Open case on this page of a server that runs;"),
      h("li", {}, "gives the app the keys of that workspace, which its Keys page shows: the file holds none;"),
      sent > left && h("li", {}, `presses Replay, which sends the ${many(sent - left, "request")} again and says what differs, or types `, h("code", {}, "mockdesk case replay " + name), ", which needs no server", byHand > 0 ? ". The changes by hand are made there, too; for the app somebody has to make them again." : ".")));
}

// leftOf counts the requests of a case that are not sent again.
const leftOf = (text) => text.match(/^  replay: false$/gm)?.length || 0;

// requestsOf counts the requests that a case has.
function requestsOf(text) {
  const list = text.split(/^requests:$/m)[1]?.split(/^\w+:/m)[0] || "", indent = /^ *- /m.exec(list)?.[0];
  return indent ? list.split("\n").filter((line) => line.startsWith(indent)).length : 0;
}

// openCase puts a workspace into the state that a file says.
function openCase(name) {
  const input = h("input", { type: "file", accept: ".yaml,.yml,.json", id: "case-file", class: "away" });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.remove();
    if (!file || !await confirmed(`Put ${name} into the state that ${file.name} says? Its tickets, rules, keys, clock, limit and simulated activity become those of the case; the journal and snapshots stay.`, "Open")) return;
    const text = await file.text();
    const opened = await then("", name, () => send("PUT", of("case.yaml", name), "application/yaml", text));
    if (opened !== undefined) close();
    const sent = requestsOf(text);
    if (opened !== undefined) toast(`${name} is as ${file.name} says.${sent ? ` Its ${many(sent, "request")} ${sent === 1 ? "is" : "are"} not listed again; Replay sends ${sent === 1 ? "it" : "them"}, with the changes by hand that were made in between.` : ""}`, "good", ["Replay", () => replay(name)]);
  });
  document.getElementById("case-file")?.remove();
  document.body.append(input);
  input.click();
}

// stamp names a snapshot by its number.
const stamp = (w) => {
  let n = w.snapshots.length + 1;
  while (w.snapshots.includes("snapshot-" + n)) n++;
  return "snapshot-" + n;
};

function create() {
  const name = h("input", { id: "new-name", required: true, placeholder: "acme-1" });
  const limit = h("input", { id: "new-limit", placeholder: "off" });
  const tickets = h("input", { id: "new-tickets", type: "number", min: 1, placeholder: "the server's" });
  const seed = h("input", { id: "new-seed", type: "number", min: 1, placeholder: "the server's" });
  const form = h("form", { class: "card", id: "new-workspace" }, h("h2", {}, "New workspace"),
    h("div", { class: "filters" }, field("Name", name), field("Rate limit", limit), field("Tickets", tickets), field("Seed", seed),
      h("button", { class: "button primary", id: "new-create" }, "Create")),
    h("p", { class: "quiet" }, "It gets keys of its own, which its Keys page shows. Without a seed or a number of tickets it shares the server's tickets."));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const spec = { name: name.value.trim() };
    if (limit.value.trim()) spec.rate_limit = limit.value.trim();
    if (tickets.value) spec.tickets = Number(tickets.value);
    if (seed.value) spec.seed = Number(seed.value);
    if (await act(`${spec.name} is there.`, () => call("POST", "workspaces?name=" + encodeURIComponent(spec.name), spec))) form.reset();
    await act("", draw);
  });
  return form;
}

async function ask(question, yes, done, name, action) {
  if (await confirmed(question, yes)) await then(done, name, action);
}

async function remove(name) {
  if (!await confirmed(`Delete ${name}? Its keys are unknown from then on.`, "Delete")) return;
  const ours = name === workspace;
  if (ours) await pause();
  const gone = await act(`${name} is gone.`, () => call("DELETE", "workspaces/" + encodeURIComponent(name)).then(() => true));
  if (!ours) await act("", draw);
  else if (gone) location.assign("./#workspaces");
  else resume();
}

async function then(done, name, action) {
  const value = await act(done, action);
  if (name === workspace) changed("all");
  await act("", draw);
  return value;
}
