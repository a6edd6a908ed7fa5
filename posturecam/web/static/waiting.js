"use strict";
(() => {
  const ask = async () => {
    try {
      const response = await fetch("/waiting");
      if (response.status === 403) {
        const told = document.getElementById("told");
        told.textContent = told.dataset.refused;
        return;
      }
      if ((await response.json()).let_in) { location.replace("/"); return; }
    } catch { /* the network is away for a moment */ }
    setTimeout(ask, 1000);
  };
  ask();
})();
