import {
  type ComponentProps,
  lazy,
  memo,
  type ReactNode,
  type RefObject,
  Suspense,
  useDeferredValue,
  useMemo,
  useRef,
  useState,
} from "react";
import { Button, ButtonContext, Collection, Tree, TreeItem, TreeItemContent } from "react-aria-components";
import { useWords } from "@/app/language";
import type { Catalog } from "@/catalog/catalog";
import { useSpeaking } from "@/sentence/speaking";
import { useLighting } from "@/sentence/useLighting";
import { useCounting } from "@/server/counting";
import { Icon } from "@/ui/icons";
import { ConditionRow } from "./ConditionRow";
import { GroupRow } from "./GroupRow";
import { NodeCount } from "./NodeCount";
import { RowMenu } from "./RowMenu";
import { type Standing, useRows, within } from "./rows";
import { sayCondition } from "./sentence";
import { useBuilder } from "./store";
import { EXCLUDE, type Node, ROOT } from "./tree";
import { useDropping } from "./useDropping";
import type { Edits } from "./useEdits";

const InSight = lazy(() => import("./InSight").then((module) => ({ default: module.InSight })));
const PieceLine = lazy(() => import("@/sentence/PieceLine").then((module) => ({ default: module.PieceLine })));

type Props = { catalog: Catalog; edits: Edits };

/** The rule as a tree that is read, edited, and rearranged by mouse and keyboard. */
export function RuleTree({ catalog, edits }: Props) {
  const blocks = useRows((rows) => rows.blocks);
  const pieces = useRows((rows) => rows.pieces);
  // The number that fades is drawn first, then rows that come, go and move. What is proposed is drawn at once.
  const soon = useDeferredValue(blocks);
  const isSoon = useDeferredValue(pieces) === pieces;
  const items = isSoon ? soon : blocks;
  const rows = <Rows {...{ items, catalog, edits }} />;
  const isLong = useLong(items);
  const frame = useRef<HTMLDivElement>(null);
  useLighting(frame);
  return (
    <Fading within={frame}>
      {isLong ? (
        <Suspense fallback={rows}>
          <InSight>{rows}</InSight>
        </Suspense>
      ) : (
        rows
      )}
    </Fading>
  );
}

const LONG = 60;

/** Whether there are more rows than are quickly drawn. A rule that was long stays so: its tree is not built anew with every row that comes and goes. */
function useLong(items: readonly Standing[]): boolean {
  const [wasLong, setLong] = useState(false);
  const isLong = wasLong || items.flatMap(within).length > LONG;
  if (isLong !== wasLong) setLong(isLong);
  return isLong;
}

/** Says to every row below whether its number is an old one: no row is drawn anew for that. */
function Fading({ within, children }: { within: RefObject<HTMLDivElement | null>; children: ReactNode }) {
  const stale = useCounting((state) => state.state === "stale");
  return (
    <div ref={within} data-stale={stale} className="group/tree">
      {children}
    </div>
  );
}

/** A tree tells all of its rows of every change of its own, so it hears of where they stand and of nothing else. */
const Rows = memo(function Rows({ items, catalog, edits }: Props & { items: readonly Standing[] }) {
  const { t, language } = useWords();
  const selected = useBuilder((state) => state.selected);
  const select = useBuilder((state) => state.select);
  const openSlot = useBuilder((state) => state.openSlot);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const expanded = useMemo(() => groupsOf(items).filter((id) => !closed.has(id)), [items, closed]);
  const { hooks, isDragging } = useDropping(catalog, edits);
  const text = (node: Node) => (node.type === "condition" ? sayCondition(node, catalog, language) : t("group"));
  return (
    <Tree
      aria-label={t("rule_tree")}
      items={items}
      dependencies={[language]}
      selectionMode="multiple"
      selectionBehavior="replace"
      selectedKeys={selected}
      onSelectionChange={(keys) => select(keys === "all" ? allIds(items) : ([...keys] as string[]))}
      disallowEmptySelection={false}
      expandedKeys={expanded}
      onExpandedChange={(keys) => setClosed(new Set(groupsOf(items).filter((id) => !keys.has(id))))}
      onAction={(key) => isDragging.current || openSlot({ node: String(key), slot: "value" })}
      dragAndDropHooks={hooks}
      className="flex flex-col outline-none"
    >
      {function row(item: Standing) {
        return (
          <TreeItem
            key={item.id}
            id={item.id}
            textValue={text(item.node)}
            className={rowLook(item.id)}
            render={(props) => <Named {...props} {...{ item, catalog }} />}
          >
            <TreeItemContent>
              {({ level, isExpanded }) => <Row {...{ item, level, isExpanded, catalog, edits }} />}
            </TreeItemContent>
            {item.node.type === "group" && <Collection items={item.children}>{row}</Collection>}
          </TreeItem>
        );
      }}
    </Tree>
  );
});

