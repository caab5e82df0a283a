/** Small pictures of numbers, drawn with the page's own colours; each has its numbers beside it in words or a table. */

import { scaleLinear, scaleTime } from "@visx/scale";
import { AreaClosed, LinePath } from "@visx/shape";

export type Point = { at: string; n: number };

const scales = (points: Point[], width: number, height: number, pad: number) => {
  const times = points.map((point) => new Date(point.at).getTime());
  const most = Math.max(1, ...points.map((point) => point.n));
  const x = scaleTime({ domain: [Math.min(...times), Math.max(...times)], range: [pad, width - pad] });
  const y = scaleLinear({ domain: [0, most * 1.08], range: [height - pad, pad] });
  return { x: (point: Point) => x(new Date(point.at)), y: (point: Point) => y(point.n), ticks: y.ticks(3), tick: y };
};

/** The size of an audience over its last days, as a line without axes. */
export function Sparkline({ points, label }: { points: Point[]; label: string }) {
  const [width, height] = [88, 24];
  if (points.length < 2) return <span className="text-xs text-faint">–</span>;
  const { x, y } = scales(points, width, height, 2);
  return (
    <svg role="img" aria-label={label} width={width} height={height}>
      <LinePath data={points} x={x} y={y} className="fill-none stroke-accent" strokeWidth={1.5} />
    </svg>
  );
}

type AreaProps = { points: Point[]; label: string; sayNumber: (n: number) => string; sayDay: (at: string) => string };

/** The size over time with its scale. */
export function SizeChart({ points, label, sayNumber, sayDay }: AreaProps) {
  const [width, height] = [640, 200];
  if (points.length < 2) return null;
  const { x, y, ticks, tick } = scales(points, width, height, 22);
  const [first, last] = [points[0] as Point, points.at(-1) as Point];
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} className="w-full">
      {ticks.map((value) => (
        <g key={value}>
          <line x1={22} x2={width - 22} y1={tick(value)} y2={tick(value)} className="stroke-line" />
          <text x={24} y={tick(value) - 4} className="numbers fill-faint text-[11px]">
            {sayNumber(value)}
          </text>
        </g>
      ))}
      <AreaClosed data={points} x={x} y={y} yScale={tick} className="fill-accent" fillOpacity={0.12} />
      <LinePath data={points} x={x} y={y} className="fill-none stroke-accent" strokeWidth={2} />
      <text x={22} y={height - 5} className="numbers fill-faint text-[11px]">
        {sayDay(first.at)}
      </text>
      <text x={width - 22} y={height - 5} textAnchor="end" className="numbers fill-faint text-[11px]">
        {sayDay(last.at)}
      </text>
    </svg>
  );
}
