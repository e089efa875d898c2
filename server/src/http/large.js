(function () {
  try {
    if (localStorage.getItem("wendu:large")) document.querySelector(".sheet").dataset.size = "large";
  } catch (_) {}
})();
