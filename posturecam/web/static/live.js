import { Feed, Line, closeCamera, openCamera, stayAwake } from "./camera.js";
import { drawBody } from "./figure.js";
import { t } from "./texts.js";
import { choices, speak } from "./voice.js";

const find = (id) => document.getElementById(id);
const stage = find("stage"), video = find("video"), canvas = find("canvas"), veil = find("veil"), film = find("film");
const asked = JSON.parse(stage.dataset.asked);
const SILENT_MS = 2500;
const LOST = t("The connection is lost. Trying again; nothing that was done is lost.");
let line = null, feed = null, room = null, over = false, remote = false, release = () => {}, heard = 0;
/* capture to drawn overlay, milliseconds; kept on the page's own object for measuring */
const delays = [], drawn = {};
window.posturecam = { delays, drawn, shown: 0, state: null, ended: null };

const show = (id, text) => { const one = find(id); if (one.textContent !== text) one.textContent = text; };
const say = (kind, text) => {
  show("spoken", text);
  if (find("voice").checked) speak(kind, text, stage.lang);
};
find("voice").checked = choices().speak;

const begin = async () => {
  find("problem").hidden = true;
  find("begin").disabled = true;
  for (const name of ["person", "pain"]) if (find(name)) asked[name] = find(name).value;
  remote = Boolean(find("phone") && find("phone").checked);
  const back = find("back").checked;
  try {
    if (!remote) await openCamera(video, back, () => veilText(t("The camera was unplugged."), t("Plug it in and load this page again; what was done is saved.")));
  } catch (error) {
    find("begin").disabled = false;
    show("problem", error.message);
    find("problem").hidden = false;
    return;
  }
  find("before").hidden = true;
  stage.hidden = false;
  stage.focus(); /* what was pressed is no longer there: the keyboard goes on from here */
  /* a screen that shows oneself is a mirror, but for the camera at the back of what one holds */
  for (const one of [video, canvas]) one.classList.toggle("mirrored", remote || !back);
  video.hidden = remote;
  if (find("full").checked && stage.requestFullscreen) stage.requestFullscreen().catch(() => {});
  release = stayAwake(() => !over && !stage.hidden);
  line = new Line("/live/socket", () => (room ? { room } : remote ? { ...asked, camera: "phone" } : asked), hear, () => { if (feed) feed.clear(); veilText(LOST); });
  if (remote) { waitForPhone(); setInterval(missing, 500); return; }
  feed = new Feed(video, () => line.socket, () => !over);
  feed.run();
};
const tell = (wish) => line.say({ wish });
const waitForPhone = () => veilText(t("Now the phone"), t("Open “As a camera” on the paired phone and turn its camera on. It has to stay awake, with its page in front."));
const missing = () => {
  if (!over && heard && performance.now() - heard > SILENT_MS && line.socket.readyState === 1) veilText(t("No picture comes from the phone"), t("Is it awake, and its page in front? It is paused; nothing that was done is lost."));
};

