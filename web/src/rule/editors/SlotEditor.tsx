import { useWords } from "@/app/language";
import { type Catalog, type Filter, measureOf, type Operator, type Property } from "@/catalog/catalog";
import { Button } from "@/ui/button";
import { withProperty } from "../making";
import { windowOf } from "../sentence";
import type { Condition, PropertyValue, Range, Stay, Value, Window } from "../tree";
import type { Edits } from "../useEdits";
import { Choice, Segments } from "./Choice";
import { NumberInput } from "./NumberInput";
import { OptionsEditor } from "./OptionsEditor";
import { WindowEditor } from "./WindowEditor";

type Props = {
  catalog: Catalog;
  condition: Condition;
  filter: Filter;
  slot: string;
  edits: Edits;
  onClose: () => void;
};

/** The editor of one slot of a condition. */
export function SlotEditor({ slot, ...props }: Props) {
  if (slot === "window") return <WindowSlot {...props} />;
  if (slot === "measure") return <MeasureSlot {...props} />;
  if (slot === "value") return <ValueSlot {...props} />;
  const property = props.filter.properties.find((each) => `property:${each.key}` === slot);
  return property ? <PropertySlot {...props} property={property} /> : null;
}

type SlotProps = Omit<Props, "slot">;

function WindowSlot({ catalog, condition, filter, edits }: SlotProps) {
  const value = windowOf(condition, filter) ?? { type: "ever" as const };
  const set = (window: Window) => edits.change(condition.id, "window", (now) => ({ ...now, window }));
  return <WindowEditor catalog={catalog} kinds={filter.windows} value={value} onChange={set} />;
}

function MeasureSlot({ condition, filter, edits }: SlotProps) {
  const { t, language } = useWords();
  const items = filter.measures.map((measure) => ({ key: measure.key, name: measure[language] }));
  const set = (measure: string) => edits.change(condition.id, "measure", (now) => withMeasure(now, filter, measure));
  return (
    <Segments label={t("measure")} items={items} value={measureOf(filter, condition.measure).key} onChange={set} />
  );
}

function withMeasure({ measure: _, ...condition }: Condition, filter: Filter, measure: string): Condition {
  return measure === filter.measures[0]?.key ? condition : { ...condition, measure };
}

const NO_VALUE: Operator[] = ["known", "unknown"];
const NEGATIVE: Operator[] = ["!=", "not_in", "not_within"];
const SPANS: Operator[] = ["within", "not_within"];
const LISTS: Operator[] = ["in", "not_in", "has_all", "only"];

function ValueSlot(props: SlotProps) {
  const { condition, filter, edits } = props;
  const { t } = useWords();
  const operators = filter.operators.map((key) => ({ key, name: t(`op_${key}`) }));
  const set = (operator: string) =>
    edits.change(condition.id, "operator", (now) => withOperator(now, operator as Operator, filter));
  const measure = measureOf(filter, condition.measure);
  const unknown = NEGATIVE.includes(condition.operator) && measure.unknown;
  return (
    <div className="flex w-72 flex-col gap-3">
      {filter.measures.length > 1 && <MeasureSlot {...props} />}
      <Segments label={t("operator")} items={operators} value={condition.operator} onChange={set} />
      {!NO_VALUE.includes(condition.operator) && <ValueFields {...props} />}
      {unknown && <p className="text-xs text-faint">{t("unknown_note", { when: unknown })}</p>}
    </div>
  );
}

/** The condition with another operator, its value kept where it still fits and otherwise begun anew. */
function withOperator({ value, ...condition }: Condition, operator: Operator, filter: Filter): Condition {
  if (NO_VALUE.includes(operator)) return { ...condition, operator };
  const fits = fitting(value, operator, filter);
  return fits === undefined ? { ...condition, operator } : { ...condition, operator, value: fits };
}

function fitting(value: Value | undefined, operator: Operator, filter: Filter): Value | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  if (LISTS.includes(operator))
    return typeof first === "string" ? (Array.isArray(value) ? (value as string[]) : [first]) : [];
  if (SPANS.includes(operator)) {
    if (typeof value === "object" && !Array.isArray(value)) return value;
    return { type: "last", n: typeof first === "number" && first > 0 ? first : 30 };
  }
  if (filter.kind === "ordered") return typeof first === "string" ? first : undefined;
  const number = typeof first === "number" ? first : 30;
  if (operator === "between") return [number, number];
  if (operator.endsWith("percent")) return number >= 1 && number <= 100 ? number : 20;
  return number;
}

