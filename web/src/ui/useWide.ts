import { useSyncExternalStore } from "react";

const WIDE = matchMedia("(min-width: 1100px)");

/** Whether there is room for the panels side by side. */
export const useWide = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      WIDE.addEventListener("change", changed);
      return () => WIDE.removeEventListener("change", changed);
    },
    () => WIDE.matches,
  );
