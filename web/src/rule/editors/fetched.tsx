import { type ComponentProps, lazy, Suspense } from "react";

const slotEditor = () => import("./SlotEditor");
const Editor = lazy(() => slotEditor().then((module) => ({ default: module.SlotEditor })));

/** The editor of a slot, which is fetched once the page stands: whoever opens the first one finds it there. */
export function SlotEditor(props: ComponentProps<typeof Editor>) {
  return (
    <Suspense fallback={<div className="h-24 w-72 animate-pulse rounded-lg bg-sunken" aria-busy="true" />}>
      <Editor {...props} />
    </Suspense>
  );
}

/** Fetch what is opened by hand while nothing else is to be done. */
export const fetchEditors = (): void => {
  const soon = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 500));
  soon(() => {
    void slotEditor();
    void import("../SelectionBar");
  });
};
