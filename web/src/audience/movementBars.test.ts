import { describe, expect, it } from "vitest";
import { bars, type Movement } from "./movementBars";

const FRAME = { width: 640, height: 200, pad: 20 };

const moved = (causes: Movement["causes"]): Movement => ({
  at: "2026-11-22T15:00:00Z",
  entered: null,
  exited: null,
  size: null,
  causes,
});

describe("bars of movements", () => {
  it("stand above the line for who entered and hang below it for who left", () => {
    const { parts, zero } = bars([moved([{ cause: "behaviour", entered: 30, exited: 10 }])], FRAME);
    const [up, down] = parts;
    expect(up?.y).toBeLessThan(zero);
    expect((up?.y ?? 0) + (up?.height ?? 0)).toBeCloseTo(zero);
    expect(down?.y).toBeCloseTo(zero);
    expect(up?.height ?? 0).toBeGreaterThan(down?.height ?? 0);
  });

  it("are stacked by cause without a gap", () => {
    const { parts } = bars(
      [
        moved([
          { cause: "behaviour", entered: 30, exited: 0 },
          { cause: "consent", entered: 20, exited: 0 },
        ]),
      ],
      FRAME,
    );
    expect(parts.map(({ cause }) => cause)).toEqual(["behaviour", "consent"]);
    const [first, second] = parts;
    expect((second?.y ?? 0) + (second?.height ?? 0)).toBeCloseTo(first?.y ?? 0);
  });

  it("show that somebody moved where the number is too small to be told", () => {
    const { parts } = bars([moved([{ cause: "roll_off", entered: 0, exited: null }])], FRAME);
    expect(parts).toHaveLength(1);
    expect(parts[0]?.few).toBe(true);
    expect(parts[0]?.height).toBeGreaterThan(0);
  });

  it("leave nothing where nobody moved", () => {
    expect(bars([moved([]), moved([])], FRAME).parts).toEqual([]);
    expect(bars([], FRAME).parts).toEqual([]);
  });
});
