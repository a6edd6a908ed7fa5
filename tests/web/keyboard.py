"""A page walked through by the keyboard alone: what can be reached, what is seen of it, and what a mouse only could do."""

from __future__ import annotations

from typing import Any

LISTENS = """(() => {
  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (kind, ...rest) {
    if (this instanceof Element) (this.heard ||= new Set()).add(kind);
    return add.call(this, kind, ...rest);
  };
  addEventListener("focusin", () => { window.reached = true; });
})()"""
"""Runs before a page's own scripts, and those of its frames: every element remembers what it listens to."""
LOOK = """() => {
  const named = "a[href], button, input:not([type=hidden]), select, textarea, summary, video[controls], [tabindex='0']";
  const mouse = (one) => ["click", "dblclick", "mousedown", "pointerdown"].some((kind) => one.heard && one.heard.has(kind));
  const pressed = (one) => one.matches("a[href], button, input, select, textarea, summary") || one.heard.has("keydown");
  /* of several radio buttons the chosen one is reached, and the others from it */
  const beside = (one) => one.type === "radio" && !one.checked && document.querySelector(`[name="${one.name}"]:checked`);
  const words = (one) => (one.getAttribute("aria-label") || one.textContent).trim().slice(0, 40);
  const name = (one) => (one.id ? "#" + one.id : one.tagName + " " + words(one));
  const there = (one) => !one.disabled && one.checkVisibility() && !beside(one);
  const controls = [...document.querySelectorAll("*")].filter((one) => (one.matches(named) || mouse(one)) && there(one));

  const numbers = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const bright = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const contrast = (one, other) => {
    const [a, b] = [bright(one), bright(other)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const under = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const rgb = numbers(getComputedStyle(at).backgroundColor);
      if (rgb.length === 3 || rgb[3] === 1) return rgb;
    }
    return [255, 255, 255];
  };
  const cut = (one, more) => {
    const box = one.getBoundingClientRect();
    for (let at = one.parentElement; at && at !== document.body; at = at.parentElement) {
      const frame = at.getBoundingClientRect();
      if (getComputedStyle(at).overflowX === "visible") continue;
      if (box.left - more < frame.left - 1 || box.top - more < frame.top - 1 || box.bottom + more > frame.bottom + 1) return true;
    }
    return false;
  };
  const problem = (one) => {
    if (one.matches("video")) return ""; /* its player shows its own */
    const box = one.getBoundingClientRect();
    if (box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth) return "it is out of sight";
    const part = one.querySelector("rect, path"), stroke = part && getComputedStyle(part); /* a drawing's marks are edged */
    if (stroke && stroke.stroke !== "none" && parseFloat(stroke.strokeWidth) >= 2) return "";
    const style = getComputedStyle(one), width = parseFloat(style.outlineWidth), offset = parseFloat(style.outlineOffset);
    if (style.outlineStyle === "none" || width < 2) return "no focus is shown";
    const behind = under(offset < 0 ? one : one.parentElement);
    if (contrast(numbers(style.outlineColor), behind) < 3) return "the focus has too little contrast";
    return cut(one, offset + width) ? "its focus is cut off" : "";
  };
  window.walk = [];
  window.fromTheEnd = () => {
    const end = document.createElement("button");
    document.body.append(end);
    end.textContent = "end";
    end.addEventListener("blur", () => end.remove());
    end.focus();
    window.walk = [];
  };
  const note = (one) => { if (controls.includes(one)) window.walk.push([controls.indexOf(one), name(one), problem(one)]); };
  addEventListener("focusin", (event) => note(event.target));
  document.activeElement.blur();
  return controls.map((one) => [name(one), !mouse(one) || Boolean(pressed(one))]);
}"""
MORE = 5
"""So many times the presses that a page should need: films and frames have controls of their own, and where the focus goes into
a frame, which is another process, a press can be lost."""


def walked(page: Any, *, back: bool = True) -> list[str]:
    """What is wrong on a page for somebody without a mouse; the page was opened with :data:`LISTENS`."""
    controls = page.evaluate(LOOK)
    wrong = [f"{name}: only a mouse works it" for name, pressed in controls if not pressed]
    wrong += _walk(page, controls, "Tab")
    if back:
        page.evaluate("() => window.fromTheEnd()")
        wrong += _walk(page, controls, "Shift+Tab")
    return sorted({*wrong})


def _walk(page: Any, controls: list[Any], key: str) -> list[str]:
    """Press the key until everything was reached, or it is clear that it never will be."""
    frames = page.frames[1:]
    for frame in frames:
        frame.evaluate("() => { window.reached = false; }")
    missed: list[str] = []
    for _ in range(MORE):
        for _ in range(len(controls) + 1):
            page.keyboard.press(key)
        steps = page.evaluate("() => window.walk")
        reached = {at for at, _, _ in steps}
        missed = [name for at, (name, _) in enumerate(controls) if at not in reached]
        missed += ["what is in the frame" for frame in frames if not frame.evaluate("() => window.reached")]
        if not missed:
            break
    unseen = [f"{name}: {problem}" for _, name, problem in steps if problem]
    return [f"{name}: {key} does not reach it" for name in missed] + unseen


def reach(page: Any, selector: str, most: int = 120) -> None:
    """Press Tab until the control of a selector has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached")
