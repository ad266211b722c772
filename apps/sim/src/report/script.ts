/** Draws the fans for what is chosen. Runs in the reader's browser, on the numbers in the page itself. */
export const SCRIPT = `
const DATA = JSON.parse(document.getElementById("fans").textContent);
const W = 340, H = 190, L = 50, R = 10, T = 8, B = 22;
const TIMES = [0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10];
function ticks(key, log, low, high) {
  if (log) return TIMES.filter((v) => v >= low * 0.999 && v <= high * 1.001);
  if (key === "gap") return TIMES.filter((_, i) => i % 2 === 1 || high - low < 1.5).map(Math.log).filter((v) => v >= low && v <= high);
  const rough = (high - low) / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((k) => k * power).find((k) => k >= rough);
  const all = [];
  for (let v = Math.ceil(low / step) * step; v <= high * 1.0001; v += step) all.push(v);
  return all;
}
const pick = (id) => document.getElementById(id).value;
function draw() {
  const own = DATA.volatilities[pick("volatility")][pick("regime")];
  const chosen = pick("rule");
  for (const { key, log, percent, reference } of DATA.series) {
    const shown = Object.keys(own);
    const values = [];
    for (const rule of shown) own[rule][key].forEach((q) => rule === chosen ? values.push(q[0], q[4]) : values.push(q[2]));
    if (reference !== undefined) values.push(reference);
    let low = Math.min(...values), high = Math.max(...values);
    if (!log && key !== "gap") low = Math.min(low, 0);
    if (high - low < 1e-9) { high += 0.5; low -= log ? 0 : 0.5; }
    const f = log ? Math.log : (v) => v;
    if (log) { low = Math.max(low, 0.05); high = Math.max(high, low * 1.2); }
    const y = (v) => T + (H - T - B) * (1 - (f(Math.max(v, log ? 0.05 : -Infinity)) - f(low)) / (f(high) - f(low)));
    const count = own[shown[0]][key].length;
    const x = (i) => L + (W - L - R) * i / (count - 1);
    const text = (v) => key === "gap" ? "×" + Math.exp(v).toPrecision(2) : percent ? Math.round(v * 1000) / 10 + " %" : Number(v.toPrecision(2));
    let out = "";
    for (const v of ticks(key, log, low, high)) {
      out += '<line class="grid" x1="' + L + '" x2="' + (W - R) + '" y1="' + y(v) + '" y2="' + y(v) + '"/><text x="' + (L - 6) + '" y="' + (y(v) + 4) + '" text-anchor="end">' + text(v) + "</text>";
    }
    for (let year = 0; year <= 5; year++) {
      const at = Math.min(count - 1, year * 365 / DATA.sampleDays);
      out += '<text x="' + x(at) + '" y="' + (H - 5) + '" text-anchor="' + (year === 5 ? "end" : "middle") + '">' + (year === 5 ? "5 years" : year) + "</text>";
    }
    if (reference !== undefined) out += '<line class="zero" x1="' + L + '" x2="' + (W - R) + '" y1="' + y(reference) + '" y2="' + y(reference) + '"/>';
    const line = (fan, q) => fan.map((p, i) => (i ? "L" : "M") + x(i).toFixed(1) + " " + y(p[q]).toFixed(1)).join("");
    const area = (fan, a, b) => line(fan, a) + [...fan].map((p, i) => [p, i]).reverse().map(([p, i]) => "L" + x(i).toFixed(1) + " " + y(p[b]).toFixed(1)).join("") + "Z";
    const color = (rule) => "var(--c" + DATA.rules.findIndex((r) => r.id === rule) + ")";
    out += '<path class="wide" fill="' + color(chosen) + '" d="' + area(own[chosen][key], 0, 4) + '"/><path class="half" fill="' + color(chosen) + '" d="' + area(own[chosen][key], 1, 3) + '"/>';
    for (const rule of shown) out += '<path class="median" stroke="' + color(rule) + '" d="' + line(own[rule][key], 2) + '"/>';
    document.getElementById("fan-" + key).innerHTML = out;
  }
}
for (const id of ["volatility", "regime", "rule"]) document.getElementById(id).addEventListener("change", draw);
draw();
`;
