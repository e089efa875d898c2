(function () {
  var tick = document.getElementById("large");
  var sheet = document.querySelector(".sheet");
  if (!tick) return;
  tick.checked = tick.checked || sheet.dataset.size === "large";
  tick.onchange = function () {
    sheet.dataset.size = tick.checked ? "large" : "";
    try {
      tick.checked ? localStorage.setItem("wendu:large", "1=") : localStorage.removeItem("wendu:large");
    } catch (_) {}
  };
})();
