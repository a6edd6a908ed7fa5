"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const stage = find("stage"), video = find("video"), canvas = find("canvas"), veil = find("veil");
  const asked = JSON.parse(stage.dataset.asked);
  const LONGEST_SIDE = 640, QUALITY = 0.8, LATE_MS = 2500, RETRY_MS = 1000, IN_FLIGHT = 1;
  const BONES = [[11, 12], [11, 23], [12, 24], [23, 24], [11, 13], [13, 15], [12, 14], [14, 16], [15, 19], [16, 20],
    [23, 25], [25, 27], [27, 31], [27, 29], [29, 31], [24, 26], [26, 28], [28, 32], [28, 30], [30, 32], [7, 11], [8, 12]];
  const SEEN = 0.5;
  let socket = null, room = null, over = false, number = 0, flying = new Map(), busy = false, retry = RETRY_MS, again = 0, lock = null;
  const shrink = document.createElement("canvas");
  /* capture to drawn overlay, milliseconds; the delay and the rate are shown on the page's own object for measuring */
  const delays = [];
  window.posturecam = { delays, shown: 0, state: null, ended: null };

  const show = (id, text) => { const one = find(id); if (one.textContent !== text) one.textContent = text; };
  const say = (kind, text) => {
    show("spoken", text);
    if (!find("voice").checked || !("speechSynthesis" in window)) return;
    if (kind === "count" || kind === "time") speechSynthesis.cancel();
    const words = new SpeechSynthesisUtterance(text);
    words.lang = "en";
    words.rate = 1.05;
    if (!(speechSynthesis.pending && kind !== "stage")) speechSynthesis.speak(words);
  };

  const open = async () => {
    find("problem").hidden = true;
    find("begin").disabled = true;
    try {
      const facing = find("back").checked ? "environment" : "user";
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: false, video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, facingMode: facing } });
      stream.getVideoTracks()[0].addEventListener("ended", () => veilText("The camera was unplugged. Plug it in and load this page again; what was done is saved."));
      video.srcObject = stream;
      await video.play();
    } catch (error) {
      find("begin").disabled = false;
      const words = { NotAllowedError: "The browser may not use the camera: allow it beside the address, and try again.",
        NotFoundError: "No camera was found: plug one in, and try again.", NotReadableError: "Another program is using the camera: close it, and try again." };
      show("problem", words[error.name] || "The camera cannot be used (" + error.name + ").");
      find("problem").hidden = false;
      return;
    }
    find("before").hidden = true;
    stage.hidden = false;
    const mirrored = !find("back").checked;
    video.classList.toggle("mirrored", mirrored);
    canvas.classList.toggle("mirrored", mirrored);
    if (find("full").checked && stage.requestFullscreen) stage.requestFullscreen().catch(() => {});
    stayAwake();
    connect();
    loop();
  };
  const stayAwake = async () => {
    try { lock = await navigator.wakeLock.request("screen"); } catch { lock = null; }
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !over && room) stayAwake(); });

  const connect = () => {
    const query = new URLSearchParams(room ? { room } : asked);
    socket = new WebSocket(location.origin.replace("http", "ws") + "/live/socket?" + query);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      flying.clear();
      if (over) return;
      veilText("The connection is lost. Trying again; nothing that was done is lost.");
      clearTimeout(again);
      again = setTimeout(connect, retry);
      retry = Math.min(8000, retry * 2);
    });
    socket.addEventListener("open", () => { retry = RETRY_MS; });
  };
  const tell = (wish) => { if (socket && socket.readyState === 1) socket.send(JSON.stringify({ wish })); };

  /* one picture is on its way at a time: the next is taken when the answer has been drawn, so that it is the newest there is */
  const send = () => {
    if (busy || over || document.hidden || !socket || socket.readyState !== 1 || video.readyState < 2) return;
    const now = performance.now();
    for (const [n, at] of flying) if (now - at > LATE_MS) flying.delete(n);
    if (flying.size >= IN_FLIGHT) return;
    busy = true;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
    shrink.width = Math.round(video.videoWidth * scale);
    shrink.height = Math.round(video.videoHeight * scale);
    shrink.getContext("2d", { alpha: false, desynchronized: true }).drawImage(video, 0, 0, shrink.width, shrink.height);
    const at = performance.now(), n = ++number;
    shrink.toBlob(async (blob) => {
      busy = false;
      if (!blob || !socket || socket.readyState !== 1) return;
      const head = new DataView(new ArrayBuffer(12));
      head.setFloat64(0, at, true);
      head.setUint32(8, n >>> 0, true);
      flying.set(n, at);
      socket.send(new Blob([head.buffer, blob]));
    }, "image/jpeg", QUALITY);
  };
  const loop = () => {
    if (over) return;
    send();
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(loop); else requestAnimationFrame(loop);
  };

  const hear = (message) => {
    if (message.kind === "room") { room = message.room; return; }
    if (message.kind === "end") { end(message); return; }
    for (const [kind, text] of message.says || []) say(kind, text);
    if (message.kind === "step") { find("skip").hidden = message.of < 2; return; }
    if (message.kind === "ready") { veilText("Step into the picture"); return; }
    const at = flying.get(message.n);
    for (const n of flying.keys()) if (n <= message.n) flying.delete(n);
    window.posturecam.state = message;
    requestAnimationFrame(() => {
      if (message.kind === "rest") rest(message); else { draw(message); words(message); }
      window.posturecam.shown += 1;
      if (at !== undefined) { delays.push(performance.now() - at); if (delays.length > 20000) delays.shift(); }
    });
    send();
  };

  const draw = (message) => {
    if (canvas.width !== video.videoWidth || canvas.height !== video.videoHeight) { canvas.width = video.videoWidth; canvas.height = video.videoHeight; }
    const pen = canvas.getContext("2d"), points = message.points;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (!points) return;
    const focus = new Set(message.focus), wrong = new Set(message.wrong);
    const unit = Math.max(3, canvas.height / 130);
    const place = (index) => [points[index][0] * canvas.width, points[index][1] * canvas.height];
    const line = (a, b, width, colour) => {
      pen.lineWidth = width; pen.strokeStyle = colour; pen.beginPath(); pen.moveTo(...place(a)); pen.lineTo(...place(b)); pen.stroke();
    };
    pen.lineCap = "round";
    for (const [a, b] of BONES) {
      if (points[a][2] < SEEN || points[b][2] < SEEN) continue;
      line(a, b, unit * 1.9, "#0b1115");
      line(a, b, unit * 1.2, wrong.has(a) && wrong.has(b) ? "#ff8a57" : focus.has(a) && focus.has(b) ? "#46bccd" : "#ffffff");
    }
    for (const index of new Set([...focus, ...wrong])) {
      if (points[index][2] < SEEN) continue;
      pen.beginPath(); pen.arc(...place(index), unit * 1.9, 0, 7); pen.fillStyle = wrong.has(index) ? "#ff8a57" : "#46bccd"; pen.fill();
      pen.lineWidth = unit / 2; pen.strokeStyle = "#0b1115"; pen.stroke();
    }
  };

  const veilText = (text, small, big) => {
    veil.hidden = text === null;
    if (text === null) return;
    veil.replaceChildren();
    if (big) { const number = document.createElement("b"); number.textContent = big; veil.append(number); }
    const main = document.createElement("span"); main.textContent = text; veil.append(main);
    if (small) { const more = document.createElement("small"); more.textContent = small; veil.append(more); }
  };
  const seconds = (value) => String(Math.max(1, Math.ceil(value)));
  const PHASES = { rest: "Ready", out: "Going", end: "End position", return: "Coming back", hold: "Holding" };
  const words = (m) => {
    show("title", m.title);
    const unit = m.hold ? " s" : "";
    const done = m.hold ? Math.floor(m.done) : m.done;
    show("count", String(done) + unit);
    const sides = m.left === null ? "" : "left " + Math.floor(m.left) + ", right " + Math.floor(m.right) + " · ";
    show("goal", sides + "of " + m.target + unit + (m.left === null ? "" : " a side") + (m.set[1] > 1 ? " · set " + m.set[0] + " of " + m.set[1] : ""));
    find("fraction").value = m.fraction || 0;
    find("fraction").hidden = m.fraction === null;
    show("phase", PHASES[m.phase] || "");
    show("score", m.score === null ? "" : "Score " + Math.round(m.score));
    show("pause", m.screen === "paused" && m.by_key ? "Go on" : "Pause");
    find("skip").hidden = m.screen !== "resting";
    const cue = find("cue");
    cue.hidden = !m.cue;
    if (m.cue) { show("cue", m.cue[1]); cue.classList.toggle("praise", m.cue[0] === "praise"); }
    find("finishing").hidden = m.finishing <= 0.15;
    find("finishing-meter").value = m.finishing;
    if (m.screen === "active" || m.screen === "finished") veilText(null);
    else if (m.screen === "framing") veilText(m.guidance || "Get into position", m.guidance ? m.camera : m.steps.join(" "));
    else if (m.screen === "countdown") veilText("Hold still", "", seconds(m.wait_s || 0));
    else if (m.screen === "paused") veilText(m.by_key ? "Paused" : m.wait_s !== null ? "Going on" : m.guidance || "Get back into position", m.by_key ? "Press the button, or get up and come back, to go on" : "", m.wait_s !== null ? seconds(m.wait_s) : "");
    else if (m.screen === "resting") veilText("Rest", "Then the next set", seconds(m.rest_s || 0));
  };
  const rest = (m) => {
    canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    find("cue").hidden = true;
    find("skip").hidden = false;
    veilText("Rest. Next: " + m.next, "Cross your arms before the chest to stop here", seconds(m.rest_s));
  };

  const end = (message) => {
    over = true;
    window.posturecam.ended = message;
    if (lock) lock.release().catch(() => {});
    for (const track of video.srcObject ? video.srcObject.getTracks() : []) track.stop();
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    stage.hidden = true;
    find("before").hidden = true;
    find("after").hidden = false;
    find("summaries").replaceChildren(...message.summaries.map((text) => { const item = document.createElement("li"); item.textContent = text; return item; }));
    const problem = message.problem || (message.sessions.length ? "" : "Nothing was counted, so nothing was saved.");
    show("after-problem", problem);
    find("after-problem").hidden = !problem;
    if (message.summaries.length) say("stage", message.summaries.length === 1 ? message.summaries[0] : message.summaries.length + " exercises done.");
    const last = message.sessions[message.sessions.length - 1];
    if (!last) return;
    const link = find("to-report");
    link.href = "/sessions/" + encodeURIComponent(last);
    link.hidden = false;
    if (message.sessions.length === 1 && !problem) setTimeout(() => { location.assign(link.href); }, 2500);
  };

  find("begin").addEventListener("click", open);
  find("pause").addEventListener("click", () => tell("pause"));
  find("skip").addEventListener("click", () => tell("skip"));
  find("finish").addEventListener("click", () => { find("finish").disabled = true; tell("finish"); });
  addEventListener("keydown", (event) => {
    if (stage.hidden || event.target.closest("button, input, a")) return;
    const wish = { " ": "pause", n: "skip", q: "finish" }[event.key];
    if (wish) { event.preventDefault(); tell(wish); }
  });
})();
