// The service worker: a form that was opened once opens without a network, and finished answers
// are sent when it is back. It keeps pages with a form and what they are made of, nothing else.

import { flush } from "./queue.js";

// Written by the build: what pages are made of, by names that tell the content. Another build is
// another worker.
const FILES = __FILES__;
const MOST = 24;
const kept = caches.open("wendu");
const isForm = (url) => /^\/(s\/|interview$)/.test(new URL(url).pathname);

// An interviewer's page is the same at every place, see interview.js.
const name = (url) => url.replace(/(mode=interviewer).*/, "$1");
const find = (url) => kept.then((cache) => cache.match(name(url))).catch(() => {});

async function keep(url, response) {
  if (response.status !== 200) return;
  // Without what would make two people one: the id and the time that the server wrote for a
  // browser without scripts.
  const page = (await response.text()).replace(/(name="_(id|started)" value=")[^"]*/g, "$1");
  const cache = await kept;
  await cache.put(name(url), new Response(page, response));
  const pages = (await cache.keys()).filter(({ url }) => isForm(url));
  if (pages.length > MOST) await cache.delete(pages[0]);
}

const renew = (url) => fetch(url).then((response) => keep(url, response)).catch(() => {});

// From the network if it answers soon, else as it was kept.
function page(event) {
  const { request } = event;
  const fresh = fetch(request);
  const match = () => find(request.url).then((page) => page || fresh);
  event.waitUntil(fresh.then((response) => keep(request.url, response.clone())).catch(() => {}));
  return Promise.race([
    fresh.catch(match),
    new Promise((resolve) => setTimeout(resolve, 3000)).then(match),
  ]);
}

async function install() {
  await (await kept).addAll(FILES);
  await self.skipWaiting();
}

async function activate() {
  await clients.claim();
  const cache = await kept;
  // The page that let the worker in came before it.
  for (const { url, frameType } of await clients.matchAll()) {
    if (frameType === "top-level" && isForm(url) && !(await find(url))) await renew(url);
  }
  // What an older build was made of stays for as long as a kept page asks for it.
  const requests = await cache.keys();
  let texts = FILES.join();
  for (const request of requests) {
    if (isForm(request.url)) texts += await (await cache.match(request)).text();
  }
  for (const { url } of requests) {
    if (!isForm(url) && !texts.includes(new URL(url).pathname)) await cache.delete(url);
  }
}

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    if (request.method === "GET" && request.destination === "document" && isForm(request.url)) {
      event.respondWith(page(event));
    }
  } else if (request.url.includes("/assets/resident/")) {
    event.respondWith(find(request.url).then((file) => file || fetch(request)));
  }
});
// A page asks for others to be kept.
addEventListener("message", (event) => event.waitUntil(renew(event.data)));
addEventListener("sync", (event) => event.waitUntil(flush(true).then((left) => {
  // The browser comes back later.
  if (left) throw left;
})));
