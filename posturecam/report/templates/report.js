"use strict";
(() => {
  const timeline = document.querySelector(".timeline");
  const tip = document.getElementById("tip");
  const video = document.querySelector(".film video");
  const marks = [...document.querySelectorAll(".mark")];

  const show = (mark) => {
    for (const other of marks) other.classList.toggle("on", other.dataset.tip === mark.dataset.tip);
    tip.textContent = mark.dataset.tip;
    tip.classList.add("chosen");
  };
  const jump = (seconds) => {
    if (!video || video.hidden) return;
    video.currentTime = Number(seconds);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    video.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
    video.play().catch(() => {});
  };

  for (const mark of marks) {
    mark.addEventListener("mouseenter", () => show(mark));
    mark.addEventListener("focus", () => show(mark));
    mark.addEventListener("click", (event) => { event.stopPropagation(); show(mark); jump(mark.dataset.start); });
    mark.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      show(mark);
      jump(mark.dataset.start);
    });
  }
  for (const button of document.querySelectorAll(".jump")) {
    button.addEventListener("click", () => jump(button.dataset.start));
  }
  addEventListener("beforeprint", () => { for (const part of document.querySelectorAll("details")) part.open = true; });

  const demo = document.querySelector(".demo");
  if (demo && !matchMedia("(prefers-reduced-motion: reduce)").matches) demo.play().catch(() => {});

  if (!video) return;
  video.addEventListener("error", () => {
    video.hidden = true;
    document.querySelector(".no-video").hidden = false;
  });
  // a line runs along the timeline while the video plays
  const left = Number(timeline.dataset.left), right = Number(timeline.dataset.right), end = Number(timeline.dataset.end);
  const cursors = [...timeline.querySelectorAll("svg")].map((svg) => {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    line.setAttribute("class", "cursor");
    line.setAttribute("y1", "0");
    line.setAttribute("y2", String(svg.viewBox.baseVal.height - 24));
    line.style.display = "none";
    svg.append(line);
    return [svg, line];
  });
  timeline.classList.add("plays");
  // anywhere else on the timeline: that moment of the video
  for (const [svg] of cursors) {
    svg.addEventListener("click", (event) => {
      const box = svg.getBoundingClientRect(), width = svg.viewBox.baseVal.width;
      const share = ((event.clientX - box.left) / box.width * width - left) / (width - left - right);
      jump(Math.max(0, Math.min(1, share)) * end);
    });
  }
  video.addEventListener("timeupdate", () => {
    for (const [svg, line] of cursors) {
      const x = left + Math.min(1, video.currentTime / (end || 1)) * (svg.viewBox.baseVal.width - left - right);
      line.setAttribute("x1", x.toFixed(1));
      line.setAttribute("x2", x.toFixed(1));
      line.style.display = "";
    }
  });
})();
