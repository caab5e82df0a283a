import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useWords } from "@/app/language";
import { answered, client } from "@/server/client";
import { Button } from "@/ui/button";
import { Check } from "@/ui/check";
import { Text } from "@/ui/fields";
import { Modal } from "@/ui/overlay";
import type { Word } from "./GlossaryScreen";

/** What a sentence means, asked while it is written. */
function useMeaning(sentence: string) {
  const asked = useDeferredValue(sentence.trim());
  return useQuery({
    queryKey: ["meaning", asked],
    queryFn: ({ signal }) => answered(client.POST("/api/v1/glossary/reading", { body: { sentence: asked }, signal })),
    enabled: asked !== "",
    staleTime: 60_000,
  });
}

/** A word is given a meaning by a sentence, which is read like any other: what is shown as understood is what will hold. */
export function MeaningDialog({ word, onClose }: { word: Word | null; onClose: () => void }) {
  const { t, language } = useWords();
  const queries = useQueryClient();
  const [name, setName] = useState(word?.word ?? "");
  const [sentence, setSentence] = useState(word?.meaning[language] ?? "");
  const [asks, setAsks] = useState(word?.asks ?? false);
  const meaning = useMeaning(sentence);
  const heard = meaning.data;
  const rule = heard?.complete ? heard.rule : null;
  const save = useMutation({
    mutationFn: () =>
      answered(
        client.PUT("/api/v1/glossary/{word}", {
          params: { path: { word: name.trim() } },
          body: { rule: rule ?? {}, others: [], asks, revision: word?.revision ?? 0 },
        }),
      ),
    onSuccess: () => {
      onClose();
      return queries.invalidateQueries({ queryKey: ["glossary"] });
    },
  });
  return (
    <Modal title={word ? word.word : t("glossary_add")} isOpen onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (rule && name.trim()) save.mutate();
        }}
      >
        {!word && <Text label={t("glossary_word")} value={name} onChange={setName} maxLength={40} autoFocus />}
        <Text
          label={t("glossary_means")}
          hint={t("glossary_means_hint")}
          value={sentence}
          onChange={setSentence}
          rows={3}
          maxLength={500}
        />
        <div aria-live="polite" className="min-h-12 text-sm">
          {rule && heard?.words && (
            <p>
              <span className="text-xs text-soft">{t("glossary_read")}</span>
              <br />
              {heard.words.text}
            </p>
          )}
          {heard && !heard.complete && (
            <p className="text-danger">
              {t("glossary_missed", { what: heard.not_understood.map(({ text }) => text).join(", ") || sentence })}
            </p>
          )}
        </div>
        {meaning.error && (
          <p role="alert" className="text-sm text-danger">
            {meaning.error.message}
          </p>
        )}
        <Check label={t("glossary_asks")} isShown isSelected={asks} onChange={setAsks} />
        {save.error && (
          <p role="alert" className="text-sm text-danger">
            {save.error.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>{t("close")}</Button>
          <Button look="main" type="submit" isDisabled={!rule || !name.trim() || save.isPending}>
            {t("save")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Going back to the product's own meaning asks first. */
export function TakeBackDialog({ word, onClose }: { word: Word; onClose: () => void }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const back = useMutation({
    mutationFn: () => answered(client.DELETE("/api/v1/glossary/{word}", { params: { path: { word: word.word } } })),
    onSuccess: () => {
      onClose();
      return queries.invalidateQueries({ queryKey: ["glossary"] });
    },
  });
  return (
    <Modal title={t("glossary_back")} isOpen onClose={onClose}>
      <p className="text-sm">{t("glossary_back_ask", { word: word.word })}</p>
      {back.error && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {back.error.message}
        </p>
      )}
      <div className="mt-4 flex justify-end gap-2">
        <Button onPress={onClose}>{t("close")}</Button>
        <Button look="danger" isDisabled={back.isPending} onPress={() => back.mutate()}>
          {t("glossary_remove")}
        </Button>
      </div>
    </Modal>
  );
}
