import { type RefObject, useEffect } from "react";
import { light } from "./speaking";

/** Pointing at a row, or standing in it, lights its phrase and its chip. */
export function useLighting(within: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const rowOf = ({ target }: Event) => {
      const element = target instanceof Element ? target : null;
      const found = element?.closest<HTMLElement>("[data-row]") ?? element?.querySelector<HTMLElement>("[data-row]");
      light(found?.dataset.row ?? null);
    };
    const rest = () => light(null);
    const element = within.current;
    const heard = { pointerover: rowOf, focusin: rowOf, pointerleave: rest, focusout: rest };
    for (const [name, listen] of Object.entries(heard)) element?.addEventListener(name, listen);
    return () => {
      for (const [name, listen] of Object.entries(heard)) element?.removeEventListener(name, listen);
    };
  }, [within]);
}
