// Puts a survey into a page, see docs/EMBED.md: no cookies, nothing inline, no answers to the page.
// Lines of comment and indentation are not sent (server/build.rs).
(() => {
  var script = document.currentScript;
  var ours = new URL(script.src).origin;

  function mount(element, host) {
    if (element.wendu) return;
    element.wendu = true;
    var get = name => element.getAttribute(name) || "";
    var key = get("questionnaire") || get("wendu");
    var english = /^en/i.test(get("lang") || document.documentElement.lang);
    var title = get("label") || (english ? "Take the survey" : "填写问卷");
    var paper = get("theme") === "dark" ? "background:#171a1d;color:#eceff1;" : "background:#fff;color:#1a1c1e;";
    var variant = get("variant");
    var inline = variant !== "button" && variant !== "bar";
    var height = inline ? +get("height") || 380 : 0;
    var page = host + "/s/" + encodeURIComponent(key);
    // What the page says to all buttons must not reach ours.
    var root = inline ? element : element.attachShadow({ mode: "open" });
    var font = "font:16px/1.5 system-ui,sans-serif;";
    var dialog, frame, opener, ready, moves;

    // By CSSOM, which no policy forbids, and with more weight than any rule of the page.
    var style = (made, rules) => { made.style.cssText = rules.replace(/;/g, "!important;"); };
    var stand = () => style(element, "display:block;clear:both;width:100%;min-height:0;max-height:none;padding:0;border:0;" + (height ? "height:" + height + "px;" : ""));
    var make = (place, tag, rules, text) => {
      var made = document.createElement(tag);
      style(made, rules);
      if (text) made.textContent = text;
      place.append(made);
      return made;
    };
    var press = (place, text, act) => {
      var button = make(place, "button", "font:inherit;cursor:pointer;min-height:48px;min-width:48px;padding:0 16px;border-radius:8px;border:2px solid #0072b2;" + paper, text);
      button.onclick = act;
      return button;
    };
    var fire = what => element.dispatchEvent(new CustomEvent("wendu:" + what, { bubbles: true }));
    var load = (place, path, embed, rules) => {
      var query = new URLSearchParams({ embed: embed, from: self.origin, lang: english ? "en" : "zh-CN" });
      ["theme", "color", "font-size", "preview"].forEach(name => get(name) && query.set(name.replace("font-", ""), get(name)));
      frame = make(place, "iframe", "all:initial;display:block;width:100%;" + rules);
      frame.title = title;
      frame.referrerPolicy = "origin";
      frame.src = page + path + "?" + query;
    };
    var cross = (place, act) => {
      var button = press(place, "✕", act);
      button.style.setProperty("border-color", "transparent", "important");
      button.setAttribute("aria-label", english ? "Close" : "关闭");
      return button;
    };
    var open = () => {
      if (!dialog) {
        dialog = make(root, "dialog", font + "box-sizing:border-box;width:100%;height:100%;max-width:640px;max-height:760px;padding:env(safe-area-inset-top,0) 0 env(safe-area-inset-bottom,0);border:0;border-radius:8px;overflow:hidden;box-shadow:0 0 0 100vmax rgba(0,0,0,.5);" + paper);
        if (!dialog.showModal) return window.open(page);
        dialog.setAttribute("aria-modal", "true");
        dialog.setAttribute("aria-label", title);
        dialog.onclose = () => opener.focus();
        dialog.onclick = event => event.target === dialog && dialog.close();
        var sheet = make(dialog, "div", "display:flex;flex-direction:column;height:100%;");
        cross(sheet, () => dialog.close()).style.alignSelf = "flex-end";
        load(sheet, "", "fill", "flex:1;");
      }
      dialog.showModal();
    };

    stand();
    addEventListener("message", event => {
      if (!frame || !event.source || event.source !== frame.contentWindow || event.origin !== host) return;
      var said = event.data || 0, what = said.wendu;
      if (!ready) fire("ready");
      ready = 1;
      if (what === "close" && dialog) dialog.close();
      if (what === "answered" || what === "completed") {
        moves = 1;
        fire(what);
      }
      // Until somebody answers it only grows, so that nothing jumps; a pixel is rounding.
      if (height && said.height > 0 && (moves ? Math.abs(said.height - height) > 1 : said.height > height)) {
        height = said.height;
        stand();
      }
    });
    if (self.origin === "null") {
      // In a sandbox no page can be told from another.
      height = 0;
      stand();
      opener = make(root, "a", "", title);
      opener.href = page;
      opener.target = "_blank";
    } else if (inline) {
      var near = new IntersectionObserver(seen => {
        if (!seen.some(one => one.isIntersecting)) return;
        near.disconnect();
        load(root, get("teaser") === "no" ? "" : "/teaser", "1", "height:100%;");
      }, { rootMargin: "600px" });
      near.observe(element);
    } else {
      var bar = variant === "bar", memory = bar && "wendu:" + key;
      try { if (sessionStorage[memory]) return; } catch (_) { memory = 0; }
      var place = make(root, "div", "all:initial;" + font + (bar ? "position:fixed;z-index:2147483647;left:0;right:0;bottom:0;box-sizing:border-box;max-height:40vh;display:flex;align-items:center;justify-content:center;padding:8px 8px calc(8px + env(safe-area-inset-bottom,0px)) 16px;box-shadow:0 0 8px rgba(0,0,0,.3);" + paper : ""));
      opener = press(place, title, open);
      if (get("color")) opener.style.setProperty("border-color", get("color"), "important");
      if (bar) cross(place, () => {
        place.remove();
        if (memory) sessionStorage[memory] = 1;
      });
    }
  }

  if (!customElements.get("wendu-survey")) customElements.define("wendu-survey", class extends HTMLElement {
    connectedCallback() { mount(this, ours); }
  });
  if (script.dataset.wendu) {
    var element = document.createElement("wendu-survey");
    for (var name in script.dataset) element.setAttribute(name.replace("S", "-s"), script.dataset[name]);
    mount(element, ours);
    script.after(element);
  }
})();
