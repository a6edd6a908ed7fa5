import { decimals, t } from "./texts.js";
import { drawLines } from "./figure.js";

const find = (id) => document.getElementById(id);
const box = find("compare"), seek = find("seek");
const later = box.dataset.later, earlier = box.dataset.earlier;
const json = async (path) => (await fetch(path)).json();
const { knots } = await json(later + "/compare/data?with=" + encodeURIComponent(earlier.split("/").pop()));
const APART_S = 0.12, STEP_S = 0.05;

/* seconds in the later session for seconds in the earlier one: evenly between two pairs, at the same pace outside of them */
const inStep = (t_s) => {
  if (!knots.length || t_s <= knots[0][0]) return Math.max(0, t_s + (knots.length ? knots[0][1] - knots[0][0] : 0));
  const after = knots.findIndex(([t]) => t > t_s);
  if (after < 0) { const [a, b] = knots[knots.length - 1]; return b + t_s - a; }
  const [[a0, b0], [a1, b1]] = [knots[after - 1], knots[after]];
  return b0 + (t_s - a0) / (a1 - a0) * (b1 - b0);
};

/* a video, or the body drawn where none was kept; both are asked for their time and told it */
const filmed = (video) => ({
  ready: video.readyState > 0 ? Promise.resolve() : new Promise((done) => { video.addEventListener("loadedmetadata", done, { once: true }); video.addEventListener("error", done, { once: true }); }),
  length: () => video.duration || 0,
  time: () => video.currentTime,
  show: (t_s) => { video.currentTime = Math.min(t_s, video.duration || 0); },
  follow: (t_s, rate) => {
    if (Math.abs(video.currentTime - t_s) > APART_S) video.currentTime = Math.min(t_s, video.duration || 0);
    video.playbackRate = Math.max(0.1, Math.min(8, rate));
    if (video.paused && t_s < video.duration) video.play().catch(() => {});
  },
  stop: () => video.pause(),
});
const drawn = (canvas, path) => {
  let data = null, at = 0;
  const show = (t_s) => {
    at = t_s;
    if (!data || !data.poses.length) return;
    [canvas.width, canvas.height] = data.size;
    const row = Math.max(0, data.pose_t_s.findLastIndex((one) => one <= t_s + 1e-3));
    drawLines(canvas, data.poses[row]);
  };
  return {
    ready: json(path + "/review/data").then((found) => { data = found; show(0); }),
    length: () => (data && data.pose_t_s.length ? data.pose_t_s[data.pose_t_s.length - 1] : 0),
    time: () => at, show, follow: show, stop: () => {},
  };
};
const [one, other] = [earlier, later].map((path, side) => {
  const element = box.querySelector(`[data-side="${side}"]`);
  return element.tagName === "VIDEO" ? filmed(element) : drawn(element, path);
});
await Promise.all([one.ready, other.ready]);

let playing = false, speed = 1, clock = 0, ticked = 0;
const length = Math.max(one.length(), 1);
seek.max = length;
const label = () => {
  seek.value = clock;
  const words = t("{first} s and {second} s", { first: decimals(clock, 1), second: decimals(inStep(clock), 1) });
  find("time").textContent = words;
  seek.setAttribute("aria-valuetext", words);
  window.posturecam = { times: [one.time(), other.time()], wanted: [clock, inStep(clock)] };
};
const go = (t_s) => {
  clock = Math.max(0, Math.min(length, t_s));
  one.show(clock);
  other.show(inStep(clock));
  label();
};
const stop = () => { playing = false; one.stop(); other.stop(); find("play").textContent = t("Play"); };
const tick = (now) => {
  if (!playing) return;
  clock += (now - ticked) / 1000 * speed;
  ticked = now;
  if (clock >= length) { stop(); go(length); return; }
  one.follow(clock, speed);
  other.follow(inStep(clock), speed * (inStep(clock + STEP_S) - inStep(clock)) / STEP_S);
  label();
  requestAnimationFrame(tick);
};
const play = () => {
  if (playing) { stop(); go(clock); return; } /* what stands still stands in step to the frame */
  if (clock >= length - 0.05) go(0);
  playing = true;
  ticked = performance.now();
  find("play").textContent = t("Stop");
  requestAnimationFrame(tick);
};
const jump = (by) => {
  const times = knots.map(([t_s]) => t_s);
  const next = by > 0 ? times.find((t_s) => t_s > clock + 0.05) : times.findLast((t_s) => t_s < clock - 0.05);
  go(next === undefined ? (by > 0 ? length : 0) : next);
};
find("play").addEventListener("click", play);
find("back").addEventListener("click", () => { stop(); jump(-1); });
find("forth").addEventListener("click", () => { stop(); jump(1); });
find("speed").addEventListener("change", (event) => { speed = Number(event.target.value); });
seek.addEventListener("input", () => { stop(); go(Number(seek.value)); });
go(knots.length ? knots[0][0] : 0);
