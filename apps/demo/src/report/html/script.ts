/** Moving over a chart shows the numbers of that day. The report reads well without it. */
export const SCRIPT = `
document.querySelectorAll("[data-chart]").forEach(function (figure) {
  var data = JSON.parse(figure.dataset.chart), plot = figure.querySelector(".plot"), cross = figure.querySelector(".cross");
  var when = figure.querySelector("[data-when]"), values = figure.querySelectorAll("[data-line]");
  function show(event) {
    var box = plot.getBoundingClientRect(), last = data.labels.length - 1;
    var day = Math.max(0, Math.min(last, Math.round((event.clientX - box.left) / box.width * last)));
    cross.hidden = false;
    cross.style.left = (last ? day / last * 100 : 0) + "%";
    when.textContent = data.labels[day];
    values.forEach(function (value, i) { value.textContent = " " + data.readings[i][day]; });
  }
  function hide() {
    cross.hidden = true;
    when.textContent = "";
    values.forEach(function (value) { value.textContent = ""; });
  }
  plot.addEventListener("pointermove", show);
  plot.addEventListener("pointerdown", show);
  plot.addEventListener("pointerleave", hide);
});`;
