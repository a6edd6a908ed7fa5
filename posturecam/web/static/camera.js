import { t } from "./texts.js";

/* this browser's camera: opened, kept awake, and its pictures sent one at a time */
const LONGEST_SIDE = 640, QUALITY = 0.8, LATE_MS = 2500;
const WORDS = {
  NotAllowedError: t("The browser may not use the camera: allow it beside the address, and try again."),
  NotFoundError: t("No camera was found: plug one in, and try again."),
  NotReadableError: t("Another program is using the camera: close it, and try again."),
};

/* shows the camera in a video element; what went wrong is thrown as an Error whose message is for people */
export const openCamera = async (video, back, ended) => {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: {
      width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, facingMode: back ? "environment" : "user" } });
    stream.getVideoTracks()[0].addEventListener("ended", ended);
    video.srcObject = stream;
    await video.play();
  } catch (error) {
    throw new Error(WORDS[error.name] || t("The camera cannot be used ({error}).", { error: error.name }));
  }
};
export const closeCamera = (video) => {
  for (const track of video.srcObject ? video.srcObject.getTracks() : []) track.stop();
  video.srcObject = null;
};

/* keeps the screen on while `wanted` says so; a browser that cannot is not a failure */
export const stayAwake = (wanted) => {
  let lock = null;
  const ask = async () => {
    if (document.hidden || !wanted()) return;
    try { lock = await navigator.wakeLock.request("screen"); } catch { lock = null; }
  };
  document.addEventListener("visibilitychange", ask);
  ask();
  return () => { if (lock) lock.release().catch(() => {}); };
};

/* one picture is on its way at a time: the next is taken when the answer has been shown, so that it is the newest there is;
   the same picture is not judged twice */
export class Feed {
  constructor(video, socket, wanted) {
    this.video = video;
    this.socket = socket;
    this.wanted = wanted;
    this.flying = new Map();
    this.number = 0;
    this.busy = false;
    this.fresh = false;
    this.small = document.createElement("canvas");
  }
  clear() { this.flying.clear(); }
  /* when picture n was taken, on the page's clock; it and those before it are answered */
  taken(n) {
    const at = this.flying.get(n);
    for (const other of this.flying.keys()) if (other <= n) this.flying.delete(other);
    return at;
  }
  send() {
    const socket = this.socket(), video = this.video;
    if (this.busy || !this.fresh || !this.wanted() || document.hidden || !socket || socket.readyState !== 1 || video.readyState < 2) return;
    const now = performance.now();
    for (const [n, at] of this.flying) if (now - at > LATE_MS) this.flying.delete(n);
    if (this.flying.size) return;
    this.busy = true;
    this.fresh = false;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight)), small = this.small;
    small.width = Math.round(video.videoWidth * scale);
    small.height = Math.round(video.videoHeight * scale);
    small.getContext("2d", { alpha: false, desynchronized: true }).drawImage(video, 0, 0, small.width, small.height);
    const at = performance.now(), n = ++this.number;
    small.toBlob((blob) => {
      this.busy = false;
      const open = this.socket();
      if (!blob || !open || open.readyState !== 1) return;
      const head = new DataView(new ArrayBuffer(12));
      head.setFloat64(0, at, true);
      head.setUint32(8, n >>> 0, true);
      this.flying.set(n, at);
      open.send(new Blob([head.buffer, blob]));
    }, "image/jpeg", QUALITY);
  }
  run() {
    if (!this.video.srcObject) return;
    this.fresh = true;
    this.send();
    const next = () => this.run();
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(next); else requestAnimationFrame(next);
  }
}

/* a socket that is opened again when it was cut off; `hear` gets text parsed, and bytes as they are */
export class Line {
  constructor(path, query, hear, lost) {
    Object.assign(this, { path, query, hear, lost, over: false, wait_ms: 1000, socket: null });
    this.open();
  }
  open() {
    if (this.over) return;
    const query = new URLSearchParams(this.query());
    const socket = this.socket = new WebSocket(location.origin.replace("http", "ws") + this.path + "?" + query);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => { this.wait_ms = 1000; });
    socket.addEventListener("message", (event) => this.hear(event.data));
    socket.addEventListener("close", (event) => {
      if (this.over) return;
      this.lost(event.code);
      setTimeout(() => this.open(), this.wait_ms);
      this.wait_ms = Math.min(8000, this.wait_ms * 2);
    });
  }
  say(words) { if (this.socket.readyState === 1) this.socket.send(JSON.stringify(words)); }
  close() { this.over = true; this.socket.close(); }
}
