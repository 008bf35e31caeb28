/** A drawn landscape for a trip: the same trip always has the same one. Decoration only. */
import classes from './Landscape.module.css';

const TINTS = ['pine', 'clay', 'sky', 'plum'] as const;
const WIDTH = 400;

/** A small generator with a fixed course for each seed. */
function course(seed: string): () => number {
  let state = [...seed].reduce((sum, char) => (Math.imul(sum, 31) + char.codePointAt(0)!) >>> 0, 7);
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function ridge(next: () => number, floor: number, base: number, height: number, peaks: number): string {
  const step = WIDTH / peaks;
  const points = Array.from({ length: peaks * 2 + 1 }, (_, index) => {
    const y = base - (index % 2 ? height * (0.55 + next() * 0.45) : height * next() * 0.3);
    return `${Math.round((index * step) / 2)} ${Math.round(y)}`;
  });
  return `M0 ${floor} L${points.join(' L')} L${WIDTH} ${floor}z`;
}

/** `wide` is for a banner: lower, with more peaks. */
export function Landscape({ seed, wide }: { seed: string; wide?: boolean }) {
  const next = course(seed);
  const floor = wide ? 96 : 200;
  const part = (share: number): number => floor * share;
  const more = wide ? 2 : 1;
  const tint = TINTS[Math.floor(next() * TINTS.length)]!;
  const sun = { cx: 60 + next() * 280, cy: part(0.2 + next() * 0.16), r: part(0.08 + next() * 0.04) };
  return (
    <svg className={classes.landscape} data-tint={tint} viewBox={`0 0 ${WIDTH} ${floor}`} preserveAspectRatio="xMidYMax slice" aria-hidden>
      <circle {...sun} className={classes.sun} />
      <path d={ridge(next, floor, part(0.76), part(0.45), 4 * more)} className={classes.far} />
      <path d={ridge(next, floor, part(0.87), part(0.36), 5 * more)} className={classes.mid} />
      <path d={ridge(next, floor, part(0.97), part(0.25), 7 * more)} className={classes.near} />
    </svg>
  );
}
