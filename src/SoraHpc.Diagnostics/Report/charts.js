/* The pictures below the timeline; each draws itself anew when the page changes its width. */
const charts = (() => {
  const soft = "#66737f", line = "#e3e8ee", n = data.ranks.length;

  function utilisation() {
    const canvas = document.getElementById("utilisation"), row = Math.max(2, Math.min(20, Math.floor(360 / n))), left = 54, axis = 20;
    const [c, width] = fit(canvas, row * n + axis), longest = Math.max(...data.ranks.map(rank => sum(rank.kinds)), 1e-9);
    data.ranks.forEach((rank, r) => {
      let x = left;
      for (const k of [1, 6, 8, 9, 7, 3, 4, 5, 2, 0]) {
        const w = rank.kinds[k] / longest * (width - left - 46);
        c.fillStyle = colors[k];
        c.fillRect(x, r * row, w, row - (row > 4 ? 2 : 0));
        x += w;
      }
      c.fillStyle = soft;
      if (r % Math.ceil(13 / row) === 0) {
        c.textAlign = "right";
        c.fillText(`rank ${r}`, left - 6, r * row + row / 2);
        c.textAlign = "left";
        c.fillText(percent(rank.kinds[compute] / Math.max(sum(rank.kinds), 1e-9)), x + 6, r * row + row / 2 - 0.5);
      }
    });
    c.fillStyle = soft;
    c.fillText("share of time computing at the end of each bar", left, row * n + axis / 2 + 2);
    canvas.onpointermove = event => {
      const r = Math.floor(event.offsetY / row), rank = data.ranks[r];
      showTip(event, rank ? [`rank ${r} on ${rank.host}, process ${rank.process}`, ...[...rank.kinds].map((s, k) => [s, k]).filter(([s]) => s > 0)
        .map(([s, k]) => `${kindWords[k]}: ${duration(s * 1e9)} (${percent(s / sum(rank.kinds))})`)].join("\n") : "");
    };
    canvas.onpointerleave = event => showTip(event, "");
  }

  function plot(canvas, height, xs, series, label) {
    const [c, width] = fit(canvas, height), left = 54, bottom = 20, top = 8;
    let least = Infinity, largest = -Infinity;
    for (const s of series) for (const y of s.ys) if (isFinite(y)) { least = Math.min(least, y); largest = Math.max(largest, y); }
    [least, largest] = [Math.min(series[0].floor ?? least, least), Math.max(largest, (series[0].floor ?? least) + 1e-3)];
    const toX = x => left + x / runLength * (width - left - 8), toY = y => height - bottom - (y - least) / (largest - least) * (height - bottom - top);
    c.fillStyle = soft;
    c.textAlign = "right";
    for (const y of ticks(least, largest, 4)) { c.fillStyle = line; c.fillRect(left, toY(y), width - left, 1); c.fillStyle = soft; c.fillText(label(y), left - 6, toY(y)); }
    c.textAlign = "center";
    for (const t of ticks(0, runLength, (width - left) / 110)) c.fillText(t === 0 ? "0" : duration(t), Math.min(width - 26, toX(t)), height - 8);
    c.textAlign = "left";
    for (const s of series) {
      c.strokeStyle = s.color;
      c.lineWidth = 1.4;
      c.beginPath();
      xs.forEach((x, i) => i === 0 ? c.moveTo(toX(x), toY(s.ys[i])) : c.lineTo(toX(x), toY(s.ys[i])));
      c.stroke();
      if (xs.length === 1) { c.fillStyle = s.color; c.fillRect(toX(xs[0]) - 2, toY(s.ys[0]) - 2, 4, 4); }
    }
  }

  function imbalance() {
    const note = document.getElementById("imbalanceNote"), canvas = document.getElementById("imbalance");
    if (data.imbalance.length === 0) { document.getElementById("imbalanceCard").hidden = true; return; }
    plot(canvas, 220, data.imbalanceAt, [{ ys: data.imbalance, color: "#2f6fd0", floor: 1 }], y => +y.toFixed(3));
    note.textContent = `The slowest rank's time for a step over the mean; 1 is perfect. Largest: ${Math.max(...data.imbalance).toFixed(2)}.`;
  }

  function heat(x) {        // from the page's grey through blue to red
    const stops = [[240, 243, 247], [150, 190, 235], [63, 127, 214], [140, 80, 180], [228, 99, 90]], at = Math.max(0, Math.min(1, x)) * (stops.length - 1), i = Math.min(stops.length - 2, Math.floor(at));
    return `rgb(${stops[i].map((v, j) => Math.round(v + (at - i) * (stops[i + 1][j] - v))).join(",")})`;
  }

  function grid(canvas, matrix, column, words, height) {
    const entries = doublesOf(matrix), groups = matrix.groups, [c, width] = fit(canvas, height), left = 54, top = 6, side = Math.min(height - 30, width - left - 10), cell = side / groups;
    let largest = 0, least = Infinity;
    for (let i = 0; i < entries.length; i += 4) { largest = Math.max(largest, entries[i + column]); if (entries[i + column] > 0) least = Math.min(least, entries[i + column]); }
    c.fillStyle = "#f0f3f7";
    c.fillRect(left, top, side, side);
    for (let i = 0; i < entries.length; i += 4) {
      const v = entries[i + column];
      c.fillStyle = heat(v <= 0 ? 0 : largest > least ? 0.25 + 0.75 * Math.log(v / least) / Math.log(largest / least) : 0.6);
      c.fillRect(left + entries[i + 1] * cell, top + entries[i] * cell, Math.max(1, cell - (cell > 6 ? 1 : 0)), Math.max(1, cell - (cell > 6 ? 1 : 0)));
    }
    c.fillStyle = soft;
    const every = Math.max(1, Math.ceil(groups / 12));
    for (let g = 0; g < groups; g += every) {
      c.textAlign = "right";
      c.fillText(`${g * matrix.perGroup}`, left - 6, top + (g + 0.5) * cell);
      c.textAlign = "center";
      c.fillText(`${g * matrix.perGroup}`, left + (g + 0.5) * cell, top + side + 10);
    }
    c.textAlign = "left";
    c.save();
    c.translate(10, top + side / 2);
    c.rotate(-Math.PI / 2);
    c.textAlign = "center";
    c.fillText(words.row, 0, 0);
    c.restore();
    c.fillText(words.column, left + side + 8, top + side + 10, Math.max(10, width - left - side - 10));
    const name = g => matrix.perGroup === 1 ? `rank ${g}` : `ranks ${g * matrix.perGroup}–${Math.min(n, (g + 1) * matrix.perGroup) - 1}`;
    canvas.onpointermove = event => {
      const from = Math.floor((event.offsetY - top) / cell), to = Math.floor((event.offsetX - left) / cell);
      for (let i = 0; i < entries.length; i += 4) if (entries[i] === from && entries[i + 1] === to) return showTip(event, words.text(name(from), name(to), entries[i + 2], entries[i + 3]));
      showTip(event, "");
    };
    canvas.onpointerleave = event => showTip(event, "");
  }
  const doublesOf = matrix => matrix.numbers ??= doubles(matrix.entries);

  let column = 2;
  function matrix() {
    const entries = doublesOf(data.sent);
    let bytes = 0, messages = 0;
    for (let i = 0; i < entries.length; i += 4) { bytes += entries[i + 2]; messages += entries[i + 3]; }
    if (messages === 0) { document.getElementById("matrixCard").hidden = true; return; }
    document.getElementById("matrixNote").textContent = `${size(bytes)} in ${number(messages)} messages between two ranks; collective calls are not among them. Colours are logarithmic.`;
    grid(document.getElementById("matrix"), data.sent, column, { row: "from rank", column: "to rank", text: (from, to, b, m) => `${from} → ${to}\n${size(b)} in ${number(m)} messages` }, 320);
  }
  for (const [id, value] of [["byBytes", 2], ["byMessages", 3]])
    document.getElementById(id).addEventListener("click", event => {
      column = value;
      for (const button of event.target.parentElement.children) button.classList.toggle("on", button === event.target);
      matrix();
    });

  /* Ranks on a circle; tasks flow along the arcs, from victim to thief. */
  function steals() {
    const entries = doublesOf(data.steals), canvas = document.getElementById("steals");
    if (entries.length === 0) { document.getElementById("stealCard").hidden = true; return; }
    let count = 0, tasks = 0, largest = 0;
    for (let i = 0; i < entries.length; i += 4) { count += entries[i + 2]; tasks += entries[i + 3]; largest = Math.max(largest, entries[i + 3]); }
    document.getElementById("stealNote").textContent = `${number(count)} steals of ${number(tasks)} tasks; an arc is as thick as the tasks it carried, from victim (thin end) to thief.`;
    if (data.steals.groups > 48)
      return grid(canvas, data.steals, 3, { row: "thief", column: "victim", text: (thief, victim, s, t) => `${thief} took ${number(t)} tasks from ${victim} in ${number(s)} steals` }, 320);
    const [c, width, height] = fit(canvas, 320), cx = width / 2, cy = height / 2, radius = height / 2 - 26;
    const place = g => [cx + radius * Math.sin(2 * Math.PI * g / data.steals.groups), cy - radius * Math.cos(2 * Math.PI * g / data.steals.groups)];
    for (let i = 0; i < entries.length; i += 4) {
      const [tx, ty] = place(entries[i]), [vx, vy] = place(entries[i + 1]), strong = Math.sqrt(entries[i + 3] / largest);
      const bend = 0.18, mx = (tx + vx) / 2 + bend * (ty - vy), my = (ty + vy) / 2 - bend * (tx - vx), half = 0.8 + 5 * strong, angle = Math.atan2(ty - my, tx - mx) + Math.PI / 2;
      c.fillStyle = `rgba(31,179,194,${0.25 + 0.6 * strong})`;
      c.beginPath();
      c.moveTo(vx, vy);
      c.quadraticCurveTo(mx, my, tx + half * Math.cos(angle), ty + half * Math.sin(angle));
      c.lineTo(tx - half * Math.cos(angle), ty - half * Math.sin(angle));
      c.quadraticCurveTo(mx, my, vx, vy);
      c.fill();
    }
    c.textAlign = "center";
    for (let g = 0; g < data.steals.groups; g++) {
      const [x, y] = place(g);
      c.fillStyle = "#2f6fd0";
      c.beginPath();
      c.arc(x, y, 5, 0, 7);
      c.fill();
      c.fillStyle = soft;
      c.fillText(`${g * data.steals.perGroup}`, cx + (x - cx) * (1 + 15 / radius), cy + (y - cy) * (1 + 15 / radius));
    }
    c.textAlign = "left";
    canvas.onpointermove = event => {
      for (let g = 0; g < data.steals.groups; g++) {
        const [x, y] = place(g);
        if (Math.hypot(event.offsetX - x, event.offsetY - y) > 12) continue;
        const lines = [`rank ${g * data.steals.perGroup}`];
        for (let i = 0; i < entries.length; i += 4) {
          if (entries[i] === g) lines.push(`took ${number(entries[i + 3])} tasks from ${entries[i + 1]} in ${number(entries[i + 2])} steals`);
          if (entries[i + 1] === g) lines.push(`lost ${number(entries[i + 3])} tasks to ${entries[i]}`);
        }
        return showTip(event, lines.slice(0, 14).join("\n"));
      }
      showTip(event, "");
    };
    canvas.onpointerleave = event => showTip(event, "");
  }

  function io() {
    const note = document.getElementById("ioNote"), canvas = document.getElementById("io"), read = data.activities.indexOf("Read"), write = data.activities.indexOf("Write");
    const total = a => [sum(data.ranks.map(rank => rank.bytes[a])), Math.max(...data.ranks.map(rank => rank.seconds[a]))];
    const [[rb, rs], [wb, ws]] = [total(read), total(write)];
    if (rb + wb === 0) { document.getElementById("ioCard").hidden = true; return; }
    const bins = 120, xs = Array.from({ length: bins }, (_, i) => (i + 0.5) / bins * runLength), rates = [new Float64Array(bins), new Float64Array(bins)];
    for (const rank of data.ranks)
      for (let i = 0; i < rank.begin.length; i++) {
        const which = rank.activity[i] === read ? 0 : rank.activity[i] === write ? 1 : -1;
        if (which < 0) continue;
        const first = Math.max(0, Math.floor(rank.begin[i] / runLength * bins)), last = Math.min(bins - 1, Math.floor((rank.begin[i] + rank.length[i]) / runLength * bins));
        for (let b = first; b <= last; b++) rates[which][b] += rank.moved[i] / (last - first + 1) / (data.seconds / bins);
      }
    plot(canvas, 160, xs, [{ ys: rates[0], color: "#41a878", floor: 0 }, { ys: rates[1], color: "#d9822b" }], y => size(y) + "/s");
    note.textContent = `Read (green) ${size(rb)} in ${duration(rs * 1e9)} of the slowest rank, written (orange) ${size(wb)} in ${duration(ws * 1e9)}.`;
  }

  function all() { utilisation(); imbalance(); matrix(); steals(); io(); }
  return { all };
})();
