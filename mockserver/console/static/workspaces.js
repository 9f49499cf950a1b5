// Workspaces: switch, create, reset, snapshot, restore, delete.
import { $, act, button, call, changed, choice, confirmed, field, fill, h, workspace } from "./dom.js";

let drawn = ""; // the workspaces as they are shown

const plain = (all) => JSON.stringify(all.map(({ clock: { now, ...clock }, ...rest }) => ({ ...rest, clock })));

// refresh shows what others change.
export async function refresh() {
  const { workspaces } = await call("GET", "workspaces");
  if (plain(workspaces) !== drawn && !document.activeElement.matches("#workspace-list select")) await draw();
}

export async function draw() {
  const { workspaces } = await call("GET", "workspaces");
  drawn = plain(workspaces);
  if (!$("workspace-list")) {
    $("workspace-body").replaceChildren(h("div", { id: "workspace-list", class: "keys" }), create());
  }
  fill($("workspace-list"), workspaces.map(card));
  fill($("workspace"), workspaces.map((w) => h("option", { selected: w.name === workspace }, w.name)));
}

const link = (name) => "./?" + new URLSearchParams({ workspace: name }) + "#requests";
const of = (path, name) => path + "?" + new URLSearchParams({ workspace: name });

function card(w) {
  const snapshots = w.snapshots.length > 0 && choice(w.snapshots.map((name) => [name, name]), { "aria-label": "Snapshot of " + w.name });
  const facts = [`${w.tickets} tickets`, `${w.notes} notes`, `${w.faults} faults`, `${w.requests} requests`, `seed ${w.seed}`,
    w.rate_limit === "off" ? "no limit" : w.rate_limit, w.clock.frozen ? "clock frozen" : "clock runs"];
  return h("div", { class: "card key", "data-workspace": w.name },
    h("div", { class: "key-head" }, h("h3", {}, w.name), w.name === workspace ? h("span", { class: "pill s2" }, "you are here") : h("a", { class: "button", href: link(w.name) }, "Open")),
    h("p", { class: "quiet" }, facts.join(" · ")),
    h("div", { class: "bar" },
      button("Reset", () => ask(`Reset ${w.name}? Notes, faults and journal are lost; snapshots stay.`, "Reset", `${w.name} is as new.`, w.name,
        () => call("POST", of("reset", w.name))), { id: "reset-" + w.name }),
      button("Snapshot", () => then("The state is kept.", w.name, () => call("POST", of("snapshot", w.name), { name: stamp(w) })), { id: "snapshot-" + w.name }),
      snapshots && h("span", { class: "part" }, snapshots,
        button("Restore", () => then(`${w.name} is as it was at ${snapshots.value}.`, w.name, () => call("POST", of("restore", w.name), { name: snapshots.value })), { id: "restore-" + w.name })),
      w.name !== "test" && button("Delete", () => remove(w.name), { id: "delete-" + w.name, class: "button danger" })));
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
  await act(`${name} is gone.`, async () => {
    await call("DELETE", "workspaces/" + encodeURIComponent(name));
    if (name === workspace) location.assign("./#workspaces");
    else await draw();
  });
}

async function then(done, name, action) {
  await act(done, action);
  if (name === workspace) changed("all");
  await act("", draw);
}
