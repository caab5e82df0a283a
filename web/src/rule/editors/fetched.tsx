import { type ComponentProps, lazy, Suspense } from "react";

const slotEditor = () => import("./SlotEditor");
const Editor = lazy(() => slotEditor().then((module) => ({ default: module.SlotEditor })));
const logicEditor = () => import("./LogicEditor");
const Logic = lazy(() => logicEditor().then((module) => ({ default: module.LogicEditor })));

/** The editor of a slot, which is fetched once the page stands: whoever opens the first one finds it there. */
export function SlotEditor(props: ComponentProps<typeof Editor>) {
  return (
    <Suspense fallback={<div className="h-24 w-72 animate-pulse rounded-lg bg-sunken" aria-busy="true" />}>
      <Editor {...props} />
    </Suspense>
  );
}

/** The same for how a group is joined. */
export function LogicEditor(props: ComponentProps<typeof Logic>) {
  return (
    <Suspense fallback={<div className="h-10 w-64 animate-pulse rounded-lg bg-sunken" aria-busy="true" />}>
      <Logic {...props} />
    </Suspense>
  );
}

const SETTLED_MS = 1000;

/** Fetch what is opened by hand once the page stands and nothing else is to be done. */
export const fetchEditors = (): void => {
  const soon = window.requestIdleCallback ?? ((run: () => void) => run());
  const fetchNow = () => {
    void slotEditor();
    void logicEditor();
    void import("../SelectionBar");
  };
  setTimeout(() => soon(fetchNow), SETTLED_MS);
};
