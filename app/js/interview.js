// Interviews: where they take place, how many this device has finished today, and what becomes of
// one that was broken off.
//
// The place is this device's, not the address's. The worker keeps one page for all places, which
// has the list of them, so that an interviewer can go on to a place where he has never been
// without asking a server.

const COUNT = "wendu:today";
const PLACE = "wendu:place";
const today = new Date().toLocaleDateString("sv");
const find = (id) => document.getElementById(id);
const site = find("site");
const area = find("area");

function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function count() {
  try {
    const kept = JSON.parse(localStorage.getItem(COUNT));
    if (kept.day === today && Number.isInteger(kept.n)) return kept;
  } catch {
    // Nothing is kept, or something else.
  }
  return { n: 0 };
}

function showCount() {
  find("today").textContent = count().n;
}

// Where this device is, as far as it can know: a browser that keeps nothing has it in the address,
// or from the server.
function known() {
  const asked = new URLSearchParams(location.search);
  if (asked.has("site") || asked.has("area")) return Object.fromEntries(asked);
  try {
    return JSON.parse(localStorage.getItem(PLACE)) || {};
  } catch {
    return JSON.parse(find("visit")?.textContent || "{}");
  }
}

function select(place) {
  for (const field of [site, area]) {
    field.value = place[field.name] || "";
    // A place that is not on the list any more.
    if (field.selectedIndex < 0) field.value = "";
  }
}

// A site lies in an area, and what contradicts the latest choice goes.
site.onchange = () => {
  if (site.value) area.value = site.selectedOptions[0].dataset.area;
};
area.onchange = () => {
  const [option] = site.selectedOptions;
  const lies = [option.dataset.area, option.parentNode.dataset.area];
  if (area.value && !lies.includes(area.value)) site.value = "";
};

// Keeps what is selected; an address that says it, too, where the browser keeps nothing.
function keep(path) {
  const address = new URL(path, location);
  const isKept = write(PLACE, { site: site.value, area: area.value });
  for (const { name, value } of [site, area]) {
    if (isKept || !value) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  return address;
}

let settled;

// The form that is open is asked at the selected place from now on.
function settle() {
  settled = { site: site.value, area: area.value };
  history.replaceState(history.state, "", keep(location));
  const chosen = [site, area].map(({ value }) => value || null);
  const [option] = (site.value ? site : area).selectedOptions;
  find("place").textContent = option.dataset.name || find("place").dataset.none;
  // The app, if it has taken over, and what it reads when it does.
  dispatchEvent(new CustomEvent("wendu", { detail: ["place", ...chosen] }));
  const visit = find("visit");
  const [at, within] = chosen;
  visit.textContent = JSON.stringify({ ...JSON.parse(visit.textContent), site: at, area: within });
  // The server's form, for as long as it is there.
  const form = document.querySelector("form[method]");
  for (const { name, value } of form ? [site, area] : []) {
    form.elements[`_${name}`]?.remove();
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: `_${name}`, value });
    if (value) form.append(field);
    // Without the app each step is a page; the place stays.
    form.action = location.href;
  }
  // As what a first answer is counted.
  const source = document.querySelector("[data-source]");
  if (source) source.dataset.source = source.dataset.source.replace(/\S*$/, site.value);
}

