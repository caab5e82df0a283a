import type { ReactNode } from "react";
import { ListLayout, Virtualizer } from "react-aria-components";

const ROWS = { estimatedRowSize: 40 };

/** Of a long rule the rows in sight alone are drawn. */
export function InSight({ children }: { children: ReactNode }) {
  return (
    <Virtualizer layout={ListLayout} layoutOptions={ROWS} shouldObserveItemSize>
      {children}
    </Virtualizer>
  );
}
