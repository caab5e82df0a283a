import { useEffect, useState } from "react";
import { useWords } from "@/app/language";
import type { Unit } from "@/catalog/catalog";
import { Text } from "@/ui/fields";
import { parseAmount } from "../money";
import { sayNumber } from "../sentence";

type Props = {
  label: string;
  value: number | undefined;
  unit?: Unit;
  hidden?: boolean;
  autoFocus?: boolean;
  onChange: (value: number) => void;
};

/** Steps in which a unit is stored: a rate of 30 % is 300 permille, a ratio of 1.5 is 15 tenths. */
const SCALE: Partial<Record<Unit, number>> = { permille: 10, tenths: 10 };

/** A number as marketers write them (20만, 1.5억, 500k); what it was understood as stands below. */
export function NumberInput({ label, value, unit = "option", hidden, autoFocus, onChange }: Props) {
  const { t, language } = useWords();
  const scale = SCALE[unit] ?? 1;
  const shown = value === undefined ? "" : (value / scale).toLocaleString(language);
  const [text, setText] = useState(shown);
  const [typing, setTyping] = useState(false);
  useEffect(() => {
    if (!typing) setText(shown);
  }, [shown, typing]);
  const read = (typed: string) => {
    const found = scale === 1 ? parseAmount(typed) : Number.parseFloat(typed) * scale;
    return found === null || Number.isNaN(found) ? null : Math.round(found);
  };
  const take = (typed: string) => {
    setTyping(true);
    setText(typed);
    const found = read(typed);
    if (found !== null && found !== value) onChange(found);
  };
  const understood = read(text);
  return (
    <Text
      label={label}
      hidden={hidden}
      value={text}
      onChange={take}
      onBlur={() => setTyping(false)}
      inputMode="decimal"
      autoFocus={autoFocus}
      error={text !== "" && understood === null ? t("not_number") : undefined}
      hint={unit === "krw" && understood !== null ? sayNumber(understood, unit, language) : undefined}
    />
  );
}
