/* Words and tables; then everything is drawn. */
(() => {
  const get = id => document.getElementById(id), n = data.ranks.length;
  const element = (name, text, parent) => { const e = document.createElement(name); e.textContent = text; parent.append(e); return e; };
  const total = sum(data.ranks.map(rank => sum(rank.kinds))) || 1, inKind = k => sum(data.ranks.map(rank => rank.kinds[k]));
  const hosts = new Set(data.ranks.map(rank => rank.host)).size, entries = doubles(data.sent.entries);
  let bytes = 0, messages = 0;
  for (let i = 0; i < entries.length; i += 4) { bytes += entries[i + 2]; messages += entries[i + 3]; }
  get("subtitle").textContent = `${n} rank${n === 1 ? "" : "s"} on ${hosts} machine${hosts === 1 ? "" : "s"} · ${duration(runLength)} recorded`;

  const loads = data.imbalance.length ? sum(data.imbalance) / data.imbalance.length : NaN;
  const tile = (value, words) => { const t = element("div", "", get("tiles")); t.className = "tile"; element("b", value, t); element("span", words, t); };
  tile(duration(runLength), "wall time");
  tile(percent(inKind(compute) / total), "of the ranks' time computing");
  tile(percent(inKind(wait) / total), "waiting for others");
  tile(percent(inKind(collective) / total), "in collective calls");
  if (isFinite(loads)) tile(loads.toFixed(2), "λ max/mean, mean of the steps");
  tile(size(bytes), `sent in ${number(messages)} messages`);
  const energy = /energy: ([\d.]+ J), (.*)/.exec(data.energy);
  tile(energy ? energy[1] : "–", energy ? `energy, ${energy[2]}` : data.energy);

  const used = colors.map((_, k) => inKind(k) > 0);
  colors.forEach((color, k) => {
    if (!used[k]) return;
    const item = element("span", "", get("legend"));
    element("i", "", item).style.background = color;
    item.append(kindWords[k]);
  });
  const lost = sum(data.ranks.map(rank => rank.lost)), clock = Math.max(...data.ranks.map(rank => rank.clockError));
  get("timelineNote").textContent = "Wheel: zoom. Drag: move. Shift and wheel: other ranks. Double click: whole run. "
    + (lost ? `${number(lost)} of the shortest or oldest spans are not here; where they are missing, the shares of time are shown. ` : "")
    + (clock > 0 ? `Ranks' clocks agree within ${duration(clock * 1e9)}.` : "");

  const row = (table, cells, name = "td") => { const r = element("tr", "", table); cells.forEach(cell => element(name, cell, r)); return r; };
  const activities = get("activities");
  row(activities, ["activity", "calls", "time of all ranks", "share", "most on a rank", "bytes", "rate"], "th");
  data.activities.map((name, a) => ({ name, a, s: sum(data.ranks.map(rank => rank.seconds[a])), calls: sum(data.ranks.map(rank => rank.calls[a])), b: sum(data.ranks.map(rank => rank.bytes[a])) }))
    .filter(x => x.s > 0 || x.calls > 0).sort((x, y) => y.s - x.s).forEach(x => {
      const slowest = data.ranks.reduce((best, rank, r) => rank.seconds[x.a] > data.ranks[best].seconds[x.a] ? r : best, 0), steal = x.name === "Steal";
      const r = row(activities, [x.name.toLowerCase(), number(x.calls), duration(x.s * 1e9), "", `${duration(data.ranks[slowest].seconds[x.a] * 1e9)} (rank ${slowest})`,
        steal ? `${number(x.b)} tasks` : x.b > 0 ? size(x.b) : "", x.b > 0 && x.s > 0 && !steal ? `${size(x.b / x.s)}/s` : ""]);
      const bar = element("span", "", r.children[3]);
      bar.className = "bar";
      bar.style.width = `${Math.max(1, 80 * x.s / total)}px`;
      bar.style.background = colors[data.kindOf[x.a]];
      r.children[3].append(percent(x.s / total));
    });

  const events = get("events"), checkpoint = data.activities.indexOf("Checkpoint"), migrate = data.activities.indexOf("Migrate");
  const found = [];
  data.ranks.slice(0, 1).forEach(rank => rank.activity.forEach((a, i) => { if (a === checkpoint || a === migrate) found.push([rank.begin[i], a, rank.length[i]]); }));
  if (found.length === 0) get("eventCard").hidden = true;
  else row(events, ["what", "at", "rank 0 stood still for"], "th");
  found.sort((x, y) => y[2] - x[2]).slice(0, 12).sort((x, y) => x[0] - y[0]).forEach(([at, a, length]) => row(events, [a === checkpoint ? "checkpoint" : "balance", duration(at), duration(length)]));
  if (found.length > 12) row(events, [`and ${number(found.length - 12)} shorter ones`, "", ""]);

  [...data.facts, ["energy", data.energy.replace("energy: ", "")]].forEach(fact => row(get("facts"), fact));

  const draw = () => { timeline.draw(); charts.all(); };
  let pending = 0;
  addEventListener("resize", () => { clearTimeout(pending); pending = setTimeout(draw, 80); });
  draw();
})();
