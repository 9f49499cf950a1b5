// Starts the sections: the one that the address names is shown and drawn.
import { $, call, h, workspace, toast } from "./dom.js";
import * as requests from "./requests.js";
import * as faults from "./faults.js";
import * as keys from "./keys.js";
import * as levers from "./levers.js";
import * as data from "./data.js";
import * as workspaces from "./workspaces.js";

const sections = { requests, faults, keys, levers, data, workspaces };

function show() {
  const [name] = (location.hash.slice(1) || "requests").split("/");
  const current = sections[name] ? name : "requests";
  for (const section of Object.keys(sections)) $(section).hidden = section !== current;
  for (const tab of document.querySelectorAll(".tabs a")) {
    if (tab.hash === "#" + current) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  reach();
  document.title = $("h-" + current).textContent + " · mockdesk";
  levers.watch(current === "levers");
  if (current === "requests") return; // it draws as requests come
  sections[current].draw().catch((error) => toast(error.message, "bad"));
}

// reach scrolls a narrow row of tabs to the current one.
function reach() {
  const row = document.querySelector(".tabs"), tab = row.querySelector("[aria-current]");
  row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

// glance shows in the header what is not as it is by default.
async function glance() {
  const about = await call("GET", "workspaces/" + encodeURIComponent(workspace));
  const offset = about.clock.offset !== "0s";
  $("glance").replaceChildren(
    h("a", { href: "#levers", class: about.clock.frozen ? "chip on" : "chip" },
      about.clock.frozen ? "clock frozen" : offset ? "clock moved" : "real clock"),
    h("a", { href: "#levers", class: about.rate_limit === "off" ? "chip" : "chip on" },
      about.rate_limit === "off" ? "no rate limit" : about.rate_limit.replace("/", " per ")),
  );
  $("fault-count").textContent = about.faults;
  $("fault-count").hidden = about.faults === 0;
}

$("workspace").addEventListener("change", (event) => event.target.form.submit());
window.addEventListener("hashchange", show);
window.addEventListener("resize", reach);
for (const what of ["clock", "limit", "faults", "all"]) {
  document.addEventListener("changed:" + what, () => glance().catch(() => {}));
}
requests.start();
show();
glance().catch((error) => toast(error.message, "bad"));
document.documentElement.dataset.ready = "true";
