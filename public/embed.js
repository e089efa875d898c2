/*
 * Puts a survey into a page:
 *
 *   <script async src="https://HOST/embed.js" data-wendu="QUESTIONNAIRE"></script>
 *
 * It stands right after the script, as wide as its place, as high as its content, and is fetched
 * when a reader comes near. Optional: data-height (px until the survey has said its own; 480),
 * data-lang (en), data-title. The frame fires wendu:ready, wendu:answered and wendu:completed,
 * which bubble and carry no answers. The page's policy needs script-src and frame-src for HOST,
 * nothing inline.
 */
(function () {
  "use strict";
  var script = document.currentScript;
  if (!script || !script.dataset.wendu) return;
  var host = new URL(script.src).origin;
  var options = script.dataset;
  var address = host + "/s/" + encodeURIComponent(options.wendu) +
    "?embed=1&from=" + encodeURIComponent(location.origin);
  if (options.lang) address += "&lang=" + encodeURIComponent(options.lang);

  var frame = document.createElement("iframe");
  frame.title = options.title || (options.lang === "en" ? "Survey" : "问卷");
  frame.loading = "lazy";
  frame.src = address;
  // One by one, because a policy may forbid the attribute "style".
  frame.style.display = "block";
  frame.style.width = "100%";
  frame.style.border = "0";
  var height = Number(options.height) || 480;
  frame.style.height = height + "px";

  addEventListener("message", function (event) {
    if (event.source !== frame.contentWindow || event.origin !== host) return;
    var said = event.data || {};
    if (said.wendu === "height") {
      // A difference of a pixel is rounding; following it could go on for ever.
      if (said.height > 0 && Math.abs(said.height - height) > 1) {
        height = said.height;
        frame.style.height = height + "px";
      }
    } else if (/^(ready|answered|completed)$/.test(said.wendu)) {
      frame.dispatchEvent(new CustomEvent("wendu:" + said.wendu, { bubbles: true }));
    }
  });
  script.after(frame);
})();
