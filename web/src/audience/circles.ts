/** Two or three circles whose areas are the audiences and whose overlaps are as near to their shares as circles can be. */

export type Circle = { x: number; y: number; r: number };

/** The area two circles share. */
export function sharedArea(r: number, s: number, distance: number): number {
  if (distance >= r + s) return 0;
  const [small, large] = [Math.min(r, s), Math.max(r, s)];
  if (distance <= large - small) return Math.PI * small * small;
  const [a, b] = [half(r, s, distance), half(s, r, distance)];
  return a + b;
}

/** One circle's slice of a lens. */
function half(r: number, s: number, distance: number): number {
  const along = (distance * distance + r * r - s * s) / (2 * distance);
  const angle = Math.acos(Math.max(-1, Math.min(1, along / r)));
  return r * r * (angle - Math.sin(angle) * Math.cos(angle));
}

/** How far apart two circles stand so that they share an area: sharedArea falls with distance, so halving finds it. */
export function distanceFor(r: number, s: number, area: number): number {
  let [near, far] = [Math.abs(r - s), r + s];
  if (area <= 0) return far;
  for (let step = 0; step < 60; step += 1) {
    const middle = (near + far) / 2;
    if (sharedArea(r, s, middle) > area) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}

/** Circles of these sizes; `shared(i, j)` is how many are in both. Sizes and overlaps of pairs are exact, a third is fitted. */
export function circles(sizes: number[], shared: (i: number, j: number) => number): Circle[] {
  const radius = (n: number) => Math.sqrt(n / Math.PI);
  const r = sizes.map(radius);
  const apart = (i: number, j: number) => distanceFor(r[i] as number, r[j] as number, shared(i, j));
  const placed: Circle[] = [{ x: 0, y: 0, r: r[0] as number }];
  if (sizes.length > 1) placed.push({ x: apart(0, 1), y: 0, r: r[1] as number });
  if (sizes.length > 2) placed.push({ ...corner(apart(0, 1), apart(0, 2), apart(1, 2)), r: r[2] as number });
  return placed;
}

/** Where the third corner of a triangle is; on the line where the sides do not meet. */
function corner(base: number, left: number, right: number): { x: number; y: number } {
  const x = base === 0 ? left : (left * left - right * right + base * base) / (2 * base);
  return { x, y: Math.sqrt(Math.max(0, left * left - x * x)) };
}
