// The interviewer's line above the form: how many interviews this device has finished today.

const COUNT = "wendu:today";
const today = new Date().toLocaleDateString("sv");
const shown = document.getElementById("today");

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(COUNT));
    return kept?.day === today && Number.isInteger(kept.n) ? kept : { day: today, n: 0 };
  } catch {
    return { day: today, n: 0 };
  }
}

function show() {
  if (shown) shown.textContent = read().n;
}

addEventListener("wendu", ({ detail: [kind, id] }) => {
  const count = read();
  // An interview counts once, whatever becomes of it afterwards.
  if (!/^(kept|loose)$/.test(kind) || count.last === id) return;
  try {
    localStorage.setItem(COUNT, JSON.stringify({ day: today, n: count.n + 1, last: id }));
  } catch {
    // Then it is not counted; the interview is not lost by that.
  }
  show();
});
show();
// What waits here is the day's work: the browser should not clear it away.
navigator.storage?.persist?.().catch(() => {});
