import { decimals, t } from "./texts.js";

/* the time line of the reps and the curve of a measure: both are drawn over the same seconds, and both go where they are touched */
const GUTTER = 54, LINE_TALL = 84, CURVE_TALL = 240, FOOT = 20, NEAR_TICKS = 64;
const SECONDS = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600];
const SIZES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 45, 90];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const shown = (t_s) => decimals(t_s, 2) + " s";
/* lengths are told in per cent of the torso, as in the report */
const valueText = (value, unit) => (unit === "degrees" ? decimals(value, 0) + "°" : decimals(value * 100, 0) + " %").replace("-", "−");
const clock = (t_s) => (t_s < 60 ? decimals(t_s, t_s % 1 ? 1 : 0) : Math.floor(t_s / 60) + ":" + String(Math.round(t_s % 60)).padStart(2, "0"));

const fit = (canvas, height) => {
  const scale = devicePixelRatio || 1, width = canvas.clientWidth;
  if (canvas.width !== Math.round(width * scale)) { canvas.width = Math.round(width * scale); canvas.height = Math.round(height * scale); canvas.style.height = height + "px"; }
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.font = "13px system-ui, sans-serif";
  pen.textAlign = "left";
  return [pen, width];
};
const place = (width, length) => (t_s) => GUTTER + t_s / length * (width - GUTTER - 1);
const cursor = (pen, x, top, bottom) => { pen.fillStyle = colour("--ink"); pen.fillRect(x - 1, top, 2, bottom - top); };
const seconds = (pen, width, length, bottom) => {
  const x = place(width, length), every = SECONDS.find((one) => one / length * (width - GUTTER) >= NEAR_TICKS) || SECONDS[SECONDS.length - 1];
  for (let t_s = 0; t_s <= length; t_s += every) {
    const at = x(t_s), words = clock(t_s);
    pen.fillStyle = colour("--line");
    pen.fillRect(at, 0, 1, bottom);
    pen.fillStyle = colour("--muted");
    if (at + pen.measureText(words).width + 4 < width) pen.fillText(words, at + 4, bottom + 14);
  }
};

/* view: data of the session, what was said, the moment and the whole length in seconds */
export const paintLine = (canvas, { data, said, now, length }) => {
  const [pen, width] = fit(canvas, LINE_TALL), x = place(width, length), bottom = LINE_TALL - FOOT;
  seconds(pen, width, length, bottom);
  const box = (from, to, top, tall, fill, words) => {
    pen.fillStyle = fill;
    pen.fillRect(x(from), top, Math.max(2, x(to) - x(from)), tall);
    if (words && x(to) - x(from) > pen.measureText(words).width + 6) { pen.fillStyle = colour("--on"); pen.fillText(words, x(from) + 4, top + tall - 7); }
  };
  data.items.forEach((one, index) => {
    const gone = said.deleted.includes(index + 1), fault = Object.values(one.verdicts).includes("fault");
    box(one.start_s, one.end_s, 6, 24, gone ? colour("--unknown") : fault ? colour("--fault") : colour("--good"), index + 1 + (gone ? " ×" : fault ? " !" : ""));
  });
  for (const [from, to] of data.attempts) box(from, to, 12, 12, colour("--unknown"));
  for (const one of said.added) box(one.start_s, one.end_s, 36, 20, colour("--accent"), "+");
  for (const one of said.comments) box(one.t_s, one.t_s, 36, 24, colour("--ink"));
  cursor(pen, x(now), 0, bottom);
};

/* the measure's values over the time, with the bands of right and fault */
export const paintCurve = (canvas, { data, now, length }, chosen) => {
  const [pen, width] = fit(canvas, CURVE_TALL), x = place(width, length), bottom = CURVE_TALL - FOOT;
  if (!chosen) return;
  const values = chosen.values.filter((value) => value !== null);
  const limits = chosen.bands.flatMap((band) => [...band.ok, ...band.fault]).filter((value) => value !== null);
  const low = Math.min(...values, ...limits), high = Math.max(...values, ...limits), room = (high - low || 1) * 0.06;
  const y = (value) => bottom - (value - low + room) / (high - low + 2 * room) * bottom;
  for (const band of chosen.bands) {
    pen.fillStyle = colour("--fault-pale");
    if (band.fault[0] !== null) pen.fillRect(GUTTER, y(band.fault[0]), width - GUTTER, bottom - y(band.fault[0]));
    if (band.fault[1] !== null) pen.fillRect(GUTTER, 0, width - GUTTER, y(band.fault[1]));
  }
  seconds(pen, width, length, bottom);
  const size = SIZES.find((one) => (high - low) / one <= 5) || 180;
  pen.fillStyle = colour("--muted");
  pen.textAlign = "right";
  for (let value = Math.ceil(low / size) * size; value <= high + 1e-9; value += size) pen.fillText(valueText(value, chosen.unit), GUTTER - 6, Math.min(bottom, Math.max(12, y(value) + 5)));
  pen.textAlign = "left";
  pen.setLineDash([5, 5]);
  pen.strokeStyle = colour("--good");
  for (const value of chosen.bands.flatMap((band) => band.ok)) if (value !== null) { pen.beginPath(); pen.moveTo(GUTTER, y(value)); pen.lineTo(width, y(value)); pen.stroke(); }
  pen.setLineDash([]);
  pen.strokeStyle = colour("--ink");
  pen.lineWidth = 1.6;
  pen.beginPath();
  let down = false;
  chosen.values.forEach((value, index) => {
    if (value === null) { down = false; return; }
    if (down) pen.lineTo(x(data.t_s[index]), y(value)); else pen.moveTo(x(data.t_s[index]), y(value));
    down = true;
  });
  pen.stroke();
  cursor(pen, x(now), 0, bottom);
  const value = chosen.values[Math.max(0, data.t_s.findLastIndex((t_s) => t_s <= now + 1e-3))];
  const words = value === null ? t("not measured") : valueText(value, chosen.unit), wide = pen.measureText(words).width + 10;
  const left = x(now) + 4 + wide > width ? x(now) - 4 - wide : x(now) + 4;
  pen.fillStyle = colour("--ink");
  pen.fillRect(left, 4, wide, 20);
  pen.fillStyle = colour("--card");
  pen.fillText(words, left + 5, 19);
};

/* a chart goes to the moment where it is touched or dragged, and by keys: frame by frame, and from rep to rep */
export const scrubs = (canvas, { go, frame, jump, length }) => {
  const moment = (event) => (event.offsetX - GUTTER) / (canvas.clientWidth - GUTTER - 1) * length();
  let dragged = false;
  canvas.addEventListener("pointerdown", (event) => { dragged = true; canvas.setPointerCapture(event.pointerId); go(moment(event)); });
  canvas.addEventListener("pointermove", (event) => { if (dragged) go(moment(event)); });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { dragged = false; });
  canvas.addEventListener("keydown", (event) => {
    const act = {
      ArrowLeft: () => frame(-1), ArrowDown: () => frame(-1), ArrowRight: () => frame(1), ArrowUp: () => frame(1),
      PageDown: () => jump(-1), PageUp: () => jump(1), Home: () => go(0), End: () => go(length()),
    }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
};
/* what a reader of the screen is told of it */
export const tellMoment = (canvas, now, length, words) => {
  const told = { valuemin: 0, valuemax: length.toFixed(2), valuenow: now.toFixed(2), valuetext: words };
  for (const [name, value] of Object.entries(told)) canvas.setAttribute("aria-" + name, value);
};
