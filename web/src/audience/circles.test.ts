import fc from "fast-check";
import { expect, it } from "vitest";
import { circles, distanceFor, sharedArea } from "./circles";

const size = fc.integer({ min: 1, max: 1_000_000 });

it("two circles have the areas of their audiences and share the area of what they have in common", () => {
  fc.assert(
    fc.property(size, size, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, part) => {
      const both = part * Math.min(a, b);
      const [one, two] = circles([a, b], () => both);
      if (!one || !two) throw new Error("two circles were asked for");
      expect(Math.PI * one.r ** 2).toBeCloseTo(a, 3);
      expect(Math.PI * two.r ** 2).toBeCloseTo(b, 3);
      expect(Math.abs(sharedArea(one.r, two.r, two.x - one.x) - both)).toBeLessThan(1e-6 * Math.max(a, b) + 1e-6);
    }),
  );
});

it("strangers touch without sharing, and one inside another shares all of it", () => {
  expect(distanceFor(3, 2, 0)).toBe(5);
  expect(sharedArea(3, 2, distanceFor(3, 2, Math.PI * 4))).toBeCloseTo(Math.PI * 4, 6);
});
