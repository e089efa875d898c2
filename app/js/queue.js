// Finished answers on their way to the server: kept in IndexedDB until the server has them, and
// sent again for as long as that can help. The page and the service worker run this same code.
//
// An entry is { id, body, untold, tries, next, busy, grant, refused }. Its id is the response's, so that
// whatever is sent twice is one response. Entries are what some older build of this page wrote, or
// somebody's hand: nothing in them but the id is relied on.
//
// What happens is told as a list, here and to every other tab: ["kept" | "loose" | "slow" |
// "sent" | "waits", id, status], ["refused", id, status, item, message], ["left", waiting, refused, status].

const HOUR = 3600000;
// What could not be kept; lives as long as this page.
const loose = new Map();
const others = self.BroadcastChannel && new BroadcastChannel("wendu");
let timer;

function tell(...news) {
  if (self.document) dispatchEvent(new CustomEvent("wendu", { detail: news }));
}

function tellAll(...news) {
  tell(...news);
  others?.postMessage(news);
}

// Resolves once what `act` did is on disk.
function stored(mode, act) {
  return new Promise((resolve, reject) => {
    // Some in-app browsers answer neither way.
    setTimeout(reject, 3000);
    const open = indexedDB.open("wendu", 1);
    open.onupgradeneeded = () => open.result.createObjectStore("queue", { keyPath: "id" });
    open.onerror = reject;
    open.onsuccess = () => {
      const change = open.result.transaction("queue", mode, { durability: "strict" });
      const request = act(change.objectStore("queue"));
      change.oncomplete = () => resolve(request.result);
      change.onabort = reject;
      // Once this is done; an open connection would stand in the way of a later build.
      open.result.close();
    };
  });
}

async function entries() {
  const kept = await stored("readonly", (store) => store.getAll()).catch(() => []);
  return [...kept, ...loose.values()].map((entry) => ({ ...entry, body: `${entry.body}` }));
}

// Keeps or forgets an entry after it was sent, unless other answers have taken its place since.
async function settle(entry, gone) {
  if (loose.get(entry.id)?.body === entry.body) {
    if (gone) loose.delete(entry.id);
    else loose.set(entry.id, entry);
    return;
  }
  await stored("readwrite", (store) => {
    const request = store.get(entry.id);
    request.onsuccess = () => {
      if (request.result && `${request.result.body}` === entry.body) gone ? store.delete(entry.id) : store.put(entry);
    };
    return request;
  }).catch(() => {});
}

// Sends one entry; the status that our own server gave, and what it said. 0 is no answer at all,
// or that of somebody in between, who must not make us forget anything.
async function post(entry) {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 20000);
  try {
    // That somebody began is told with the answers if it could not be told at once.
    const untold = entry.untold ? `?untold=${entry.untold}` : "";
    const response = await fetch("/api/v1/responses" + untold, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: entry.body,
      signal: abort.signal,
    });
    const { status, ok, headers } = response;
    const after = headers.get("retry-after");
    const said = await response.json().catch(() => ({}));
    const ours = ok ? said.id === entry.id : said.status === status || (status > 499 && after);
    return { status: ours ? status : 0, said, after };
  } catch {
    return { status: 0 };
  }
}

// Sends one entry and notes what became of it; its status.
async function send(entry) {
  const { status, said, after } = await post(entry);
  const arrived = status === 200 || status === 201;
  entry.grant = status === 401 || status === 403;
  entry.busy = status === 408 || status === 429 || status > 499;
  if (status && !arrived && !entry.grant && !entry.busy) entry.refused = status;
  entry.tries = (entry.tries | 0) + 1;
  const pause = 1000 * 2 ** Math.min(entry.tries, 9) * (0.5 + Math.random());
  // Retry-After in seconds; a date would need a clock that is right.
  entry.next = Date.now() + Math.min(HOUR, Math.max(pause, (after | 0) * 1000));
  await settle(entry, arrived);
  const [first] = said?.problems || [];
  const kind = arrived ? "sent" : entry.refused ? "refused" : "waits";
  tellAll(kind, entry.id, status, first?.item, first?.message);
  return status;
}

async function drain(anew) {
  let waiting = 0, refused = 0, why = 0, soonest = HOUR, cut;
  for (const entry of await entries()) {
    let status = entry.grant ? 401 : 0;
    // A clock that was set back must not keep an answer waiting for years.
    const pause = entry.next - Date.now();
    const isLater = pause > 0 && pause <= HOUR;
    const isDue = anew ? !(entry.busy && isLater) : !(entry.grant || isLater);
    if (isDue && !entry.refused && !cut) {
      status = await send(entry);
      cut = !status;
      if (status === 200 || status === 201) continue;
      soonest = Math.min(soonest, entry.next - Date.now());
    }
    if (entry.refused) {
      refused++;
    } else {
      waiting++;
      why = Math.max(why, status);
      if (isLater) soonest = Math.min(soonest, pause);
    }
  }
  tellAll("left", waiting, refused, why);
  clearTimeout(timer);
  if (waiting && self.document) timer = setTimeout(flush, Math.max(soonest, 1000));
  return waiting;
}

// Sends what is due, or with `anew` all that did not hear "later"; how much is left to send. One
// tab at a time, so that nothing is sent in vain; a tab that sleeps with the lock is not waited
// for, because the ids forgive sending twice.
export async function flush(anew) {
  if (!navigator.locks) return drain(anew);
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 25000);
  const act = () => drain(anew);
  return navigator.locks.request("wendu", { signal: abort.signal }, act).catch(act);
}

// Takes a finished answer, whose sending is told.
export async function put(id, body) {
  // As the page's own script found out, see framing/begun.js.
  const entry = { id, body, untold: self.untold };
  try {
    await stored("readwrite", (store) => store.put(entry));
    loose.delete(id);
    tell("kept", id);
    // Where there is Background Sync the worker sends, even if this page is closed.
    navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("wendu")).catch(() => {});
  } catch {
    loose.set(id, entry);
    // Whoever closes the page is asked whether they mean it.
    self.onbeforeunload = () => loose.size || undefined;
    tell("loose", id);
  }
  setTimeout(tell, 5000, "slow", id);
  flush(true);
}

// What was refused: tries it once more, or forgets it.
export async function refused(forget) {
  for (const entry of await entries()) {
    if (!entry.refused) continue;
    delete entry.refused;
    await settle(entry, forget);
  }
  flush(true);
}

// The page has taken over: sends what is left of earlier visits, and lets the worker in once
// there is nothing better to do.
export function start() {
  if (others) others.onmessage = (event) => tell(...event.data);
  addEventListener("online", () => flush(true));
  flush(true);
  if (self === top && navigator.serviceWorker) {
    const idle = self.requestIdleCallback || setTimeout;
    idle(() => navigator.serviceWorker.register("/sw.js").catch(() => {}));
  }
}
