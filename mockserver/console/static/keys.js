// Keys: what each may do, and the key itself to copy.
import { $, act, button, call, changed, copier, fill, h, here } from "./dom.js";

const rights = {
  inboxops: [["read_only", "Read-only", "a POST is 403 insufficient_scope"], ["unentitled", "No API access", "every call is 403 forbidden"]],
  apphandoff: [["outsider", "Outsider", "every project is 403"], ["reconnect", "GitHub link lost", "401 with reconnect: true"]],
};

let drawn = ""; // the keys as they are shown

// refresh shows what others change.
export async function refresh() {
  const { keys } = await call("GET", here("keys"));
  if (JSON.stringify(keys) !== drawn) await draw();
}

export async function draw() {
  const [{ keys }, catalog] = await Promise.all([call("GET", here("keys")), call("GET", here("catalog"))]);
  drawn = JSON.stringify(keys);
  const secrets = new Map(catalog.keys.map((key) => [key.service + "/" + key.kind, key]));
  fill($("key-actions"),
    button("Revoke all", () => change("Every key is revoked: clients get 401.", "keys", { revoked: true }), { id: "revoke-all" }),
    button("Restore all", () => change("No key is revoked.", "keys", { revoked: false }), { id: "restore-all" }));
  fill($("key-body"), ["inboxops", "apphandoff"].map((service) => h("div", {},
    h("h2", {}, service === "inboxops" ? "InboxOps" : "AppHandoff"),
    h("div", { class: "keys four" }, keys.filter((key) => key.service === service).map((key) => card(key, secrets.get(service + "/" + key.kind), catalog.apphandoff.projects))))));
}

// curl is a first request with a key.
function curl(service, key, [project]) {
  const path = service === "inboxops" ? "/api/v1/tickets?per_page=5" :
    `${document.body.dataset.apphandoff}/projects/${project.id}/tickets/${project.tickets[0].id}/messages?limit=5`;
  return `curl -i -H 'Authorization: Bearer ${key}' '${location.origin}${path}'`;
}

function card(key, known, projects) {
  const path = `keys/${key.service}/${key.kind}`, name = key.service + "-" + key.kind;
  return h("div", { class: "card key" + (key.revoked ? " off" : ""), "data-key": name },
    h("div", { class: "key-head" }, h("h3", {}, key.kind), state(key)),
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
