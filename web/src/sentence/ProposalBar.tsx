import { useWords } from "@/app/language";
import type { Catalog } from "@/catalog/catalog";
import { sayDoc } from "@/rule/sentence";
import { useDoc } from "@/rule/store";
import { Button } from "@/ui/button";
import { discard, piecesOf, readOtherwise, take, useSpeaking } from "./speaking";

/** What the sentence would change, to be taken or left as a whole; piece by piece it stands in the rule. */
export function ProposalBar({ catalog }: { catalog: Catalog }) {
  const { t, language } = useWords();
  const doc = useDoc();
  const proposal = useSpeaking((state) => state.proposal);
  const pieces = piecesOf(proposal, doc);
  const free = pieces.filter((piece) => !piece.conflict);
  const conflicts = pieces.length - free.length;
  const n = (kind: string) => pieces.filter((piece) => piece.kind === kind).length;
  const shape = pieces.find((piece) => piece.kind === "arrange");
  return (
    <div role="status" className={proposal ? "mt-2 rounded-xl bg-tint px-3 py-2 text-sm" : "sr-only"}>
      {proposal && (
        <>
          <p className="font-medium">
            {proposal.from && <span className="mr-1.5 text-accent">{t("proposal_model")}</span>}
            {t("proposal", { add: n("add"), change: n("change"), remove: n("remove") })}
            {conflicts > 0 && <span className="text-warn"> · {t("proposal_conflicts", { n: conflicts })}</span>}
          </p>
          {shape?.kind === "arrange" && (
            <p className="text-soft">{t("proposal_arrange", { what: sayDoc(shape.shape, catalog, language) })}</p>
          )}
          <div className="mt-1.5 flex flex-wrap gap-1.5">
            <Button look="main" isDisabled={free.length === 0} onPress={() => take(free.map((piece) => piece.id))}>
              {t("proposal_take")} <kbd className="text-xs opacity-80">Ctrl ↵</kbd>
            </Button>
            <Button onPress={discard}>
              {t("proposal_leave")} <kbd className="text-xs text-faint">Esc</kbd>
            </Button>
            {proposal.other && (
              <Button look="quiet" onPress={readOtherwise}>
                {t(proposal.heard.said ? "proposal_as_command" : "proposal_as_sentence")}
              </Button>
            )}
          </div>
        </>
      )}
    </div>
  );
}
