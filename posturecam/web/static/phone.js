import { keepFocus } from "./focus.js";

(() => {
  const box = document.getElementById("phones-box");
  if (!box) return;
  const shown = () => [...box.querySelectorAll("[data-code]")].map((one) => one.dataset.code + (one.querySelector("form") ? "?" : "")).join();
  const ask = async () => {
    try {
      const phones = await (await fetch("/phone/status")).json();
      /* only the part that changed is loaded again: the code to scan stays */
      if (phones.map((one) => one.code + (one.let_in ? "" : "?")).join() !== shown()) {
        const page = new DOMParser().parseFromString(await (await fetch("/phone")).text(), "text/html");
        keepFocus(box, document.getElementById("invite"), () => box.replaceChildren(...page.getElementById("phones-box").childNodes));
      }
    } catch { /* the program has ended: the page stays as it is */ }
    setTimeout(ask, 1500);
  };
  ask();
})();
