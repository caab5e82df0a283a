import { useWords } from "@/app/language";
import type { Group, Logic } from "../tree";
import type { Edits } from "../useEdits";
import { Segments } from "./Choice";
import { NumberInput } from "./NumberInput";

type Props = { group: Group; logics: Logic[]; k: number; say: (logic: Logic) => string; edits: Edits };

/** How a group's children are joined, and how many of them it takes. */
export function LogicEditor({ group, logics, k, say, edits }: Props) {
  const { t } = useWords();
  return (
    <>
      <Segments
        label={t("logic_label")}
        items={logics.map((key) => ({ key, name: say(key) }))}
        value={group.logic}
        onChange={(logic) => edits.regroup(group.id, logic as Logic, logic === "at_least" ? k : undefined)}
      />
      {group.logic === "at_least" && (
        <NumberInput
          label={t("at_least_k")}
          value={k}
          onChange={(n) => n >= 1 && edits.regroup(group.id, "at_least", n)}
        />
      )}
    </>
  );
}
