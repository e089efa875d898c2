// Puts a survey into a page, see docs/EMBED.md: no cookies, nothing inline, no answers to the page.
// Lines of comment and indentation are not sent (server/build.rs).
(() => {
  var script = document.currentScript;
  var ours = new URL(script.src).origin;
  // What decides how an element is filled; the first four are the survey's own page's to know.
  var names = ["theme", "color", "font-size", "preview", "wendu", "questionnaire", "variant", "lang", "label", "height", "teaser"];

  // Fills an element; returns what empties it again.
  function mount(element, host) {
    var get = name => element.getAttribute(name) || "";
    var key = get("questionnaire") || get("wendu");
    if (!key) return;
    var english = /^en/i.test(get("lang") || document.documentElement.lang);
    var title = get("label") || (english ? "Take the survey" : "填写问卷");
    var paper = get("theme") === "dark" ? "background:#171a1d;color:#eceff1;" : "background:#fff;color:#1a1c1e;";
    var bar = get("variant") === "bar";
    var inline = !bar && get("variant") !== "button";
    var page = host + "/s/" + encodeURIComponent(key);
    // What the page says to all buttons must not reach ours.
    var root = element.shadowRoot || (inline ? element : element.attachShadow({ mode: "open" }));
    var font = "font:16px/1.5 system-ui,sans-serif;";
    var dialog, frame, opener, near, moves, told = {};

    // By CSSOM, which no policy forbids, and with more weight than any rule of the page.
    var style = (made, rules) => made.style.cssText = rules.replace(/;/g, "!important;");
    // The last without a semicolon: the page may hide it.
    var stand = (height, above) => style(element, "clear:both;font-size:" + Math.min(get("font-size") || 18, 24) + "px;position:relative;box-sizing:border-box;width:100%;height:auto;max-height:none;border:0;transition:none;break-inside:avoid;padding:" + (above || 0) + " 0 0;min-height:" + height + "px;display:block");
    var make = (place, tag, rules, text) => {
      var made = document.createElement(tag);
      style(made, rules);
      made.textContent = text;
      place.append(made);
      return made;
    };
    var press = (place, text, act, line) => {
      var button = make(place, "button", "font:inherit;cursor:pointer;min-height:48px;min-width:48px;padding:0 16px;border-radius:8px;border:2px solid;border-color:" + line + ";" + paper, text);
      button.onclick = act;
      return button;
    };
    var fire = what => told[what] = told[what] || element.dispatchEvent(new CustomEvent("wendu:" + what, { bubbles: true }));
    var load = (place, path, embed, rules) => {
      var query = new URLSearchParams({ embed: embed, from: self.origin, lang: english ? "en" : "zh-CN" });
      names.slice(0, 4).forEach(name => get(name) && query.set(name.replace("font-", ""), get(name)));
      frame = make(place, "iframe", "all:initial;display:block;width:100%;" + rules);
      frame.title = title;
      frame.referrerPolicy = "origin";
      frame.src = page + path + "?" + query;
    };
    var cross = (place, act) => {
      press(place, "✕", act, "transparent").setAttribute("aria-label", english ? "Close" : "关闭");
    };
    var open = () => {
      if (!dialog) {
        dialog = make(root, "dialog", font + "box-sizing:border-box;width:100%;height:100%;max-width:640px;max-height:760px;padding:env(safe-area-inset-top,0) 0 env(safe-area-inset-bottom,0);border:0;border-radius:8px;overflow:hidden;box-shadow:0 0 0 100vmax rgba(0,0,0,.5);" + paper);
        if (!dialog.showModal) return window.open(page);
        dialog.setAttribute("aria-label", title);
        dialog.onclose = () => opener.focus();
        dialog.onclick = event => event.target === dialog && dialog.close();
        var sheet = make(dialog, "div", "display:flex;flex-direction:column;align-items:flex-end;height:100%;");
        cross(sheet, () => dialog.close());
        load(sheet, "", "fill", "flex:1;");
      }
      dialog.showModal();
    };
    var hear = event => {
      if (!frame || event.source !== frame.contentWindow || event.origin !== host) return;
      var said = event.data || 0, what = said.wendu;
      fire("ready");
      if (what === "close" && dialog) dialog.close();
      if (what === "answered" || what === "completed") {
        moves = 1;
        fire(what);
      }
      // Until somebody answers it only grows, so that nothing jumps; a pixel is rounding.
      var more = said.height - frame.clientHeight;
      if (inline && said.height > 0 && (moves ? more * more > 1 : more > 0)) stand(said.height);
    };

    stand(0);
    addEventListener("message", hear);
    if (self.origin === "null") {
      // In a sandbox no page can be told from another.
      opener = make(root, "a", "", title);
      opener.href = page;
      opener.target = "_blank";
    } else if (inline) {
      // Until the first question says how high it is, see docs/EMBED.md: per cent are of the column's width.
      stand(+get("height") || 380, get("height") ? 0 : english ? "calc(46.5em - 100%)" : "calc(33.2em - 75%)");
      near = new IntersectionObserver(seen => {
        if (!seen.some(one => one.isIntersecting)) return;
        near.disconnect();
        load(root, get("teaser") === "no" ? "" : "/teaser", "1", "position:absolute;top:0;height:100%;");
      }, { rootMargin: "600px" });
      near.observe(element);
    } else {
      var memory = bar && !get("preview") && "wendu:" + key;
      try { var gone = memory && sessionStorage[memory]; } catch (_) { memory = 0; }
      if (!gone) {
        var place = make(root, "div", "all:initial;" + font + (bar ? "position:fixed;z-index:99999999;left:0;right:0;top:auto;bottom:0;box-sizing:border-box;max-height:40vh;display:flex;align-items:center;justify-content:center;padding:8px 8px calc(8px + env(safe-area-inset-bottom,0px)) 16px;box-shadow:0 0 8px rgba(0,0,0,.5);" + paper : ""));
        opener = press(place, title, open, get("color") || "#0072b2");
        if (bar) {
          cross(place, () => {
            place.remove();
            if (memory) sessionStorage[memory] = 1;
          });
          // Above everything, whatever the page does to what is around it; old browsers cannot.
          place.popover = "manual";
          if (place.showPopover) place.showPopover();
        }
      }
    }
    return () => {
      removeEventListener("message", hear);
      if (near) near.disconnect();
      root.textContent = "";
    };
  }

  // Follows what the page does with the element, once it has done with it for now.
  function renew(element) {
    queueMicrotask(() => {
      var wish = element.isConnected && "" + names.map(name => element.getAttribute(name));
      if (wish !== element.wish) {
        if (element.empty) element.empty();
        element.empty = wish && mount(element, element.host || ours);
      }
      element.wish = wish;
      element.style.display = element.hidden ? "none" : "block";
    });
  }
  if (!customElements.get("wendu-survey")) customElements.define("wendu-survey", class extends HTMLElement {
    static get observedAttributes() { return names.concat("hidden"); }
    connectedCallback() { renew(this); }
    disconnectedCallback() { renew(this); }
    attributeChangedCallback() { renew(this); }
  });
  if (script.dataset.wendu) {
    var element = document.createElement("wendu-survey");
    element.host = ours;
    for (var name in script.dataset) element.setAttribute(name.replace("S", "-s"), script.dataset[name]);
    script.after(element);
  }
})();
