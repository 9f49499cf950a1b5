// Keys: what each may do, and the key itself to copy.
import { $, act, button, call, changed, copier, fill, h, here, toast } from "./dom.js";
import { operations } from "./known.js";

const rights = {
  inboxops: [["read_only", "Read-only", "a POST is 403 insufficient_scope"], ["unentitled", "No API access", "every call is 403 forbidden"]],
  apphandoff: [["outsider", "Outsider", "every project is 403"], ["reconnect", "GitHub link lost", "401 with reconnect: true"]],
};

let drawn = ""; // the keys and rules as they are shown

// refresh shows what others change.
export async function refresh({ faults }) {
  const { keys } = await call("GET", here("keys"));
  if (text(keys, faults) !== drawn) await draw();
}

const on = (faults) => faults.filter((rule) => !rule.disabled && !rule.spent);
const text = (keys, faults) => JSON.stringify([keys, on(faults).map(({ id, name, match }) => [id, name, match])]);

export async function draw() {
  const [{ keys }, catalog, { faults }] = await Promise.all([call("GET", here("keys")), call("GET", here("catalog")), call("GET", here("faults"))]);
  drawn = text(keys, faults);
  const secrets = new Map(catalog.keys.map((key) => [key.service + "/" + key.kind, key]));
  fill($("key-actions"),
    button("Revoke all", () => changeAll(keys, true, "Every key is revoked: clients get 401."), { id: "revoke-all" }),
    button("Restore all", () => changeAll(keys, false, "No key is revoked, not even the one that is for tests of that."), { id: "restore-all" }));
  fill($("key-body"), ["inboxops", "apphandoff"].map((service) => h("div", {},
    h("h2", {}, service === "inboxops" ? "InboxOps" : "AppHandoff"),
    h("div", { class: "keys four" }, keys.filter((key) => key.service === service).map((key) => card(key, secrets.get(service + "/" + key.kind), catalog.apphandoff.projects, on(faults).filter((rule) => concerns(rule.match, key))))))));
}

// curl is a first request with a key.
function curl(service, key, [project]) {
  const path = service === "inboxops" ? "/api/v1/tickets?per_page=5" :
    `${document.body.dataset.apphandoff}/projects/${project.id}/tickets/${project.tickets[0].id}/messages?limit=5`;
  return `curl -i -H 'Authorization: Bearer ${key}' '${location.origin}${path}'`;
}

// concerns reports whether a rule may be about calls with the key.
function concerns(m = {}, key) {
  const service = m.service || operations.find(({ id }) => id === m.operation)?.service;
  return (!service || service === key.service) && (!m.key_kind || m.key_kind === key.kind);
}

function card(key, known, projects, rules) {
  const path = `keys/${key.service}/${key.kind}`, name = key.service + "-" + key.kind;
  return h("div", { class: "card key" + (key.revoked ? " off" : ""), "data-key": name },
    h("div", { class: "key-head" }, h("h3", {}, key.kind), state(key)),
    rules.length > 0 && h("p", { class: "quiet", "data-rules": "" }, "Fault rules are on for it: ", rules.slice(0, 2).flatMap((rule, i) =>
      [i > 0 && ", ", h("a", { href: "#faults/" + encodeURIComponent(rule.id) }, rule.name || rule.id)]), rules.length > 2 && ` and ${rules.length - 2} more`),
    h("p", { class: "id" }, h("code", {}, known.key), copier(known.key, "Copy", "Copy the key " + known.key)),
    h("div", { class: "toggles" }, rights[key.service].map(([member, label, about]) => h("label", { class: "toggle", title: about },
      h("input", {
        type: "checkbox", role: "switch", checked: key[member], "data-focus": name + member, "data-right": member,
        onchange: (event) => change(`${key.kind}: ${label} is ${event.target.checked ? "on" : "off"}.`, path, { [member]: event.target.checked }),
      }), h("span", {}, label)))),
    h("div", { class: "bar" }, button(key.revoked ? "Restore" : "Revoke",
      () => change(key.revoked ? `${key.kind} works again.` : `${key.kind} is revoked: 401 from now on.`, path, { revoked: !key.revoked }),
      { id: "revoke-" + name, "aria-label": (key.revoked ? "Restore " : "Revoke ") + key.service + " " + key.kind }),
    copier(curl(key.service, known.key, projects), "Copy curl", "Copy curl with the key " + known.key)));
}

function state(key) {
  if (key.revoked || key.reconnect) return h("span", { class: "pill s4" }, "401");
  if (key.unentitled || key.outsider) return h("span", { class: "pill s4" }, "403");
  if (key.read_only) return h("span", { class: "pill s3" }, "reads");
  return h("span", { class: "pill s2" }, "works");
}

async function change(done, path, body) {
  await act(done, () => call("PATCH", here(path), body));
  changed("keys");
  await act("", draw);
}

// changeAll revokes or restores every key, and may be undone.
async function changeAll(keys, revoked, done) {
  const others = keys.filter((key) => Boolean(key.revoked) !== revoked);
  if (await act("", () => call("PATCH", here("keys"), { revoked }))) {
    toast(done, "good", ["Undo", async () => {
      await act("Every key is as before.", () => Promise.all(others.map((key) => call("PATCH", here(`keys/${key.service}/${key.kind}`), { revoked: !revoked }))));
      changed("keys");
      await act("", draw);
    }]);
  }
  changed("keys");
  await act("", draw);
}
