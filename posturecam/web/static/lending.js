import { Feed, Line, closeCamera, openCamera, stayAwake } from "./camera.js";
import { t } from "./texts.js";

const find = (id) => document.getElementById(id);
const video = find("video");
const WORDS = {
  idle: t("The camera is on. The computer does not look yet: begin an exercise there, with this phone as the camera."),
  watched: t("The computer is looking. Put the phone down so that your whole body is in the picture."),
};
let line = null, feed = null, watched = false, release = () => {};
const sent = {};
window.posturecam = { sent, watched: false };

const tell = (text) => { find("told").textContent = text; };
const watch = (on) => {
  watched = window.posturecam.watched = on;
  tell(on ? WORDS.watched : WORDS.idle);
};
const hear = (data) => {
  const message = JSON.parse(data);
  if (message.kind === "taken") {
    const at = feed.taken(message.n);
    if (at !== undefined) sent[message.n] = performance.timeOrigin + at;
    feed.send();
  } else watch(message.kind === "watched");
};
const lost = (code) => {
  watched = window.posturecam.watched = false;
  feed.clear();
  if (code === 4403) { stop(t("The computer has ended the connection. Scan a new code there.")); return; }
  tell(t("The connection is lost. Trying again."));
};
const begin = async () => {
  find("problem").hidden = true;
  try {
    await openCamera(video, find("back").checked, () => stop(t("The camera was switched off.")));
  } catch (error) {
    find("problem").textContent = error.message;
    find("problem").hidden = false;
    return;
  }
  find("before").hidden = true;
  find("on").hidden = false;
  find("on").focus(); /* what was pressed is no longer there: the keyboard goes on from here */
  watch(false);
  release = stayAwake(() => Boolean(video.srcObject));
  feed = new Feed(video, () => line.socket, () => watched);
  line = new Line("/lending/socket", () => ({}), hear, lost);
  feed.run();
};
const stop = (why) => {
  if (line) line.close();
  release();
  closeCamera(video);
  find("on").hidden = true;
  find("before").hidden = false;
  find("begin").focus();
  find("problem").textContent = why;
  find("problem").hidden = !why;
};
find("begin").addEventListener("click", begin);
find("begin").disabled = false; /* pressed before now it would do nothing */
find("stop").addEventListener("click", () => stop(""));
