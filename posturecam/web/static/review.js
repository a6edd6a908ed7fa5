import { drawLines } from "./figure.js";
import { keepFocus } from "./focus.js";
import { paintCurve, paintLine, scrubs, shown, tellMoment } from "./review_charts.js";
import { t } from "./texts.js";

(async () => {
  const find = (id) => document.getElementById(id);
  const base = find("review").dataset.session, csrf = document.querySelector("meta[name=csrf]").content;
  const response = await fetch(base + "/review/data");
  if (!response.ok) { find("told").textContent = t("The session cannot be read."); return; }
  const data = await response.json();
  const video = find("video"), drawing = find("drawing"), charts = [find("line"), find("curves")];
  const said = data.review;
  const times = data.t_s.length ? data.t_s : [0];
  const fps = data.fps || (times.length > 1 ? (times.length - 1) / (times[times.length - 1] - times[0]) : 25);
  const step = Math.max(1 / 120, Math.min(0.2, 1 / fps));
  const SIDES = JSON.parse(find("review").dataset.sides);
  let clock = 0, playing = false, ticked = 0, speed = 1, begun = {}, sketch = [], cross = [0.5, 0.5], changed = false;
  let length = data.duration_s || times[times.length - 1] || 1;
  const now = () => (video ? video.currentTime : clock);
  const go = (t_s) => {
    const at = Math.max(0, Math.min(length, t_s));
    if (video) video.currentTime = at; else clock = at;
    paint();
  };
  const touch = () => { changed = true; find("told").textContent = t("Not saved yet."); };
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  /* what is said of the reps */
  const verdictOf = (item, check) => said.verdicts.find((one) => one.item === item && one.check === check);
  const WORDS = { ok: t("right"), fault: t("a fault"), unknown: t("not to be told") };
  const opened = new Map(); /* whose verdicts were opened or closed by hand */
  const setVerdict = (item, check, verdict) => {
    said.verdicts = said.verdicts.filter((one) => one.item !== item || one.check !== check);
    if (verdict) said.verdicts.push({ item, check, verdict });
    touch();
    list();
  };
  const button = (words, act, label) => {
    const one = document.createElement("button");
    one.textContent = words;
    one.dataset.key = label;
    one.setAttribute("aria-label", label);
    one.addEventListener("click", act);
    return one;
  };
  const text = (tag, words, kind) => { const one = document.createElement(tag); one.textContent = words; if (kind) one.className = kind; return one; };
  const nameOf = (one, number) => {
    const values = { name: number, side: SIDES[one.side] };
    if (data.kind === "hold") return one.side ? t("Hold {name}, {side}", values) : t("Hold {name}", values);
    return one.side ? t("Rep {name}, {side}", values) : t("Rep {name}", values);
  };
  const verdictRow = (number, item, check, measured, name) => {
    const line = document.createElement("li"), mine = verdictOf(number, check), choose = document.createElement("select");
    choose.setAttribute("aria-label", t("{item}, {check}: your verdict", { item, check: name }));
    choose.dataset.key = number + " " + check;
    for (const [value, words] of [["", t("as measured: {verdict}", { verdict: WORDS[measured] })], ...Object.entries(WORDS)]) {
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
    const number = index + 1, item = text("li", "", "item"), head = text("div", "", "head"), name = nameOf(one, number);
    const faults = Object.values(one.verdicts).includes("fault");
    const gone = said.deleted.includes(number);
    item.classList.toggle("fault", faults);
    item.classList.toggle("gone", gone);
    const confirm = () => {
      for (const [check, measured] of Object.entries(one.verdicts)) if (!verdictOf(number, check)) said.verdicts.push({ item: number, check, verdict: measured });
      touch();
      list();
    };
    const drop = () => {
      said.deleted = gone ? said.deleted.filter((other) => other !== number) : [...said.deleted, number];
      touch();
      list();
    };
    const score = one.score === null ? "" : " · " + t("Score {score}", { score: Math.round(one.score) });
    head.append(text("b", name), text("span", shown(one.start_s) + score, "quiet"),
      button(t("Confirm"), confirm, t("Confirm as it was measured: {item}", { item: name })),
      button(t("Show"), () => go(one.at_s === null ? one.start_s : one.at_s), t("Show: {item}", { item: name })),
      gone ? button(t("Counts after all"), drop, t("Counts after all: {item}", { item: name })) : button(t("Does not count"), drop, t("Does not count: {item}", { item: name })));
    item.append(head);
    if (gone) return item;
    const details = document.createElement("details"), verdicts = document.createElement("ul"), summary = text("summary", t("Verdicts"));
    summary.dataset.key = "verdicts " + number;
    details.open = opened.has(number) ? opened.get(number) : faults || said.verdicts.some((other) => other.item === number);
    summary.addEventListener("click", () => opened.set(number, !details.open));
    details.append(summary, verdicts);
    const order = Object.entries(one.verdicts).sort((a, b) => (b[1] === "fault") - (a[1] === "fault"));
    for (const [check, measured] of order) verdicts.append(verdictRow(number, name, check, measured, data.checks[check]));
    item.append(details);
    return item;
  };
  const addedWords = (one) => {
    const values = { start: shown(one.start_s), end: shown(one.end_s), side: SIDES[one.side] };
    return one.side ? t("Added: {start} to {end}, {side}", values) : t("Added: {start} to {end}", values);
  };
  const markWords = (one) => {
    const moment = shown(one.t_s);
    return one.points.length === 2 ? t("Line at {moment}", { moment }) : t("Angle of {degrees}° at {moment}", { degrees: angle(one.points), moment });
  };
  const noteOf = ([words, at, remove]) => {
    const line = text("li", words + " ", "mine");
    line.append(button(t("Show"), () => go(at), t("Show: {item}", { item: words })), " ",
      button(t("Remove"), () => { remove(); touch(); list(); }, t("Remove: {item}", { item: words })));
    return line;
  };
  const list = () => {
    keepFocus(find("items"), drawing, () => find("items").replaceChildren(...data.items.map(itemOf)));
    const notes = [
      ...said.added.map((one, index) => [addedWords(one), one.start_s, () => said.added.splice(index, 1)]),
      ...said.comments.map((one, index) => [shown(one.t_s) + ": " + one.text, one.t_s, () => said.comments.splice(index, 1)]),
      ...said.marks.map((one, index) => [markWords(one), one.t_s, () => said.marks.splice(index, 1)]),
    ];
    keepFocus(find("notes"), find("comment"), () => find("notes").replaceChildren(...notes.map(noteOf)));
    paint();
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
    const view = { data, said, now: now(), length }, chosen = data.curves[Number(find("curve").value)];
    const here = data.items.findIndex((one) => one.start_s <= view.now && view.now <= one.end_s);
    const moment = shown(view.now) + (here < 0 ? "" : ", " + nameOf(data.items[here], here + 1));
    paintPicture();
    paintLine(charts[0], view);
    paintCurve(charts[1], view, chosen);
    find("time").textContent = shown(view.now);
    for (const chart of charts) tellMoment(chart, view.now, length, moment);
    find("legend").textContent = chosen && chosen.bands.length ? t("{checks}: shaded is a fault, the dashed line is where right begins.", { checks: chosen.bands.map((band) => band.name).join(", ") }) : "";
    [...find("items").children].forEach((item, index) => item.classList.toggle("now", index === here));
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
  const stop = () => { playing = false; if (video) video.pause(); find("play").textContent = t("Play"); };
  const play = () => {
    if (playing) { stop(); return; }
    playing = true;
    ticked = performance.now();
    find("play").textContent = t("Stop");
    if (now() >= length - 0.05) go(0);
    if (video) { video.playbackRate = speed; video.play().catch(stop); }
    requestAnimationFrame(tick);
  };
  /* a moment after a frame's beginning: right on it, a player may show the one before */
  const frame = (by) => { stop(); go((Math.round(now() / step) + by) * step + (video ? 1e-3 : 0)); };
  const jump = (by) => {
    const starts = data.items.map((one) => one.start_s);
    const next = by > 0 ? starts.find((t_s) => t_s > now() + 0.05) : starts.findLast((t_s) => t_s < now() - 0.05);
    if (next !== undefined) go(next);
  };
  find("play").addEventListener("click", play);
  find("back").addEventListener("click", () => frame(-1));
  find("forth").addEventListener("click", () => frame(1));
  find("speed").addEventListener("change", (event) => { speed = Number(event.target.value); if (video) video.playbackRate = speed; });
  for (const chart of charts) scrubs(chart, { go: (t_s) => { stop(); go(t_s); }, frame, jump, length: () => length });
  addEventListener("keydown", (event) => {
    const writing = event.target.closest("input:not([type=checkbox]), textarea, select"), pressing = event.target.closest("input, button, a, summary");
    if (writing || event.ctrlKey || event.altKey || event.metaKey || (pressing && event.key === " ")) return;
    const act = { " ": play, ",": () => frame(-1), ".": () => frame(1), j: () => jump(-1), k: () => jump(1) }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  if (video) {
    video.addEventListener("loadedmetadata", () => { length = Math.max(video.duration || 0, data.duration_s); paint(); });
    video.addEventListener("seeked", paint);
    if (video.readyState > 0) length = Math.max(video.duration || 0, data.duration_s);
  }
  addEventListener("resize", paint);

  /* saying more */
  const BEGUN = { start_s: (time) => t("Begins at {time}", { time }), at_s: (time) => t("End position at {time}", { time }), end_s: (time) => t("Ends at {time}", { time }) };
  const mark = (name) => {
    begun[name] = now();
    find("adding").textContent = Object.entries(BEGUN).filter(([key]) => key in begun).map(([key, words]) => words(shown(begun[key]))).join(", ");
  };
  find("side").hidden = !data.two_sided;
  find("from").addEventListener("click", () => mark("start_s"));
  if (find("peak")) find("peak").addEventListener("click", () => mark("at_s"));
  find("to").addEventListener("click", () => mark("end_s"));
  find("add").addEventListener("click", () => {
    if (!(begun.start_s < begun.end_s)) { find("adding").textContent = t("Go to where it begins and press “Begins here”, then to where it ends and press “Ends here”."); return; }
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
    find("told").textContent = answer.ok ? t("Saved.") : t("That could not be saved ({status}).", { status: answer.status });
    return answer.ok;
  };
  find("save").addEventListener("click", save);
  if (find("label")) find("label").addEventListener("click", async () => {
    if (!await save()) return;
    const answer = await fetch(base + "/review/label", { method: "POST", headers: { "x-csrf-token": csrf } });
    find("told").textContent = answer.ok ? t("Added. To test the exercise on it: {command}", { command: (await answer.json()).command }) : t("That did not work ({status}).", { status: answer.status });
  });

  data.curves.forEach((one, index) => { const option = text("option", one.label); option.value = String(index); find("curve").append(option); });
  find("curve").addEventListener("change", paint);
  list();
})();
