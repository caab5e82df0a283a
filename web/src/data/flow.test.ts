import { expect, it } from "vitest";
import { byReason, healthOf, type Letter, type Pipeline, rates, type Source, slowestOf, waited } from "./flow";

const NOW = Date.parse("2026-11-23T00:00:00Z");
const source = (more: Partial<Source> = {}): Source => ({
  topic: "events",
  partition: 0,
  received: 100,
  applied: 90,
  duplicate: 4,
  late: 3,
  dead: 3,
  in_flight: 0,
  applied_at: null,
  oldest_waiting_at: null,
  problem: "",
  ...more,
});
const pipeline = (at: number, ...sources: Source[]): Pipeline => ({ at, sources, problem: "" });

it("is well, behind after ten seconds, and failing when anything says so", () => {
  const late = source({ oldest_waiting_at: new Date(NOW - 11_000).toISOString() });
  expect(healthOf(pipeline(NOW, source()))).toBe("well");
  expect(waited(late, NOW)).toBe(11);
  expect(healthOf(pipeline(NOW, source(), late))).toBe("behind");
  expect(healthOf(pipeline(NOW, late, source({ problem: "away" })))).toBe("failing");
  expect(healthOf({ ...pipeline(NOW, source()), problem: "the disk" })).toBe("failing");
});

it("tells rates from two answers, and none from one or from a source that was not there", () => {
  const first = pipeline(NOW, source());
  const then = pipeline(NOW + 2000, source({ received: 300 }), source({ topic: "operations" }));
  expect([...rates(undefined, first).values()]).toEqual([0]);
  expect(Object.fromEntries(rates(first, then))).toEqual({ "events/0": 100, "operations/0": 0 });
});

it("gathers what waits by reason, without what was tried again", () => {
  const letter = (reason: string, at: string, replayed_at: string | null = null): Letter => ({
    topic: "events",
    partition: 0,
    offset: 1,
    line: 0,
    reason,
    at,
    replayed_at,
  });
  const found = byReason([
    letter("late", "2026-11-02"),
    letter("late", "2026-11-01"),
    letter("erased", "2026-11-03"),
    letter("missing", "2026-11-03", "2026-11-04"),
  ]);
  expect(found.map(({ reason, times, from, to }) => [reason, times, from, to])).toEqual([
    ["late", 2, "2026-11-01", "2026-11-02"],
    ["erased", 1, "2026-11-03", "2026-11-03"],
  ]);
});

it("names the source that is waited for longest, and none where nothing ever came", () => {
  const waits = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
  const slow = source({ topic: "operations", oldest_waiting_at: waits(30) });
  const quick = source({ oldest_waiting_at: waits(2) });
  expect(slowestOf(pipeline(NOW, quick, slow))?.topic).toBe("operations");
  expect(slowestOf(pipeline(NOW, source({ problem: "away" }), slow))?.topic).toBe("events");
  const [old, fresh] = [source({ topic: "operations", applied_at: waits(90) }), source({ applied_at: waits(5) })];
  expect(slowestOf(pipeline(NOW, fresh, old))?.topic).toBe("operations");
  expect(slowestOf(pipeline(NOW, source({ received: 0 })))).toBeNull();
});
