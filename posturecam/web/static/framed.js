/* a report in its frame is as tall as it says, so that the page alone scrolls; it can say nothing else */
const frame = document.querySelector("iframe.report"), TALLEST = 200000;
if (frame) addEventListener("message", (event) => {
  const height = event.source === frame.contentWindow && event.data ? Number(event.data.height) : 0;
  if (height > 0 && height < TALLEST) frame.style.height = height + 2 + "px";
});
const ask = () => frame.contentWindow.postMessage("height", "*");
if (frame) { frame.addEventListener("load", ask); ask(); }
