import { useWords } from "@/app/language";
import type { Catalog } from "@/catalog/catalog";
import { sayCondition, sayDoc } from "@/rule/sentence";
import { emptyDoc, type Node } from "@/rule/tree";
import { Button } from "@/ui/button";
import type { Piece } from "./pieces";
import { leave, take } from "./speaking";

type Props = { piece: Piece; catalog: Catalog };

/** What the sentence would do to a row, and the two answers to it. */
export function PieceLine({ piece, catalog }: Props) {
  const { t, language } = useWords();
  if (piece.kind === "arrange") return null;
  const say = (node: Node) =>
    node.type === "condition"
      ? sayCondition(node, catalog, language)
      : sayDoc({ ...emptyDoc(), root: { type: "group", id: "", logic: "all", children: [node] } }, catalog, language);
  const after = piece.kind === "change" ? say(piece.after) : piece.kind === "add" ? say(piece.node) : "";
  const mine =
    piece.kind === "change" && piece.mine ? say(piece.mine) : piece.kind === "remove" ? say(piece.before) : "";
  const what = piece.kind === "remove" ? mine : after;
  const takes = piece.conflict
    ? t("piece_theirs", { what: piece.kind === "remove" ? t("do_delete") : after })
    : t("piece_take");
  const leaves = piece.conflict ? t("piece_mine", { what: mine }) : t("piece_leave");
  return (
    <span className="flex w-full flex-wrap items-center gap-x-2 gap-y-1 pb-1 text-sm">
      {piece.conflict && <span className="font-semibold text-warn">{t("piece_conflict")}</span>}
      {piece.kind === "change" && !piece.conflict && (
        <ins className="font-medium text-good no-underline">→ {after}</ins>
      )}
      <Button
        aria-label={piece.conflict ? takes : `${takes}: ${what}`}
        className="!h-7 max-w-full !whitespace-normal"
        onPress={() => take([piece.id])}
      >
        {takes}
      </Button>
      <Button
        aria-label={piece.conflict ? leaves : `${leaves}: ${what}`}
        look="quiet"
        className="!h-7 max-w-full !whitespace-normal"
        onPress={() => leave([piece.id])}
      >
        {leaves}
      </Button>
    </span>
  );
}
