/** What is looked at from inside the page. Runs in the browser, before anything of the page does. */
export function probes() {
  const found = { largest: 0, builder: 0, pressed: new Map(), edit: null, frames: [], tasks: [] };

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) found.largest = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId) found.pressed.set(interactionId, Math.max(duration, found.pressed.get(interactionId) ?? 0));
  }).observe({ type: "event", buffered: true, durationThreshold: 16 });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) found.tasks.push(entry.duration);
  }).observe({ type: "longtask", buffered: true });

  /** Once what just changed is on the screen: after the next frame was drawn. */
  const note = (edit, name) => {
    edit[name] = 0;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        edit[name] = performance.now() - edit.at;
      };
      port2.postMessage(0);
    });
  };
  const look = () => {
    if (!found.builder && document.querySelector("[role=treegrid]")) found.builder = performance.now();
    const edit = found.edit;
    if (!edit) return;
    const state = document.querySelector("[data-testid=total]")?.getAttribute("data-state");
    const isBusy = document.querySelector("[aria-labelledby=facets-title]")?.getAttribute("aria-busy") === "true";
    if (state === "stale" && edit.stale === undefined) note(edit, "stale");
    if (state === "fresh" && edit.stale !== undefined && edit.fresh === undefined) note(edit, "fresh");
    if (isBusy) edit.wasBusy = true;
    if (!isBusy && edit.wasBusy && edit.facets === undefined) note(edit, "facets");
  };
  const begin = (event) => {
    if (found.edit?.at === 0) found.edit.at = event.timeStamp;
  };
  document.addEventListener("input", begin, true);
  new MutationObserver(look).observe(document, {
    attributes: true,
    attributeFilter: ["data-state", "aria-busy"],
    childList: true,
    subtree: true,
  });
  let last = performance.now();
  const frame = (now) => {
    found.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);

  window.measure = {
    /** The next thing typed is an edit to be followed. */
    arm: () => {
      found.edit = { at: 0 };
    },
    edited: () => {
      const { stale, fresh, facets } = found.edit ?? {};
      return stale && fresh && facets ? { stale, fresh, facets } : null;
    },
    largest: () => found.largest,
    /** Packed bytes of the scripts and styles asked for until the builder stood there, and of those fetched ahead after it. */
    carried: () => {
      const sizes = { until: 0, after: 0 };
      for (const { name, startTime, encodedBodySize } of performance.getEntriesByType("resource"))
        if (/\.(?:js|css)$/.test(name)) sizes[startTime <= found.builder ? "until" : "after"] += encodedBodySize;
      return sizes;
    },
    begin: () => {
      found.pressed.clear();
      found.frames.length = 0;
      found.tasks.length = 0;
    },
    /** Milliseconds from touching something to seeing it (nothing under 16 is told), between frames, and of long tasks. */
    end: () => ({ pressed: [...found.pressed.values()], frames: [...found.frames], tasks: [...found.tasks] }),
  };
}