// The line over the form, and the dialog in which it changes.
function line(dialog) {
  const change = document.querySelector(".bar a");
  const [take, leave] = dialog.querySelectorAll("button");
  // Where there are no dialogs it leads to the page that has the same choice.
  if (dialog.showModal) {
    change.setAttribute("aria-haspopup", "dialog");
    change.onclick = (event) => {
      event.preventDefault();
      dialog.showModal();
    };
  }
  take.onclick = () => {
    settle();
    dialog.close();
  };
  leave.onclick = () => dialog.close();
  dialog.onclose = () => select(settled);
  // Choosing a place is no answer.
  dialog.addEventListener("change", (event) => event.stopPropagation());
  // What the app offers to whoever resumes answers, to begin anew at one tap, is asked for twice here.
  const style = document.createElement("style");
  style.nonce = document.querySelector("style").nonce;
  style.textContent = `#places { margin: auto; width: min(92vw, 26em); padding: var(--4) var(--5);
    border: 2px solid var(--society); border-radius: var(--radius); background: var(--paper);
    color: var(--ink); font-size: var(--body); line-height: 1.5 }
    #places::backdrop { background: rgb(0 0 0 / 60%) }
    #places p { margin-top: var(--3) } #places .field { margin-top: var(--1) }
    .bar ~ div { padding-top: var(--touch) } .notice [value=restart] { display: none }
    #places > :is(button, a) { display: block; width: 100%; min-width: 0; margin-top: var(--3);
      line-height: var(--touch); text-align: center }`;
  document.head.append(style);

  addEventListener("wendu", ({ detail: [kind, id] }) => {
    const { n, last } = count();
    // An interview counts once, whatever becomes of it afterwards.
    if (!/^(kept|loose)$/.test(kind) || last === id) return;
    write(COUNT, { day: today, n: n + 1, last: id });
    showCount();
  });
  // The browser's "back" must not show the interview before.
  addEventListener("pageshow", ({ persisted }) => persisted && location.replace(location));
  settle();
  showCount();
  interruption();
}

// What was begun and not finished is kept on the device, and whoever holds it next must see nothing
// of it: this page asks first. The app waits for as long as the question is there.
function interruption() {
  const app = find("app");
  const asking = find("broken-off");
  const [dropIt, resume] = asking.querySelectorAll("button");
  const sure = find("drop");
  const [leave, drop] = sure.querySelectorAll("button");
  const offer = document.querySelector("[aria-controls=drop]");
  const { draft } = asking.dataset;

  function show(one) {
    for (const each of [app, asking, sure]) each.hidden = each !== one;
    // As large as the form.
    if (one !== app) one.firstChild.dataset.size = app.querySelector(".sheet")?.dataset.size || "";
    // Its room stays, so that nothing moves.
    offer.toggleAttribute("data-unable", one !== app);
    one.querySelector("#question, h1[tabindex]")?.focus();
  }

  function goOn() {
    asking.remove();
    show(app);
  }

  let kept = "";
  try {
    kept = localStorage.getItem(draft) || "";
  } catch {
    // A browser that keeps nothing has nothing to show.
  }
  resume.onclick = goOn;
  dropIt.onclick = offer.onclick = () => {
    // What is on its way is finished, and no longer to be dropped.
    if (!app.querySelector("form [aria-disabled]")) show(sure);
  };
  leave.onclick = () => show(asking.isConnected ? asking : app);
  drop.onclick = () => {
    try {
      localStorage.removeItem(draft);
    } catch {
      // Nor anything to drop.
    }
    // The app holds what has been answered; another page has an id and a beginning of its own.
    asking.isConnected ? goOn() : location.replace(location.href);
  };
  addEventListener("wendu", ({ detail: [kind] }) => {
    if (/^(kept|loose)$/.test(kind)) offer.toggleAttribute("data-unable", true);
  });
  if (!kept) {
    asking.remove();
    offer.toggleAttribute("data-unable", false);
    return;
  }
  // What a hasty finger ticked before the question came is nobody's answer.
  document.querySelector("form[method]")?.reset();
  const begun = new Date(new URLSearchParams(kept).get("_started") || "");
  const isToday = begun.toLocaleDateString("sv") === today;
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const format = isToday ? time : { month: "short", day: "numeric", ...time };
  if (begun > 0) asking.querySelector("time").textContent = begun.toLocaleString(asking.lang, format);
  show(asking);
}

// The page on which an interviewer begins his day: every form is put by, to be begun without a
// network.
function begin(setUp) {
  const form = find("questionnaire");
  const path = ({ value }) => new URL(`/s/${encodeURIComponent(value)}?mode=interviewer`, location).href;
  setUp.onsubmit = (event) => {
    event.preventDefault();
    location.assign(keep(path(form)));
  };
  const workers = navigator.serviceWorker;
  workers?.register("/sw.js").catch(() => {});
  workers?.ready.then(({ active }) => [...form.options].forEach((one) => active.postMessage(path(one))));
}

select(known());
const dialog = find("places");
dialog ? line(dialog) : begin(find("set-up"));
// What waits here is the day's work: the browser should not clear it away.
navigator.storage?.persist?.().catch(() => {});
