/* the body as it was recognised, drawn over the picture */
const BONES = [[11, 12], [11, 23], [12, 24], [23, 24], [11, 13], [13, 15], [12, 14], [14, 16], [15, 19], [16, 20],
  [23, 25], [25, 27], [27, 31], [27, 29], [29, 31], [24, 26], [26, 28], [28, 32], [28, 30], [30, 32], [7, 11], [8, 12]];
const SEEN = 0.5, DARK = "#0b1115", WHITE = "#ffffff", FOCUS = "#46bccd", WRONG = "#ff8a57";

/* the body alone, in white: for where no video was kept */
export const drawLines = (canvas, body) => {
  const pen = canvas.getContext("2d"), [w, h] = [canvas.width, canvas.height];
  pen.clearRect(0, 0, w, h);
  pen.lineCap = "round";
  pen.strokeStyle = WHITE;
  pen.lineWidth = Math.max(3, h / 110);
  for (const [a, b] of body ? BONES : []) { pen.beginPath(); pen.moveTo(body[a][0] * w, body[a][1] * h); pen.lineTo(body[b][0] * w, body[b][1] * h); pen.stroke(); }
};

/* points are shares of the picture with their visibility; what is looked at and what is wrong have colours of their own */
export const drawBody = (canvas, points, focused, faulty) => {
  if (!points) return;
  const pen = canvas.getContext("2d"), focus = new Set(focused), wrong = new Set(faulty);
  const unit = Math.max(3, canvas.height / 130);
  const place = (index) => [points[index][0] * canvas.width, points[index][1] * canvas.height];
  const line = (a, b, width, colour) => {
    pen.lineWidth = width; pen.strokeStyle = colour; pen.beginPath(); pen.moveTo(...place(a)); pen.lineTo(...place(b)); pen.stroke();
  };
  pen.lineCap = "round";
  for (const [a, b] of BONES) {
    if (points[a][2] < SEEN || points[b][2] < SEEN) continue;
    line(a, b, unit * 1.9, DARK);
    line(a, b, unit * 1.2, wrong.has(a) && wrong.has(b) ? WRONG : focus.has(a) && focus.has(b) ? FOCUS : WHITE);
  }
  for (const index of new Set([...focus, ...wrong])) {
    if (points[index][2] < SEEN) continue;
    pen.beginPath(); pen.arc(...place(index), unit * 1.9, 0, 7); pen.fillStyle = wrong.has(index) ? WRONG : FOCUS; pen.fill();
    pen.lineWidth = unit / 2; pen.strokeStyle = DARK; pen.stroke();
  }
};
