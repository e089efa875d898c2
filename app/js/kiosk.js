// A screen that many people use in turn: a kiosk is full screen from the first tap on, and after a
// while without a touch it asks whether somebody is still there, waits, and begins anew.

const number = (name, otherwise) => Number(new URLSearchParams(location.search).get(name)) || otherwise;
// Seconds without a touch before it asks, and how long it waits for the answer.
const IDLE = Math.max(10, number("idle", 60));
const WAIT = 30;
const say = (zh, en) => (document.documentElement.lang.startsWith("zh") ? zh : en);

let idle = 0;

const dialog = document.createElement("dialog");
dialog.className = "still-there";
dialog.setAttribute("role", "alertdialog");
dialog.setAttribute("aria-labelledby", "still-there");
const title = document.createElement("h2");
title.id = "still-there";
const countdown = document.createElement("p");
const stay = document.createElement("button");
stay.className = "next";
const leave = document.createElement("button");
dialog.append(title, countdown, stay, leave);
document.body.append(dialog);
// Not an adopted style sheet: a browser without those would leave a kiosk that never forgets.
const style = document.createElement("style");
style.nonce = document.querySelector("style").nonce;
style.textContent = `.still-there { margin: auto; max-width: min(92vw, 26em); padding: var(--5);
  border: 2px solid var(--society); border-radius: var(--radius); background: var(--paper); color: var(--ink);
  font-size: var(--body); line-height: 1.5; text-align: center }
.still-there::backdrop { background: rgb(0 0 0 / 60%) }
.still-there > * + * { display: block; width: 100%; min-width: 0; margin-top: var(--3) }`;
document.head.append(style);

// Not a reload: that could bring back what stood in the fields. Once only: asking again every second
// would break off the page that is on its way, and on a slow line it would never come.
let leaving = false;
const anew = () => {
  if (leaving) return;
  leaving = true;
  // Nobody is there to be asked.
  self.onbeforeunload = null;
  location.replace(location.pathname + location.search);
};
const isBegun = () =>
  !document.querySelector("form") ||
  document.querySelector("progress")?.value > 1 ||
  !!document.querySelector(":checked");

function goOn() {
  idle = 0;
  if (dialog.open) dialog.close();
}

function tick() {
  if (!isBegun()) return goOn();
  idle++;
  if (idle < IDLE) return;
  const left = IDLE + WAIT - idle;
  if (left <= 0) return anew();
  if (!dialog.open) {
    title.textContent = say("您还在填写吗？", "Are you still there?");
    stay.textContent = say("继续", "Go on");
    leave.textContent = say("清空并重新开始", "Clear and start over");
    dialog.showModal();
  }
  // A screen reader hears it now and then, not every second.
  countdown.setAttribute("aria-live", left % 10 ? "off" : "polite");
  countdown.textContent = say(`${left} 秒后将清空，供下一位填写。`, `It will be cleared for the next person in ${left} seconds.`);
}

stay.addEventListener("click", goOn);
leave.addEventListener("click", anew);
dialog.addEventListener("cancel", goOn);
for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
  addEventListener(kind, () => { if (!dialog.open) idle = 0; }, { capture: true, passive: true });
}
const isKiosk = document.getElementById("visit")?.textContent.includes('"mode":"kiosk"');
addEventListener("click", () => {
  if (isKiosk && !document.fullscreenElement) document.documentElement.requestFullscreen?.().catch(() => {});
}, true);
// Whatever brings an earlier page back, as it lived or as it was sent, it is that of the person
// before.
addEventListener("pageshow", (event) => { if (event.persisted) anew(); });
if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") anew();
// Without the app each step is a page; all of them are this screen's.
const form = document.querySelector("form[method]");
if (form) form.action = location.href;
setInterval(tick, 1000);