function ValueFields({ catalog, condition, filter, edits }: SlotProps) {
  const { t, language } = useWords();
  const { operator, value } = condition;
  const set = (next: Value) => edits.change(condition.id, "value", (now) => ({ ...now, value: next }));
  const unit = operator.endsWith("percent") ? "option" : measureOf(filter, condition.measure).unit;
  if (LISTS.includes(operator)) {
    const chosen = Array.isArray(value) ? value.map(String) : [];
    return <OptionsEditor label={t("value")} catalog={catalog} list={filter.options} value={chosen} onChange={set} />;
  }
  if (SPANS.includes(operator)) {
    const window = typeof value === "object" && !Array.isArray(value) ? value : { type: "last" as const, n: 30 };
    return <WindowEditor catalog={catalog} kinds={PAST} value={window} onChange={set} />;
  }
  if (filter.kind === "ordered") {
    const items = (catalog.options[filter.options ?? ""]?.options ?? []).map((each) => ({
      key: each.key,
      name: each[language],
    }));
    return <Segments label={t("value")} items={items} value={String(value ?? "")} onChange={set} />;
  }
  if (operator === "between") return <Between value={value} unit={unit} onChange={set} />;
  return (
    <NumberInput
      label={t("value")}
      value={typeof value === "number" ? value : undefined}
      unit={unit}
      autoFocus
      onChange={set}
    />
  );
}

const PAST: Filter["windows"] = ["last", "calendar", "named", "between", "days", "ever"];

type BetweenProps = {
  value: Value | undefined;
  unit: ReturnType<typeof measureOf>["unit"];
  onChange: (value: Value) => void;
};

function Between({ value, unit, onChange }: BetweenProps) {
  const { t } = useWords();
  const [low, high] = Array.isArray(value) ? (value as [number, number]) : [0, 0];
  return (
    <div className="grid grid-cols-2 gap-2">
      <NumberInput
        label={t("value_low")}
        value={low}
        unit={unit}
        autoFocus
        onChange={(n) => onChange([n, Math.max(n, high)])}
      />
      <NumberInput label={t("value_high")} value={high} unit={unit} onChange={(n) => onChange([Math.min(n, low), n])} />
    </div>
  );
}

// --- properties -----------------------------------------------------------------------------------------------------------

function PropertySlot({ catalog, condition, filter, property, edits, onClose }: SlotProps & { property: Property }) {
  const { t } = useWords();
  const value = condition.properties?.[property.key];
  const slot = `property:${property.key}`;
  const set = (next: PropertyValue | undefined) =>
    edits.change(condition.id, slot, (now) => withProperty(now, property.key, next));
  const drop = () => {
    onClose();
    set(undefined);
  };
  return (
    <div className="flex flex-col gap-3">
      <PropertyFields catalog={catalog} filter={filter} property={property} value={value} onChange={set} />
      {value !== undefined && (
        <Button look="quiet" onPress={drop} className="self-start">
          {t("property_remove")}
        </Button>
      )}
    </div>
  );
}

type PropertyFieldsProps = {
  catalog: Catalog;
  filter: Filter;
  property: Property;
  value: PropertyValue | undefined;
  onChange: (value: PropertyValue | undefined) => void;
};

function PropertyFields({ catalog, property, value, onChange }: PropertyFieldsProps) {
  const { t, language } = useWords();
  if (property.form === "flag") return <p className="text-sm">{property[language]}</p>;
  if (property.form === "range") return <RangeFields value={(value ?? {}) as Range} onChange={onChange} />;
  if (property.form === "stay") {
    const stay = (value ?? { relation: "in", window: { type: "next", n: 30 } }) as Stay;
    const relations = (["in", "touches"] as const).map((key) => ({ key, name: t(`relation_${key}`) }));
    return (
      <div className="flex w-72 flex-col gap-3">
        <Choice
          label={property[language]}
          items={relations}
          value={stay.relation}
          onChange={(key) => onChange({ ...stay, relation: key as Stay["relation"] })}
        />
        <WindowEditor
          catalog={catalog}
          kinds={ANY}
          value={stay.window}
          onChange={(window) => onChange({ ...stay, window })}
        />
      </div>
    );
  }
  return (
    <OptionsEditor
      label={property[language]}
      catalog={catalog}
      list={property.options}
      one={property.one}
      value={(value ?? []) as string[]}
      onChange={onChange}
    />
  );
}

const ANY: Filter["windows"] = ["next", "last", "calendar", "named", "between", "days", "ever", "future"];

function RangeFields({ value, onChange }: { value: Range; onChange: (value: Range | undefined) => void }) {
  const { t } = useWords();
  return (
    <div className="grid w-60 grid-cols-2 gap-2">
      <NumberInput
        label={t("value_low")}
        value={value.min}
        autoFocus
        onChange={(min) =>
          onChange({ ...value, min, ...(value.max !== undefined && value.max < min ? { max: min } : {}) })
        }
      />
      <NumberInput
        label={t("value_high")}
        value={value.max}
        onChange={(max) =>
          onChange({ ...value, max, ...(value.min !== undefined && value.min > max ? { min: max } : {}) })
        }
      />
    </div>
  );
}
