// What the app asks of the browser: the form that the server wrote, events, the place in the
// browser's history, what this device keeps, the voice. In WebAssembly each would be a way across
// the border and back for every step; here it is a line.

import { start } from "./queue.js";

// Hands the app what stands in the server's form and what the page is about, and from then on
// what happens, each as a list: ["form", fields, visit], ["press", word], ["answer", name, value,
// fields], ["back", state], ["again"] when a page that was left is shown again as it lived, and
// what queue.js tells. On a page without a questionnaire (a thank-you that the server wrote, a
// refusal) nothing happens.
export function begin(hear) {
  const visit = document.getElementById("visit");
  const app = document.getElementById("app");
  const form = app?.querySelector("form");
  if (!visit || !form) return;
  const fields = (form) => [...new FormData(form)];
  let patience = 40;
  const take = () => {
    // An option that is being pressed would lose the press if it were replaced under the finger.
    // What an interviewer broke off comes back when he says so, see interview.js.
    if (document.getElementById("broken-off") || (patience-- && document.querySelector("form :active"))) {
      return setTimeout(take, 50);
    }
    const { id, selectionStart, selectionEnd } = document.activeElement || {};
    // From here to the end nothing is awaited: no event can come in between.
    hear(["form", fields(form), JSON.parse(visit.textContent)]);
    const field = id && document.getElementById(id);
    if (field) {
      field.focus();
      if (selectionStart != null) field.setSelectionRange(selectionStart, selectionEnd);
    }
    app.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      event.preventDefault();
      hear(["press", button.value]);
    });
    // What submits the form has been a press before.
    app.addEventListener("submit", (event) => event.preventDefault());
    const answer = ({ target }) => {
      if (target.form) hear(["answer", target.name, target.value, fields(target.form)]);
    };
    app.addEventListener("input", answer);
    app.addEventListener("change", answer);
    addEventListener("popstate", () => hear(["back", place()]));
    addEventListener("pageshow", ({ persisted }) => persisted && hear(["again"]));
    addEventListener("wendu", ({ detail }) => hear(detail));
    start();
  };
  take();
}

// Moves the cursor once what is new has been drawn; to a question, from its top.
export function focus(selector) {
  requestAnimationFrame(() => {
    document.querySelector(selector)?.focus();
    if (selector === "#question") scrollTo(0, 0);
  });
}

// Takes the tick from an option.
export function untick(id) {
  const option = document.getElementById(id);
  if (option) option.checked = false;
}

export function entitle(title, language) {
  document.title = title;
  document.documentElement.lang = language;
}

// Begins anew. Not a reload: that would send again what led here.
export function restart() {
  location.replace(location.href);
}

// Tells the page around this one that something happened; never what was answered. A few lines of
// script that the server writes into embedded pages hear it and pass it on.
export function announce(what) {
  dispatchEvent(new Event(what));
}

// What the browser's history says of this place; nothing if somebody else wrote it.
export function place() {
  const { state } = history;
  return typeof state === "string" ? state : undefined;
}

// Writes it, over the present place or as a new one.
export function mark(state, anew) {
  anew ? history.pushState(state, "") : history.replaceState(state, "");
}

export function back() {
  history.back();
}

// What this device keeps under a name, as fields; none where the browser refuses.
export function kept(name) {
  try {
    return [...new URLSearchParams(localStorage.getItem(name) || "")];
  } catch {
    return [];
  }
}

// Keeps fields under a name, or with none forgets it; whether that was possible.
export function keep(name, fields) {
  try {
    fields.length ? localStorage.setItem(name, new URLSearchParams(fields)) : localStorage.removeItem(name);
    return true;
  } catch {
    return false;
  }
}

export function speaks() {
  return "speechSynthesis" in self;
}

// Reads a text aloud, or falls silent: if it was reading, or if there is no text.
export function speak(text, language) {
  const voice = self.speechSynthesis;
  const wasSpeaking = voice?.speaking;
  voice?.cancel();
  if (!voice || wasSpeaking || !text) return;
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = language;
  voice.speak(utterance);
}

export function now() {
  return new Date().toISOString();
}

export function random(bytes) {
  crypto.getRandomValues(bytes);
}
