// Sends what a visitor does to audience-builder, and nothing before they have agreed. How a page uses it: docs/events.md.
(() => {
  const script = document.currentScript;
  const url = new URL(`/api/v1/collect/${script.dataset.key}`, script.src).href;
  const KEPT = `ab:${script.dataset.key}`;
  const [AT_ONCE, MOST, EVERY, LONGEST, DAY] = [20, 500, 2_000, 60_000, 86_400_000];
  let [agreed, user, waits, timer, sending] = [false, "", 0, 0, false];
  let memory = []; // where this browser keeps nothing

  // What waits lies in localStorage alone, so that two tabs do not forget each other's.
  const waiting = () => {
    try {
      return JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    } catch {
      return memory;
    }
  };
  const keep = (events) => {
    memory = events.filter((each) => Date.now() - Date.parse(each.at) < DAY).slice(-MOST);
    try {
      if (memory.length) localStorage.setItem(KEPT, JSON.stringify(memory));
      else localStorage.removeItem(KEPT);
    } catch {}
  };
  const done = (sent) => {
    const ids = new Set(sent.map((each) => each.id));
    keep(waiting().filter((each) => !ids.has(each.id)));
  };
  const later = (after) => {
    timer ||= setTimeout(() => {
      timer = 0;
      send();
    }, after);
  };
  const again = (seconds) => {
    waits += 1;
    clearTimeout(timer);
    timer = 0;
    later(Math.max(seconds * 1_000, Math.min(LONGEST, EVERY * 2 ** waits) * (0.5 + Math.random() / 2)));
  };

  const send = async () => {
    const events = waiting().slice(0, AT_ONCE);
    if (!agreed || sending || !events.length) return;
    sending = true;
    try {
      // Text, so that no question goes ahead of it; without cookies, which nobody reads.
      const words = { method: "POST", body: JSON.stringify(events), credentials: "omit", keepalive: true };
      const { status, headers } = await fetch(url, words);
      if (status === 429 || status >= 500) again(Number(headers.get("Retry-After")) || 0);
      else {
        waits = 0;
        done(events); // taken, or never to be
        if (waiting().length) later(EVERY);
      }
    } catch {
      again(0); // offline
    }
    sending = false;
  };

  const ab = (word, value) => {
    if (word === "user") user = String(value ?? "");
    else if (word === "consent") {
      agreed = value === true;
      if (agreed) later(0);
      else keep([]);
    } else if (agreed && user) {
      const event = { ...value, id: crypto.randomUUID(), user_id: user, kind: word, at: new Date().toISOString() };
      const events = [...waiting(), event];
      keep(events);
      if (events.length >= AT_ONCE && !waits) send();
      else later(EVERY);
    }
  };

  // A beacon may be lost, so what it carries stays until it was taken: the same id twice is one event.
  addEventListener("pagehide", () => {
    const events = agreed ? waiting().slice(0, AT_ONCE) : [];
    if (events.length) navigator.sendBeacon(url, JSON.stringify(events));
  });
  for (const words of window.ab?.q ?? []) ab(...words);
  window.ab = ab;
})();