/* what comes: text, or with the picture that it is about when that is another browser's */
const hear = (data) => {
  if (typeof data === "string") { heed(JSON.parse(data), null); return; }
  const length = new DataView(data).getUint32(0, true);
  heed(JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length))), new Blob([new Uint8Array(data, 4 + length)], { type: "image/jpeg" }));
};
const heed = (message, picture) => {
  if (message.kind === "room") { room = message.room; find("stage").lang = message.language; if (remote && !message.seeing) waitForPhone(); return; }
  if (message.kind === "end") { end(message); return; }
  for (const [kind, text] of message.says || []) say(kind, text);
  if (message.kind === "step") { find("skip").hidden = find("before-this").hidden = message.of < 2; show("place", message.of < 2 ? "" : t("{number} of {all}", { number: message.number, all: message.of })); demonstrate(null); return; }
  if (message.kind === "camera") { if (!message.on) veilText(t("The phone’s camera is off"), t("Turn it on there to go on; nothing that was done is lost.")); return; }
  if (message.kind === "ready") { if (remote) waitForPhone(); else veilText(t("Step into the picture")); return; }
  if (message.kind === "demonstration") { window.posturecam.state = message; demonstrate(message); return; }
  if (picture) { heard = performance.now(); newest = [message, picture]; paint(); } else shown(message, null);
};
let newest = null, painting = false;
/* of the pictures that come faster than they are drawn only the newest is drawn */
const paint = async () => {
  if (painting) return;
  painting = true;
  while (newest) {
    const [message, picture] = newest;
    newest = null;
    try {
      const image = await createImageBitmap(picture);
      shown(message, image);
    } catch { /* one picture that cannot be shown is only that */ }
  }
  painting = false;
};
const shown = (message, image) => {
  const at = feed ? feed.taken(message.n) : undefined;
  window.posturecam.state = message;
  requestAnimationFrame(() => {
    const width = image ? image.width : video.videoWidth, height = image ? image.height : video.videoHeight;
    if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    if (image) { pen.drawImage(image, 0, 0); image.close(); }
    if (message.kind === "rest") rest(message); else { drawBody(canvas, message.points, message.focus, message.wrong); words(message); }
    window.posturecam.shown += 1;
    if (image) drawn[message.n] = performance.timeOrigin + performance.now();
    if (at !== undefined) { delays.push(performance.now() - at); if (delays.length > 20000) delays.shift(); }
  });
  if (feed) feed.send();
};

const veilText = (text, small, big) => {
  veil.hidden = text === null;
  if (text === null) return;
  veil.replaceChildren();
  if (big) { const number = document.createElement("b"); number.textContent = big; veil.append(number); }
  const main = document.createElement("span"); main.textContent = text; veil.append(main);
  if (small) { const more = document.createElement("small"); more.textContent = small; veil.append(more); }
};
const play = (address) => {
  film.hidden = !address;
  if (address && film.getAttribute("src") !== address) { film.src = address; film.play().catch(() => {}); }
  if (!address) { film.pause(); film.removeAttribute("src"); film.load(); }
};
/* how the exercise that comes is done; null takes it away */
const demonstrate = (message) => {
  find("demo").hidden = !message;
  stage.classList.toggle("showing", Boolean(message));
  play(message && message.film);
  if (!message) return;
  veilText(null);
  show("demo-title", message.title);
  find("demo-steps").replaceChildren(...message.steps.map((text) => { const item = document.createElement("li"); item.textContent = text; return item; }));
  show("demo-more", message.needed);
  /* the panel still shows the exercise before */
  for (const id of ["place", "title", "count", "goal", "phase", "score"]) show(id, "");
  find("fraction").hidden = true;
  find("cue").hidden = true;
  find("skip").hidden = false;
  show("skip", t("Start now"));
};
const rest = (m) => {
  find("cue").hidden = true;
  find("skip").hidden = false;
  show("skip", t("Start now"));
  veilText(null);
  find("demo").hidden = false;
  stage.classList.add("showing");
  play(m.film);
  show("demo-title", t("Rest: {seconds} s", { seconds: seconds(m.rest_s) }));
  find("demo-steps").replaceChildren();
  show("demo-more", [t("Next: {title}.", { title: m.next }), m.more, t("Cross your arms before the chest to stop here; raise your right arm to go on.")].join(" "));
};
const seconds = (value) => String(Math.max(1, Math.ceil(value)));
const PHASES = { rest: t("Ready"), out: t("Go"), end: t("End point"), return: t("Return"), hold: t("Hold") };
const words = (m) => {
  if (!find("demo").hidden) demonstrate(null);
  show("title", m.title);
  const unit = m.hold ? " s" : "";
  const done = m.hold ? Math.floor(m.done) : m.done;
  show("count", String(done) + unit);
  const sides = m.left === null ? "" : t("Left {left}, right {right}.", { left: Math.floor(m.left), right: Math.floor(m.right) }) + " ";
  const goal = m.left === null ? t("of {number}", { number: m.target + unit }) : t("of {number} per side", { number: m.target + unit });
  show("goal", sides + goal + (m.set[1] > 1 ? " · " + t("Set {number} of {all}", { number: m.set[0], all: m.set[1] }) : ""));
  find("fraction").value = m.fraction || 0;
  find("fraction").hidden = m.fraction === null;
  show("phase", PHASES[m.phase] || "");
  show("score", m.score === null ? "" : t("Score {score}", { score: Math.round(m.score) }));
  show("pause", m.screen === "paused" && m.by_key ? t("Go on") : t("Pause"));
  show("skip", m.screen === "resting" ? t("Start now") : t("Next"));
  find("skip").hidden = m.screen !== "resting" && find("before-this").hidden;
  const cue = find("cue");
  cue.hidden = !m.cue;
  if (m.cue) { show("cue", m.cue[1]); cue.classList.toggle("praise", m.cue[0] === "praise"); }
  gesture(m.finishing > 0.15 ? [t("Finishing"), m.finishing] : m.turning ? [m.turning === "right" ? t("Next") : t("Back"), m.turned] : null);
  if (m.screen === "active" || m.screen === "finished") veilText(null);
  else if (m.screen === "framing") veilText(m.guidance || t("Get into position"), m.guidance ? m.camera : m.steps.join(" "));
  else if (m.screen === "countdown") veilText(t("Good, hold still"), "", seconds(m.wait_s || 0));
  else if (m.screen === "paused") veilText(m.by_key ? t("Paused") : m.wait_s !== null ? t("going on") : m.guidance || t("Get back into position"), m.by_key ? t("Press the button, or get up and come back, to go on") : "", m.wait_s !== null ? seconds(m.wait_s) : "");
  else if (m.screen === "resting") veilText(t("Rest"), t("Then the next set"), seconds(m.rest_s || 0));
};
const gesture = (seen) => {
  find("finishing").hidden = !seen;
  if (!seen) return;
  show("finishing-name", seen[0]);
  find("finishing-meter").value = seen[1];
};

