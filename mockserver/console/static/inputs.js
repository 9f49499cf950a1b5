// The inputs of a kind of fault: made of its fields, and read again.
import { choice, field, h } from "./dom.js";

// written is a member's value as it stands in its input.
export function written(f, value) {
  if (value === undefined) return "";
  if (f.type === "share") return String(Math.round(value * 1000) / 10);
  if (f.type === "pairs") return lines(value);
  if (f.type === "list") return value.join(", ");
  return String(value);
}

export function input(f, value = "") {
  const props = { "data-field": f.name, "data-type": f.type };
  if (f.type === "choice") {
    const known = f.options.some(([option]) => option === value);
    return choice(known || !value ? f.options : [...f.options, [value, value]], { ...props, value, "data-number": f.number });
  }
  if (f.type === "truth") return h("input", { ...props, type: "checkbox", role: "switch", checked: value === "true" });
  if (f.type === "pairs") return h("textarea", { ...props, rows: 2, value });
  const size = { whole: 5, share: 4, pointer: 24, list: 14 }[f.type] || 10;
  return h("input", { ...props, size, value, list: f.type === "pointer" ? "pointers" : undefined, inputmode: /whole|share/.test(f.type) ? "decimal" : undefined });
}

export const labelled = (f, input) => (f.type === "truth" ? h("label", { class: "toggle" }, input, h("span", {}, f.label)) : field(f.label, input));

// narrow hides what means nothing beside the first field, unless it says something.
export function narrow(kind, inputs) {
  const first = inputs.querySelector("[data-field]")?.value;
  for (const f of kind.fields || []) {
    if (!f.only) continue;
    const part = inputs.querySelector(`[data-field="${f.name}"]`), means = f.only.includes(first), says = valueOf(part) !== undefined;
    if (!means && part.value === f.usual) part.value = "";
    if (means && !says && part.closest("label").hidden && f.usual) part.value = f.usual;
    part.closest("label").hidden = !means && valueOf(part) === undefined;
  }
}

// valueOf reads an input; undefined stands for nothing.
export function valueOf(element) {
  if (element.dataset.type === "truth") return element.checked || undefined;
  const text = element.value.trim();
  if (text === "") return undefined;
  const number = Number(text);
  switch (element.dataset.type) {
    case "whole": return Number.isNaN(number) ? text : number; // the server says what is wrong
    case "share": return Number.isNaN(number) ? text : number / 100;
    case "list": return text.split(",").map((part) => part.trim()).filter(Boolean);
    case "pairs": return pairs(text);
    case "pointer": return pointed(text);
    case "choice": return element.dataset.number === undefined ? text : number;
    default: return text;
  }
}

const offered = () => [...document.querySelectorAll("#pointers option")].map((option) => option.value);

// pointed is a pointer, also where only the last part of one that is offered is
// written, or how that begins.
const pointed = (text) => {
  if (text.startsWith("/")) return text;
  const all = offered();
  return all.find((pointer) => pointer.endsWith("/" + text)) || all.find((pointer) => pointer.split("/").pop().startsWith(text)) || text;
};

// stray says of a field that no successful answer has it, and which one may be meant.
export function stray(pointer) {
  const all = offered(), every = (text) => text.replace(/\/\d+(?=\/|$)/g, "/*");
  if (!pointer || all.length === 0 || all.some((is) => every(is) === every(pointer) || every(is).startsWith(every(pointer) + "/"))) return "";
  const pairsOf = (text) => new Set([...text].slice(1).map((c, i) => text[i] + c));
  const last = pairsOf(pointer.split("/").pop());
  const alike = (is) => [...pairsOf(is.split("/").pop())].filter((pair) => last.has(pair)).length;
  const nearest = all.reduce((best, is) => (alike(is) > alike(best) ? is : best));
  return `No successful answer has a field ${pointer}${alike(nearest) > 1 ? `; did you mean ${nearest}?` : "."}`;
}

// pairs reads lines of Name: value.
export const pairs = (text) => Object.fromEntries(text.split("\n").filter((line) => line.trim()).map((line) => {
  const colon = line.indexOf(":");
  return colon < 0 ? [line.trim(), ""] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}));

export const lines = (all) => Object.entries(all || {}).map(([name, text]) => `${name}: ${text}`).join("\n");
