"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const colors = ["#dde2e8", "#3f7fd6", "#e4635a", "#f0a23c", "#f4c877", "#9a72d8", "#41a878", "#1fb3c2", "#8a6f4d", "#d267aa"];
const kindWords = ["other", "computing", "waiting", "sending", "receiving", "collective calls", "files", "stealing", "checkpoints", "moving blocks"];
const K = data.kinds.length, compute = 1, wait = 2, collective = 5;

function raw(text) {
  const chars = atob(text), bytes = new Uint8Array(chars.length);
  for (let i = 0; i < chars.length; i++) bytes[i] = chars.charCodeAt(i);
  return bytes.buffer;
}
const doubles = text => new Float64Array(raw(text)), floats = text => new Float32Array(raw(text));
data.kindOf = new Uint8Array(raw(data.kindOf));
data.imbalanceAt = doubles(data.imbalanceAt);
data.imbalance = floats(data.imbalance);
for (const rank of data.ranks) {
  rank.profile = new Uint8Array(raw(rank.profile));
  for (const name of ["seconds", "calls", "bytes", "begin"]) rank[name] = doubles(rank[name]);
  for (const name of ["length", "moved"]) rank[name] = floats(rank[name]);
  rank.peer = new Int32Array(raw(rank.peer));
  rank.count = new Uint16Array(raw(rank.count));
  rank.activity = new Uint8Array(raw(rank.activity));
  // For every span the latest end of it and those before: where a search for spans at a time may stop.
  rank.reach = new Float64Array(rank.begin.length);
  let reach = 0;
  for (let i = 0; i < rank.begin.length; i++) rank.reach[i] = reach = Math.max(reach, rank.begin[i] + rank.length[i]);
  rank.kinds = new Float64Array(K);
  rank.seconds.forEach((s, a) => rank.kinds[data.kindOf[a]] += s);
}
const runLength = data.seconds * 1e9;

function duration(ns) {
  const s = Math.abs(ns) / 1e9;
  return s >= 120 ? `${Math.floor(s / 60)} min ${(s % 60).toFixed(0)} s` : s >= 1 ? `${+s.toPrecision(4)} s` : s >= 1e-3 ? `${+(s * 1e3).toPrecision(4)} ms`
    : s >= 1e-6 ? `${+(s * 1e6).toPrecision(4)} µs` : `${+(s * 1e9).toPrecision(3)} ns`;
}
function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  while (bytes >= 999.5 && unit < units.length - 1) { bytes /= 1000; unit++; }
  return `${+bytes.toPrecision(3)} ${units[unit]}`;
}
const number = n => Math.round(n).toLocaleString("en-GB");
const percent = x => `${(100 * x).toFixed(x < 0.0995 ? 1 : 0)} %`;
const sum = values => values.reduce((a, b) => a + b, 0);

/** Sizes a canvas to its place on the page and returns its context in units of the page. */
function fit(canvas, height) {
  const scale = window.devicePixelRatio || 1, width = Math.max(50, canvas.clientWidth);
  canvas.style.height = `${height}px`;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = "11px system-ui, 'DejaVu Sans', sans-serif";
  context.textBaseline = "middle";
  return [context, width, height];
}
const tip = document.getElementById("tip");
function showTip(event, text) {
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  const width = tip.offsetWidth, height = tip.offsetHeight;
  tip.style.left = `${Math.min(event.clientX + 14, innerWidth - width - 8)}px`;
  tip.style.top = `${event.clientY + 18 + height > innerHeight ? event.clientY - height - 10 : event.clientY + 18}px`;
}
/** Marks of an axis at round numbers: about so many of them in [from, to]. */
function ticks(from, to, about) {
  const rough = (to - from) / Math.max(1, about), power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(m => m * power).find(s => s >= rough) || 10 * power, marks = [];
  for (let i = Math.ceil(from / step); i * step <= to * (1 + 1e-12); i++) marks.push(i * step);
  return marks;
}
