import { keepFocus } from "./focus.js";
import { t } from "./texts.js";

(() => {
  const find = (id) => document.getElementById(id);
  const csrf = document.querySelector("meta[name=csrf]").content;
  const PIECE = Number(find("adding").dataset.piece), POLL_MS = 1000, TRIES = 8;
  const COLUMNS = document.querySelectorAll("thead th").length - 1;
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const digest = async (blob) => hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  let queue = Promise.resolve();

  const row = (name) => {
    const item = document.createElement("li"), words = document.createElement("p"), bar = document.createElement("progress");
    words.textContent = name;
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    item.append(words, bar);
    find("sending").append(item);
    return { bar, tell: (text) => { words.textContent = name + ": " + text; }, remove: () => item.remove() };
  };
  const answerOf = async (response) => {
    const text = await response.text();
    try { return JSON.parse(text); } catch { return { problem: response.ok ? "" : t("That was refused ({status}).", { status: response.status }) }; }
  };
  const upload = async (file, said) => {
    const line = row(file.name);
    const head = await digest(file.slice(0, 1 << 20));
    const begun = await fetch("/uploads", { method: "POST", headers: { "content-type": "application/json", "x-csrf-token": csrf },
      body: JSON.stringify({ name: file.name, size: file.size, digest: head, ...said }) });
    let at = await answerOf(begun);
    if (!begun.ok) { line.tell(at.problem || t("That was refused: see whether it is a recording, and whether there is room.")); return; }
    let failed = 0;
    while (!at.whole) {
      const offset = at.offset, piece = file.slice(offset, offset + PIECE);
      line.bar.value = offset / file.size;
      line.tell(Math.floor(100 * offset / file.size) + " %");
      try {
        const response = await fetch("/uploads/" + at.id + "?offset=" + offset, { method: "PUT", body: piece,
          headers: { "x-csrf-token": csrf, "x-sha256": await digest(piece), "content-type": "application/octet-stream" } });
        const next = await answerOf(response);
        if (!response.ok && response.status !== 409) throw new Error(next.problem || String(response.status));
        at = { ...at, ...next };
        failed = at.offset > offset ? 0 : failed + 1;
      } catch (error) {
        failed += 1;
        line.tell(t("cut off ({error}); trying again", { error: error.message }));
        await pause(1000 * failed);
      }
      if (failed > TRIES) { line.tell(t("given up; add it again to go on where it was")); return; }
    }
    line.remove();
    poll();
  };
  const add = (files) => {
    const said = { exercise: find("exercise").value, person: find("person").value };
    for (const file of files) queue = queue.then(() => upload(file, said)).catch((error) => { find("problem").textContent = file.name + ": " + error.message; find("problem").hidden = false; });
  };

  const WORDS = { waiting: t("waits"), stopped: t("stopped"), failed: t("failed") };
  const cell = (text) => { const one = document.createElement("td"); one.textContent = text; return one; };
  const render = (jobs) => {
    find("none").hidden = jobs.length > 0;
    find("table").hidden = !jobs.length;
    keepFocus(find("rows"), find("table"), () => find("rows").replaceChildren(...jobs.map((job) => {
      const line = document.createElement("tr");
      const shown = job.row.length ? job.row : [job.name, ...Array(COLUMNS - 2).fill("-"), WORDS[job.state] || job.what || t("begins")];
      line.append(...shown.map(cell));
      const last = document.createElement("td");
      if (job.session) {
        const link = document.createElement("a");
        link.href = "/sessions/" + encodeURIComponent(job.session);
        link.textContent = t("Report");
        link.dataset.key = job.id;
        last.append(link);
      } else if (job.state === "running") {
        const bar = document.createElement("progress");
        bar.max = 1;
        if (job.share !== null) bar.value = job.share;
        bar.setAttribute("aria-label", job.name);
        last.append(bar);
      }
      if (job.state === "running" || job.state === "waiting") {
        const button = document.createElement("button");
        button.textContent = t("Stop");
        button.dataset.key = job.id;
        button.setAttribute("aria-label", t("Stop: {name}", { name: job.name }));
        button.addEventListener("click", () => fetch("/uploads/" + job.id + "/stop", { method: "POST", headers: { "x-csrf-token": csrf } }));
        last.append(button);
      }
      line.append(last);
      return line;
    })));
  };
  let before = "", timer = 0;
  const poll = async () => {
    clearTimeout(timer);
    try {
      const text = await (await fetch("/uploads/status")).text();
      if (text !== before) { before = text; render(JSON.parse(text).jobs); }
    } catch { /* the program has ended, or is busy: asked again */ }
    timer = setTimeout(poll, POLL_MS);
  };

  const drop = find("drop");
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); drop.classList.remove("over"); add(event.dataTransfer.files); });
  find("files").addEventListener("change", (event) => { add([...event.target.files]); event.target.value = ""; });
  poll();
})();
