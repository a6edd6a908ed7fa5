import { t } from "./texts.js";
import { able, choices, keep, speak, voices } from "./voice.js";

const find = (id) => document.getElementById(id);
const fill = () => {
  const chosen = choices();
  find("speak").checked = chosen.speak;
  find("rate").value = String(chosen.rate);
  const options = voices().map((one) => { const option = document.createElement("option"); option.value = option.textContent = one.name; option.selected = one.name === chosen.name; return option; });
  find("which").replaceChildren(find("which").options[0], ...options);
  find("silent").hidden = options.length > 0;
};
find("speak").addEventListener("change", (event) => keep({ speak: event.target.checked }));
find("which").addEventListener("change", (event) => keep({ name: event.target.value }));
find("rate").addEventListener("change", (event) => keep({ rate: Number(event.target.value) }));
find("try").addEventListener("click", () => speak("stage", t("One, two, three. Chin to your chest.")));
if (able) speechSynthesis.addEventListener("voiceschanged", fill);
fill();
