import { drawLines } from "./figure.js";

(async () => {
  const find = (id) => document.getElementById(id);
  const base = find("review").dataset.session, csrf = document.querySelector("meta[name=csrf]").content;
  const response = await fetch(base + "/review/data");
  if (!response.ok) { find("told").textContent = "The session cannot be read."; return; }
  const data = await response.json();
  const video = find("video"), drawing = find("drawing"), seek = find("seek");
  const said = data.review;
  const times = data.t_s.length ? data.t_s : [0];
  const fps = times.length > 1 ? (times.length - 1) / (times[times.length - 1] - times[0]) : 25;
  const step = Math.max(1 / 60, Math.min(0.2, 1 / fps));
  let clock = 0, playing = false, ticked = 0, speed = 1, begun = {}, sketch = [], cross = [0.5, 0.5], changed = false;
  let length = data.duration_s || times[times.length - 1] || 1;
  const now = () => (video ? video.currentTime : clock);
  const go = (t_s) => {
    const at = Math.max(0, Math.min(length, t_s));
    if (video) video.currentTime = at; else clock = at;
    paint();
  };
  const shown = (t_s) => t_s.toFixed(2) + " s";
  const touch = () => { changed = true; find("told").textContent = "Not saved yet."; };
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  /* what is said of the reps */
  const verdictOf = (item, check) => said.verdicts.find((one) => one.item === item && one.check === check);
  const WORDS = { ok: "right", fault: "fault", unknown: "cannot be told" };
  const setVerdict = (item, check, verdict) => {
    said.verdicts = said.verdicts.filter((one) => one.item !== item || one.check !== check);
    if (verdict) said.verdicts.push({ item, check, verdict });
    touch();
    list();
  };
  const button = (text, act, label) => {
    const one = document.createElement("button");
    one.textContent = text;
    if (label) one.setAttribute("aria-label", label);
    one.addEventListener("click", act);
    return one;
  };
  const text = (tag, words, kind) => { const one = document.createElement(tag); one.textContent = words; if (kind) one.className = kind; return one; };
  const verdictRow = (number, check, measured, name) => {
    const line = document.createElement("li"), mine = verdictOf(number, check), choose = document.createElement("select");
    choose.setAttribute("aria-label", name + " of " + number + ": your verdict");
    for (const [value, words] of [["", "as measured: " + WORDS[measured]], ["ok", "right"], ["fault", "fault"], ["unknown", "cannot be told"]]) {
      const option = text("option", words);
      option.value = value;
      option.selected = value === (mine ? mine.verdict : "");
      choose.append(option);
    }
    choose.addEventListener("change", () => setVerdict(number, check, choose.value));
    line.append(text("span", name, mine ? "mine" : ""), choose);
    return line;
  };
  const itemOf = (one, index) => {
    const number = index + 1, item = text("li", "", "item"), head = text("div", "", "head");
    const faults = Object.values(one.verdicts).includes("fault");
    const gone = said.deleted.includes(number);
    item.classList.toggle("fault", faults);
    item.classList.toggle("gone", gone);
    item.dataset.start = one.start_s;
    const name = (data.kind === "hold" ? "Hold " : "Rep ") + number + (one.side ? ", " + one.side : "");
    head.append(text("b", name), text("span", shown(one.start_s) + (one.score === null ? "" : " · score " + Math.round(one.score)), "quiet"),
      button("Confirm", () => { for (const [check, measured] of Object.entries(one.verdicts)) if (!verdictOf(number, check)) said.verdicts.push({ item: number, check, verdict: measured }); touch(); list(); }, "Confirm " + name + " as it was measured"),
      button("Show", () => go(one.at_s === null ? one.start_s : one.at_s), "Show " + name),
      button(gone ? "Keep it" : "Is none", () => { said.deleted = gone ? said.deleted.filter((other) => other !== number) : [...said.deleted, number]; touch(); list(); },
        (gone ? "Keep " : "Delete ") + name));
    item.append(head);
    if (gone) return item;
    const details = document.createElement("details"), verdicts = document.createElement("ul");
    details.open = faults || said.verdicts.some((other) => other.item === number);
    details.append(text("summary", "Verdicts"), verdicts);
    const order = Object.entries(one.verdicts).sort((a, b) => (b[1] === "fault") - (a[1] === "fault"));
    for (const [check, measured] of order) verdicts.append(verdictRow(number, check, measured, data.checks[check]));
    item.append(details);
    return item;
  };
  const list = () => {
    find("items").replaceChildren(...data.items.map(itemOf));
    const notes = [
      ...said.added.map((one, index) => ["Added: " + shown(one.start_s) + " to " + shown(one.end_s) + (one.side ? ", " + one.side : ""), one.start_s, () => said.added.splice(index, 1)]),
      ...said.comments.map((one, index) => [shown(one.t_s) + ": " + one.text, one.t_s, () => said.comments.splice(index, 1)]),
      ...said.marks.map((one, index) => [(one.points.length === 2 ? "Line" : "Angle " + angle(one.points) + "°") + " at " + shown(one.t_s), one.t_s, () => said.marks.splice(index, 1)]),
    ];
    find("notes").replaceChildren(...notes.map(([words, at, remove]) => {
      const line = text("li", words + " ", "mine");
      line.append(button("Show", () => go(at), "Show " + words), " ", button("Remove", () => { remove(); touch(); list(); }, "Remove " + words));
      return line;
    }));
    paint();
  };

  /* timeline and curves */
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const fit = (canvas, height) => {
    const scale = devicePixelRatio || 1, width = canvas.clientWidth;
    if (canvas.width !== Math.round(width * scale)) { canvas.width = Math.round(width * scale); canvas.height = Math.round(height * scale); canvas.style.height = height + "px"; }
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = "13px system-ui, sans-serif";
    return [pen, width];
  };
  const cursor = (pen, width, height) => { pen.fillStyle = colour("--ink"); pen.fillRect(now() / length * width - 1, 0, 2, height); };
  const paintLine = () => {
    const [pen, width] = fit(find("line"), 64);
    const x = (t_s) => t_s / length * width;
    const box = (from, to, top, tall, fill, words) => {
      pen.fillStyle = fill;
      pen.fillRect(x(from), top, Math.max(2, x(to) - x(from)), tall);
      if (words && x(to) - x(from) > 14) { pen.fillStyle = colour("--on"); pen.fillText(words, x(from) + 4, top + tall - 7); }
    };
    data.items.forEach((one, index) => {
      const gone = said.deleted.includes(index + 1);
      box(one.start_s, one.end_s, 6, 24, gone ? colour("--line") : Object.values(one.verdicts).includes("fault") ? colour("--fault") : colour("--good"), String(index + 1));
    });
    for (const [from, to] of data.attempts) box(from, to, 12, 12, colour("--unknown"));
    for (const one of said.added) box(one.start_s, one.end_s, 36, 18, colour("--accent"), "+");
    for (const one of said.comments) box(one.t_s, one.t_s, 36, 24, colour("--ink"));
    cursor(pen, width, 64);
  };
  const paintCurve = () => {
    const tall = 220, [pen, width] = fit(find("curves"), tall), chosen = data.curves[Number(find("curve").value)];
    if (!chosen) return;
    const values = chosen.values.filter((value) => value !== null);
    const limits = chosen.bands.flatMap((band) => [...band.ok, ...band.fault]).filter((value) => value !== null);
    const low = Math.min(...values, ...limits), high = Math.max(...values, ...limits), room = (high - low || 1) * 0.06;
    const y = (value) => tall - 6 - (value - low + room) / (high - low + 2 * room) * (tall - 12);
    const x = (t_s) => t_s / length * width;
    for (const band of chosen.bands) {
      pen.fillStyle = colour("--fault-pale");
      if (band.fault[0] !== null) pen.fillRect(0, y(band.fault[0]), width, tall - y(band.fault[0]));
      if (band.fault[1] !== null) pen.fillRect(0, 0, width, y(band.fault[1]));
    }
    pen.setLineDash([5, 5]);
    pen.strokeStyle = colour("--good");
    for (const value of chosen.bands.flatMap((band) => band.ok)) if (value !== null) { pen.beginPath(); pen.moveTo(0, y(value)); pen.lineTo(width, y(value)); pen.stroke(); }
    pen.setLineDash([]);
    pen.strokeStyle = colour("--ink");
    pen.lineWidth = 1.6;
    pen.beginPath();
    let down = false;
    chosen.values.forEach((value, index) => {
      if (value === null) { down = false; return; }
      if (down) pen.lineTo(x(times[index]), y(value)); else pen.moveTo(x(times[index]), y(value));
      down = true;
    });
    pen.stroke();
    cursor(pen, width, tall);
    const at = Math.max(0, times.findLastIndex((t_s) => t_s <= now() + 1e-3)), value = chosen.values[at];
    pen.fillStyle = colour("--ink");
    pen.fillText(value === null ? "not measured" : String(Math.round(value * 10) / 10), Math.min(width - 90, x(now()) + 6), 16);
    find("legend").textContent = chosen.bands.map((band) => band.name).join(", ") + (chosen.bands.length ? ": shaded is fault, the dashed line is where right begins." : "");
  };

  /* the picture: lines on the video, or the body where there is none */
  const angle = ([a, b, c]) => {
    const [w, h] = [drawing.width, drawing.height];
    const one = Math.atan2((a[1] - b[1]) * h, (a[0] - b[0]) * w), two = Math.atan2((c[1] - b[1]) * h, (c[0] - b[0]) * w);
    const turn = Math.abs(one - two) * 180 / Math.PI;
    return Math.round(turn > 180 ? 360 - turn : turn);
  };
  const paintPicture = () => {
    const [w, h] = video && video.videoWidth ? [video.videoWidth, video.videoHeight] : data.size;
    if (drawing.width !== w || drawing.height !== h) { drawing.width = w; drawing.height = h; }
    const pen = drawing.getContext("2d");
    pen.clearRect(0, 0, w, h);
    pen.lineCap = "round";
    if (!video) {
      const at = data.pose_t_s.findLastIndex((t_s) => t_s <= clock + 1e-3), body = data.poses[Math.max(0, at)];
      drawLines(drawing, body);
    }
    const near = said.marks.filter((one) => Math.abs(one.t_s - now()) < step * 0.75).map((one) => one.points);
    pen.strokeStyle = pen.fillStyle = "#ffd34d";
    pen.lineWidth = Math.max(2, h / 160);
    pen.font = Math.round(h / 18) + "px system-ui, sans-serif";
    if (document.activeElement === drawing && Number(find("tool").value)) {
      const [x, y] = [cross[0] * w, cross[1] * h], arm = h / 30;
      pen.beginPath(); pen.moveTo(x - arm, y); pen.lineTo(x + arm, y); pen.moveTo(x, y - arm); pen.lineTo(x, y + arm); pen.stroke();
    }
    for (const points of [...near, sketch]) {
      pen.beginPath();
      points.forEach((point, index) => { if (index) pen.lineTo(point[0] * w, point[1] * h); else pen.moveTo(point[0] * w, point[1] * h); });
      pen.stroke();
      if (points.length === 3) pen.fillText(angle(points) + "°", points[1][0] * w + 8, points[1][1] * h - 8);
    }
  };
  const paint = () => {
    paintPicture();
    paintLine();
    paintCurve();
    seek.value = now();
    find("time").textContent = shown(now());
    for (const item of find("items").children) {
      const one = data.items[[...find("items").children].indexOf(item)];
      item.classList.toggle("now", one.start_s <= now() && now() <= one.end_s);
    }
  };
  /* a point of the line or angle that is being drawn, as shares of the picture; the last one completes it */
  const point = (at) => {
    const needed = Number(find("tool").value);
    if (!needed) return;
    sketch.push(at);
    if (sketch.length === needed) { said.marks.push({ t_s: now(), points: sketch }); sketch = []; touch(); list(); }
    paint();
  };
  drawing.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!Number(find("tool").value) || !(move || event.key === "Enter" || event.key === "Escape")) return;
    event.preventDefault();
    const pace = event.shiftKey ? 0.002 : 0.02;
    if (move) cross = cross.map((value, axis) => Math.max(0, Math.min(1, value + move[axis] * pace)));
    else if (event.key === "Enter") point([...cross]);
    else sketch = [];
    paint();
  });
  drawing.addEventListener("blur", paint);
  drawing.addEventListener("focus", paint);
  find("tool").addEventListener("change", () => { sketch = []; paint(); });
  drawing.addEventListener("pointerdown", (event) => {
    if (!Number(find("tool").value)) return;
    const box = drawing.getBoundingClientRect();
    const scale = Math.min(box.width / drawing.width, box.height / drawing.height);
    const left = box.left + (box.width - drawing.width * scale) / 2, top = box.top + (box.height - drawing.height * scale) / 2;
    point([(event.clientX - left) / (drawing.width * scale), (event.clientY - top) / (drawing.height * scale)]);
  });

  /* playing */
  const tick = (at) => {
    if (!playing) return;
    if (!video) {
      clock += (at - ticked) / 1000 * speed;
      ticked = at;
      if (clock >= length) { clock = length; stop(); }
    } else if (video.ended) stop();
    paint();
    requestAnimationFrame(tick);
  };
  const stop = () => { playing = false; if (video) video.pause(); find("play").textContent = "Play"; };
  const play = () => {
    if (playing) { stop(); return; }
    playing = true;
    ticked = performance.now();
    find("play").textContent = "Stop";
    if (now() >= length - 0.05) go(0);
    if (video) { video.playbackRate = speed; video.play().catch(stop); }
    requestAnimationFrame(tick);
  };
  const frame = (by) => { stop(); go(now() + by * step); };
  const jump = (by) => {
    const starts = data.items.map((one) => one.start_s);
    const next = by > 0 ? starts.find((t_s) => t_s > now() + 0.05) : starts.findLast((t_s) => t_s < now() - 0.05);
    if (next !== undefined) go(next);
  };
  find("play").addEventListener("click", play);
  find("back").addEventListener("click", () => frame(-1));
  find("forth").addEventListener("click", () => frame(1));
  find("speed").addEventListener("change", (event) => { speed = Number(event.target.value); if (video) video.playbackRate = speed; });
  seek.addEventListener("input", () => go(Number(seek.value)));
  for (const id of ["line", "curves"]) find(id).addEventListener("pointerdown", (event) => go(event.offsetX / find(id).clientWidth * length));
  addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select, button, a, summary, canvas")) return;
    const act = { " ": play, ",": () => frame(-1), ".": () => frame(1), j: () => jump(-1), k: () => jump(1) }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  if (video) {
    video.addEventListener("loadedmetadata", () => { length = Math.max(video.duration || 0, data.duration_s); seek.max = length; paint(); });
    video.addEventListener("seeked", paint);
    if (video.readyState > 0) length = Math.max(video.duration || 0, data.duration_s);
  }
  addEventListener("resize", paint);

  /* saying more */
  const mark = (name, words) => { begun[name] = now(); find("adding").textContent = Object.entries(begun).map(([key, t_s]) => key.replace("_s", "") + " " + shown(t_s)).join(", ") + words; };
  find("side").hidden = !data.two_sided;
  find("from").addEventListener("click", () => mark("start_s", ""));
  if (find("peak")) find("peak").addEventListener("click", () => mark("at_s", ""));
  find("to").addEventListener("click", () => mark("end_s", ""));
  find("add").addEventListener("click", () => {
    if (!(begun.start_s < begun.end_s)) { find("adding").textContent = "Go to where it begins and press Begins here, then to where it ends and press Ends here."; return; }
    const at_s = begun.at_s >= begun.start_s && begun.at_s <= begun.end_s ? begun.at_s : null;
    said.added.push({ start_s: begun.start_s, end_s: begun.end_s, at_s, side: data.two_sided ? find("side").value : null });
    begun = {};
    find("adding").textContent = "";
    touch();
    list();
  });
  find("add-comment").addEventListener("click", () => {
    const words = find("comment").value.trim();
    if (!words) return;
    said.comments.push({ t_s: now(), text: words });
    find("comment").value = "";
    touch();
    list();
  });
  find("reviewer").value = find("reviewer").value || said.reviewer;
  find("complete").checked = said.complete;
  find("reviewer").addEventListener("input", touch);
  find("complete").addEventListener("change", touch);
  const save = async () => {
    const kept = { ...said, reviewer: find("reviewer").value, complete: find("complete").checked };
    const answer = await fetch(base + "/review", { method: "PUT", headers: { "x-csrf-token": csrf, "content-type": "application/json" }, body: JSON.stringify(kept) });
    changed = !answer.ok;
    find("told").textContent = answer.ok ? "Saved." : "That could not be saved (" + answer.status + ").";
    return answer.ok;
  };
  find("save").addEventListener("click", save);
  if (find("label")) find("label").addEventListener("click", async () => {
    if (!await save()) return;
    const answer = await fetch(base + "/review/label", { method: "POST", headers: { "x-csrf-token": csrf } });
    find("told").textContent = answer.ok ? "Added. To test the exercise on it: " + (await answer.json()).command : "That did not work (" + answer.status + ").";
  });

  data.curves.forEach((one, index) => { const option = text("option", one.label); option.value = String(index); find("curve").append(option); });
  find("curve").addEventListener("change", paint);
  seek.max = length;
  list();
})();
