/* what this browser says aloud, and how; the choices stay in this browser */
const KEY = "posturecam.voice";
export const USUAL = { speak: true, name: "", rate: 1.05 };
export const choices = () => {
  try { return { ...USUAL, ...JSON.parse(localStorage.getItem(KEY)) }; } catch { return { ...USUAL }; }
};
export const keep = (changed) => {
  try { localStorage.setItem(KEY, JSON.stringify({ ...choices(), ...changed })); } catch { /* a browser that keeps nothing */ }
};
export const able = "speechSynthesis" in window;
export const voices = (language = document.documentElement.lang) =>
  (able ? speechSynthesis.getVoices().filter((one) => one.lang.startsWith(language) && one.localService) : []);

/* what comes late is not true any more: a count cuts off what is being said, and waits for nothing itself */
export const speak = (kind, text, language) => {
  if (!able) return;
  if (kind === "count" || kind === "time") speechSynthesis.cancel();
  const words = new SpeechSynthesisUtterance(text), { name, rate } = choices();
  words.lang = language || document.documentElement.lang;
  words.rate = rate;
  /* only voices of this computer: others would send the words away */
  const own = voices(words.lang);
  words.voice = own.find((one) => one.name === name) || own[0] || null;
  if (!words.voice && speechSynthesis.getVoices().length) return;
  if (!(speechSynthesis.pending && kind !== "stage")) speechSynthesis.speak(words);
};
