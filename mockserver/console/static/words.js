// Says rules in words, and which requests they would have hit.
import { call, here } from "./dom.js";
import { kinds, operations } from "./known.js";

// spelled is an operation as people say it.
export const spelled = (service, id) => (service === "apphandoff" ? "AppHandoff " : "") + id.replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase());

const ordinal = (n) => n + (["th", "st", "nd", "rd"][(n % 100 > 10 && n % 100 < 14) ? 0 : n % 10] || "th");

const tickets = new Map(); // what a name, number or id of a ticket stands for, null for nothing

// know learns what tickets are called.
export function know(catalog) {
  for (const [name, ticket] of Object.entries(catalog.inboxops.tickets)) tickets.set(name, [ticket.id, String(ticket.ticket_number)]);
  for (const project of [...catalog.apphandoff.projects, ...catalog.apphandoff.inaccessible_projects]) for (const ticket of project.tickets) tickets.set(ticket.name, [ticket.id]);
}

export const ticketNames = () => [...tickets.keys()];

const bare = (ref) => ref.replace(/^#/, "");

// look finds out what a ticket that is not known is: one that was not there may be
// by now. It reports whether it asked.
export async function look(ref) {
  if (!ref || tickets.get(bare(ref))) return false;
  tickets.set(bare(ref), []);
  try {
    const { ticket } = await call("GET", here("desk/tickets/" + encodeURIComponent(bare(ref))));
    tickets.set(bare(ref), [ticket.id, String(ticket.ticket_number)]);
  } catch (error) {
    if (error.status === 404) tickets.set(bare(ref), null);
    else tickets.delete(bare(ref));
  }
  return true;
}

// unknown reports whether nothing is called so.
export const unknown = (ref) => Boolean(ref) && tickets.get(bare(ref)) === null;

// isAbout reports whether a path leads to a ticket, however either calls it.
function isAbout(ref, path) {
  const id = /\/tickets\/([^/]+)\//.exec(path)?.[1].toLowerCase();
  return id === bare(ref).toLowerCase() || (tickets.get(bare(ref)) || []).includes(id);
}

// sentence says a rule: which requests, when, and what happens.
export function sentence(rule) {
  const m = rule.match || {}, w = rule.when || {};
  const service = m.service || operations.find(({ id }) => id === m.operation)?.service;
  const about = [
    m.operation ? spelled(service, m.operation) : m.service && (m.service === "inboxops" ? "InboxOps" : "AppHandoff"), m.method, "calls",
    m.ticket && "about the ticket " + m.ticket, m.path && "to " + m.path, (m.key_kind || m.key) && `with the ${m.key_kind || m.key} key`,
    m.header && "with " + named(m.header, ": "), m.query && "asking for " + named(m.query, "="), m.body && `with “${m.body}” in the body`,
  ].filter(Boolean).join(" ");
  const when = [
    w.after && `after the first ${w.after}`, w.nth && `only the ${ordinal(w.nth)}`, w.every && `every ${ordinal(w.every)}`,
    w.probability && `${Math.round(w.probability * 1000) / 10} % of them by chance`, w.times && `${w.times === 1 ? "once" : w.times + " times"} at most`, w.for && `for ${w.for}`,
  ].filter(Boolean);
  const only = Object.keys(w).filter((name) => w[name]);
  const lead = only.length === 1 && w.times ? `the next ${w.times === 1 ? "" : w.times + " "}` : when.length ? "" : "all ";
  return `${lead}${about}${when.length && !lead ? ", " + when.join(", ") : ""}: ${effects(rule.then || {})}`.replace(/^the next (\D.*?) calls/, "the next $1 call");
}

const named = (all, sign) => Object.entries(all).map(([name, value]) => (value === "*" ? name : name + sign + value)).join(" and ");

function effects(then) {
  return kinds.filter(({ name }) => then[name]).flatMap(({ name, says, fields }) => words(says, then[name], fields)).join(", then ") || "nothing yet";
}

// words fills the parts of a sentence whose members are all set.
function words(says, value, fields) {
  const member = (name) => {
    const field = fields?.find((f) => f.name === name);
    const is = name ? value[name] : value;
    if (is === undefined) return undefined;
    if (field?.says) return is ? field.says : undefined;
    if (field?.type === "share") return Math.round(is * 1000) / 10 + " %";
    return (field?.options || []).find(([option]) => option === String(is))?.[1] ?? is;
  };
  const filled = says.split(", ").filter((part) => [...part.matchAll(/\{(\w*)\}/g)].every(([, name]) => member(name) !== undefined))
    .map((part) => part.replace(/\{(\w*)\}/g, (_, name) => member(name)));
  return [filled.join(", ")];
}

// fits reports whether a path is one of the pattern's, as the server does: * is
// any part of a segment, ** any number of segments.
function fits(pattern, path) {
  const one = (p, s) => new RegExp("^" + p.replace(/[.+?^${}()|\\]/g, "\\$&").replace(/\*/g, "[^/]*") + "$").test(s);
  const match = (ps, ss) => {
    if (!ps.length) return !ss.length;
    if (ps[0] === "**") return match(ps.slice(1), ss) || (ss.length > 0 && match(ps, ss.slice(1)));
    return ss.length > 0 && one(ps[0], ss[0]) && match(ps.slice(1), ss.slice(1));
  };
  try {
    return match(pattern.split("/"), path.split("/"));
  } catch {
    return false; // half a pattern, while it is typed
  }
}

function matches(m = {}, entry) {
  const is = (wanted, value) => !wanted || wanted === value;
  return Boolean(entry.operation) && is(m.service, entry.service) && is(m.operation, entry.operation) && is(m.method, entry.method) && is(m.key_kind, entry.key_kind) &&
    (!m.path || fits(m.path, entry.url.split("?")[0])) && (!m.ticket || isAbout(m.ticket, entry.url.split("?")[0])) && (!m.body || (entry.request_body || "").includes(m.body)) &&
    Object.entries(m.query || {}).every(([name, value]) => {
      const has = new URLSearchParams(entry.url.split("?")[1]).get(name);
      return has !== null && (value === "*" || value === has);
    }) &&
    Object.entries(m.header || {}).every(([name, value]) => {
      const has = Object.entries(entry.request_header).find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1][0];
      return has !== undefined && (value === "*" || value === has);
    });
}

// hits says which requests, oldest first, a rule is about, and which of them it
// would have fired on, chance left aside.
export function hits(rule, entries) {
  const w = rule.when || {}, about = entries.filter((entry) => matches(rule.match, entry)), fired = [];
  const { hold, code, retry_after } = rule.then.status || {}, wait = hold ? (retry_after ?? (code === "429" ? 60 : 0)) * 1000 : 0;
  let until = 0, times = 0;
  about.forEach((entry, i) => {
    const n = i + 1, after = w.after || 0, at = Date.parse(entry.at);
    const no = (w.times && times >= w.times) || (w.nth && n !== w.nth) || n <= after || (w.every && (n - after) % w.every !== 0);
    if (at < until) fired.push(entry);
    else if (!no) {
      fired.push(entry);
      times++;
      until = at + wait;
    }
  });
  return { about, fired };
}
