/* The timeline: shares of time while a pixel stands for many spans, the spans themselves when it does not. */
const timeline = (() => {
  const canvas = document.getElementById("timeline"), overview = document.getElementById("overview");
  const left = 54, axis = 22, most = 620;
  const rowHeight = Math.max(4, Math.min(26, Math.floor(most / data.ranks.length)));
  const height = Math.min(most, rowHeight * data.ranks.length) + axis;
  const view = { from: 0, to: runLength, top: 0 };
  const rowsShown = Math.floor((height - axis) / rowHeight);
  const lastTop = Math.max(0, data.ranks.length - rowsShown);
  let width = 0, hovered = null, queued = false;

  const toX = t => left + (t - view.from) / (view.to - view.from) * (width - left);
  const toTime = x => view.from + (x - left) / (width - left) * (view.to - view.from);

  /** The first span that may reach beyond a time: those before it all end earlier. */
  function firstReaching(rank, time) {
    let low = 0, high = rank.reach.length;
    while (low < high) { const mid = (low + high) >> 1; if (rank.reach[mid] < time) low = mid + 1; else high = mid; }
    return low;
  }
  function firstAfter(rank, time) {
    let low = 0, high = rank.begin.length;
    while (low < high) { const mid = (low + high) >> 1; if (rank.begin[mid] <= time) low = mid + 1; else high = mid; }
    return low;
  }
  /** Shares by kind between two times, from the profile. */
  function shares(rank, from, to, out) {
    out.fill(0);
    const bin = runLength / data.bins, first = Math.max(0, Math.floor(from / bin)), last = Math.min(data.bins - 1, Math.floor((to - 1e-9 * bin) / bin));
    for (let b = first; b <= last; b++) for (let k = 0; k < K; k++) out[k] += rank.profile[b * K + k];
    const total = sum(out);
    if (total > 0) for (let k = 0; k < K; k++) out[k] /= total;
    return total > 0;
  }
  function drawShares(c, rank, y, h) {
    const out = new Float64Array(K), step = rowHeight < 8 ? 2 : 1;
    for (let x = left; x < width; x += step) {
      if (!shares(rank, toTime(x), toTime(x + step), out)) continue;
      let at = y;
      for (const k of [1, 6, 8, 9, 7, 3, 4, 5, 2, 0]) {
        if (out[k] === 0) continue;
        c.fillStyle = colors[k];
        c.fillRect(x, at, step, out[k] * h);
        at += out[k] * h;
      }
    }
  }
  function drawSpans(c, rank, y, h, first, last) {
    let kind = -1;
    for (let i = first; i < last; i++) {
      const begin = toX(rank.begin[i]), end = toX(rank.begin[i] + rank.length[i]);
      if (end < left) continue;
      const k = data.kindOf[rank.activity[i]], x = Math.max(left, begin), w = Math.max(0.6, Math.min(width, end) - x);
      if (k !== kind) c.fillStyle = colors[kind = k];
      const inset = k === compute || k === 6 ? 0 : Math.min(3, h * 0.15);
      c.fillRect(x, y + inset, w, h - 2 * inset);
      if (w > 44 && h >= 16) {
        c.fillStyle = k === 1 || k === 5 || k === 8 ? "#fff" : "#1d2733";
        c.fillText(data.activities[rank.activity[i]].toLowerCase(), x + 5, y + h / 2, w - 8);
        kind = -1;
      }
    }
  }
  function drawRow(c, r, y) {
    const rank = data.ranks[r], h = rowHeight - (rowHeight > 6 ? 2 : rowHeight > 3 ? 1 : 0);
    const first = firstReaching(rank, view.from), last = firstAfter(rank, view.to);
    // Spans, where few enough to see; where they were lost or are too many, shares of time.
    const covered = last > first && rank.begin[first] <= view.from + 0.2 * (view.to - view.from);
    c.fillStyle = colors[0];
    c.fillRect(left, y, width - left, h);
    if (last - first < 3 * (width - left) && (covered || rank.lost === 0)) drawSpans(c, rank, y, h, first, last);
    else drawShares(c, rank, y, h);
  }
  function drawAxis(c) {
    c.fillStyle = "#66737f";
    c.textAlign = "center";
    for (const t of ticks(view.from, view.to, (width - left) / 110)) {
      const x = toX(t);
      c.fillRect(x, height - axis, 1, 4);
      c.fillText(t === 0 ? "0" : duration(t), Math.max(left + 14, Math.min(width - 24, x)), height - 9);
    }
    c.textAlign = "right";
    const every = Math.max(1, Math.ceil(13 / rowHeight));
    for (let row = 0; row < rowsShown && view.top + row < data.ranks.length; row++)
      if ((view.top + row) % every === 0) c.fillText(`rank ${view.top + row}`, left - 6, row * rowHeight + rowHeight / 2);
    c.textAlign = "left";
  }
  function draw() {
    queued = false;
    let c;
    [c, width] = fit(canvas, height);
    for (let row = 0; row < rowsShown && view.top + row < data.ranks.length; row++) drawRow(c, view.top + row, row * rowHeight);
    c.clearRect(0, 0, left, height);
    drawAxis(c);
    drawOverview();
  }
  function drawOverview() {
    const [c, w, h] = fit(overview, 44), out = new Float64Array(K), all = new Float64Array(K), step = 2;
    const stride = Math.max(1, Math.floor(data.ranks.length / 64));
    for (let x = left; x < w; x += step) {
      all.fill(0);
      for (let r = 0; r < data.ranks.length; r += stride) {
        shares(data.ranks[r], (x - left) / (w - left) * runLength, (x + step - left) / (w - left) * runLength, out);
        for (let k = 0; k < K; k++) all[k] += out[k];
      }
      const total = sum(all) || 1;
      let at = h;
      for (const k of [1, 6, 8, 9, 7, 3, 4, 5, 2, 0]) {
        const part = all[k] / total * h;
        c.fillStyle = colors[k];
        c.fillRect(x, at -= part, step, part);
      }
    }
    const a = left + view.from / runLength * (w - left), b = left + view.to / runLength * (w - left);
    c.fillStyle = "#f4f6f9b0";
    c.fillRect(left, 0, a - left, h);
    c.fillRect(b, 0, w - b, h);
    c.strokeStyle = "#1d2733";
    c.strokeRect(a + 0.5, 0.5, Math.max(2, b - a - 1), h - 1);
    c.fillStyle = "#66737f";
    c.textAlign = "right";
    c.fillText("all ranks", left - 6, h / 2);
    c.textAlign = "left";
  }
  function redraw() { if (!queued) { queued = true; requestAnimationFrame(draw); } }
  function show(from, to) {
    const shortest = 100, span = Math.max(shortest, Math.min(runLength, to - from));
    view.from = Math.max(0, Math.min(runLength - span, from));
    view.to = view.from + span;
    redraw();
  }
  function zoom(factor, x) {
    const at = toTime(x), span = (view.to - view.from) * factor;
    show(at - (at - view.from) * factor, at - (at - view.from) * factor + span);
  }
  function scroll(rows) { view.top = Math.max(0, Math.min(lastTop, view.top + rows)); redraw(); }
  /** What lies under a point of the canvas: the innermost span there, or the shares of time. */
  function at(x, y) {
    const row = view.top + Math.floor(y / rowHeight), rank = data.ranks[row], time = toTime(x);
    if (!rank || x < left || y > height - axis) return null;
    const slack = (view.to - view.from) / (width - left);
    for (let i = firstAfter(rank, time + slack) - 1; i >= 0 && rank.reach[i] >= time - slack; i--)
      if (rank.begin[i] + rank.length[i] >= time - slack) return { row, i, time };
    return { row, i: -1, time };
  }
  function describe(found) {
    if (!found) return "";
    const rank = data.ranks[found.row], i = found.i, lines = [`rank ${found.row} on ${rank.host}, at ${duration(found.time)}`];
    if (i >= 0) {
      const name = data.activities[rank.activity[i]].toLowerCase(), steal = name === "steal";
      lines.push(`${name}: ${duration(rank.length[i])}${rank.count[i] > 1 ? `, ${number(rank.count[i])} calls` : ""}`);
      if (rank.moved[i] > 0) lines.push(steal ? `${number(rank.moved[i])} tasks` : `${size(rank.moved[i])}, ${size(rank.moved[i] / rank.length[i] * 1e9)}/s`);
      if (rank.peer[i] >= 0) lines.push(`with rank ${rank.peer[i]}`);
    } else {
      const out = new Float64Array(K), bin = runLength / data.bins;
      shares(rank, found.time, found.time + bin, out);
      out.forEach((share, k) => { if (share >= 0.005) lines.push(`${kindWords[k]} ${percent(share)}`); });
    }
    return lines.join("\n");
  }
  canvas.addEventListener("wheel", event => {
    event.preventDefault();
    if (event.shiftKey) scroll(Math.sign(event.deltaY || event.deltaX) * 3);
    else zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY * 0.002))), event.offsetX);
  }, { passive: false });
  let drag = null;
  canvas.addEventListener("pointerdown", event => { drag = { x: event.offsetX, y: event.offsetY, ...view }; canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointerup", () => drag = null);
  canvas.addEventListener("pointermove", event => {
    if (drag) {
      const moved = (drag.x - event.offsetX) / (width - left) * (drag.to - drag.from);
      view.top = Math.max(0, Math.min(lastTop, drag.top + Math.round((drag.y - event.offsetY) / rowHeight)));
      show(drag.from + moved, drag.to + moved);
    }
    hovered = at(event.offsetX, event.offsetY);
    showTip(event, drag ? "" : describe(hovered));
  });
  canvas.addEventListener("pointerleave", event => { hovered = null; showTip(event, ""); });
  canvas.addEventListener("dblclick", () => show(0, runLength));
  canvas.addEventListener("keydown", event => {
    const span = view.to - view.from;
    if (event.key === "ArrowRight") show(view.from + span / 5, view.to + span / 5);
    else if (event.key === "ArrowLeft") show(view.from - span / 5, view.to - span / 5);
    else if (event.key === "ArrowDown") scroll(1);
    else if (event.key === "ArrowUp") scroll(-1);
    else if (event.key === "+") zoom(0.7, (width + left) / 2);
    else if (event.key === "-") zoom(1 / 0.7, (width + left) / 2);
    else return;
    event.preventDefault();
  });
  const jump = event => {
    if (!event.buttons) return;
    const t = (event.offsetX - left) / (overview.clientWidth - left) * runLength, span = view.to - view.from;
    show(t - span / 2, t + span / 2);
  };
  overview.addEventListener("pointerdown", jump);
  overview.addEventListener("pointermove", jump);
  document.getElementById("all").addEventListener("click", () => show(0, runLength));
  return { view, draw, show, rowHeight, left };
})();