const groupsOf = (items: readonly Standing[]) =>
  items.flatMap(within).flatMap(({ id, node }) => (node.type === "group" ? [id] : []));
const allIds = (items: readonly Standing[]) =>
  items.flatMap(within).flatMap(({ id }) => (id === ROOT || id === EXCLUDE ? [] : [id]));

const rowLook = (id: string) =>
  `group/row relative rounded-lg data-dragging:opacity-40 data-hovered:bg-sunken data-selected:bg-tint data-drop-target:outline-2 data-drop-target:outline-accent data-focus-visible:-outline-offset-2 ${id === EXCLUDE ? "mt-3 border-t border-dashed border-line pt-1" : ""}`;

const useNode = (item: Standing): Node => useRows((rows) => rows.nodes.get(item.id)) ?? item.node;

/** The element of a row, called by what its node says now: the tree knows what it said when it came to stand there. */
function Named({ item, catalog, ...props }: ComponentProps<"div"> & { item: Standing; catalog: Catalog }) {
  const { language } = useWords();
  const node = useNode(item);
  const name = node.type === "condition" && { "aria-label": sayCondition(node, catalog, language) };
  return <div {...props} {...name} />;
}

type RowProps = Props & { item: Standing; level: number; isExpanded: boolean };

const PIECES = { add: "bg-good/10", change: "bg-warn-tint", remove: "bg-danger-tint", arrange: "" };

/** Drawn anew only where its own node changed: a rule of a hundred conditions is edited like one of three. */
const Row = memo(function Row({ item, level, isExpanded, catalog, edits }: RowProps) {
  const { t } = useWords();
  const node = useNode(item);
  const piece = useRows((rows) => rows.pieces.get(item.id));
  const lit = useSpeaking((state) => state.lit === node.id);
  const block = node.id === ROOT || node.id === EXCLUDE;
  return (
    <div
      data-row={node.id}
      data-piece={piece?.kind}
      className={`flex min-h-10 items-center gap-1 rounded-lg pr-1 ${piece ? PIECES[piece.kind] : lit ? "bg-tint" : ""}`}
    >
      <Guides depth={level - 1} />
      <Button
        slot="drag"
        aria-label={t("drag")}
        isDisabled={block}
        className={`flex size-6 shrink-0 items-center justify-center rounded text-faint opacity-0 group-hover/row:opacity-100 group-focus-within/row:opacity-100 data-focus-visible:opacity-100 ${block ? "hidden" : ""}`}
      >
        <Icon name="drag" size={14} />
      </Button>
      {node.type === "group" && (
        <Button
          slot="chevron"
          aria-label={t("expand")}
          className="flex size-6 shrink-0 items-center justify-center rounded text-faint data-hovered:text-ink"
        >
          <Icon name="chevron" size={13} className={`transition-transform ${isExpanded ? "rotate-90" : ""}`} />
        </Button>
      )}
      <Apart>
        <span className="flex min-w-0 flex-1 flex-col">
          <span className={`flex min-w-0 flex-col ${piece?.kind === "remove" ? "text-danger line-through" : ""}`}>
            {piece?.kind === "add" && <Coming node={node} catalog={catalog} />}
            {piece?.kind !== "add" && node.type === "condition" && (
              <ConditionRow condition={node} catalog={catalog} edits={edits} />
            )}
            {piece?.kind !== "add" && node.type === "group" && <GroupRow group={node} edits={edits} />}
          </span>
          {piece && (
            <Suspense>
              <PieceLine piece={piece} catalog={catalog} />
            </Suspense>
          )}
        </span>
        {node.type === "other" && <span className="flex-1 text-sm">{node.json.type}</span>}
        {piece?.kind !== "add" && <NodeCount node={node} />}
        {piece?.kind !== "add" && <RowMenu node={node} edits={edits} />}
      </Apart>
    </div>
  );
});

/** Buttons that are not the tree's own: the tree tells its buttons anew with every edit of any row, and these need not hear it. */
function Apart({ children }: { children: ReactNode }) {
  return <ButtonContext value={NO_BUTTONS}>{children}</ButtonContext>;
}
const NO_BUTTONS = {};

/** A row that would come. */
function Coming({ node, catalog }: { node: Node; catalog: Catalog }) {
  const { t, language } = useWords();
  const text = node.type === "condition" ? sayCondition(node, catalog, language) : t("group");
  return <ins className="py-1 text-sm font-medium text-good no-underline">+ {text}</ins>;
}

const LEVELS = ["1", "2", "3", "4", "5", "6", "7", "8"];

/** Lines that show which group a row stands in. */
function Guides({ depth }: { depth: number }) {
  return LEVELS.slice(0, depth).map((level) => (
    <span
      key={level}
      aria-hidden="true"
      className="ml-2.5 min-h-10 w-2.5 shrink-0 self-stretch border-l-2 border-line"
    />
  ));
}
