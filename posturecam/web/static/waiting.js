"use strict";
(() => {
  const ask = async () => {
    try {
      const response = await fetch("/waiting");
      if (response.status === 403) {
        document.getElementById("told").textContent = "The computer has not let this phone in. Scan a new code there.";
        return;
      }
      if ((await response.json()).let_in) { location.replace("/"); return; }
    } catch { /* the network is away for a moment */ }
    setTimeout(ask, 1000);
  };
  ask();
})();
