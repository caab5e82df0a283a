import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { useWords } from "@/app/language";
import type { Catalog } from "@/catalog/catalog";
import { DifferenceList } from "@/rule/DifferenceList";
import { freshId } from "@/rule/making";
import { sayDoc } from "@/rule/sentence";
import { type Opened, useBuilder } from "@/rule/store";
import { conditionsOf, docOf, isComplete, ruleOf } from "@/rule/tree";
import type { Saved } from "@/server/client";
import { useCounting } from "@/server/counting";
import { Button } from "@/ui/button";
import { Text } from "@/ui/fields";
import { Modal } from "@/ui/overlay";
import {
  type Conflict,
  type Details,
  forgetAudiences,
  isConflict,
  newest,
  openedOf,
  saveNew,
  saveVersion,
} from "./saving";

type Props = { catalog: Catalog; isOpen: boolean; onClose: () => void };

/** Name, description and tags; and the choice of three where somebody else saved meanwhile. */
export function SaveDialog({ catalog, isOpen, onClose }: Props) {
  const { t } = useWords();
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const close = () => {
    setConflict(null);
    onClose();
  };
  return (
    <Modal title={t(conflict ? "conflict" : "save")} isOpen={isOpen} onClose={close} wide={conflict !== null}>
      {conflict ? (
        <ConflictChoice conflict={conflict} catalog={catalog} onDone={close} />
      ) : (
        <SaveForm catalog={catalog} onConflict={setConflict} onDone={close} />
      )}
    </Modal>
  );
}

const tagsOf = (text: string) => [
  ...new Set(
    text
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];

type FormProps = { catalog: Catalog; onConflict: (conflict: Conflict) => void; onDone: () => void };

function SaveForm({ catalog, onConflict, onDone }: FormProps) {
  const { t, language } = useWords();
  const { history, opened } = useBuilder();
  const [name, setName] = useState(opened?.name ?? sayDoc(history.doc, catalog, language).slice(0, 60));
  const [description, setDescription] = useState(opened?.description ?? "");
  const [tags, setTags] = useState(opened?.tags.join(", ") ?? "");
  const [note, setNote] = useState("");
  const { problem, busy, run } = useSaving(onDone);
  const rule = ruleOf(history.doc);
  const unfinished = conditionsOf(history.doc).some((condition) => !isComplete(condition));
  const details: Details = { name, description, tags: tagsOf(tags), note };
  const save = () => {
    if (!rule) return;
    const sameName = opened && opened.name === name;
    run(async () => {
      const found = sameName ? await saveVersion(opened, rule, details) : await saveNew(rule, details);
      if (!isConflict(found)) return found;
      onConflict(found);
      return null;
    });
  };
  return (
    <Form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Text
        label={t("audience_name")}
        value={name}
        onChange={setName}
        isRequired
        autoFocus
        hint={opened && opened.name !== name ? t("save_as_new") : undefined}
      />
      <Text label={t("description")} value={description} onChange={setDescription} rows={2} />
      <Text label={t("tags")} value={tags} onChange={setTags} hint={t("tags_hint")} />
      {opened && <Text label={t("note")} value={note} onChange={setNote} />}
      {unfinished && <p className="rounded-lg bg-warn-tint p-2 text-xs text-warn">{t("save_unfinished")}</p>}
      {problem && (
        <p role="alert" className="rounded-lg bg-danger-tint p-2 text-xs text-danger">
          {problem}
        </p>
      )}
      <Button
        look="main"
        type="submit"
        isDisabled={busy || !rule || unfinished || name.trim() === ""}
        className="self-end"
      >
        {t(opened && opened.name === name ? "save_version" : "save")}
      </Button>
    </Form>
  );
}

/** Runs a save, says what went wrong, and takes what was saved as what is open. */
function useSaving(onDone: () => void) {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (save: () => Promise<Saved | null>) => {
    setBusy(true);
    setProblem(null);
    try {
      const saved = await save();
      if (!saved) return;
      useBuilder.getState().saved({
        ...openedOf(saved, useCounting.getState().counted?.count ?? undefined),
        rule: ruleOf(useBuilder.getState().history.doc) ?? newest(saved),
      });
      await forgetAudiences(queries);
      onDone();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return { problem, busy, run };
}

type ConflictProps = { conflict: Conflict; catalog: Catalog; onDone: () => void };

function ConflictChoice({ conflict, catalog, onDone }: ConflictProps) {
  const { t } = useWords();
  const { problem, busy, run } = useSaving(onDone);
  const { mine, base, theirs } = conflict;
  const details: Details = {
    name: theirs.name,
    description: theirs.description,
    tags: theirs.tags,
    note: t("conflict_note"),
  };
  const opened: Opened = openedOf(theirs);
  const takeTheirs = () => {
    useBuilder.getState().load(docOf(newest(theirs), freshId), opened);
    onDone();
  };
  const keepMine = () =>
    run(async () => {
      const found = await saveVersion(opened, mine, details);
      return isConflict(found) ? null : found;
    });
  const saveBoth = () => run(() => saveNew(mine, { ...details, name: t("copy_name", { name: theirs.name }) }));
  return (
    <div className="flex flex-col gap-4">
      <p>{t("conflict_text", { who: theirs.versions[0]?.author ?? "", n: theirs.version })}</p>
      <div className="grid gap-3 sm:grid-cols-2">
        <section className="rounded-xl border border-line p-3">
          <h3 className="mb-2 text-sm font-semibold">{t("conflict_theirs")}</h3>
          <DifferenceList before={base} after={newest(theirs)} catalog={catalog} />
        </section>
        <section className="rounded-xl border border-line p-3">
          <h3 className="mb-2 text-sm font-semibold">{t("conflict_mine")}</h3>
          <DifferenceList before={base} after={mine} catalog={catalog} />
        </section>
      </div>
      {problem && (
        <p role="alert" className="text-xs text-danger">
          {problem}
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button isDisabled={busy} onPress={takeTheirs}>
          {t("conflict_take")}
        </Button>
        <Button isDisabled={busy} onPress={keepMine}>
          {t("conflict_keep")}
        </Button>
        <Button look="main" isDisabled={busy} onPress={saveBoth}>
          {t("conflict_both")}
        </Button>
      </div>
    </div>
  );
}
