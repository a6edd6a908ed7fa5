/* what is made anew keeps the keyboard's place: the control of the same data-key, else the one that has come to its place */
export const keepFocus = (box, otherwise, change) => {
  const keyed = () => [...box.querySelectorAll("[data-key]")], before = document.activeElement, at = keyed().indexOf(before);
  change();
  if (at < 0) return;
  const now = keyed(), again = now.find((one) => one.dataset.key === before.dataset.key) || now[Math.min(at, now.length - 1)] || otherwise;
  again.focus({ preventScroll: true });
};
