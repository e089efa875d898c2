(function (me) {
  if (parent === self) return;
  var data = me.dataset, app = document.getElementById("app"), visit = document.getElementById("visit");
  var ancestors = location.ancestorOrigins;
  function tell(what) {
    parent.postMessage({ wendu: what, height: Math.ceil(app.getBoundingClientRect().height) }, data.host);
  }
  if (data.unverified && ancestors && ancestors[0] === data.host) {
    document.querySelectorAll("form[method]").forEach(function (form) {
      var field = document.createElement("input");
      field.type = "hidden";
      field.name = "_origin";
      field.value = data.host;
      form.append(field);
    });
    if (visit) {
      var known = JSON.parse(visit.textContent);
      known.origin = data.host;
      visit.textContent = JSON.stringify(known);
    }
  }
  ["answered", "completed"].forEach(function (what) {
    addEventListener("wendu:" + what, function () { tell(what); });
  });
  addEventListener("keydown", function (event) { if (event.key === "Escape") tell("close"); });
  if (data.said) tell(data.said);
  (function wide() {
    if (innerWidth) tell("height");
    else setTimeout(wide, 50);
  })();
  if (self.ResizeObserver) new ResizeObserver(function () { tell("height"); }).observe(app);
  else setInterval(tell, 500, "height");
})(document.currentScript);
