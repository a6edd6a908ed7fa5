/* the scripts' words in the reader's language: the page brings them along, see texts.py; English stands in the scripts */
const head = document.querySelector("meta[name=texts]");
const known = head ? JSON.parse(head.content) : {};
export const t = (text, values = {}) => (known[text] || text).replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
/* a number as the reader's language writes it */
export const decimals = (value, digits) => value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
