import {
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
import type { Piece } from "@/sentence/pieces";
import { useProposed } from "@/sentence/shown";
import { useSpeaking } from "@/sentence/speaking";
import { useLighting } from "@/sentence/useLighting";
import { useCounting } from "@/server/counting";
import { Icon } from "@/ui/icons";
import { ConditionRow } from "./ConditionRow";
import { GroupRow } from "./GroupRow";
import { NodeCount } from "./NodeCount";
import { RowMenu } from "./RowMenu";
import { sayCondition } from "./sentence";
import { useBuilder } from "./store";
import { EXCLUDE, type Group, type Node, ROOT, walk } from "./tree";
import { useDropping } from "./useDropping";
import type { Edits } from "./useEdits";

const PieceLine = lazy(() => import("@/sentence/PieceLine").then((module) => ({ default: module.PieceLine })));

type Props = { catalog: Catalog; edits: Edits };

/** The rule as a tree that is read, edited, and rearranged by mouse and keyboard. */
export function RuleTree({ catalog, edits }: Props) {
  const now = useProposed();
  // The number that fades and the slot that is typed into are drawn first: of a long rule the rows follow. What is proposed is drawn at once.
  const soon = useDeferredValue(now);
  const { doc, pieces } = soon.pieces === now.pieces ? soon : now;
  const { root, exclude } = doc;
  const within = useRef<HTMLDivElement>(null);
  useLighting(within);
  return (
    <Fading within={within}>
      <Rows {...{ root, exclude, pieces, catalog, edits }} />
    </Fading>
  );
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

type RowsProps = Props & { root: Group; exclude: Group; pieces: ReadonlyMap<string, Piece> };

/** A tree tells all of its rows of every change of its own, so it hears of none but those of the rule: not of the sentence, not of counts. */
const Rows = memo(function Rows({ root, exclude, pieces, catalog, edits }: RowsProps) {
  const { t, language } = useWords();
  const selected = useBuilder((state) => state.selected);
  const select = useBuilder((state) => state.select);
  const openSlot = useBuilder((state) => state.openSlot);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const items = useMemo(() => [root, exclude], [root, exclude]);
  const expanded = useMemo(() => groupsOf(items).filter((id) => !closed.has(id)), [items, closed]);
  const { hooks, isDragging } = useDropping(catalog, edits);
  const text = (node: Node) => (node.type === "condition" ? sayCondition(node, catalog, language) : t("group"));
  return (
    <Tree
      aria-label={t("rule_tree")}
      items={items}
      // Not the document: a node is drawn anew when it is another object, and only what was edited is.
      dependencies={[language, pieces]}
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
      {function row(node: Node) {
        return (
          <TreeItem key={node.id} id={node.id} textValue={text(node)} className={rowLook(node)}>
            <TreeItemContent>
              {({ level, isExpanded }) => (
                <Row {...{ node, level, isExpanded, catalog, edits }} piece={pieces.get(node.id)} />
              )}
            </TreeItemContent>
            {node.type === "group" && <Collection items={node.children}>{row}</Collection>}
          </TreeItem>
        );
      }}
    </Tree>
  );
});

const nodesIn = (blocks: Group[]) => blocks.flatMap((block) => [...walk(block)]);
const groupsOf = (blocks: Group[]) => nodesIn(blocks).flatMap((node) => (node.type === "group" ? [node.id] : []));
const allIds = (blocks: Group[]) => nodesIn(blocks).flatMap(({ id }) => (id === ROOT || id === EXCLUDE ? [] : [id]));

const rowLook = (node: Node) =>
  `group/row relative rounded-lg data-dragging:opacity-40 data-hovered:bg-sunken data-selected:bg-tint data-drop-target:outline-2 data-drop-target:outline-accent data-focus-visible:-outline-offset-2 ${node.id === EXCLUDE ? "mt-3 border-t border-dashed border-line pt-1" : ""}`;

type RowProps = Props & { node: Node; level: number; isExpanded: boolean; piece?: Piece };

const PIECES = { add: "bg-good/10", change: "bg-warn-tint", remove: "bg-danger-tint", arrange: "" };

/** Drawn anew only where its own node changed: a rule of a hundred conditions is edited like one of three. */
const Row = memo(function Row({ node, level, isExpanded, catalog, edits, piece }: RowProps) {
  const { t } = useWords();
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
      className="ml-2.5 h-full min-h-10 w-2.5 shrink-0 self-stretch border-l-2 border-line"
    />
  ));
}