const end = (message) => {
  over = true;
  window.posturecam.ended = message;
  line.close();
  release();
  closeCamera(video);
  play(null);
  if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  stage.hidden = true;
  find("before").hidden = true;
  find("after").hidden = false;
  find("after").focus();
  find("summaries").replaceChildren(...message.summaries.map((text) => { const item = document.createElement("li"); item.textContent = text; return item; }));
  const problem = message.problem || (message.sessions.length ? "" : t("Nothing was counted, so nothing was saved."));
  show("after-problem", problem);
  find("after-problem").hidden = !problem;
  if (message.summaries.length) say("stage", message.summaries.length === 1 ? message.summaries[0] : t("{number} exercises done.", { number: message.summaries.length }));
  const last = message.sessions[message.sessions.length - 1];
  if (!last) return;
  const link = find("to-report");
  link.href = "/sessions/" + encodeURIComponent(last);
  link.hidden = false;
  find("after-sessions").value = message.sessions.join(" ");
  find("after-pain").hidden = false;
  /* whoever told nothing before is not held up by the question */
  if (message.sessions.length === 1 && !problem && !asked.pain) setTimeout(() => { location.assign(link.href); }, 2500);
};

const skip = () => {
  const state = window.posturecam.state, now = state && (state.kind !== "frame" || state.screen === "resting");
  tell(now ? "skip" : "next");
};
find("begin").addEventListener("click", begin);
find("begin").disabled = false; /* pressed before now it would do nothing */
find("pause").addEventListener("click", () => tell("pause"));
find("skip").addEventListener("click", skip);
find("before-this").addEventListener("click", () => tell("back"));
find("finish").addEventListener("click", () => { find("finish").disabled = true; tell("finish"); });
find("fill").addEventListener("click", () => { if (document.fullscreenElement) document.exitFullscreen(); else stage.requestFullscreen().catch(() => {}); });
find("fill").hidden = !stage.requestFullscreen;
addEventListener("keydown", (event) => {
  if (stage.hidden || event.ctrlKey || event.altKey || event.metaKey || (event.key === " " && event.target.closest("button"))) return;
  const act = { " ": () => tell("pause"), n: skip, b: () => tell("back"), q: () => tell("finish") }[event.key];
  if (act) { event.preventDefault(); act(); }
});
