/** Movements as bars: those who entered above the line, those who left below it, each in parts by cause. */

import { scaleLinear } from "@visx/scale";
import type { Schemas } from "@/server/client";
import type { Cause } from "./movementWords";

export type Movement = Schemas["MovementAnswer"];
export type Part = { cause: Cause; x: number; y: number; width: number; height: number; few: boolean };
export type Frame = { width: number; height: number; pad: number };

const LEAST = 2;

/** Too few to be told are drawn as something: nothing would be a lie. */
const drawn = (n: number | null) => n ?? 1;

const most = (movements: Movement[], of: "entered" | "exited") =>
  Math.max(0, ...movements.map(({ causes }) => causes.reduce((sum, cause) => sum + drawn(cause[of]), 0)));

/** The parts of all bars, the line they stand on, and where numbers stand beside it. */
export function bars(movements: Movement[], { width, height, pad }: Frame) {
  const y = scaleLinear({
    domain: [-Math.max(1, most(movements, "exited")) * 1.08, Math.max(1, most(movements, "entered")) * 1.08],
    range: [height - pad, pad],
  });
  const step = (width - 2 * pad) / Math.max(1, movements.length);
  const thick = Math.max(1, Math.min(28, step * 0.7));
  const parts = movements.flatMap((movement, index) => {
    const x = pad + index * step + (step - thick) / 2;
    return [...stacked(movement, "entered", 1), ...stacked(movement, "exited", -1)].map(({ from, to, ...part }) => {
      const top = Math.min(y(from), y(to));
      return { ...part, x, width: thick, y: top, height: Math.max(LEAST, Math.abs(y(from) - y(to))) };
    });
  });
  const middle = (index: number) => pad + (index + 0.5) * step;
  return { parts, zero: y(0), ticks: y.ticks(4).map((n) => ({ n, y: y(n) })), middle };
}

function stacked({ causes }: Movement, of: "entered" | "exited", sign: 1 | -1) {
  let from = 0;
  return causes.flatMap((cause) => {
    const n = drawn(cause[of]);
    if (n === 0) return [];
    const part = { cause: cause.cause, few: cause[of] === null, from: sign * from, to: sign * (from + n) };
    from += n;
    return [part];
  });
}
