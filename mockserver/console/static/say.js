// Says an exchange: its status, what made it, and the verdict on its request.
import { h } from "./dom.js";

const seconds = (s) => (s < 10 ? s.toFixed(1) : Math.round(s)) + " s";

// sooner says that a retry came too early.
export const sooner = (retry) => `retried after ${seconds(retry.waited_seconds)}, asked for ${Math.round(retry.retry_after_seconds * 10) / 10} s`;

// cut says that fewer bytes of the body were sent than its header promised.
export function cut(entry) {
  const promised = Number(entry.response_header?.["Content-Length"]?.[0]);
  return entry.method !== "HEAD" && entry.response_bytes < promised && { sent: entry.response_bytes, promised };
}

export const grouped = (n) => n.toLocaleString("en-US");

export function status(entry) {
  const short = cut(entry);
  if (short) return `${entry.status}, cut after ${grouped(short.sent)} of ${grouped(short.promised)} bytes`;
  return String(entry.status || "cut");
}

export const tone = (entry) => (cut(entry) ? "s0 cut" : "s" + Math.floor(entry.status / 100));

// fault names the rule that fired, and leads to it.
export const fault = (entry) => entry.rule && h("a", { href: "#faults/" + encodeURIComponent(entry.rule), title: entry.rule_name || entry.rule }, entry.rule_name || entry.rule);

// asked says what the request itself asked for.
export const asked = (entry) => {
  const applied = entry.response_header?.["Preference-Applied"];
  return applied && "Prefer: " + applied[0];
};

// keyOf names the key as page.go does: at an address of neither service nobody looks.
export const keyOf = (entry) => entry.key_kind || (!entry.request_header?.Authorization ? "no key" : entry.service ? "unknown key" : "key not looked at");

export const span = (ms) => (ms < 0.1 ? "< 0.1 ms" : ms < 1000 ? ms.toFixed(1) + " ms" : (ms / 1000).toFixed(1) + " s");

export function verdict(entry) {
  const tips = [...entry.violations.map((v) => v.reason), ...(entry.answer_violations || []).map((v) => "the answer " + v.reason)], n = tips.length;
  if (n) return [n === 1 ? "1 breach" : n + " breaches", "bad", tips.join("; ")];
  return entry.unchecked ? ["partly", "quiet", entry.unchecked] : ["ok", "good", ""];
}
